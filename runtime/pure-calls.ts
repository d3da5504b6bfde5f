/**
 * Tells esbuild that the calls which declare ops and pipelines do nothing by themselves. Then the code of one op is without the others that
 * stand in its file. (esbuild takes `@__NO_SIDE_EFFECTS__` of a function only in the function's own file.)
 */
import { readFileSync } from "node:fs";
import { extname } from "node:path";
import type { Loader, Plugin } from "esbuild";
import { ts } from "ts-morph";
import { languageImports } from "./language-imports.ts";

const loaders: Readonly<Record<string, Loader>> = { ".ts": "ts", ".mts": "ts", ".cts": "ts", ".tsx": "tsx", ".js": "js", ".mjs": "js", ".jsx": "jsx" };

/** An esbuild plugin that marks calls of what a module imports from `"hmc"`, where they initialise a variable. */
export function pureCalls(): Plugin {
  return {
    name: "hmc-pure-calls",
    setup(build) {
      build.onLoad({ filter: /\.([cm]?ts|tsx|m?js|jsx)$/, namespace: "file" }, ({ path }) => {
        if (/[\\/]node_modules[\\/]/.test(path)) return undefined;
        const text = readFileSync(path, "utf8");
        const marked = withPureCalls(text, path);
        return marked === text ? undefined : { contents: marked, loader: loaders[extname(path)] ?? "ts" };
      });
    },
  };
}

/** The source with the calls marked. @param name of the file: its ending says which language it is in */
export function withPureCalls(text: string, name = "module.ts"): string {
  if (!text.includes("hmc")) return text;
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true);
  const nameOf = languageImports(file);
  const places: number[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isCallExpression(node) && nameOf(node.expression) !== undefined) places.push(node.getStart(file));
    node.forEachChild(visit);
  };
  for (const statement of file.statements) {
    if (ts.isVariableStatement(statement)) for (const { initializer } of statement.declarationList.declarations) if (initializer !== undefined) visit(initializer);
    if (ts.isExportAssignment(statement)) visit(statement.expression);
  }
  return places.sort((a, b) => b - a).reduce((marked, place) => `${marked.slice(0, place)}/* @__PURE__ */ ${marked.slice(place)}`, text);
}
