/** Both demos from end to end, with the built command line: compiled, bundled, every step a process. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseAllDocuments } from "yaml";
import { crashColumnNames, generateCrashes } from "../../fixtures/crashed/warehouse/crashes.ts";
import { temporaryFolder } from "./run-step.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const hmc = join(root, "dist/hmc.mjs");
if (!existsSync(hmc)) throw new Error(`${hmc} does not exist: run "npm run build" first.`);

/** Without colours, which the test runner asks for. */
const inRoot = { cwd: root, encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } } as const;

interface Run {
  outputs: { auc: number };
  /** What publish has written, if it ran. */
  reference: { metrics: Record<string, number>; version: string } | undefined;
}

/** Runs a demo; its run directory is removed afterwards. */
function run(pipeline: string, parameters: Record<string, string>): Run {
  const flags = Object.entries(parameters).flatMap(([name, value]) => ["-p", `${name}=${value}`]);
  const { status, stdout, stderr } = spawnSync(process.execPath, [hmc, "run", `fixtures/${pipeline}/pipeline.ts`, ...flags], inRoot);
  assert.is(status, 0, stderr);
  const [, place = ""] = /→ (\.hmc\/runs\/\S+)/.exec(stderr) ?? [];
  assert.ok(place, `a run directory in: ${stderr}`);
  const folder = join(root, place);
  const reference = join(folder, "tasks/publish/artifacts/reference");
  const published = existsSync(reference) ? JSON.parse(readFileSync(reference, "utf8")) : undefined;
  rmSync(folder, { recursive: true });
  return { outputs: JSON.parse(stdout), reference: published };
}

/** The rows as the public file has them: upper-case columns, more of them, and dd/mm/yyyy. */
function vicRoadsFile(path: string, rows: number): string {
  const quoted = (value: unknown): string => (value === null ? "" : `"${value}"`);
  const lines = [["OBJECTID", ...crashColumnNames.map((name) => name.toUpperCase()), "LGA_NAME"].join(",")];
  let id = 0;
  for (const [date, ...others] of generateCrashes(rows, 1)) {
    lines.push([++id, String(date).split("-").reverse().join("/"), ...others.map(quoted), "MELBOURNE"].join(","));
  }
  writeFileSync(path, `${lines.join("\r\n")}\r\n`);
  return path;
}

test("npm run demo: compiles, draws, runs, and says how good the model is and where things lie", () => {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, ["fixtures/crashed/demo.mjs"], inRoot);
  assert.is(status, 0, stderr);
  assert.ok(performance.now() - started < 60_000);
  assert.match(stdout, /│ create-training │/);
  assert.match(stdout, /if evaluate\.auc > threshold/);
  assert.ok(Number(/AUC +(0\.\d+)/.exec(stdout)?.[1]) >= 0.75, stdout);
  const places = ["for kfp", "run, logs", "model", "report", "reference"].map((name) => new RegExp(`^ +${name} +(\\S+)`, "m").exec(stdout)?.[1] ?? "nowhere");
  for (const place of places) assert.ok(existsSync(join(root, place)), `${place} exists`);
  const [spec] = parseAllDocuments(readFileSync(join(root, places[0] ?? ""), "utf8")).map((document) => document.toJS());
  assert.is(spec.pipelineInfo.name, "crashed");
  assert.match(readFileSync(join(root, places[3] ?? ""), "utf8"), "<!doctype html>");
  rmSync(join(root, places[1] ?? "nowhere"), { recursive: true });
});

test("bird strikes: the published model tells damage with an AUC of 0.76 and more", () => {
  const { outputs, reference } = run("birdstrikes", {});
  assert.ok(outputs.auc >= 0.76, String(outputs.auc));
  assert.is(reference?.metrics["auc"], outputs.auc);
});

test("the documented command takes a file in the public shape, and learns from it just what it learns from the rows themselves", () => {
  const rows = 8000;
  const source = vicRoadsFile(join(temporaryFolder(), "Crashes Last Five Years.csv"), rows);
  const days = { trainFrom: "2013-07-01", trainTo: "2017-12-31", testFrom: "2018-01-01", testTo: "2018-12-31", trees: "30" };
  const fromFile = run("crashed", { source, ...days });
  const synthetic = run("crashed", { source: `synthetic:crashes?rows=${rows}`, ...days });
  assert.equal(fromFile.outputs, synthetic.outputs);
  assert.equal(fromFile.reference, { ...synthetic.reference, files: (fromFile.reference as unknown as { files: unknown }).files });
  assert.ok(fromFile.outputs.auc > 0.75);
});

test("a model below the threshold is not published, and the run still ends well", () => {
  const { outputs, reference } = run("crashed", { source: "synthetic:crashes?rows=2000", trees: "3", threshold: "0.95" });
  assert.ok(outputs.auc < 0.95);
  assert.is(reference, undefined);
});

test.run();
