/** Runs that go on, and results that are used again: nothing runs twice that need not, and every mistake has its code. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import picocolors from "picocolors";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { opCommand } from "../../compiler/cli/op.ts";
import { runCommand, type RunFlags } from "../../compiler/cli/run.ts";
import type { Terminal } from "../../compiler/cli/terminal.ts";
import { nodeHost } from "../../compiler/node-host.ts";
import { readEvents } from "../../runtime/local/events.ts";
import type { RunManifest, TaskManifest } from "../../runtime/local/manifest.ts";
import { identityOf } from "../../runtime/local/owner.ts";
import { makeProject, readJson } from "./project.ts";

/** Each op says in `starts.txt` that it runs; `flaky` fails while the file `broken` exists. */
const source = `import { container, importArtifact, op, pipeline, type Dataset, type Int } from "hmc";
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
function says(name: string): void { appendFileSync("starts.txt", name + "\\n"); }
export const make = op(async (input: { rows: Int }, out: { table: Dataset }) => {
  says("make");
  mkdirSync(out.table.path + "/parts", { recursive: true });
  writeFileSync(out.table.path + "/parts/a.csv", "x".repeat(input.rows));
  writeFileSync(out.table.path + "/run.sh", "#!/bin/sh", { mode: 0o755 });
  out.table.metadata.rows = input.rows;
});
export const size = op(async (input: { table: Dataset; factor: number }) => {
  says("size");
  return (readFileSync(input.table.path + "/parts/a.csv", "utf8").length as number) * input.factor;
});
export const flaky = op(async (input: { size: number }) => {
  says("flaky");
  if (existsSync("broken")) throw new Error("broken");
  return input.size + 1;
});
export const last = op({ env: { MODE: "a" } }, async (input: { value: number }) => {
  says("last");
  return input.value;
});
export const always = op({ cache: false }, async () => { says("always"); return 1; });
export const weekly = op({ cache: { key: "week 1" } }, async (input: { text: string }) => { says("weekly"); return input.text; });
export const spoil = op(async (input: { table: Dataset }) => {
  says("spoil");
  appendFileSync(input.table.path + "/parts/a.csv", "spoilt");
  writeFileSync(input.table.path + "/more", "");
  return 1;
});
export const main = pipeline(({ rows = 3, factor = 1 }: { rows?: Int; factor?: number }) => {
  const made = make({ rows });
  const sized = size({ table: made.table, factor });
  const flaked = flaky({ size: sized });
  return { value: last({ value: flaked }) };
});
export const fresh = pipeline(() => { always({}); });
export const keyed = pipeline(({ text = "a" }: { text?: string }) => ({ text: weekly({ text }) }));
export const spoiling = pipeline(() => {
  const made = make({ rows: 5 });
  const spoilt = spoil({ table: made.table });
  return { size: size({ table: made.table, factor: 1 }, { ignoreUpstreamFailure: true }).after(spoilt) };
});
export const looping = pipeline(() => {
  const sizes = [1, 2, 3].map((rows) => {
    const made = make({ rows });
    return size({ table: made.table, factor: 1 });
  });
  for (const value of sizes) last({ value });
});
export const reading = pipeline(() => {
  const file = importArtifact<Dataset>({ uri: "table", reimport: false });
  return { size: size({ table: file, factor: 1 }) };
});
export const etl = container({ image: "example.com/etl:1" }, (input: { text: string }) => ({ command: ["no-such-program", input.text] }));
export const here = container({ image: "example.com/etl:1" }, (input: { text: string }) => ({ command: ["sh", "-c", 'echo "$0" >> "$PWD/../../../../../../../../starts.txt"', input.text] }));
export const foreign = pipeline(() => { etl({ text: "a" }); });
export const onHost = pipeline(() => { here({ text: "here" }); });
`;

interface Printed {
  code: number;
  out: string;
  err: string;
  /** The ops that ran. */
  starts: string[];
}

class Project {
  readonly root = makeProject({ "package.json": "{}", "pipeline.ts": source });

  async run(flags: RunFlags, file: string | undefined = join(this.root, "pipeline.ts")): Promise<Printed> {
    return this.#recorded((terminal) => runCommand({ ...nodeHost(), cwd: () => this.root }, terminal, file, { jobs: 1, ...flags }));
  }

  async op(name: string, flags: Parameters<typeof opCommand>[4]): Promise<Printed> {
    return this.#recorded((terminal) => opCommand(nodeHost(), terminal, join(this.root, "pipeline.ts"), name, flags));
  }

  /** The runs, the oldest first. */
  runs(): string[] {
    const folder = join(this.root, ".hmc/runs");
    return existsSync(folder) ? readdirSync(folder).sort((a, b) => this.manifest(a).startedAt.localeCompare(this.manifest(b).startedAt)) : [];
  }

  latest(): string {
    return this.runs().at(-1) ?? "";
  }

  folder(run = this.latest()): string {
    return join(this.root, ".hmc/runs", run);
  }

  manifest(run = this.latest()): RunManifest {
    return readJson(join(this.folder(run), "run.json")) as unknown as RunManifest;
  }

  task(key: string, run = this.latest()): TaskManifest {
    return readJson(join(this.folder(run), "tasks", key, "manifest.json")) as unknown as TaskManifest;
  }

  origins(run = this.latest()): Record<string, string> {
    return Object.fromEntries(this.manifest(run).tasks.map(({ key, state, origin }) => [key, origin ?? state]));
  }

  edit(change: (text: string) => string): void {
    const file = join(this.root, "pipeline.ts");
    writeFileSync(file, change(readFileSync(file, "utf8")));
  }

  async #recorded(work: (terminal: Terminal) => Promise<number>): Promise<Printed> {
    let out = "";
    let err = "";
    const colors = picocolors.createColors(false);
    const said = join(this.root, "starts.txt");
    rmSync(said, { force: true });
    const code = await work({ out: (text) => void (out += text), err: (text) => void (err += text), outColors: colors, errColors: colors, width: 100 });
    return { code, out, err, starts: existsSync(said) ? readFileSync(said, "utf8").trim().split("\n") : [] };
  }
}

/** The object of the store with some content. */
function objectWith(root: string, content: string): string {
  const files = readdirSync(join(root, ".hmc/store/sha256"), { recursive: true }).map((name) => join(root, ".hmc/store/sha256", String(name)));
  return files.find((file) => /\/[0-9a-f]{62}$/.test(file) && readFileSync(file, "utf8") === content) ?? "";
}

test("a second run takes everything from the cache, and its artifacts are files of its own", async () => {
  const project = new Project();
  const first = await project.run({ pipeline: "main" });
  assert.equal([first.code, first.starts], [0, ["make", "size", "flaky", "last"]], first.err);
  const second = await project.run({ pipeline: "main" });
  assert.equal([second.code, second.starts, second.out], [0, [], first.out]);
  assert.equal(project.origins(), { make: "cache", size: "cache", flaky: "cache", last: "cache" });
  const table = join(project.folder(), "tasks/make/artifacts/table");
  assert.is(readFileSync(join(table, "parts/a.csv"), "utf8"), "xxx");
  writeFileSync(join(table, "parts/a.csv"), "changed by hand");
  assert.is(readFileSync(join(project.folder(project.runs()[0]), "tasks/make/artifacts/table/parts/a.csv"), "utf8"), "xxx");
  const third = await project.run({ pipeline: "main" });
  assert.equal([third.starts, third.out], [[], first.out]);
  const ends = readEvents(join(project.folder(), "events.jsonl")).filter((event) => event.kind === "taskEnded");
  assert.equal(ends.map((event) => [event.key, event.origin, event.attempts]), [["make", "cache", 0], ["size", "cache", 0], ["flaky", "cache", 0], ["last", "cache", 0]]);
});

test("what is different runs: parameters, code, literal variables, files of the user; what is the same does not", async () => {
  const project = new Project();
  await project.run({ pipeline: "main" });
  assert.equal((await project.run({ pipeline: "main", parameter: ["factor=2"] })).starts, ["size", "flaky", "last"]);
  assert.equal((await project.run({ pipeline: "main", parameter: ["rows=3"] })).starts, [], "the default, given");
  project.edit((text) => text.replace('MODE: "a"', 'MODE: "b"'));
  assert.equal((await project.run({ pipeline: "main" })).starts, ["last"]);
  project.edit((text) => text.replace("input.size + 1", "1 + input.size"));
  assert.equal((await project.run({ pipeline: "main" })).starts, ["flaky"], "another text, the same result: what needs it is the same");
  assert.equal((await project.run({ pipeline: "main", cache: false })).starts, ["make", "size", "flaky", "last"]);
  assert.equal((await project.run({ pipeline: "main" })).starts, []);
  mkdirSync(join(project.root, "table/parts"), { recursive: true });
  writeFileSync(join(project.root, "table/parts/a.csv"), "12");
  assert.equal((await project.run({ pipeline: "reading" })).starts, ["size"]);
  assert.equal((await project.run({ pipeline: "reading" })).starts, []);
  writeFileSync(join(project.root, "table/parts/a.csv"), "21");
  assert.equal((await project.run({ pipeline: "reading" })).starts, ["size"]);
});

test("cache: false runs every time; a key of one's own stands for inputs and code; one op alone always runs", async () => {
  const project = new Project();
  assert.equal([(await project.run({ pipeline: "fresh" })).starts, (await project.run({ pipeline: "fresh" })).starts], [["always"], ["always"]]);
  assert.equal((await project.run({ pipeline: "keyed" })).starts, ["weekly"]);
  const other = await project.run({ pipeline: "keyed", parameter: ["text=b"] });
  assert.equal([other.starts, JSON.parse(other.out)], [[], { text: "a" }]);
  project.edit((text) => text.replace('"week 1"', '"week 2"'));
  assert.equal((await project.run({ pipeline: "keyed" })).starts, ["weekly"]);
  assert.equal([(await project.op("last", { parameter: ["value=1"] })).starts, (await project.op("last", { parameter: ["value=1"] })).starts], [["last"], ["last"]]);
});

test("a failed run goes on in its folder: finished tasks are kept, the others run, and the history stays", async () => {
  const project = new Project();
  writeFileSync(join(project.root, "broken"), "");
  const failed = await project.run({ pipeline: "main", cache: false });
  assert.equal([failed.code, failed.starts], [1, ["make", "size", "flaky"]]);
  const before = readFileSync(join(project.folder(), "tasks/size/manifest.json"), "utf8");
  rmSync(join(project.root, "broken"));
  const resumed = await project.run({ resume: "last", cache: false }, undefined);
  assert.equal([resumed.code, resumed.starts, JSON.parse(resumed.out)], [0, ["flaky", "last"], { value: 4 }], resumed.err);
  assert.is(project.runs().length, 1);
  assert.equal(project.origins(), { make: "kept", size: "kept", flaky: "ran", last: "ran" });
  assert.is(readFileSync(join(project.folder(), "tasks/size/manifest.json"), "utf8"), before);
  assert.is(project.task("flaky").attempts, 2);
  const old = readJson(join(project.folder(), "tasks/flaky/attempts/1/manifest.json")) as { state: string; inputs: object };
  assert.equal([old.state, old.inputs], ["failed", { size: 3 }]);
  assert.match(readFileSync(join(project.folder(), "tasks/flaky/log.txt"), "utf8"), "--- attempt 2 ---");
  assert.equal([project.manifest().state, typeof project.manifest().resumedAt], ["succeeded", "string"]);
  const again = await project.run({ resume: project.latest().slice(0, 15) });
  assert.equal([again.code, again.starts], [0, []]);
});

test("a run goes on with the source as it is now: changed ops run again and what depends on them, and it is said (HMC6027)", async () => {
  const project = new Project();
  writeFileSync(join(project.root, "broken"), "");
  await project.run({ pipeline: "main", cache: false });
  project.edit((text) => text.replace("* input.factor;", "* input.factor * 10;"));
  rmSync(join(project.root, "broken"));
  const resumed = await project.run({ resume: "last", cache: false });
  assert.equal([resumed.starts, JSON.parse(resumed.out)], [["size", "flaky", "last"], { value: 31 }]);
  assert.match(resumed.err, 'HMC6027 The code of "size" has changed since: ');
  assert.ok(existsSync(join(project.folder(), "tasks/size/attempts/1/manifest.json")));
});

test("--from runs a task and what needs it in a new run; the earlier run stays as it was", async () => {
  const project = new Project();
  await project.run({ pipeline: "main" });
  const first = project.latest();
  const before = readFileSync(join(project.folder(first), "run.json"), "utf8");
  const from = await project.run({ from: "flaky" });
  assert.equal([from.code, from.starts, JSON.parse(from.out)], [0, ["flaky", "last"], { value: 4 }], from.err);
  assert.equal(project.origins(), { make: "kept", size: "kept", flaky: "ran", last: "ran" });
  assert.is(project.manifest().keeps, first);
  assert.is(project.task("make").run, first);
  assert.is(readFileSync(join(project.folder(first), "run.json"), "utf8"), before);
  assert.ok(existsSync(join(project.folder(), "tasks/make/artifacts/table/run.sh")));
  writeFileSync(join(project.root, "broken"), "");
  assert.is((await project.run({ from: "size", resume: first })).code, 1);
  rmSync(join(project.root, "broken"));
  const resumed = await project.run({ resume: "last" });
  assert.equal([resumed.starts, project.manifest().from], [["flaky", "last"], "size"], "what runs anew does not come from the cache");
});

test("--from and --only in loops: one iteration, or all", async () => {
  const project = new Project();
  await project.run({ pipeline: "looping" });
  assert.equal((await project.run({ pipeline: "looping", from: "for-1/1/size" })).starts, ["size", "last", "last", "last"]);
  assert.equal((await project.run({ pipeline: "looping", from: "for-1/make" })).starts, ["make", "size", "make", "size", "make", "size", "last", "last", "last"].sort(byOrder));
  assert.equal((await project.run({ pipeline: "looping", only: "for-1/2/size" })).starts, ["size"]);
  assert.equal((await project.run({ pipeline: "looping", only: "size" })).starts, ["size", "size", "size"]);
});

/** Iterations of a loop take turns as their tasks become ready. */
const order = ["make", "size", "last"];
function byOrder(a: string, b: string): number {
  return order.indexOf(a) - order.indexOf(b);
}

test("--only runs one task, with inputs that an earlier run has, even if the code before it has changed", async () => {
  const project = new Project();
  await project.run({ pipeline: "main" });
  project.edit((text) => text.replace("* input.factor;", "* input.factor * 10;"));
  const only = await project.run({ only: "flaky" });
  assert.equal([only.code, only.starts, JSON.parse(only.out)], [0, ["flaky"], { Output: 4 }], only.err);
  assert.equal(project.origins(), { make: "kept", size: "kept", flaky: "ran" });
});

test("what a task writes into its input is put back, and said in its log", async () => {
  const project = new Project();
  const { code, out } = await project.run({ pipeline: "spoiling" });
  assert.equal([code, JSON.parse(out)], [0, { size: 5 }]);
  assert.match(readFileSync(join(project.folder(), "tasks/spoil/log.txt"), "utf8"), 'hmc: the task has changed its input "table", which other tasks may read. It was put back');
  assert.equal(readdirSync(join(project.folder(), "tasks/make/artifacts/table")), ["parts", "run.sh"]);
});

test("what a task has written into its input cannot be put back where the store has lost it, and the log says so", async () => {
  const project = new Project();
  project.edit((text) => text.replace('says("spoil");', 'says("spoil"); rmSync(".hmc/store", { recursive: true });').replace("import { appendFileSync,", "import { rmSync, appendFileSync,"));
  await project.run({ pipeline: "spoiling" });
  assert.match(readFileSync(join(project.folder(), "tasks/spoil/log.txt"), "utf8"), "It could not be put back, because the store has lost it: ");
});

test("a damaged artifact is found, reported, and made again (HMC6021)", async () => {
  const project = new Project();
  await project.run({ pipeline: "main" });
  rmSync(objectWith(project.root, "xxx"));
  writeFileSync(join(project.folder(), "tasks/make/artifacts/table/parts/a.csv"), "xyz");
  const lost = await project.run({ resume: "last", cache: false });
  assert.equal([lost.code, lost.starts], [0, ["make"]], lost.err);
  assert.match(lost.err, /HMC6021 An artifact that the task "make" has given before \([0-9a-f]{12}\) is no longer in the store\. The task runs again\./);
  const object = objectWith(project.root, "xxx");
  rmSync(object);
  writeFileSync(object, "xyz");
  const damaged = await project.run({ pipeline: "main" });
  assert.equal([damaged.code, damaged.starts], [0, ["make"]]);
  assert.match(damaged.err, "is damaged: its bytes are not those that were stored");
  assert.is(readFileSync(objectWith(project.root, "xxx"), "utf8"), "xxx");
  writeFileSync(join(project.folder(), "tasks/make/artifacts/table/parts/a.csv"), "xyz");
  assert.equal((await project.run({ resume: "last" })).starts, [], "the copy of the run is mended from the store");
  assert.is(readFileSync(join(project.folder(), "tasks/make/artifacts/table/parts/a.csv"), "utf8"), "xxx");
});

test("mistakes about runs and tasks (HMC6022, HMC6023, HMC6024, HMC6026, HMC6028, HMC6029)", async () => {
  const project = new Project();
  const none = await project.run({ resume: "last" }, undefined);
  assert.match(none.err, 'HMC6022: This project has no such run yet.');
  writeFileSync(join(project.root, "broken"), "");
  await project.run({ pipeline: "main", parameter: ["rows=4"] });
  const id = project.latest();
  await project.op("last", { parameter: ["value=1"] });
  writeFileSync(join(project.root, "other.ts"), source);
  const said = async (flags: RunFlags, file?: string): Promise<string> => {
    const count = project.runs().length;
    const { code, err, starts } = await project.run(flags, file);
    assert.equal([code, starts, project.runs().length], [1, [], count], err);
    return err;
  };
  assert.match(await said({ resume: `${id.slice(0, -1)}m` }), `HMC6022: There is no run "${id.slice(0, -1)}m" in this project. Did you mean "${id}"?`);
  assert.match(await said({ resume: "lst" }), 'Did you mean "last"?');
  assert.match(await said({ resume: id.slice(0, 4) }), `HMC6023: Several runs begin with "${id.slice(0, 4)}": `);
  assert.match(await said({ resume: id, parameter: ["rows=5"] }), `HMC6024: The run "${id}" has 4 as its parameter "rows"`);
  assert.match(await said({ resume: id, parameter: ["factor=5"] }), `HMC6024: The run "${id}" has 1 as its parameter "factor"`);
  assert.match(await said({ resume: id, only: "last" }), `HMC6026: "last" cannot run alone: the run "${id}" has no result of "flaky", which it needs.`);
  assert.match(await said({ resume: id, from: "fleky" }), 'HMC6028: "--from fleky" names no task of the pipeline. Did you mean "flaky"?');
  assert.match(await said({ resume: project.runs().find((run) => run.endsWith("-last")) ?? "" }), "cannot go on: it is one of an op alone.");
  assert.match(await said({ resume: id }, join(project.root, "other.ts")), 'HMC6029: The run "');
  assert.match(await said({ resume: id, pipeline: "fresh" }), 'it is one of the pipeline "main"');
  project.edit((text) => text.replace("export const main = pipeline", "export const principal = pipeline"));
  assert.match(await said({ resume: id }), '"pipeline.ts" no longer exports its pipeline "main"');
});

test("nobody goes on with a run that somebody is running; a dead owner is none (HMC6025)", async () => {
  const project = new Project();
  await project.run({ pipeline: "main" });
  const owner = join(project.folder(), "owner.json");
  assert.is(existsSync(owner), false);
  writeFileSync(owner, JSON.stringify({ ...identityOf(process.pid), since: new Date().toISOString() }));
  const { code, err } = await project.run({ resume: "last" });
  assert.is(code, 1);
  assert.match(err, new RegExp(`HMC6025: The run "${project.latest()}" is in progress, in the process ${process.pid}\\. `));
  writeFileSync(owner, JSON.stringify({ ...identityOf(process.pid), startTime: "another", since: new Date().toISOString() }));
  assert.is((await project.run({ resume: "last" })).code, 0, "the id belongs to another process by now");
  writeFileSync(owner, "{");
  assert.is((await project.run({ resume: "last" })).code, 0, "half of a file is nobody");
});

test("processes that a killed run has left are ended before it goes on (HMC6030)", async () => {
  const project = new Project();
  await project.run({ pipeline: "main" });
  const left = spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => left.once("exit", (_, signal) => resolve(signal)));
  const other = spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
  const tries = (n: number): string => join(project.folder(), "tasks/last/attempts", String(n));
  for (const n of [2, 3]) mkdirSync(tries(n), { recursive: true });
  writeFileSync(join(tries(2), "process.json"), JSON.stringify(identityOf(left.pid ?? 0)));
  writeFileSync(join(tries(3), "process.json"), JSON.stringify({ ...identityOf(other.pid ?? 0), startTime: "of another process with this id" }));
  const { code, err } = await project.run({ resume: "last" });
  assert.is(code, 0);
  assert.is(await ended, "SIGTERM");
  assert.match(err, "HMC6030 One process of an earlier start of this run went on without it.");
  assert.is(other.exitCode ?? other.signalCode, null, "it is not ours");
  other.kill("SIGKILL");
  assert.is(existsSync(join(tries(2), "process.json")), false);
});

test("--exec host says what it runs, and looks for every program first (HMC6020, HMC6031)", async () => {
  const project = new Project();
  const missing = await project.run({ pipeline: "foreign", exec: "host" });
  assert.equal([missing.code, project.runs()], [1, []]);
  assert.match(missing.err, 'HMC6020: With "--exec host" the commands of containers run on this machine, which does not have these programs: "no-such-program" of "etl".');
  const first = await project.run({ pipeline: "on-host", exec: "host" });
  assert.equal([first.code, first.starts], [0, ["here"]], first.err);
  assert.match(first.err, 'HMC6031 The commands of containers run on this machine, without their images: "sh".');
  assert.equal((await project.run({ pipeline: "on-host", exec: "host" })).starts, []);
  assert.equal((await project.run({ resume: "last", cache: false })).code, 0, "a run that goes on does it as before");
});

test.run();
