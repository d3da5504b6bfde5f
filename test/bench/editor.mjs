/** Runs editor.ts as it would run in the package: bundled. `node --expose-gc test/bench/editor.mjs` */
import { build } from "esbuild";
import { rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { lazy } from "../../compiler/build/lazy.mjs";
import { validators } from "../../compiler/build/validators.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const outfile = join(root, "dist/bench-editor.mjs");
// Paths are as those of a file of the package.
const define = { "import.meta.url": JSON.stringify(pathToFileURL(outfile).href) };
await build({ entryPoints: [join(root, "test/bench/editor.ts")], outfile, bundle: true, platform: "node", format: "esm", target: "node20.19", packages: "external", logLevel: "error", define, plugins: [lazy, validators(root)] });
process.on("exit", () => rmSync(outfile, { force: true }));
await import(pathToFileURL(outfile).href);
