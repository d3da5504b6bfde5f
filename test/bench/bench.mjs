/**
 * How fast hmc compiles, beside the SDK of Kubeflow Pipelines: `npm run bench [-- --rounds 5]`.
 *
 * Each measurement is a process of its own with a warm file cache. The candidates take turns, so that whatever else the machine does
 * falls on all of them. The table shows medians of wall-clock and of CPU time (user and system); ratios are judged on both. The exit
 * code is 1 where a target is missed. `HMC_PYTHON` names a Python with kfp; without one the comparison is left out, and says so.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { linearPython, linearTypeScript } from "./linear.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const given = process.argv[process.argv.indexOf("--rounds") + 1];
const rounds = process.argv.includes("--rounds") ? Number(given) : 5;
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error(`--rounds takes a whole number of at least 1, not "${given}".`);
  process.exit(1);
}
const folder = mkdtempSync(join(tmpdir(), "hmc-bench-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

const python = process.env.HMC_PYTHON;
const hasKfp = python !== undefined && spawnSync(python, ["-c", "import kfp, kfp.kubernetes"]).status === 0;

function written(name, text) {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

const hmc = (source, env = {}) => ({ command: [process.execPath, join(root, "dist/hmc.mjs"), "compile", source, "-o", join(folder, "out.yaml")], env });
const kfp = (source) => ({ command: [python, "-W", "ignore", "-c", "from kfp.cli.__main__ import main; main()", "dsl", "compile", "--py", source, "--output", join(folder, "out.yaml")], env: {} });

const sources = Object.fromEntries([1000, 2000].map((tasks) => [tasks, { ts: written(`linear${tasks}.ts`, linearTypeScript(tasks)), py: written(`linear${tasks}.py`, linearPython(tasks)) }]));
const candidates = {
  "node -e 0": { command: [process.execPath, "-e", "0"], env: {} },
  "hmc crashed": hmc(join(root, "fixtures/crashed/pipeline.ts")),
  "hmc crashed, no cache": hmc(join(root, "fixtures/crashed/pipeline.ts"), { HMC_CACHE_DIR: "" }),
  "kfp crashed": hasKfp && kfp(join(root, "fixtures/crashed/pipeline.py")),
  "hmc 1,000 tasks": hmc(sources[1000].ts),
  "kfp 1,000 tasks": hasKfp && kfp(sources[1000].py),
  "hmc 2,000 tasks": hmc(sources[2000].ts),
};

/** Runs a command in bash, whose `time` knows the CPU time of a child. Seconds. */
function measure({ command, env }) {
  const { status, stderr } = spawnSync("bash", ["-c", 'TIMEFORMAT="%R %U %S"; time "$@"', "bench", ...command], {
    cwd: folder,
    env: { ...process.env, LC_ALL: "C", ...env },
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
  });
  const [wall, user, system] = stderr.trim().split("\n").at(-1)?.split(" ").map(Number) ?? [];
  if (status !== 0 || Number.isNaN(wall + user + system)) throw new Error(`${command.join(" ")} failed:\n${stderr}`);
  return { wall, cpu: user + system };
}

if (!existsSync(join(root, "dist/hmc.mjs"))) throw new Error("There is no dist: run npm run build.");
const running = Object.entries(candidates).filter(([, candidate]) => candidate !== false);
const samples = new Map(running.map(([name]) => [name, []]));
for (const [name, candidate] of running) if (name.startsWith("hmc") && !name.includes("no cache")) measure(candidate);
for (let round = 0; round < rounds; round++) for (const [name, candidate] of running) samples.get(name).push(measure(candidate));

const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
};
const times = Object.fromEntries([...samples].map(([name, taken]) => [name, { wall: median(taken.map(({ wall }) => wall)), cpu: median(taken.map(({ cpu }) => cpu)), least: Math.min(...taken.map(({ cpu }) => cpu)) }]));

console.log(`Medians of ${rounds} rounds, Node ${process.version}, in seconds\n`);
console.log(`${"".padEnd(26)} ${"wall".padStart(8)} ${"cpu".padStart(8)} ${"least cpu".padStart(10)}`);
for (const name of Object.keys(candidates)) {
  const time = times[name];
  if (time === undefined) console.log(`${name.padEnd(26)}  SKIPPED: there is no Python with kfp and kfp-kubernetes; set HMC_PYTHON`);
  else console.log(`${name.padEnd(26)} ${time.wall.toFixed(3).padStart(8)} ${time.cpu.toFixed(3).padStart(8)} ${time.least.toFixed(3).padStart(10)}`);
}

const targets = [
  { name: "crashed: hmc / kfp", of: "hmc crashed", to: "kfp crashed", most: 1 },
  { name: "1,000 tasks: hmc / kfp", of: "hmc 1,000 tasks", to: "kfp 1,000 tasks", most: 0.25 },
  { name: "hmc: 2,000 / 1,000 tasks", of: "hmc 2,000 tasks", to: "hmc 1,000 tasks", most: 2.4 },
];
let missed = 0;
console.log(`\n${"ratio".padEnd(26)} ${"wall".padStart(8)} ${"cpu".padStart(8)} ${"target".padStart(10)}`);
for (const { name, of, to, most } of targets) {
  const [ours, theirs] = [times[of], times[to]];
  if (ours === undefined || theirs === undefined) {
    console.log(`${name.padEnd(26)}  SKIPPED`);
    continue;
  }
  const [wall, cpu] = [ours.wall / theirs.wall, ours.cpu / theirs.cpu];
  const isMet = wall <= most && cpu <= most;
  if (!isMet) missed++;
  console.log(`${name.padEnd(26)} ${wall.toFixed(2).padStart(8)} ${cpu.toFixed(2).padStart(8)} ${`≤ ${most}`.padStart(10)}  ${isMet ? "met" : "MISSED"}`);
}
process.exitCode = missed === 0 ? 0 : 1;
