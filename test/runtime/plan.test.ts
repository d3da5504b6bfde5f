/** `hmc plan` says what a run would do; `hmc cache gc` takes away what nobody needs, and nothing else. */
import { existsSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { hmc, type Outcome } from "../cli/hmc.ts";
import { makeProject } from "./project.ts";

const source = `import { importArtifact, op, pipeline, type Dataset, type Int } from "hmc";
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
function says(name: string): void { appendFileSync("starts.txt", name + "\\n"); }
export const make = op({ retry: { count: 3, backoff: "1h" } }, async (input: { rows: Int }, out: { table: Dataset }) => {
  says("make");
  mkdirSync(out.table.path);
  writeFileSync(out.table.path + "/a", "x".repeat(input.rows));
  return { items: ["a", "b"] };
});
export const score = op(async (input: { table: Dataset; by?: string }) => { says("score"); return readFileSync(input.table.path + "/a", "utf8").length as number; });
export const publish = op(async (input: { value: number }) => { says("publish"); if (existsSync("broken")) throw new Error("broken"); return input.value; });
export const always = op({ cache: false }, async () => { says("always"); return 1; });
export const note = op(async (input: { text: string }) => { says("note"); return input.text; });
export const inner = pipeline(({ table }: { table: Dataset }) => {
  const scored = score({ table, by: "inner" });
  return { value: publish({ value: scored }) };
});
export const main = pipeline(({ rows = 3, threshold = 2 }: { rows?: Int; threshold?: number }) => {
  const made = make({ rows });
  const scored = score({ table: made.table });
  if (scored > threshold) {
    publish({ value: scored });
  } else {
    note({ text: "low" });
  }
  for (const item of made.items) note({ text: item });
  const called = inner({ table: made.table });
  try {
    publish({ value: called.value }, { name: "risky" });
  } finally {
    note({ text: "end" }, { name: "end" });
  }
});
export const imported = pipeline(() => {
  const table = importArtifact<Dataset>({ uri: "table", reimport: false });
  always({});
  return { value: score({ table }) };
});
export const place = pipeline(() => {
  const made = make({ rows: 1 });
  note({ text: made.table.uri });
});
`;

class Project {
  readonly root = makeProject({ "package.json": "{}", "pipeline.ts": source, "table/a": "12345" });

  hmc(...args: string[]): Outcome & { starts: string[] } {
    const said = join(this.root, "starts.txt");
    rmSync(said, { force: true });
    const outcome = hmc(args, { cwd: this.root, env: { NO_COLOR: "1" } });
    return { ...outcome, starts: existsSync(said) ? readFileSync(said, "utf8").trim().split("\n") : [] };
  }

  plan(...args: string[]): Record<string, string> {
    const { code, stdout, stderr, starts } = this.hmc("plan", "--json", ...args);
    assert.equal([code, starts], [0, []], stderr);
    return Object.fromEntries((JSON.parse(stdout) as { tasks: { key: string; forecast: string }[] }).tasks.map(({ key, forecast }) => [key, forecast]));
  }

  objects(): string[] {
    const store = join(this.root, ".hmc/store/sha256");
    return existsSync(store) ? readdirSync(store, { recursive: true }).map((name) => join(store, String(name))).filter((path) => /\/[0-9a-f]{62}$/.test(path)) : [];
  }

  results(): string[] {
    return readdirSync(join(this.root, ".hmc/cache"), { recursive: true }).map((name) => join(this.root, ".hmc/cache", String(name))).filter((path) => path.endsWith(".json"));
  }

  runs(): string[] {
    return readdirSync(join(this.root, ".hmc/runs")).sort();
  }

  /** Makes everything as old as that. */
  age(days: number): void {
    const then = new Date(Date.now() - days * 86_400_000);
    for (const path of [...this.objects(), ...this.results()]) utimesSync(path, then, then);
  }
}

test("before the first run everything that depends on a task is unknown, and nothing runs or waits", () => {
  const project = new Project();
  const first = project.plan("--pipeline", "main");
  assert.equal(first, { make: "miss", score: "unknown", publish: "unknown", note: "unknown", "for-1/note-2": "unknown", "inner/score": "unknown", "inner/publish": "unknown", risky: "unknown", end: "unknown" });
  assert.is(existsSync(join(project.root, ".hmc/runs")), false);
});

test("the forecast is what the run does: everything, one change, a condition, a failure", () => {
  const project = new Project();
  assert.is(project.hmc("run", "--pipeline", "main").code, 0);
  const all = { make: "hit", score: "hit", publish: "hit", note: "skip", "for-1/0/note-2": "hit", "for-1/1/note-2": "hit", "inner/score": "hit", "inner/publish": "hit", risky: "hit", end: "hit" };
  assert.equal(project.plan("--pipeline", "main"), all);
  assert.equal(project.hmc("run", "--pipeline", "main").starts, []);
  assert.equal(project.plan("--pipeline", "main", "-p", "threshold=9"), { ...all, publish: "skip", note: "miss" });
  writeFileSync(join(project.root, "pipeline.ts"), source.replace("length as number", "length as number + 0"));
  const changed = project.plan("--pipeline", "main");
  assert.equal(changed, { make: "hit", score: "miss", publish: "unknown", note: "unknown", "for-1/0/note-2": "hit", "for-1/1/note-2": "hit", "inner/score": "miss", "inner/publish": "unknown", risky: "unknown", end: "unknown" });
  assert.equal(project.hmc("run", "--pipeline", "main").starts.sort(), ["score", "score"]);
  writeFileSync(join(project.root, "pipeline.ts"), source);
});

test("importers, tasks that run every time, and values that name a place of the run", () => {
  const project = new Project();
  for (const pipeline of ["imported", "place"]) assert.is(project.hmc("run", "--pipeline", pipeline).code, 0);
  assert.equal(project.plan("--pipeline", "imported"), { importer: "import", always: "miss", score: "hit" });
  assert.equal(project.plan("--pipeline", "place"), { make: "hit", note: "miss" });
  const { starts } = project.hmc("run", "--pipeline", "place");
  assert.equal(starts, ["note"]);
  rmSync(project.objects()[0] ?? "");
  const { stdout } = project.hmc("plan", "--pipeline", "place");
  assert.match(stdout, /^miss {5}make {2}an artifact of its result is gone\nunknown {2}note {2}it depends on a task that runs\n1 miss, 1 unknown\n$/);
});

test("gc keeps what a run or a result needs, and takes the rest; a dry run takes nothing", () => {
  const project = new Project();
  for (const rows of ["1", "2", "3"]) assert.is(project.hmc("run", "--pipeline", "main", "-p", `rows=${rows}`).code, 0);
  const [objects, results] = [project.objects().length, project.results().length];
  project.age(10);
  assert.match(project.hmc("cache", "gc").stdout, "Removed 0 results, 0 artifacts, 0 bundles, 0 runs: 0.0 MB.");
  assert.match(project.hmc("cache", "gc", "--older-than", "5d").stdout, `Removed ${results} results, 0 artifacts`);
  assert.equal([project.objects().length, project.results().length], [objects, 0]);
  const before = project.runs();
  assert.match(project.hmc("cache", "gc", "--keep-runs", "1", "--dry-run").stdout, `Would remove 0 results, ${(objects / 3) * 2} artifacts, 0 bundles, 2 runs`);
  assert.equal([project.objects().length, project.runs()], [objects, before]);
  assert.match(project.hmc("cache", "gc", "--keep-runs", "1").stdout, `  ${before[0]}\n  ${before[1]}\n`);
  assert.equal([project.objects().length, project.runs()], [objects / 3, before.slice(2)]);
  const kept = project.hmc("run", "--resume", "last", "--from", "score");
  assert.equal([kept.code, kept.starts.includes("make")], [0, false]);
  assert.is(project.hmc("cache", "gc", "--older-than", "soon").code, 1);
});

test("gc spares young objects, of which a run may be about to say that it needs them", () => {
  const project = new Project();
  project.hmc("run", "--pipeline", "place");
  rmSync(join(project.root, ".hmc/runs"), { recursive: true });
  rmSync(join(project.root, ".hmc/cache"), { recursive: true });
  const count = project.objects().length;
  project.hmc("cache", "gc");
  assert.is(project.objects().length, count);
});

test.run();
