/** Builds `dist`. `node compiler/build/build.mjs` */
import { join } from "node:path";
import { buildCommandLine, buildLanguage, buildPlugin, buildRuntime, buildTesting } from "./bundles.mjs";
import { buildDeclarations } from "./declarations.mjs";
import { inputsDigest, root, writeAtomically } from "./files.mjs";

const started = performance.now();
const digest = inputsDigest();
const parts = { language: buildLanguage, declarations: buildDeclarations, "command line": buildCommandLine, "run-time": buildRuntime, testing: buildTesting, plugin: buildPlugin };
const results = await Promise.allSettled(Object.values(parts).map((part) => part()));

let failed = false;
for (const [index, result] of results.entries()) {
  if (result.status === "fulfilled") continue;
  failed = true;
  console.error(`The build of the ${Object.keys(parts)[index]} failed: ${result.reason.message}`);
}
if (failed) process.exitCode = 1;
else {
  writeAtomically(join(root, "dist/inputs.txt"), `${digest}\n`);
  console.error(`Built dist in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
}
