/** What happens to the built command from outside: signals, other runs at the same time, a full disk. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { launcher } from "../cli/hmc.ts";
import { makeProject, readJson, run } from "./project.ts";

const source = `import { op, pipeline, type Dataset, type Int } from "hmc";
import { appendFileSync, existsSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import process from "node:process";
const says = (name: string): void => appendFileSync("starts.txt", name + " " + process.pid + "\\n");
export const first = op(async () => { says("first"); return 1; });
/** Waits, with a process of its own, until it is stopped or the file "go" is there; one that is deaf takes no SIGTERM. */
export const wait = op(async (input: { value: number; deaf: boolean }) => {
  if (input.deaf) process.on("SIGTERM", () => undefined);
  const child = spawn("sleep", ["60"], { stdio: "ignore" });
  appendFileSync("starts.txt", "sleep " + child.pid + "\\n");
  says("wait");
  while (!existsSync("go")) await new Promise((resolve) => setTimeout(resolve, 20));
  child.kill();
  return input.value + 1;
});
export const fill = op(async (input: { kilobytes: Int }, out: { blob: Dataset }) => {
  says("fill");
  writeFileSync(out.blob.path, Buffer.alloc(input.kilobytes * 1024, input.kilobytes));
  return { size: 1 };
});
export const waiting = pipeline(({ deaf = false }: { deaf?: boolean }) => ({ value: wait({ value: first({}), deaf }) }));
export const filling = pipeline(({ kilobytes = 100 }: { kilobytes?: Int }) => {
  const one = fill({ kilobytes });
  const two = fill({ kilobytes: 10 }).after(one);
  return { size: two.size };
});
`;

const flags = (pipeline: string, ...more: string[]): string[] => [launcher, "run", "pipeline.ts", "--pipeline", pipeline, ...more];

function project(): string {
  return makeProject({ "package.json": "{}", "pipeline.ts": source, "starts.txt": "" });
}

function starts(root: string): { op: string; pid: number }[] {
  return readFileSync(join(root, "starts.txt"), "utf8").split("\n").filter((line) => line !== "").map((line) => ({ op: line.split(" ")[0] ?? "", pid: Number(line.split(" ")[1]) }));
}

function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return existsSync("/proc") ? false : spawnSync("kill", ["-0", String(pid)]).status === 0;
  }
}

function onlyRun(root: string): string {
  const runs = readdirSync(join(root, ".hmc/runs"));
  assert.is(runs.length, 1);
  return join(root, ".hmc/runs", runs[0] ?? "");
}

/** Starts hmc, sends it signals when the op waits, and gives how it ended and how long that took. */
function interrupted(root: string, args: string[], signals: NodeJS.Signals[]): Promise<{ code: number | null; milliseconds: number; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, NO_COLOR: "1" }, stdio: ["ignore", "pipe", "pipe"] });
    let stderr = "";
    let signalled = 0;
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    const timer = setInterval(() => {
      if (!starts(root).some(({ op }) => op === "wait")) return;
      clearInterval(timer);
      signalled = performance.now();
      for (const [index, signal] of signals.entries()) setTimeout(() => child.kill(signal), index * 150);
    }, 20);
    child.on("close", (code) => (clearInterval(timer), resolve({ code, milliseconds: performance.now() - signalled, stderr })));
  });
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  test(`${signal} ends every process, says so, and leaves a run that goes on`, async () => {
    const root = project();
    const { code, stderr } = await interrupted(root, flags("waiting"), [signal]);
    assert.is(code, 130, stderr);
    assert.equal(starts(root).filter(({ pid }) => isRunning(pid)), []);
    const folder = onlyRun(root);
    const manifest = readJson(join(folder, "run.json")) as { state: string; tasks: object[] };
    assert.is(manifest.state, "stopped");
    assert.equal(manifest.tasks, [{ key: "first", state: "succeeded", origin: "ran" }, { key: "wait", state: "failed" }]);
    assert.is(existsSync(join(folder, "owner.json")), false);
    assert.equal(JSON.parse(readFileSync(join(folder, "events.jsonl"), "utf8").trim().split("\n").at(-1) ?? "").kind, "runEnded");
    writeFileSync(join(root, "go"), "");
    const resumed = await run(process.execPath, [launcher, "run", "--resume", "last"], { cwd: root });
    assert.is(resumed.code, 0, resumed.stderr);
    assert.equal(JSON.parse(resumed.stdout), { value: 2 });
    assert.equal(starts(root).map(({ op }) => op), ["first", "sleep", "wait", "sleep", "wait"]);
  });
}

test("a second Ctrl-C kills what does not end by itself, at once", async () => {
  const root = project();
  const { code, milliseconds, stderr } = await interrupted(root, flags("waiting", "-p", "deaf=true"), ["SIGINT", "SIGINT"]);
  assert.is(code, 130, stderr);
  assert.ok(milliseconds < 1900, `${milliseconds} ms`);
  assert.equal(starts(root).filter(({ pid }) => isRunning(pid)), []);
  assert.is((readJson(join(onlyRun(root), "run.json")) as { state: string }).state, "stopped");
  writeFileSync(join(root, "go"), "");
  assert.is((await run(process.execPath, [launcher, "run", "--resume", "last"], { cwd: root })).code, 0);
});

test("what an op leaves running ends with it", async () => {
  const root = makeProject({
    "package.json": "{}",
    "pipeline.ts": `import { op, pipeline } from "hmc";
import { spawn } from "node:child_process";
export const leave = op(async () => { const child = spawn("sleep", ["60"], { stdio: "ignore" }); child.unref(); return child.pid as number; });
export const main = pipeline(() => ({ pid: leave({}) }));
`,
  });
  const { code, stdout } = await run(process.execPath, [launcher, "run"], { cwd: root });
  assert.is(code, 0);
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.is(isRunning((JSON.parse(stdout) as { pid: number }).pid), false);
});

test("several runs at once in one project do not get in each other's way", async () => {
  const root = project();
  const ended = await Promise.all([100, 100, 200, 300].map((kilobytes) => run(process.execPath, flags("filling", "-p", `kilobytes=${kilobytes}`), { cwd: root })));
  assert.equal(ended.map(({ code }) => code), [0, 0, 0, 0], ended.map(({ stderr }) => stderr).join("\n"));
  assert.is(readdirSync(join(root, ".hmc/runs")).length, 4);
  for (const id of readdirSync(join(root, ".hmc/runs"))) {
    const [task = ""] = readdirSync(join(root, ".hmc/runs", id, "tasks")).filter((name) => name === "fill");
    assert.ok(existsSync(join(root, ".hmc/runs", id, "tasks", task, "artifacts/blob")));
  }
});

test("of two that go on with the same run at once, one does", async () => {
  const root = project();
  await interrupted(root, flags("waiting"), ["SIGINT"]);
  setTimeout(() => writeFileSync(join(root, "go"), ""), 3000);
  const ended = await Promise.all([1, 2, 3].map(() => run(process.execPath, [launcher, "run", "--resume", "last"], { cwd: root })));
  assert.equal(ended.map(({ code }) => code).sort(), [0, 1, 1], ended.map(({ stderr }) => stderr).join("\n"));
  assert.is(ended.filter(({ stderr }) => stderr.includes("HMC6025")).length, 2);
  assert.is(starts(root).filter(({ op }) => op === "wait").length, 2);
});

const canMount = spawnSync("unshare", ["-rm", "sh", "-c", "mount -t tmpfs none /mnt"]).status === 0;
if (!canMount) console.log("SKIP  a full disk: no file system of a small size can be mounted here (unshare -rm)");

test("a full disk ends the run with a clear error; what was finished stays, and the run goes on when there is space", async () => {
  if (!canMount) return;
  const root = project();
  mkdirSync(join(root, ".hmc"));
  const hmc = `${process.execPath} ${launcher} run`;
  const script = `
    mount -t tmpfs -o size=6m none .hmc
    ${hmc} pipeline.ts --pipeline filling -p kilobytes=500 >first.out 2>first.err || exit 11
    ${hmc} pipeline.ts --pipeline filling -p kilobytes=2500 >second.out 2>second.err
    echo $? >second.code
    cp -r .hmc/runs before; find .hmc/store -type f | wc -l >objects
    mount -o remount,size=60m .hmc
    ${hmc} --resume last >third.out 2>third.err || exit 13
    ${hmc} --resume "$(ls .hmc/runs | head -1)" >fourth.out 2>fourth.err || exit 14
    cp -r .hmc/runs after
  `;
  const { status, stderr } = spawnSync("unshare", ["-rm", "sh", "-c", script], { cwd: root, encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } });
  const text = (name: string): string => (existsSync(join(root, name)) ? readFileSync(join(root, name), "utf8") : "");
  assert.is(status, 0, [stderr, ...["first.err", "second.err", "third.err", "fourth.err"].map(text)].join("\n"));
  assert.is(text("second.code").trim(), "1", text("second.err"));
  assert.match(text("second.err"), "there is no space left");
  assert.equal(JSON.parse(text("third.out")), { size: 1 });
  assert.equal(JSON.parse(text("fourth.out")), { size: 1 });
  const [first = ""] = readdirSync(join(root, "before")).sort();
  for (const file of ["document.json", "tasks/fill/manifest.json", "tasks/fill/artifacts/blob"]) {
    assert.ok(readFileSync(join(root, "after", first, file)).equals(readFileSync(join(root, "before", first, file))), file);
  }
});

test.run();
