/**
 * What `hmc run` costs beyond the tasks themselves: `npm run bench`.
 *
 * Time: the wall-clock time of each of 40 tasks that do nothing, one after the other, beside that of `node -e 0`, measured in turns. Memory: the
 * largest resident size of the runner with 1,000 such tasks, beside that with 100. The exit code is 1 where a target is missed.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const launcher = join(root, "dist/hmc.mjs");
if (!existsSync(launcher)) throw new Error("There is no dist: run npm run build.");
const folder = mkdtempSync(join(tmpdir(), "hmc-bench-runs-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
writeFileSync(join(folder, "pipeline.ts"), `import { op, pipeline, range, type Int } from "hmc";
export const nothing = op(async (input: { index: Int }) => input.index);
export const main = pipeline(({ count = 40 }: { count?: Int }) => {
  for (const index of range(count)) nothing({ index });
});
`);

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Milliseconds from the first to the last event of the latest run. */
function took() {
  const run = readdirSync(join(folder, ".hmc/runs")).sort().at(-1);
  const events = readFileSync(join(folder, ".hmc/runs", run, "events.jsonl"), "utf8").trim().split("\n").map((line) => JSON.parse(line));
  return Date.parse(events.at(-1).at) - Date.parse(events[0].at);
}

function hmcRun(...flags) {
  const { status, stderr } = spawnSync(process.execPath, [launcher, "run", "--no-cache", ...flags], { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(`hmc run ${flags.join(" ")} failed:\n${stderr}`);
}

function nothing() {
  const started = performance.now();
  spawnSync(process.execPath, ["-e", "0"], { stdio: "ignore" });
  return performance.now() - started;
}

/** The largest resident size of the runner alone, in MB. */
function peakOf(count) {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [launcher, "run", "--no-cache", "-p", `count=${count}`], { cwd: folder, stdio: "ignore" });
    let peak = 0;
    const look = () => {
      try {
        peak = Math.max(peak, Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1] ?? 0) / 1024);
      } catch {
        // It has ended.
      }
    };
    const timer = setInterval(look, 50);
    child.on("error", fail);
    child.on("close", (status) => {
      clearInterval(timer);
      if (status === 0) done(peak);
      else fail(new Error(`a run of ${count} tasks ended with ${status}`));
    });
  });
}

hmcRun("-p", "count=1");
const tasks = [];
const plain = [];
for (let round = 0; round < 3; round++) {
  for (let count = 0; count < 7; count++) plain.push(nothing());
  hmcRun("-j", "1", "-p", "count=40");
  tasks.push(took() / 40);
}
const ratio = median(tasks) / median(plain);
let missed = ratio <= 1.5 ? 0 : 1;
console.log(`\na task of hmc run ${median(tasks).toFixed(1)} ms, node -e 0 ${median(plain).toFixed(1)} ms: ${ratio.toFixed(2)} (target ≤ 1.5)  ${missed === 0 ? "met" : "MISSED"}`);

// The same op, carried in a compiled file: its command, with an input.
const { parse } = await import("yaml");
writeFileSync(join(folder, "carried.ts"), `import { op, pipeline, type Int } from "hmc";
export const nothing = op({ inline: true }, async (input: { index: Int }) => input.index);
export const main = pipeline(() => { nothing({ index: 1 }); });
`);
const compiled = spawnSync(process.execPath, [launcher, "compile", "carried.ts", "-o", "-"], { cwd: folder, encoding: "utf8" });
if (compiled.status !== 0) throw new Error(compiled.stderr);
const [, ...words] = parse(compiled.stdout).deploymentSpec.executors["exec-nothing"].container.command;
const executorInput = JSON.stringify({ inputs: { parameterValues: { index: 1 } }, outputs: { parameters: { Output: { outputFile: join(folder, "out/Output") } }, outputFile: join(folder, "out/meta.json") } });
const carried = [];
const beside = [];
for (let count = 0; count < 21; count++) {
  beside.push(nothing());
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [...words, "--executor-input", executorInput], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  carried.push(performance.now() - started);
}
const carriedRatio = median(carried) / median(beside);
if (carriedRatio > 2) missed++;
console.log(`an op that the file carries ${median(carried).toFixed(1)} ms, node -e 0 ${median(beside).toFixed(1)} ms: ${carriedRatio.toFixed(2)} (target < 2)  ${carriedRatio <= 2 ? "met" : "MISSED"}`);
if (!existsSync("/proc/self/status")) console.log("memory of the runner: SKIPPED, there is no /proc");
else {
  const [few, many] = [await peakOf(100), await peakOf(1000)];
  const isFlat = many <= few * 1.3;
  if (!isFlat) missed++;
  console.log(`memory of the runner: ${few.toFixed(0)} MB with 100 tasks, ${many.toFixed(0)} MB with 1,000 (target ≤ 1.3 times)  ${isFlat ? "met" : "MISSED"}`);
}
const { testPipeline } = await import(pathToFileURL(join(root, "dist/testing/index.cjs")).href);
const inProcess = async (count) => {
  const started = performance.now();
  const run = await testPipeline(join(folder, "pipeline.ts"), { parameters: { count }, mocks: { nothing: ({ index }) => index } });
  if (run.tasks.length !== count) throw new Error(`${run.tasks.length} of ${count} tasks ran`);
  run.cleanUp();
  return performance.now() - started;
};
const first = await inProcess(1000);
const isFast = first <= 2000;
if (!isFast) missed++;
console.log(`1,000 tasks in one process, the analysis included: ${first.toFixed(0)} ms (target ≤ 2000)  ${isFast ? "met" : "MISSED"}`);
const heap = () => (global.gc?.(), process.memoryUsage().heapUsed / 1e6);
const before = heap();
await inProcess(10_000);
console.log(`heap of the test process: ${before.toFixed(0)} MB, after 10,000 tasks more ${heap().toFixed(0)} MB`);
process.exitCode = missed === 0 ? 0 : 1;
