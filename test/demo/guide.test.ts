/** The files that the guide has its readers write: they type-check, compile, and run as the guide says. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { test } from "uvu";
import * as assert from "uvu/assert";

const root = fileURLToPath(new URL("../../", import.meta.url));
const guide = readFileSync(join(root, "docs/guide.md"), "utf8");
const files = [...guide.matchAll(/```ts\n\/\/ file: (\S+)\n([\s\S]*?)```/g)].map(([, name = "", text = ""]) => ({ name, text }));

/** A project of its own with the package installed, as the guide's reader has it. */
mkdirSync(join(root, ".hmc"), { recursive: true });
const folder = mkdtempSync(join(root, ".hmc/guide-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
mkdirSync(join(folder, "node_modules/hmc"), { recursive: true });
for (const name of ["dist", "package.json"]) symlinkSync(join(root, name), join(folder, "node_modules/hmc", name));
writeFileSync(join(folder, "package.json"), '{ "name": "wells", "type": "module" }');
writeFileSync(join(folder, "tsconfig.json"), /```json\n([\s\S]*?)```/.exec(guide)?.[1] ?? "");
for (const { name, text } of files) writeFileSync(join(folder, name), text);

function hmc(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [join(root, "dist/hmc.mjs"), ...args], { cwd: folder, encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } });
}

test("the files type-check with the guide's tsconfig.json", () => {
  assert.equal(files.map(({ name }) => name), ["steps.ts", "pipeline.ts", "tune.ts", "refine.ts", "load.ts", "teams.ts"]);
  const { config } = ts.readConfigFile(join(folder, "tsconfig.json"), ts.sys.readFile);
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, folder);
  assert.is(fileNames.length, files.length);
  const program = ts.createProgram(fileNames, { ...options, skipLibCheck: true });
  assert.equal(ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`), []);
});

test("hmc finds nothing wrong with them, and finds the mistake that the guide makes on purpose", () => {
  const { status, stderr, stdout } = hmc("check", "pipeline.ts", "tune.ts", "refine.ts", "load.ts", "teams.ts", "--max-warnings", "0");
  assert.is(status, 0, stdout + stderr);
  writeFileSync(join(folder, "mistake.ts"), files[1]!.text.replace("fit({ points, bins })", "fit({ points, bin: 8 })"));
  const mistake = hmc("check", "mistake.ts");
  assert.is(mistake.status, 1);
  assert.match(mistake.stdout + mistake.stderr, /'bin' does not exist/);
});

test("the pipelines run: more bins fit better, and the loop finds the best", () => {
  const error = (...flags: string[]): number => JSON.parse(hmc("run", "pipeline.ts", ...flags).stdout).error;
  assert.ok(error("-p", "bins=16") < error());
  assert.is(JSON.parse(hmc("run", "tune.ts").stdout).index, 3);
  assert.is(JSON.parse(hmc("op", "pipeline.ts", "make-points", "-p", "count=10").stdout).points.metadata.rows, 10);
});

test("the bundle holds the ops, and the compiled file starts them where the guide's image has them", () => {
  assert.is(hmc("bundle", "pipeline.ts", "-o", "dist/main.mjs").status, 0);
  const { stdout } = spawnSync(process.execPath, ["dist/main.mjs", "list"], { cwd: folder, encoding: "utf8" });
  assert.equal(stdout.trim().split("\n"), ["announce", "fit", "make-points"]);
  assert.is(hmc("compile", "pipeline.ts").status, 0);
  assert.match(readFileSync(join(folder, "pipeline.yaml"), "utf8"), "/app/main.mjs");
  assert.match(guide, "WORKDIR /app");
});

test("the pages that README and guide link to exist", () => {
  for (const page of ["README.md", "docs/guide.md", "docs/vicroads.md"]) {
    const text = readFileSync(join(root, page), "utf8");
    for (const [, target = ""] of text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)) assert.ok(existsSync(join(root, page, "..", target)), `${page} links to ${target}`);
  }
});

test.run();
