/**
 * Tells esbuild that the calls which declare ops and pipelines do nothing by themselves. Then the code of one op is without the others that
 * stand in its file. (esbuild takes `@__NO_SIDE_EFFECTS__` of a function only in the function's own file.)
 */
import { readFileSync } from "node:fs";
import { extname } from "node:path";
import type { Loader, Plugin } from "esbuild";

const loaders: Readonly<Record<string, Loader>> = { ".ts": "ts", ".mts": "ts", ".cts": "ts", ".tsx": "tsx", ".js": "js", ".mjs": "js", ".jsx": "jsx" };

/** An esbuild plugin that marks calls of what a module imports from `"hmc"`, where they initialise a variable. */
export function pureCalls(): Plugin {
  return {
    name: "hmc-pure-calls",
    setup(build) {
      build.onLoad({ filter: /\.([cm]?ts|tsx|m?js|jsx)$/, namespace: "file" }, ({ path }) => {
        if (/[\\/]node_modules[\\/]/.test(path)) return undefined;
        const text = readFileSync(path, "utf8");
        const marked = withPureCalls(text);
        return marked === text ? undefined : { contents: marked, loader: loaders[extname(path)] ?? "ts" };
      });
    },
  };
}

/** The source with the calls marked. */
export function withPureCalls(text: string): string {
  const names = importedNames(text);
  if (names.length === 0) return text;
  return text.replace(new RegExp(`(=\\s*|\\bexport default\\s+)(?=(?:${names.join("|")})\\s*[(<])`, "g"), "$1/* @__PURE__ */ ");
}

/** The names of functions that a module has from `"hmc"`, as patterns. */
function importedNames(text: string): string[] {
  return [...text.matchAll(/\bimport\s+(?:\{([^}]*)\}|\*\s*as\s+([\w$]+))\s*from\s*["']hmc["']/g)].flatMap(([, list, space]) => {
    if (space !== undefined) return [`${escaped(space)}\\.[\\w$]+`];
    return (list ?? "").split(",").flatMap((entry) => {
      const [, local] = /^(?!\s*type\s)\s*(?:[\w$]+\s+as\s+)?([\w$]+)\s*$/.exec(entry) ?? [];
      return local === undefined ? [] : [escaped(local)];
    });
  });
}

function escaped(name: string): string {
  return name.replaceAll("$", "\\$");
}
