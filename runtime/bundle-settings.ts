/** How esbuild makes one ESM file of ops and the entrypoint. */
import { join } from "node:path";
import type { BuildOptions, Plugin } from "esbuild";
import { bug } from "../compiler/bug.ts";
import type { Document, OpComponent } from "../compiler/ir/types.ts";
import { entrypointFile, languageFile } from "./own-files.ts";
import { interfaceOf } from "./registry.ts";

/**
 * What CommonJS dependencies inside the bundle find in their scope. `var`, because a module that makes its own `require` at its top shares the
 * scope of the bundle.
 */
export const banner = `import { createRequire as __hmcCreateRequire } from "node:module";
import { fileURLToPath as __hmcFileURLToPath } from "node:url";
var require = __hmcCreateRequire(import.meta.url);
var __hmcFilename = __hmcFileURLToPath(import.meta.url);
var __hmcDirname = __hmcFileURLToPath(new URL(".", import.meta.url)).slice(0, -1);`;

/**
 * The settings that all bundles of ops have: with a source map apart, and nothing is written. What is left to the caller are the texts of the
 * sources in the map, the banner, and how small the code is to be.
 *
 * @param root of the project, absolute
 * @param native keeps packages with native code apart
 */
export function bundleSettings(ops: readonly OpComponent[], root: string, environment: Readonly<Record<string, string>>, native: Plugin): BuildOptions & { write: false; metafile: true } {
  return {
    stdin: { contents: entrySource(ops, environment), loader: "ts", resolveDir: root, sourcefile: "hmc:main" },
    bundle: true,
    write: false,
    metafile: true,
    outfile: join(root, ".hmc/build/main.mjs"),
    absWorkingDir: root,
    platform: "node",
    format: "esm",
    target: "node20.19",
    sourcemap: "external",
    legalComments: "none",
    logLevel: "silent",
    define: { __filename: "__hmcFilename", __dirname: "__hmcDirname" },
    plugins: [registryPlugin(root, ops), languagePlugin(), native],
  };
}

/** The variables of the compile-time environment that a document reads, as far as they are set. */
export function environmentOf({ document, environment }: { document: Document; environment?: ((name: string) => string | undefined) | undefined }): Record<string, string> {
  return Object.fromEntries(document.environment.flatMap((name): [string, string][] => {
    const value = environment?.(name);
    return value === undefined ? [] : [[name, value]];
  }));
}

/** The source of a bundle: its registry, and the start of the entrypoint. */
function entrySource(ops: readonly OpComponent[], environment: Readonly<Record<string, string>>): string {
  const entries = ops.map((op) => {
    const key = JSON.stringify(op.id);
    const load = `async () => (await import(${JSON.stringify(`hmc:op/${op.id}`)})).implementation`;
    return `  [${key}]: { interface: ${JSON.stringify(interfaceOf(op))}, load: ${load} },`;
  });
  const names = Object.keys(environment).sort();
  const setting = names.length === 0 ? "" : `globalThis["~hmc.environment"] = ${JSON.stringify(environment, names)};\n`;
  return `import { main } from "hmc:entrypoint";\n${setting}await main({\n${entries.join("\n")}\n}, process.argv.slice(2));\n`;
}

/** Resolves `hmc:entrypoint`, and `hmc:op/<id>`: a module that gives one op. */
export function registryPlugin(root: string, ops: readonly OpComponent[]): Plugin {
  return {
    name: "hmc-registry",
    setup(build) {
      const byPath = new Map(ops.map((op) => [`op/${op.id}`, op]));
      build.onResolve({ filter: /^hmc:entrypoint$/ }, () => ({ path: entrypointFile() }));
      build.onResolve({ filter: /^hmc:op\// }, ({ path }) => ({ path: path.slice("hmc:".length), namespace: "hmc" }));
      build.onLoad({ filter: /.*/, namespace: "hmc" }, ({ path }) => {
        const op = byPath.get(path) ?? bug(`the bundle asks for ${path}`);
        const [first, ...members] = op.implementation.export.split(".");
        const file = JSON.stringify(`./${op.implementation.module}`);
        const access = members.map((member) => `[${JSON.stringify(member)}]`).join("");
        const contents =
          first === "default"
            ? `import exported from ${file};\nexport const implementation = exported${access};\n`
            : `import { ${first} as exported } from ${file};\nexport const implementation = exported${access};\n`;
        return { contents, loader: "ts", resolveDir: root };
      });
    },
  };
}

/** `import … from "hmc"` is this package's language, also where the project has not installed it. */
function languagePlugin(): Plugin {
  return {
    name: "hmc-language",
    setup(build) {
      build.onResolve({ filter: /^hmc$/ }, () => ({ path: languageFile(), sideEffects: false }));
    },
  };
}
