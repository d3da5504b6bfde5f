/**
 * Kills `hmc run` of the crashed demo with SIGKILL at random moments, goes on with `--resume`, and compares with a run that nobody disturbed: the same
 * outputs, the same published reference, no op process for a task that had finished, and no process left behind.
 */
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Checks } from "./checks.ts";
import { root, type Environment } from "./environment.ts";

/** Every tenth run is killed again while it goes on. */
const rounds = Number(process.env["HMC_KILLS"] ?? 50);
const parameters = ["source=synthetic:crashes?rows=1500", "trees=5", "threshold=0"].flatMap((text) => ["-p", text]);

/** Appends a line for each process of an op, whoever has started it: an independent witness. */
const witness = `const { appendFileSync } = require("node:fs");
const [, script, command, op] = process.argv;
if (script?.endsWith("main.mjs") && command === "run") appendFileSync(process.env.HMC_STARTS, op + " " + process.pid + "\\n");
`;

interface Ended {
  killed: boolean;
  status: number | null;
  stdout: string;
  stderr: string;
}

export async function kill(checks: Checks, { work }: Environment): Promise<void> {
  const project = join(work, "kill");
  mkdirSync(project, { recursive: true });
  cpSync(join(root, "fixtures/crashed"), project, { recursive: true });
  symlinkSync(join(root, "node_modules"), join(project, "node_modules"));
  writeFileSync(join(project, "package.json"), '{ "type": "module" }\n');
  writeFileSync(join(project, "witness.cjs"), witness);
  const starts = join(project, "starts.txt");
  // The first run bundles and compiles; the second says how long one takes.
  await hmc(project, ["run", "pipeline.ts", "--no-cache", ...parameters]);
  rmSync(join(project, ".hmc/runs"), { recursive: true, force: true });
  const began = performance.now();
  const calm = await hmc(project, ["run", "pipeline.ts", "--no-cache", ...parameters]);
  const duration = performance.now() - began;
  if (calm.status !== 0) return checks.fail("an undisturbed run", calm.stderr);
  const expected = { outputs: calm.stdout, reference: published(project) };
  let within = 0;
  for (let round = 1; round <= rounds; round++) {
    for (const name of ["runs", "cache", "store"]) rmSync(join(project, ".hmc", name), { recursive: true, force: true });
    writeFileSync(starts, "");
    const problems: string[] = [];
    const delay = Math.random() * duration * 1.05;
    let last = await hmc(project, ["run", "pipeline.ts", ...parameters], delay);
    const hit = finished(project).length;
    if (last.killed && hit > 0) within++;
    const kills = round % 10 === 0 ? 2 : 1;
    for (let turn = 1; turn <= kills; turn++) {
      const before = finished(project);
      const startsBefore = count(starts);
      const hasRun = existsSync(join(project, ".hmc/runs")) && readdirSync(join(project, ".hmc/runs")).some((run) => existsSync(join(project, ".hmc/runs", run, "run.json")));
      last = await hmc(project, hasRun ? ["run", "--resume", "last"] : ["run", "pipeline.ts", ...parameters], turn < kills ? Math.random() * duration : undefined);
      const startsAfter = count(starts);
      for (const op of before) {
        if (startsAfter.get(op) !== startsBefore.get(op)) problems.push(`"${op}" had finished, and ran again`);
      }
    }
    if (last.status !== 0) problems.push(`the run that went on ended with ${last.status}:\n${last.stderr}`);
    if (last.stdout !== expected.outputs) problems.push(`the outputs are ${last.stdout}, not ${expected.outputs}`);
    if (published(project) !== expected.reference) problems.push("the published reference is another one");
    const left = pids(starts).filter(isOurs);
    if (left.length > 0) problems.push(`these processes are left: ${left.join(", ")}`);
    for (const pid of left) process.kill(pid, "SIGKILL");
    checks.expectNone(`SIGKILL ${round} after ${Math.round(delay)} ms, ${hit} of 6 tasks finished`, problems);
    if (problems.length > 0) return;
  }
  checks.expectNone("enough runs were killed when some of their tasks had finished", within < rounds / 4 ? [`only ${within} of ${rounds}`] : []);
}

/** Runs hmc to its end, or kills it alone, not its tasks. */
function hmc(cwd: string, args: string[], killAfter?: number): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, NO_COLOR: "1", NODE_OPTIONS: `--require ${join(cwd, "witness.cjs")}`, HMC_STARTS: join(cwd, "starts.txt") };
    const child = spawn(process.execPath, [join(root, "dist/hmc.mjs"), ...args], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    const ended: Ended = { killed: false, status: null, stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (ended.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (ended.stderr += text));
    const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), killAfter);
    child.on("error", reject);
    child.on("close", (status, signal) => {
      clearTimeout(timer);
      resolve({ ...ended, status, killed: signal === "SIGKILL" });
    });
  });
}

/** The tasks whose manifest says that they have succeeded. */
function finished(project: string): string[] {
  const runs = join(project, ".hmc/runs");
  if (!existsSync(runs)) return [];
  return readdirSync(runs).flatMap((run) => {
    const tasks = join(runs, run, "tasks");
    if (!existsSync(tasks)) return [];
    return readdirSync(tasks).filter((task) => {
      const manifest = join(tasks, task, "manifest.json");
      return existsSync(manifest) && (JSON.parse(readFileSync(manifest, "utf8")) as { state: string }).state === "succeeded";
    });
  });
}

/** How often each op was started. */
function count(starts: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines(starts)) {
    const op = line.split(" ")[0] ?? "";
    counts.set(op, (counts.get(op) ?? 0) + 1);
  }
  return counts;
}

function pids(starts: string): number[] {
  return lines(starts).map((line) => Number(line.split(" ")[1]));
}

function lines(file: string): string[] {
  return readFileSync(file, "utf8").split("\n").filter((line) => line !== "");
}

/** Whether a process of an op still lives: its id may belong to another by now. */
function isOurs(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("main.mjs");
  } catch {
    return false;
  }
}

/** What the last run has published, without the name of the run. */
function published(project: string): string {
  const runs = join(project, ".hmc/runs");
  const latest = (existsSync(runs) ? readdirSync(runs) : []).sort().at(-1) ?? "none";
  const file = join(runs, latest, "tasks/publish/artifacts/reference");
  return existsSync(file) ? readFileSync(file, "utf8").replaceAll(latest, "<run>") : "nothing";
}
