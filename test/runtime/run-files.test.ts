/** The parts that a run's files are made of: events, contents, owners, the code of ops, the graph of tasks. */
import { spawnSync } from "node:child_process";
import { appendFileSync, chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { taskGraph } from "../../runtime/local/task-graph.ts";
import { opCode } from "../../runtime/op-code.ts";
import { withPureCalls } from "../../runtime/pure-calls.ts";
import { ContentStore, DamagedContent } from "../../runtime/local/content-store.ts";
import { contentOf } from "../../runtime/local/content.ts";
import { EventLog, readEvents, type RunEvent } from "../../runtime/local/events.ts";
import { claim, identityOf, isAlive, readOwner, release } from "../../runtime/local/owner.ts";
import { runLocally } from "../../runtime/local/run.ts";
import { document, e, makeProject, op, pipeline, span, task } from "./project.ts";

test("events survive a torn line: it is left out, and the next start begins a new one", () => {
  const file = join(makeProject({}), "events.jsonl");
  const event = (key: string): RunEvent => ({ kind: "taskStarted", at: "2026-01-01T00:00:00.000Z", key, task: key, component: key, attempt: 1 });
  const first = new EventLog(file);
  first.append(event("a"));
  first.close();
  first.append(event("after the end"));
  appendFileSync(file, '{"kind":"taskEnded","ke');
  const second = new EventLog(file);
  second.append(event("b"));
  second.close();
  assert.equal(readEvents(file).map((found) => (found.kind === "taskStarted" ? found.key : "")), ["a", "b"]);
  assert.equal(readEvents(join(file, "absent")), []);
});

test("a waiting retry is an event with the time of the next try", async () => {
  const root = makeProject({ "ops.ts": 'import { op } from "hmc";\nexport const bad = op(async () => { throw new Error("no"); });\n' });
  const given = document([op("bad", {}, {}, { options: { retry: { count: 1, backoffSeconds: 0.2 } } })], [pipeline("main", [task("bad", "bad")])]);
  const told: RunEvent[] = [];
  const result = await runLocally({
    document: given, pipeline: given.pipelines["main"]!, root, parameters: {}, jobs: 1, containersOnHost: false, environment: process.env,
    now: () => new Date(), observer: { task: () => undefined }, onEvent: (event) => void told.push(event), signal: new AbortController().signal,
  });
  assert.equal(told.map(({ kind }) => kind), ["runStarted", "taskStarted", "taskWaiting", "taskStarted", "taskEnded", "runEnded"]);
  const [waiting, again] = [told[2], told[3]];
  assert.ok(waiting?.kind === "taskWaiting" && again?.kind === "taskStarted");
  assert.equal([waiting.attempt, waiting.exitCode, again.attempt], [1, 1, 2]);
  assert.ok(Math.abs(waiting.retryAt - Date.parse(again.at)) < 150);
  assert.equal(result.kind === "ended" ? readEvents(result.store.eventsFile) : [], told);
});

test("a folder is the same wherever it lies and whenever it was written; a name, a byte, a mode, a link make another", async () => {
  const root = makeProject({});
  const make = (name: string, change: (folder: string) => void = () => undefined): string => {
    const folder = join(root, name);
    mkdirSync(join(folder, "sub/empty"), { recursive: true });
    writeFileSync(join(folder, "sub/b"), "b");
    writeFileSync(join(folder, "a"), "");
    symlinkSync("sub/b", join(folder, "link"));
    change(folder);
    return folder;
  };
  const content = async (folder: string): Promise<string> => (await contentOf(folder))?.sha256 ?? "";
  const plain = await content(make("one"));
  assert.is(await content(make("two")), plain);
  const others = [
    make("byte", (folder) => writeFileSync(join(folder, "sub/b"), "c")),
    make("name", (folder) => writeFileSync(join(folder, "sub/c"), "")),
    make("mode", (folder) => chmodSync(join(folder, "sub/b"), 0o755)),
    make("link", (folder) => symlinkSync("a", join(folder, "other"))),
    make("folder", (folder) => mkdirSync(join(folder, "more"))),
  ];
  const found = new Set(await Promise.all(others.map(content)));
  assert.is(found.size, others.length);
  assert.is(found.has(plain), false);
  assert.is(await contentOf(join(root, "absent")), undefined);
});

test("what comes out of the store is what went in, and is another file", async () => {
  const root = makeProject({ "in/a/b.txt": "b", "in/run.sh": "#!/bin/sh\n" });
  chmodSync(join(root, "in/run.sh"), 0o755);
  mkdirSync(join(root, "in/empty"));
  const store = new ContentStore(join(root, ".hmc/store"));
  const content = await store.ingest(join(root, "in"));
  assert.ok(content !== undefined);
  assert.is(content.bytes, 11);
  writeFileSync(join(root, "in/a/b.txt"), "changed");
  for (const name of ["first", "second"]) await store.materialise(content, join(root, name));
  writeFileSync(join(root, "first/a/b.txt"), "changed");
  assert.is(readFileSync(join(root, "second/a/b.txt"), "utf8"), "b");
  assert.equal(readdirSync(join(root, "second")), ["a", "empty", "run.sh"]);
  assert.ok((statSync(join(root, "second/run.sh")).mode & 0o100) !== 0);
  assert.equal(await contentOf(join(root, "second")), content);
  assert.is(await store.ingest(join(root, "absent")), undefined);
  assert.equal(readdirSync(join(root, ".hmc/store/partial")), []);
});

test("damaged and missing objects are told apart, and a damaged one can be stored again", async () => {
  const root = makeProject({ "file": "content" });
  const store = new ContentStore(join(root, "store"));
  const content = await store.ingest(join(root, "file"));
  assert.ok(content !== undefined);
  const object = store.objectPath(content.sha256);
  chmodSync(object, 0o644);
  writeFileSync(object, "CONTENT");
  const failure = async (): Promise<unknown> => store.materialise(content, join(root, "out")).then(() => "nothing", (error: unknown) => error);
  const damaged = await failure();
  assert.ok(damaged instanceof DamagedContent && !damaged.missing);
  const missing = await failure();
  assert.ok(missing instanceof DamagedContent && missing.missing);
  assert.is(existsSync(join(root, "out")), false);
  await store.ingest(join(root, "file"));
  await store.materialise(content, join(root, "out"));
  assert.is(readFileSync(join(root, "out"), "utf8"), "content");
});

test("a pipe is no artifact: the task fails and says so", async () => {
  const root = makeProject({ "ops.ts": 'import { op, type Dataset } from "hmc";\nimport { execFileSync } from "node:child_process";\nexport const pipe = op(async (_: {}, out: { file: Dataset }) => { execFileSync("mkfifo", [out.file.path]); });\n' });
  const given = document([op("pipe", {}, { file: { kind: "artifact", schemaTitle: "system.Dataset", schemaVersion: "0.0.1", list: false } })], [pipeline("main", [task("pipe", "pipe")])]);
  const result = await runLocally({
    document: given, pipeline: given.pipelines["main"]!, root, parameters: {}, jobs: 1, containersOnHost: false, environment: process.env,
    now: () => new Date(), observer: { task: () => undefined }, signal: new AbortController().signal,
  });
  assert.match(result.kind === "ended" ? result.failures[0]?.reason ?? "" : "", /an output artifact cannot be kept: ".*\/file" is neither a file nor a folder\./);
});

test("a run has one owner; a process that has ended, or another with its id, is none", () => {
  const folder = makeProject({});
  assert.is(claim(folder, new Date(0)), undefined);
  assert.is(readOwner(folder)?.pid, process.pid);
  assert.is(claim(folder, new Date(0))?.pid, process.pid);
  release(folder);
  assert.is(readOwner(folder), undefined);
  const { pid } = spawnSync(process.execPath, ["-e", "0"]);
  assert.is(isAlive({ ...identityOf(process.pid), pid }), false);
  assert.is(isAlive({ ...identityOf(process.pid), startTime: "another" }), process.platform === "win32");
  assert.is(isAlive(identityOf(process.pid)), true);
});

const two = `import { op, pipeline, type Int } from "hmc";
import { shared } from "./shared.ts";
export const a = op({ retry: 2 }, async (input: { n: Int }) => shared(input.n));
export const b = op(async (input: { n: Int }) => input.n + 1);
export const p = pipeline(() => { a({ n: 1 }); });
`;

test("the code of an op changes with what it uses, and with nothing else", async () => {
  const ops = ["a", "b"].map((id) => op(id, { n: { kind: "integer" } }, { Output: { kind: "number" } }));
  const given = document(ops, []);
  const codeWith = async (source: string, shared = "export const shared = (n: number): number => n;\n"): Promise<ReadonlyMap<string, string>> =>
    opCode({ document: given, root: makeProject({ "ops.ts": source, "shared.ts": shared }), environment: () => undefined });
  const plain = await codeWith(two);
  assert.equal(await codeWith(two), plain, "in another folder");
  const changed = async (...given: Parameters<typeof codeWith>): Promise<string[]> => [...(await codeWith(...given))].filter(([id, digest]) => plain.get(id) !== digest).map(([id]) => id);
  assert.equal(await changed(two.replace("input.n + 1", "input.n + 2")), ["b"]);
  assert.equal(await changed(two, "export const shared = (n: number): number => n * 2;\n"), ["a"]);
  assert.equal(await changed(two.replace("a({ n: 1 })", "b({ n: 1 })")), [], "the pipeline is no code of an op");
  assert.equal(await changed(two.replace("{ retry: 2 }", '{ retry: 3, memory: "1Gi" }')), [], "options are no code: those that matter are in the fingerprint by themselves");
  assert.equal(await changed(two.replaceAll("input.n", " /* the number */ input . n").replace("import { op,", "// Ops.\nimport { /* all */ op,"), "/** As it is. */\nexport function shared(n: number): number {\n  return n;\n}\n"), ["a"], "comments and formatting are no code, and another kind of function is");
  assert.equal(await changed(two.replace('import { shared } from "./shared.ts";', "const shared = (n: number): number => n;")), [], "nor is the file of a helper");
  assert.equal(await changed(`${two}globalThis.setting = 1;\n`), ["a", "b"], "what a module does when it is loaded");
  const other = document([{ ...ops[0]!, inputs: { n: { type: { kind: "number" }, optional: false, span } } }, ops[1]!], []);
  assert.is.not((await opCode({ document: other, root: makeProject({ "ops.ts": two, "shared.ts": "export const shared = (n: number): number => n;\n" }), environment: () => undefined })).get("a"), plain.get("a"));
});

test("only calls of what comes from hmc, where they initialise something, are taken for calls that do nothing", () => {
  const marked = (text: string): string => withPureCalls(text).replaceAll("/* @__PURE__ */", "§");
  assert.is(marked('import { op, type Int, pipeline as p } from "hmc";\nexport const a = op<X>(f), b=op (g); export default p(() => op({}));\n'), 'import { op, type Int, pipeline as p } from "hmc";\nexport const a = § op<X>(f), b=§ op (g); export default § p(() => op({}));\n');
  assert.is(marked('import * as hmc from "hmc";\nconst a = hmc.op(f);\n'), 'import * as hmc from "hmc";\nconst a = § hmc.op(f);\n');
  for (const text of ['import { op } from "./own";\nconst a = op(f);\n', 'import { op } from "hmc";\nop(f); const a = other.op(f), b = opaque(f);\n', 'import { type op } from "hmc";\nconst a = op(f);\n']) assert.is(marked(text), text);
});

test("a task needs what decides whether it runs, and what it gets, also through regions", () => {
  const body = pipeline("main", [
    task("a", "x"),
    { kind: "branch", id: "if-1", arms: [{ condition: e.output("a"), block: { nodes: [task("b", "x")] }, span }, { block: { nodes: [task("c", "x")] }, span }], selects: [{ name: "v", type: { kind: "json" }, values: [e.output("b"), e.output("z")], span }], hasElse: true, span },
    task("d", "x", { v: e.select("if-1", "v") }),
    { kind: "loop", id: "for-1", items: e.output("d"), itemName: "i", itemType: { kind: "json" }, body: { nodes: [task("f", "x"), task("g", "x", { v: e.output("f") })] }, span },
    task("h", "x", { v: e.collect("for-1", e.output("g")) }),
    { kind: "try", id: "try-1", body: { nodes: [task("i", "x")] }, catch: { nodes: [task("j", "x")] }, finally: { nodes: [task("k", "x")] }, span },
    task("l", "x", {}, { after: ["try-1"] }),
    task("z", "x"),
  ]);
  const graph = taskGraph(body);
  const sorted = (ids: ReadonlySet<string>): string => [...ids].sort().join("");
  assert.equal(["a", "c", "f", "i", "z"].map((id) => sorted(graph.downstream(id))), ["bcdfgh", "dfgh", "gh", "jkl", "dfgh"]);
  assert.equal(["b", "g", "h", "k", "l", "a"].map((id) => sorted(graph.upstream(id))), ["a", "abcdfz", "abcdfgz", "ij", "ijk", ""]);
});

test.run();
