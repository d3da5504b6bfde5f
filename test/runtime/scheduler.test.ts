/** Local runs of hand-written documents: real bundles, real processes. */
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Block, Document, Node, Pipeline, Retry } from "../../compiler/ir/types.ts";
import type { Value } from "../../runtime/local/evaluate.ts";
import { runLocally, type RunResult } from "../../runtime/local/run.ts";
import { dataset, datasets, document, e, integer, listOf, makeProject, number, op, pipeline, readJson, span, string, task } from "./project.ts";

const source = `import { op, type Dataset, type Int, type RunStatus } from "hmc";
import { spawn } from "node:child_process";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export const add = op(async ({ a, b = 1 }: { a: number; b?: number }) => a + b);
export const echo = op(async (input: { text: string }) => input.text);
export const numbers = op(async (input: { count: Int }) => Array.from({ length: input.count }, (_, i) => i));
export const sum = op(async (input: { values: number[] }) => input.values.reduce((a, b) => a + b, 0));
export const write = op(async (input: { text: string }, out: { file: Dataset }) => {
  writeFileSync(out.file.path, input.text);
  out.file.metadata.size = input.text.length;
});
export const join = op(async (input: { files: Dataset[] }) => input.files.map((file) => readFileSync(file.path, "utf8") + ":" + file.metadata.size).join("|"));
export const fail = op(async (input: { message: string }): Promise<number> => {
  throw new Error(input.message);
});
export const report = op(async (input: { status: RunStatus }) => input.status.state + " " + input.status.error.message);
export const maybe = op(async (input: { value?: string }) => input.value ?? "nothing");
export const flaky = op(async (input: { file: string; failures: Int }) => {
  appendFileSync(input.file, "x");
  const tries = readFileSync(input.file, "utf8").length;
  if (tries <= input.failures) throw new Error("try " + tries);
  return tries;
});
export const nap = op(async (input: { ms: number; mark: string }) => {
  appendFileSync(input.mark, "<");
  await sleep(input.ms);
  appendFileSync(input.mark, ">");
});
export const parent = op(async (input: { pid: string }) => {
  const child = spawn("sleep", ["60"]);
  writeFileSync(input.pid, String(child.pid));
  await sleep(60_000);
});
export const spin = op(async () => {
  while (true);
});
`;

const ops = [
  op("add", { a: number, b: { type: number, default: 1 } }, { Output: number }),
  op("echo", { text: string }, { Output: string }),
  op("numbers", { count: integer }, { Output: listOf({ kind: "integer" }) }),
  op("sum", { values: listOf({ kind: "number" }) }, { Output: number }),
  op("write", { text: string }, { file: dataset }),
  op("join", { files: datasets }, { Output: string }),
  op("fail", { message: string }, { Output: number }),
  op("report", { status: { kind: "status" } }, { Output: string }),
  op("maybe", { value: { type: string, optional: true } }, { Output: string }),
  op("flaky", { file: string, failures: integer }, { Output: integer }),
  op("nap", { ms: number, mark: string }, {}),
  op("parent", { pid: string }),
  op("spin"),
];

const root = makeProject({ "ops.ts": source });

interface Ran {
  state: "succeeded" | "failed" | "stopped";
  outputs: Record<string, Value>;
  /** The last state of each task by key. */
  tasks: Record<string, string>;
  failures: string[];
  folder: string;
}

async function ran(pipelines: Pipeline[], given: { parameters?: Record<string, Value>; jobs?: number; stopAfter?: number } = {}): Promise<Ran> {
  const main = pipelines[0] as Pipeline;
  const ran: Document = document(ops, pipelines);
  const tasks: Record<string, string> = {};
  const stop = new AbortController();
  if (given.stopAfter !== undefined) setTimeout(() => stop.abort(), given.stopAfter);
  const result: RunResult = await runLocally({
    document: ran,
    pipeline: main,
    root,
    parameters: given.parameters ?? {},
    jobs: given.jobs ?? 4,
    containersOnHost: true,
    environment: process.env,
    now: () => new Date(),
    observer: { task: (key, state) => void (tasks[key] = state) },
    signal: stop.signal,
  });
  if (result.kind !== "ended") throw new Error(result.diagnostics.map((found) => found.message).join("\n"));
  return { state: result.state, outputs: result.outputs, tasks, failures: result.failures.map((failure) => `${failure.task}: ${failure.reason}`), folder: result.store.folder };
}

const block = (...nodes: Node[]): Block => ({ nodes });
const loop = (id: string, items: Node & { kind: "loop" } extends { items: infer I } ? I : never, nodes: Node[], parallelism?: number): Node => ({
  kind: "loop", id, items, itemName: "x", itemType: { kind: "json" }, body: { nodes }, span, ...(parallelism === undefined ? {} : { parallelism }),
});

test("values and defaults flow along a chain", async () => {
  const result = await ran([
    pipeline("chain", [task("a", "add", { a: e.input("start") }), task("b", "add", { a: e.output("a"), b: e.constant(10) })], { total: e.output("b") }, { inputs: { start: { type: number, default: 1 } } }),
  ], { parameters: { start: 5 } });
  assert.equal(result.outputs, { total: 16 });
  assert.equal(result.tasks, { a: "succeeded", b: "succeeded" });
});

test("text that engines rewrite arrives as it left", async () => {
  const text = "{{workflow.name}} $$(x) 😀 \u007f ~(41) {";
  const result = await ran([pipeline("text", [task("a", "echo", { text: e.constant(text) }), task("b", "echo", { text: e.template(e.output("a"), e.constant("{")) })], { text: e.output("b") })]);
  assert.equal(result.outputs, { text: `${text}{` });
});

test("a run knows its name, its tasks and its workspace, which is there", async () => {
  const result = await ran([pipeline("facts", [
    task("a", "echo", { text: e.template(e.context("runId"), e.constant(" "), e.context("taskName"), e.constant(" "), e.context("workspacePath")) }),
    task("b", "echo", { text: e.context("taskName") }),
  ], { text: e.output("a"), name: e.output("b"), root: e.context("pipelineRoot") })]);
  const workspace = join(result.folder, "workspace");
  assert.equal(result.outputs, { text: `${basename(result.folder)} a ${workspace}`, name: "b", root: result.folder });
  assert.ok(existsSync(workspace));
});

test("only the taken arm runs, and gives the selected value", async () => {
  const branch: Node = {
    kind: "branch",
    id: "if-1",
    arms: [
      { condition: e.binary(">", e.output("score"), e.constant(3)), block: block(task("high", "echo", { text: e.constant("high") })), span },
      { block: block(task("low", "echo", { text: e.constant("low") }), task("after-low", "echo", { text: e.output("low") })), span },
    ],
    selects: [{ name: "x", type: string, values: [e.output("high"), e.output("low")], span }],
    hasElse: true,
    span,
  };
  const result = await ran([pipeline("choose", [task("score", "add", { a: e.constant(3) }), branch, task("use", "echo", { text: e.select("if-1", "x") })], { chosen: e.output("use") })]);
  assert.equal(result.outputs, { chosen: "high" });
  assert.equal(result.tasks, { score: "succeeded", high: "succeeded", low: "skipped", "after-low": "skipped", use: "succeeded" });
});

test("what needs a skipped task is skipped; an absent select leaves an optional input out", async () => {
  const branch: Node = {
    kind: "branch",
    id: "if-1",
    arms: [
      { condition: e.constant(false), block: block(task("a", "echo", { text: e.constant("a") })), span },
      { block: block(), span },
    ],
    selects: [{ name: "x", type: string, values: [e.output("a"), e.absent()], span }],
    hasElse: false,
    span,
  };
  const result = await ran([
    pipeline("skips", [
      branch,
      task("optional", "maybe", { value: e.select("if-1", "x") }),
      task("fallback", "echo", { text: e.coalesce(e.select("if-1", "x"), e.constant("else")) }),
      task("ordered", "echo", { text: e.constant("o") }, { after: ["a"] }),
      task("behind", "echo", { text: e.output("ordered") }),
    ], { optional: e.output("optional"), fallback: e.output("fallback") }),
  ]);
  assert.is(result.state, "succeeded");
  assert.equal(result.outputs, { optional: "nothing", fallback: "else" });
  assert.equal(result.tasks, { a: "skipped", optional: "succeeded", fallback: "succeeded", ordered: "skipped", behind: "skipped" });
});

test("nested loops run every iteration and are collected in order", async () => {
  const inner = loop("for-2", e.item("for-1"), [task("add", "add", { a: e.item("for-2"), b: e.index("for-1") })]);
  const result = await ran([
    pipeline("loops", [
      task("numbers", "numbers", { count: e.constant(3) }),
      loop("for-1", e.constant([[10, 20], [30], []]), [inner, task("sum", "sum", { values: e.collect("for-2", e.output("add")) })], 2),
      loop("for-3", e.output("numbers"), [task("plus", "add", { a: e.item("for-3") })]),
      task("total", "sum", { values: e.collect("for-1", e.output("sum")) }),
    ], { all: e.collect("for-1", e.collect("for-2", e.output("add"))), total: e.output("total"), plus: e.collect("for-3", e.output("plus")) }),
  ]);
  assert.equal(result.outputs, { all: [[10, 20], [31], []], total: 61, plus: [1, 2, 3] });
  assert.is(result.tasks["for-1/1/for-2/0/add"], "succeeded");
});

test("artifacts fan in with their metadata, and lie in the run directory", async () => {
  const result = await ran([
    pipeline("files", [loop("for-1", e.constant(["a", "bcd"]), [task("write", "write", { text: e.item("for-1") })]), task("join", "join", { files: e.collect("for-1", e.output("write", "file")) })], {
      joined: e.output("join"),
      first: e.collect("for-1", e.output("write", "file")),
    }),
  ]);
  assert.is(result.outputs["joined"], "a:1|bcd:3");
  const [first] = result.outputs["first"] as { uri: string; path: string }[];
  assert.ok(first?.uri.startsWith(join(result.folder, "tasks")));
  assert.is(readFileSync(first?.path as string, "utf8"), "a");
});

test("at most `jobs` tasks run at once, and a loop keeps its own limit", async () => {
  for (const [jobs, parallelism] of [[1, undefined], [4, 1]] as const) {
    const mark = join(root, `mark-${jobs}`);
    await ran([pipeline("naps", [loop("for-1", e.constant([1, 2, 3]), [task("nap", "nap", { ms: e.constant(60), mark: e.constant(mark) })], parallelism)])], { jobs });
    assert.is(readFileSync(mark, "utf8"), "<><><>");
  }
  const mark = join(root, "mark-parallel");
  await ran([pipeline("naps", [loop("for-1", e.constant([1, 2, 3]), [task("nap", "nap", { ms: e.constant(1500), mark: e.constant(mark) })])])], { jobs: 3 });
  assert.ok(readFileSync(mark, "utf8").startsWith("<<<"));
});

test("a failed task stops its dependents only, and the run fails with the TypeScript line", async () => {
  const result = await ran([
    pipeline("fails", [
      task("bad", "fail", { message: e.constant("broken") }),
      task("child", "add", { a: e.output("bad") }),
      task("grandchild", "add", { a: e.output("child") }),
      task("other", "echo", { text: e.constant("fine") }),
      task("anyway", "echo", { text: e.constant("ran") }, { after: ["bad"], ignoreUpstreamFailure: true }),
    ]),
  ]);
  assert.is(result.state, "failed");
  assert.equal(result.tasks, { bad: "failed", child: "blocked", grandchild: "blocked", other: "succeeded", anyway: "succeeded" });
  const line = source.split("\n").findIndex((text) => text.includes("throw new Error(input.message)")) + 1;
  assert.equal(result.failures, [`bad: Error: broken (ops.ts:${line}:9)`]);
  const log = readFileSync(join(result.folder, "tasks/bad/log.txt"), "utf8");
  assert.match(log, `${line} |   throw new Error(input.message);`);
});

test("finally runs after a failed body with its status; the run still fails", async () => {
  const body = (message: string): Node => ({
    kind: "try",
    id: "try-1",
    body: block(task("work", "fail", { message: e.constant(message) }), task("beside", "echo", { text: e.constant("b") })),
    finally: block(task("report", "report", { status: e.status("try-1") }), task("saved", "maybe", { value: e.output("beside") })),
    span,
  });
  const result = await ran([pipeline("ends", [body("boom"), task("later", "echo", { text: e.constant("x") }, { after: ["work"] })])]);
  assert.is(result.state, "failed");
  assert.equal(result.tasks, { work: "failed", beside: "succeeded", report: "succeeded", saved: "succeeded", later: "blocked" });
  assert.match(String((readJson(join(result.folder, "tasks/report/manifest.json")) as { outputs: { Output: string } }).outputs.Output), "FAILED work: Error: boom");
});

test("catch handles a failure; it does not run without one", async () => {
  const node = (target: string): Node => ({
    kind: "try",
    id: "try-1",
    body: block(task("work", target, target === "fail" ? { message: e.constant("boom") } : { text: e.constant("ok") })),
    catch: block(task("mend", "report", { status: e.status("try-1") })),
    finally: block(task("tidy", "report", { status: e.status("try-1") })),
    span,
  });
  const failing = await ran([pipeline("caught", [node("fail"), task("later", "echo", { text: e.constant("x") }, { after: ["try-1"] })])]);
  assert.is(failing.state, "succeeded");
  assert.equal(failing.tasks, { work: "failed", mend: "succeeded", tidy: "succeeded", later: "succeeded" });
  const fine = await ran([pipeline("caught", [node("echo")])]);
  assert.equal(fine.tasks, { work: "succeeded", mend: "skipped", tidy: "succeeded" });
});

test("a sub-pipeline runs as one task with its own parameters, defaults and outputs", async () => {
  const inner = pipeline("inner", [task("add", "add", { a: e.input("x"), b: e.input("y") })], { sum: e.output("add") }, { inputs: { x: number, y: { type: number, default: 100 } } });
  const result = await ran([
    pipeline("outer", [
      task("first", "", { x: e.constant(1) }, { target: { kind: "pipeline", id: "inner" } }),
      task("second", "", { x: e.output("first", "sum"), y: e.constant(1) }, { target: { kind: "pipeline", id: "inner" } }),
    ], { sum: e.output("second", "sum") }),
    inner,
  ]);
  assert.equal(result.outputs, { sum: 102 });
  assert.equal(result.tasks, { "first/add": "succeeded", "second/add": "succeeded" });
});

test("a failed task is tried again, with growing pauses", async () => {
  const retry: Retry = { count: 2, backoffSeconds: 0.1, factor: 2 };
  const flaky = (file: string, failures: number) => task("flaky", "flaky", { file: e.constant(join(root, file)), failures: e.constant(failures) }, { options: { retry } });
  const before = Date.now();
  const mended = await ran([pipeline("retries", [flaky("tries-1", 2)], { tries: e.output("flaky") })]);
  assert.equal(mended.outputs, { tries: 3 });
  assert.ok(Date.now() - before >= 300);
  assert.is((readJson(join(mended.folder, "tasks/flaky/manifest.json")) as { attempts: number }).attempts, 3);
  assert.match(readFileSync(join(mended.folder, "tasks/flaky/log.txt"), "utf8"), /try 1[^]*--- attempt 2 ---[^]*try 2/);
  const hopeless = await ran([pipeline("retries", [flaky("tries-2", 9)])]);
  assert.is(readFileSync(join(root, "tries-2"), "utf8"), "xxx");
  assert.is(hopeless.state, "failed");
});

test("a task that exceeds its timeout is ended, also when it is busy", async () => {
  const before = Date.now();
  const result = await ran([pipeline("slow", [task("spin", "spin", {}, { options: { timeoutSeconds: 0.5 } })])]);
  assert.ok(Date.now() - before < 6000);
  assert.equal(result.failures, ["spin: it ran longer than its timeout of 0.5 s."]);
});

test("what a task has started ends with it", async () => {
  const pid = join(root, "pid");
  await ran([pipeline("family", [task("parent", "parent", { pid: e.constant(pid) }, { options: { timeoutSeconds: 1 } })])]);
  // A process that is being cleared away by its new parent still counts as running for a moment.
  for (let tries = 0; isRunning(Number(readFileSync(pid, "utf8"))) && tries < 20; tries++) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.not.ok(isRunning(Number(readFileSync(pid, "utf8"))));
});

function isRunning(pid: number): boolean {
  const status = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, "utf8") : "";
  return status !== "" && !/\) [ZX] /.test(status);
}

test("a stopped run ends its tasks and starts no other", async () => {
  const mark = join(root, "mark-stop");
  const before = Date.now();
  const nap = task("nap", "nap", { ms: e.constant(30_000), mark: e.constant(mark) });
  const result = await ran([pipeline("stops", [nap, task("next", "echo", { text: e.constant("x") }, { after: ["nap"] })])], { stopAfter: 700 });
  assert.ok(Date.now() - before < 6000);
  assert.is(result.state, "stopped");
  assert.is(result.tasks["next"], "blocked");
});

test("a value that does not fit the input fails the task with the name of the field", async () => {
  const result = await ran([pipeline("wrong", [task("numbers", "numbers", { count: e.constant(2.5) })])]);
  assert.equal(result.failures, ['numbers: its input "count" must be a whole number, but is 2.5.']);
});

test("artifacts go into sub-pipelines and loops over artifacts", async () => {
  const inner = pipeline("inner", [task("join", "join", { files: e.input("files") })], { joined: e.output("join") }, { inputs: { files: datasets } });
  const result = await ran([
    pipeline("outer", [
      loop("for-1", e.constant(["a", "b"]), [task("write", "write", { text: e.item("for-1") })]),
      task("inner", "", { files: e.collect("for-1", e.output("write", "file")) }, { target: { kind: "pipeline", id: "inner" } }),
      loop("for-2", e.collect("for-1", e.output("write", "file")), [task("again", "echo", { text: e.template(e.constant("size "), e.member(e.member(e.item("for-2"), "metadata"), "size")) })]),
    ], { joined: e.output("inner", "joined"), sizes: e.collect("for-2", e.output("again")) }),
    inner,
  ]);
  assert.equal(result.outputs, { joined: "a:1|b:1", sizes: ["size 1", "size 1"] });
});

test("a failure in one iteration lets the others end, and blocks the fan-in", async () => {
  const branch: Node = {
    kind: "branch", id: "if-1", hasElse: false, selects: [], span,
    arms: [{ condition: e.binary("==", e.item("for-1"), e.constant("b")), block: block(task("fail", "fail", { message: e.item("for-1") })), span }, { block: block(), span }],
  };
  const result = await ran([
    pipeline("partly", [loop("for-1", e.constant(["a", "b", "c"]), [branch, task("echo", "echo", { text: e.item("for-1") })]), task("count", "echo", { text: e.template(e.collect("for-1", e.output("echo"))) })]),
  ]);
  assert.is(result.state, "failed");
  assert.equal([0, 1, 2].map((index) => [result.tasks[`for-1/${index}/fail`], result.tasks[`for-1/${index}/echo`]]), [["skipped", "succeeded"], ["failed", "succeeded"], ["skipped", "succeeded"]]);
  assert.is(result.tasks["count"], "blocked");
});

test("an importer brings a file into the graph; a missing one fails", async () => {
  const importer = { kind: "importer" as const, id: "importer", name: "importer", inputs: { uri: { type: string, optional: false, span } }, outputs: { artifact: { type: dataset, span } }, reimport: false, metadata: { size: 3 }, downloadToWorkspace: false, span };
  const given = document([...ops, importer], [
    pipeline("imports", [
      task("importer", "importer", { uri: e.constant("ops.ts") }),
      task("importer-2", "importer", { uri: e.constant("absent.csv") }),
      loop("for-1", e.constant([1]), [task("noop", "echo", { text: e.member(e.output("importer", "artifact"), "uri") })]),
    ], {}),
  ]);
  const tasks: Record<string, string> = {};
  const result = await runLocally({
    document: given, pipeline: given.pipelines["imports"] as Pipeline, root, parameters: {}, jobs: 2, containersOnHost: false, environment: process.env,
    now: () => new Date(), observer: { task: (key, state) => void (tasks[key] = state) }, signal: new AbortController().signal,
  });
  assert.equal(tasks, { importer: "succeeded", "importer-2": "failed", "for-1/0/noop": "succeeded" });
  assert.ok(result.kind === "ended" && existsSync(join(result.store.folder, "run.json")));
});

test("an importer's run-time metadata is filled in: whole values, text, keys", async () => {
  const metadata = { "{{$.inputs.parameters['metadata']}}-key": ["{{$.inputs.parameters['metadata-2']}}", "n = {{$.inputs.parameters['metadata-2']}}", 1] };
  const inputs = { uri: { type: string, optional: false, span }, metadata: { type: string, optional: false, span }, "metadata-2": { type: number, optional: false, span } };
  const importer = { kind: "importer" as const, id: "importer", name: "importer", inputs, outputs: { artifact: { type: dataset, span } }, reimport: false, metadata, downloadToWorkspace: false, span };
  const main = pipeline("imports", [task("importer", "importer", { uri: e.constant("ops.ts"), metadata: e.constant("a"), "metadata-2": e.constant(2) })], { metadata: e.member(e.output("importer", "artifact"), "metadata") });
  const result = await runLocally({
    document: document([importer], [main]), pipeline: main, root, parameters: {}, jobs: 1, containersOnHost: false, environment: process.env,
    now: () => new Date(), observer: { task: () => undefined }, signal: new AbortController().signal,
  });
  assert.equal(result.kind === "ended" ? result.outputs : undefined, { metadata: { "a-key": [2, "n = 2", 1] } });
});

test("a task whose condition does not hold is skipped, and so is what needs it", async () => {
  const result = await ran([
    pipeline("when", [
      task("a", "echo", { text: e.constant("a") }, { when: e.binary(">", e.input("n"), e.constant(1)) }),
      task("b", "echo", { text: e.output("a") }),
      task("c", "echo", { text: e.constant("c") }, { after: ["b"] }),
      task("d", "echo", { text: e.constant("d") }, { when: e.binary("==", e.output("e"), e.constant("e")) }),
      task("e", "echo", { text: e.constant("e") }),
    ], { d: e.output("d"), b: e.output("b") }, { inputs: { n: number } }),
  ], { parameters: { n: 1 } });
  assert.equal(result.tasks, { a: "skipped", b: "skipped", c: "skipped", d: "succeeded", e: "succeeded" });
  assert.equal([result.state, result.outputs], ["succeeded", { d: "d" }]);
});

test("the status of a task is given to one that ignores its failure", async () => {
  const result = await ran([
    pipeline("status", [
      task("f", "fail", { message: e.constant("broken") }),
      task("a", "report", { status: e.taskStatus("f") }, { ignoreUpstreamFailure: true }),
      task("ok", "echo", { text: e.constant("x") }),
      task("b", "report", { status: e.taskStatus("ok") }, { ignoreUpstreamFailure: true }),
      task("c", "echo", { text: e.output("a") }),
      task("d", "echo", { text: e.output("b") }),
    ]),
  ]);
  assert.equal(result.tasks, { f: "failed", a: "succeeded", ok: "succeeded", b: "succeeded", c: "succeeded", d: "succeeded" });
  const given = (id: string): unknown => (readJson(join(result.folder, "tasks", id, "manifest.json")) as { outputs: { Output: string } }).outputs.Output;
  assert.match(String(given("a")), /^FAILED .*broken/);
  assert.is(given("b"), "SUCCEEDED ");
});

test.run();
