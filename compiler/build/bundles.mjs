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

/** CommonJS for the launcher, which gives each bundle its own `require` and address. */
const script = {
  format: "cjs",
  charset: "ascii",
  supported: { "dynamic-import": false },
  define: { "import.meta.url": "__bundleUrl" },
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
    main: await bundle("cli/main.cjs", { ...script, entryPoints: ["compiler/cli/main.ts"], external: ["esbuild", "vscode-languageserver", "vscode-languageserver/node", "vscode-languageserver-textdocument"], plugins: [typescript, lazy, validators(root)] }),
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
    define: { "import.meta.url": "__bundleUrl" },
    banner: { js: 'const __bundleUrl = require("node:url").pathToFileURL(__filename).href;' },
    external: ["esbuild"],
    plugins: [
      { name: "typescript", setup: (build) => build.onResolve({ filter: /^(ts-morph|@ts-morph\/common)$/ }, () => ({ path: "@ts-morph/common", external: true })) },
      lazy,
      validators(root),
    ],
  });
}

/** What bundles of ops are made of. */
export async function buildRuntime() {
  if (!existsSync(join(root, "runtime/entrypoint.ts"))) return;
  await bundle("runtime/entrypoint.js", { entryPoints: ["runtime/entrypoint.ts"], format: "esm" });
}
