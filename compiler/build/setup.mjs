/**
 * Makes a fresh clone ready: installs what is missing, builds what is older than its sources. Needs Node and npm only.
 * `node compiler/build/setup.mjs`
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inputsDigest, root } from "./files.mjs";

function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ["ignore", 2, 2], shell: process.platform === "win32" });
  if (error !== undefined) console.error(`${command} could not be started: ${error.message}`);
  return status === 0;
}

/** Whether every direct dependency lies in node_modules. */
function isInstalled() {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return Object.keys({ ...dependencies, ...devDependencies }).every((name) => existsSync(join(root, "node_modules", name, "package.json")));
}

/** Whether `dist` was built from the sources as they are. */
function isBuilt() {
  const stamp = join(root, "dist/inputs.txt");
  return existsSync(stamp) && readFileSync(stamp, "utf8").trim() === inputsDigest();
}

if (!isInstalled()) {
  console.error("Installing the dependencies …");
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
  const npm = (...args) => run("npm", [...args, ...quiet]);
  if (!(npm("ci") || npm("install", "--no-save"))) process.exit(1);
}
if (!isBuilt() && !run(process.execPath, [join(root, "compiler/build/build.mjs")])) process.exit(1);
