/** Looking at runs: `hmc runs`, `hmc logs`, `hmc artifacts`, `hmc explain` of a run, and the events of `--json`. */
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { folderWith, hmc, launcher } from "./hmc.ts";

const source = `import { op, pipeline, type Dataset, type Int } from "hmc";
import { existsSync, writeFileSync } from "node:fs";
export const load = op(async (input: { name: string }, out: { rows: Dataset }) => { console.log("loading", input.name); writeFileSync(out.rows.path, input.name); });
export const fit = op(async (input: { rows: Dataset; depth: Int }) => {
  console.log("fitting");
  if (input.depth > 3) throw new Error("too deep");
  return input.depth;
});
export const tell = op(async ({ depth }: { depth: Int }) => depth);
export const slow = op(async () => {
  for (let line = 1; line <= 4; line++) {
    console.log("line", line);
    while (!existsSync(\`go-\${line}\`)) await new Promise((resolve) => setTimeout(resolve, 20));
  }
});
export const main = pipeline(({ depth = 5 }: { depth?: Int }) => {
  for (const name of ["a", "b"]) load({ name });
  const rows = load({ name: "all" }).rows;
  return { depth: tell({ depth: fit({ rows, depth }) }) };
});
export const waiting = pipeline(() => { slow({}); });
`;

const cwd = folderWith({ "package.json": '{"type":"module"}', "pipeline.ts": source });
const failed = hmc(["run", "--pipeline", "main"], { cwd });
const good = hmc(["run", "--pipeline", "main", "-p", "depth=2", "--json"], { cwd });
const ids = readdirSync(join(cwd, ".hmc/runs")).sort();

test("runs are listed, the latest first, with how their tasks ended", () => {
  assert.is(failed.code, 1);
  const { code, stdout } = hmc(["runs"], { cwd });
  assert.is(code, 0);
  const [second, first] = stdout.trimEnd().split("\n");
  assert.match(second ?? "", new RegExp(`^${ids[1]} +✓ succeeded .* 2 done, 3 cached$`));
  assert.match(first ?? "", new RegExp(`^${ids[0]} +✗ failed .* 3 done, 1 failed, 1 not run$`));
  const [latest, ...others] = JSON.parse(hmc(["runs", "-n", "1", "--json"], { cwd }).stdout) as { id: string; state: string; tasks: object }[];
  assert.equal(others, []);
  assert.equal([latest?.id, latest?.state, latest?.tasks], [ids[1], "succeeded", { done: 2, failed: 0, cached: 3, kept: 0, skipped: 0, blocked: 0, running: 0 }]);
  const none = hmc(["runs"], { cwd: folderWith({ "package.json": "{}" }) });
  assert.equal([none.code, none.stdout], [0, ""]);
  assert.match(none.stderr, "There are no runs yet.");
});

test("--json prints the events, one a line, and the last one has the outputs", () => {
  const events = good.stdout.trimEnd().split("\n").map((line) => JSON.parse(line) as { kind: string; outputs?: object });
  assert.is(events[0]?.kind, "runStarted");
  assert.equal([events.at(-1)?.kind, events.at(-1)?.outputs], ["runEnded", { depth: 2 }]);
  const kept = readFileSync(join(cwd, ".hmc/runs", ids[1] ?? "", "events.jsonl"), "utf8").trimEnd().split("\n").map((line) => JSON.parse(line) as unknown);
  assert.equal(events, kept);
});

test("logs of a task, of the task in all iterations, and of all tasks", () => {
  const [id = ""] = ids;
  assert.match(hmc(["logs", id, "fit"], { cwd }).stdout, /^fitting\nhmc: Error: too deep/);
  const all = hmc(["logs", id, "for-1/load"], { cwd }).stdout;
  assert.match(all, "== for-1/0/load\nloading a\n== for-1/1/load\nloading b\n");
  assert.match(hmc(["logs", id], { cwd }).stdout, "== load-2\nloading all\n");
  assert.is(hmc(["logs", id, "for-1/1/load"], { cwd }).stdout, "loading b\n");
});

test("HMC6040: a task that the run does not have; HMC6022: no such run", () => {
  const { code, stderr } = hmc(["logs", "last", "fid"], { cwd });
  assert.is(code, 1);
  assert.match(stderr, `HMC6040: The run "${ids[1]}" has no task "fid". Did you mean "fit"?`);
  assert.match(hmc(["artifacts", "2019"], { cwd }).stderr, "HMC6022");
});

test("artifacts are listed, and copied without replacing anything (HMC6041)", () => {
  const [id = ""] = ids;
  const { stdout } = hmc(["artifacts", id, "load-2"], { cwd });
  assert.match(stdout, /^load-2 {2}rows {2}3 B {2}[0-9a-f]{12} {2}\.hmc\/runs\/.*\/rows\n$/);
  const [row] = JSON.parse(hmc(["artifacts", id, "load-2", "--json"], { cwd }).stdout) as { bytes: number; sha256: string }[];
  assert.equal([row?.bytes, row?.sha256.length], [3, 64]);
  assert.is(hmc(["artifacts", id, "-o", "out"], { cwd }).code, 0);
  assert.is(readFileSync(join(cwd, "out/for-1.1.load/rows"), "utf8"), "b");
  writeFileSync(join(cwd, "out/load-2/rows"), "mine");
  const again = hmc(["artifacts", id, "load-2", "-o", "out"], { cwd });
  assert.is(again.code, 1);
  assert.match(again.stderr, 'HMC6041: "out/load-2/rows" exists already');
  assert.is(readFileSync(join(cwd, "out/load-2/rows"), "utf8"), "mine");
});

test("explain of a run shows the line that failed, its inputs, where they come from, its log, and how to go on", () => {
  const [id = ""] = ids;
  const { code, stdout } = hmc(["explain", id], { cwd });
  assert.is(code, 0);
  assert.match(stdout, `${id}  ✗ failed in`);
  assert.match(stdout, /pipeline\.ts:\d+:\d+ - error HMC6001: The task "fit" failed: Error: too deep/);
  assert.match(stdout, "return { depth: tell({ depth: fit({ rows, depth }) }) };");
  assert.match(stdout, /inputs\n {2}rows +\.hmc\/runs\/.*\/rows \(3 bytes\)\n {2}depth +5\nfrom {2}load-2\n/);
  assert.match(stdout, "  │ fitting\n");
  assert.match(stdout, `next  hmc run --resume ${id}\n`);
  const ended = hmc(["explain", "last"], { cwd }).stdout;
  assert.match(ended, /parameter {3}depth = 2\noutput {6}depth = 2\n/);
  assert.match(ended, /load-2 +cached\n/);
  assert.not.match(ended, "next");
});

test("a place in a source that has changed since is said to be that of the run", () => {
  const [id = ""] = ids;
  writeFileSync(join(cwd, "pipeline.ts"), `// changed\n${source}`);
  const { stdout } = hmc(["explain", id], { cwd });
  writeFileSync(join(cwd, "pipeline.ts"), source);
  assert.match(stdout, "The source has changed since");
  assert.not.match(stdout, "return { depth: tell(");
});

test("logs -f goes on until the task has ended; a run whose process is gone has crashed", async () => {
  const run = spawn(process.execPath, [launcher, "run", "--pipeline", "waiting"], { cwd, stdio: "ignore" });
  const running = async (): Promise<string> => {
    for (;;) {
      const id = readdirSync(join(cwd, ".hmc/runs")).sort().at(-1) ?? "";
      if (!ids.includes(id) && existsSync(join(cwd, ".hmc/runs", id, "tasks/slow/log.txt"))) return id;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const id = await running();
  assert.match(hmc(["runs", "-n", "1"], { cwd }).stdout, "▸ running");
  const follow = spawn(process.execPath, [launcher, "logs", id, "slow", "-f"], { cwd, stdio: ["ignore", "pipe", "ignore"] });
  let printed = "";
  follow.stdout.on("data", (data: Buffer) => (printed += data.toString()));
  for (let line = 1; line <= 2; line++) {
    while (!printed.includes(`line ${line}\n`)) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.not.match(printed, `line ${line + 1}`);
    writeFileSync(join(cwd, `go-${line}`), "");
  }
  run.kill("SIGKILL");
  await new Promise((resolve) => run.once("exit", resolve));
  // Nobody else ends the op of a killed run before the run goes on.
  for (const line of [3, 4]) writeFileSync(join(cwd, `go-${line}`), "");
  assert.is(await new Promise((resolve) => follow.once("exit", resolve)), 0);
  assert.match(hmc(["runs", "-n", "1"], { cwd }).stdout, "✗ crashed");
  assert.match(hmc(["explain", id], { cwd }).stdout, `hmc run --resume ${id}`);
  const resumed = hmc(["run", "--resume", id], { cwd });
  assert.is(resumed.code, 0, resumed.stderr);
});

test.run();
