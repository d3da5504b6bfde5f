/** The JavaScript of `dist`: the language, the command line, the run-time. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { root, writeAtomically } from "./files.mjs";
import { lazy } from "./lazy.mjs";
import { validators } from "./validators.mjs";

/** Bundled, and written whole or not at all. Gives the text of the bundle. */
async function bundle(outfile, options) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    bundle: true,
    write: false,
    platform: "node",
    target: "node20.19",
    legalComments: "none",
    logLevel: "silent",
    ...options,
  });
  for (const file of outputFiles) writeAtomically(join(root, "dist", outfile), file.contents);
  return outputFiles[0].contents;
}

export async function buildLanguage() {
  await bundle("language/index.js", { entryPoints: ["compiler/language/index.ts"], format: "esm" });
}

/** CommonJS for the launcher, which gives each bundle its own `require`, its address, and a way to import, which scripts have not. */
const script = {
  format: "cjs",
  charset: "ascii",
  supported: { "dynamic-import": false },
  define: { "import.meta.url": "__bundleUrl", "import.meta.importModule": "__bundleImport" },
};

/** What hmc uses of ts-morph is its TypeScript: that lies in a bundle of its own, without ts-morph's wrappers. */
const typescript = {
  name: "typescript",
  setup(build) {
    build.onResolve({ filter: /^(ts-morph|@ts-morph\/common)$/ }, () => ({ path: "ts-morph", external: true }));
  },
};

/**
 * The command line: `main` is all of hmc, `ts-morph` the TypeScript compiler, loaded when a command needs it. The launcher knows
 * the digest of each, which names their caches.
 */
export async function buildCommandLine() {
  const contents = {
    main: await bundle("cli/main.cjs", { ...script, entryPoints: ["compiler/cli/main.ts"], external: ["esbuild", "undici", "vscode-languageserver", "vscode-languageserver/node", "vscode-languageserver-textdocument"], plugins: [typescript, lazy, validators(root)] }),
    "ts-morph": await bundle("cli/ts-morph.cjs", { ...script, stdin: { contents: 'export { getLibFiles, ts } from "@ts-morph/common";', resolveDir: root } }),
  };
  const digests = Object.fromEntries(Object.entries(contents).map(([name, content]) => [name, createHash("sha256").update(content).digest("hex").slice(0, 16)]));
  const launcher = readFileSync(join(root, "compiler/build/launcher.mjs"), "utf8");
  writeAtomically(join(root, "dist/hmc.mjs"), launcher.replace('"__DIGESTS__"', () => JSON.stringify(JSON.stringify(digests))), 0o755);
}

/** CommonJS, which every test runner loads; TypeScript is the one that hmc depends on. */
export async function buildTesting() {
  await bundle("testing/index.cjs", {
    entryPoints: ["runtime/testing/index.ts"],
    format: "cjs",
    charset: "ascii",
    define: { "import.meta.url": "__bundleUrl", "import.meta.importModule": "__bundleImport" },
    banner: { js: 'const __bundleUrl = require("node:url").pathToFileURL(__filename).href;' },
    external: ["esbuild"],
    plugins: [
      { name: "typescript", setup: (build) => build.onResolve({ filter: /^(ts-morph|@ts-morph\/common)$/ }, () => ({ path: "@ts-morph/common", external: true })) },
      lazy,
      validators(root),
    ],
  });
}

/**
 * The plugin of tsserver: a function that is given the TypeScript to work with, in place of the one in ts-morph. tsserver finds a plugin by a folder of the package,
 * whatever `exports` says.
 */
export async function buildPlugin() {
  await bundle("tsserver/plugin.cjs", {
    entryPoints: ["compiler/editor/tsserver/plugin.ts"],
    format: "cjs",
    charset: "ascii",
    define: { "import.meta.url": "__bundleUrl", "import.meta.importModule": "__bundleImport" },
    banner: { js: `const __bundleUrl = require("node:url").pathToFileURL(__filename).href;
const __modules = new WeakMap();
module.exports = (given) => {
  if (!__modules.has(given.typescript)) __modules.set(given.typescript, __load(require, given.typescript));
  return __modules.get(given.typescript).init(given);
};
function __libraries(ts) {
  const { readdirSync, readFileSync } = require("node:fs");
  const folder = require("node:path").dirname(ts.sys.getExecutingFilePath());
  return readdirSync(folder).filter((name) => /^lib\\..*\\.d\\.ts$/.test(name)).map((fileName) => ({ fileName, text: readFileSync(folder + "/" + fileName, "utf8") }));
}
function __load(outer, ts) {
const module = { exports: {} };
const exports = module.exports;
const require = (name) => (name === "ts-morph" ? { ts, getLibFiles: () => __libraries(ts) } : outer(name));`.replaceAll("\\\\", "\\") },
    footer: { js: "return module.exports;\n}" },
    plugins: [typescript, lazy, validators(root)],
  });
  writeAtomically(join(root, "tsserver-plugin/package.json"), `${JSON.stringify({ private: true, type: "commonjs", main: "../dist/tsserver/plugin.cjs" })}\n`);
}

/** What bundles of ops are made of. */
export async function buildRuntime() {
  if (!existsSync(join(root, "runtime/entrypoint.ts"))) return;
  await bundle("runtime/entrypoint.js", { entryPoints: ["runtime/entrypoint.ts"], format: "esm" });
}
