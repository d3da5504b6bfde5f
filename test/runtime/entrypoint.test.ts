/** The bundle as a container runs it: the executor protocol of KFP, exit codes, mapped stacks, signals. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { bundleOps } from "../../runtime/bundle.ts";
import { boolean, dataset, datasets, document, integer, listOf, makeProject, number, op, readJson, run, string, type Ended } from "./project.ts";

const source = `import { op, type Dataset, type Int, type RunStatus } from "hmc";
import { writeFileSync } from "node:fs";
import { deeper } from "./helper.js";

interface Config { depth: Int; name?: string }

export const train = op(async (input: { cfg: Config; data: Dataset }, out: { model: Dataset }) => {
  writeFileSync(out.model.path, input.data.path + " " + JSON.stringify(input.cfg));
  out.model.metadata.seen = input.data.metadata.tag;
  return { auc: 0.5, steps: 3, ok: false, label: "007 {{x}} 😀", list: [1], cfg: input.cfg };
});
export const crash = op(async (input: { how: string }) => {
  if (input.how === "throw") deeper(1);
  if (input.how === "reject") await Promise.reject(new TypeError("rejected"));
  if (input.how === "later") setTimeout(() => deeper(2), 10);
  if (input.how === "string") throw "just text";
  if (input.how === "bare") throw Object.assign(Object.create(null), { code: 7 });
  if (input.how === "hostile") throw Object.defineProperty(new Error("x"), "stack", { get: () => { throw new Error("no"); } });
  if (input.how === "date") return new Date(0) as unknown as number;
  if (input.how === "never") await new Promise(() => {});
  if (input.how === "exit") process.exit(0);
  if (input.how === "exit3") process.exit(3);
  await new Promise((resolve) => setTimeout(resolve, 50));
  return 1;
});
export const wrong = op(async (input: { how: string }, out: { file: Dataset }): Promise<any> => {
  if (input.how !== "no file") writeFileSync(out.file.path, "");
  if (input.how === "missing") return {};
  if (input.how === "undeclared") return { count: 1, extra: 2 };
  if (input.how === "type") return { count: 1.5 };
  if (input.how === "null metadata") out.file.metadata.x = null;
  return { count: 1 };
});
export const scalar = op(async (input: { s?: RunStatus }) => input.s?.state ?? "none");
export const many = op(async (input: { parts: Dataset[] }) => input.parts.map((part) => part.path));
export const wait = op(async () => {
  process.on("exit", () => console.log("cleaned up"));
  console.log("waiting");
  await new Promise((resolve) => setTimeout(resolve, 20_000));
});
export const open = op(async () => {
  setInterval(() => {}, 1000);
});
export const record = op(async (): Promise<Record<string, number>> => ({ a: 1, Output: 2 }));
export const nested = { inner: op(async () => "nested") };
`;

const helper = `// a comment line, so that the line numbers differ

export function deeper(level: number): never {
  const message: string = "level " + level;
  throw new RangeError(message);
}
`;

const files = { "ops.ts": source, "helper.ts": helper, "broken.ts": 'console.log("must not be loaded");\nthrow new Error("must not be loaded");\nexport const broken = 1;\n' };
const root = makeProject(files);
const config = { kind: "struct" as const, properties: { depth: { type: integer as { kind: "integer" }, optional: false }, name: { type: string as { kind: "string" }, optional: true } } };
const ops = [
  op("train", { cfg: config, data: dataset }, { model: dataset, auc: number, steps: integer, ok: boolean, label: string, list: listOf({ kind: "integer" }), cfg: config }),
  op("crash", { how: string }, { Output: integer }),
  op("wrong", { how: string }, { file: dataset, count: integer }),
  op("scalar", { s: { type: { kind: "status" }, optional: true } }, { Output: string }),
  op("many", { parts: datasets }, { Output: listOf({ kind: "string" }) }),
  op("record", {}, { Output: { kind: "struct", properties: {}, additional: { kind: "number" } } }),
  op("wait"),
  op("open"),
  op("nested-inner", {}, { Output: string }, { implementation: { module: "ops.ts", export: "nested.inner" } }),
  op("broken", {}, {}, { implementation: { module: "broken.ts", export: "broken" } }),
];
const bundle = await bundleOps({ document: document(ops, []), root });
const main = bundle.file as string;

let calls = 0;

/** Runs an op with outputs in a folder of its own. */
async function called(name: string, inputs: { parameterValues?: object; artifacts?: object }, outputs: { parameters?: string[]; artifacts?: string[] } = {}): Promise<Ended & { folder: string }> {
  const folder = join(root, `call-${calls++}`);
  const executorInput = {
    inputs,
    outputs: {
      parameters: Object.fromEntries((outputs.parameters ?? []).map((key) => [key, { outputFile: join(folder, "deep/er", key) }])),
      artifacts: Object.fromEntries((outputs.artifacts ?? []).map((key) => [key, { artifacts: [{ name: key, uri: join(folder, "artifacts", key), type: { schemaTitle: "system.Dataset" }, metadata: {} }] }])),
      outputFile: join(folder, "meta/data/output_metadata.json"),
    },
  };
  return { ...(await run(process.execPath, [main, "run", name, "--executor-input", JSON.stringify(executorInput)])), folder };
}

const lineOf = (text: string, part: string) => text.split("\n").findIndex((line) => line.includes(part)) + 1;

test("the bundle lists exactly the ops of the document", async () => {
  const { stdout } = await run(process.execPath, [main, "list"]);
  assert.equal(stdout.trim().split("\n"), ops.map((each) => each.id).sort());
  const json = await run(process.execPath, [main, "list", "--json"]);
  assert.equal(JSON.parse(json.stdout.split("\n").find((line) => line.includes('"scalar"')) as string), { op: "scalar", inputs: { s: { type: { kind: "status" }, optional: true } }, outputs: { Output: { type: { kind: "string" } } } });
});

test("inputs arrive decoded, outputs leave encoded, in the files and in the executor output alike", async () => {
  const data = { artifacts: [{ name: "d", uri: "s3://bucket/key", metadata: { tag: "~(7b){t}}" } }] };
  const { code, stderr, folder } = await called("train", { parameterValues: { cfg: { depth: 3, name: "~(1f600)" } }, artifacts: { data } }, { parameters: ["auc", "steps", "ok", "label", "list", "cfg"], artifacts: ["model", "executor-logs"] });
  assert.is(stderr, "");
  assert.is(code, 0);
  assert.equal(readJson(join(folder, "meta/data/output_metadata.json")), {
    parameterValues: { auc: 0.5, steps: 3, ok: false, label: "007 ~(7b){x}} ~(1f600)", list: [1], cfg: { depth: 3, name: "~(1f600)" } },
    artifacts: { model: { artifacts: [{ name: "model", uri: join(folder, "artifacts/model"), metadata: { seen: "~(7b){t}}" } }] } },
  });
  const file = (name: string) => readFileSync(join(folder, "deep/er", name), "utf8");
  assert.equal([file("auc"), file("steps"), file("ok"), file("label"), file("list")], ["0.5", "3", "false", "007 ~(7b){x}} ~(1f600)", "[1]"]);
  assert.is(readFileSync(join(folder, "artifacts/model"), "utf8"), '/s3/bucket/key {"depth":3,"name":"😀"}');
});

test("invalid input ends with 2 and names the field", async () => {
  const data = { artifacts: [{ uri: "/x" }] };
  const cases: [object, string][] = [
    [{ parameterValues: { cfg: { depth: 2.5 } }, artifacts: { data } }, 'The input "cfg.depth" of "train" must be a whole number, but is 2.5.'],
    [{ parameterValues: { cfg: {} }, artifacts: { data } }, 'The input "cfg.depth" of "train" is missing.'],
    [{ artifacts: { data } }, 'The input "cfg" of "train" is missing.'],
    [{ parameterValues: { cfg: { depth: 1 } } }, 'The input artifact "data" of "train" is missing.'],
  ];
  for (const [inputs, message] of cases) {
    const { code, stderr } = await called("train", inputs, {});
    assert.is(code, 2);
    assert.is(stderr, `hmc: ${message}\n`);
  }
});

test("what an op returns against its declaration ends with 2 and names the output", async () => {
  const cases: [string, string][] = [
    ["missing", 'The output "count" of "wrong" is missing: return it.'],
    ["undeclared", '"wrong" returned the output "extra", which it does not declare.'],
    ["type", 'The output "count" of "wrong" must be a whole number, but is 1.5.'],
    ["no file", 'The output artifact "file" of "wrong" is missing: write it to "out.file.path".'],
    ["null metadata", 'The output "file.metadata.x" of "wrong" is null. Leave it out.'],
  ];
  for (const [how, message] of cases) {
    const { code, stderr, folder } = await called("wrong", { parameterValues: { how } }, { parameters: ["count"], artifacts: ["file"] });
    assert.is(stderr, `hmc: ${message}\n`);
    assert.is(code, 2);
    assert.not(existsSync(join(folder, "meta/data/output_metadata.json")));
  }
});

test("a crash ends with 1 and shows the line of the TypeScript source", async () => {
  const thrown = lineOf(helper, "throw new RangeError");
  for (const how of ["throw", "later"]) {
    const { code, stderr } = await called("crash", { parameterValues: { how } }, { parameters: ["Output"] });
    assert.is(code, 1);
    assert.match(stderr, `hmc: RangeError: level ${how === "throw" ? 1 : 2}\nhelper.ts:${thrown}:9\n${thrown} |   throw new RangeError(message);\n  ${" ".repeat(String(thrown).length + 3 + 6)}^\n`);
    assert.match(stderr, `ops.ts:${lineOf(source, how === "throw" ? "deeper(1)" : "deeper(2)")}:`);
    assert.not.match(stderr, "main.mjs");
  }
  const rejected = await called("crash", { parameterValues: { how: "reject" } }, { parameters: ["Output"] });
  assert.is(rejected.code, 1);
  assert.match(rejected.stderr, `TypeError: rejected\nops.ts:${lineOf(source, "rejected")}:`);
  const text = await called("crash", { parameterValues: { how: "string" } });
  assert.is(text.stderr, 'hmc: The op threw "just text", which is no Error and has no stack.\n');
});

test("whatever an op throws is reported, and the exit code is that of a crash", async () => {
  for (const [how, message] of [["bare", "hmc: The op threw [Object: null prototype] { code: 7 }, which is no Error and has no stack.\n"], ["hostile", "hmc: The op threw something that cannot be shown.\n"]] as const) {
    const { code, stderr } = await called("crash", { parameterValues: { how } });
    assert.is(stderr, message);
    assert.is(code, 1);
  }
});

test("an object that is no record of outputs is named for what it is", async () => {
  const { code, stderr } = await called("crash", { parameterValues: { how: "date" } }, { parameters: ["Output"] });
  assert.is(stderr, 'hmc: The output "Output" of "crash" is a Date, which cannot leave the process.\n');
  assert.is(code, 2);
});

test("an op that ends without returning has failed", async () => {
  for (const [how, message] of [["never", "its promise was never settled"], ["exit", "it ended the process with the code 0"], ["exit3", "it ended the process with the code 3"]] as const) {
    const { code, stderr } = await called("crash", { parameterValues: { how } }, { parameters: ["Output"] });
    assert.is(code, 1);
    assert.match(stderr, message);
  }
});

test("only the module of the op is evaluated", async () => {
  const { code, stdout } = await called("nested-inner", {}, { parameters: ["Output"] });
  assert.is(code, 0);
  assert.is(stdout, "");
  const broken = await called("broken", {});
  assert.is(broken.code, 1);
  assert.match(broken.stderr, "must not be loaded");
});

test("optional inputs: absent, null and defaults; the status of KFP is mapped; lists of artifacts have paths", async () => {
  const output = async (name: string, inputs: object) => {
    const { folder, stderr } = await called(name, inputs, { parameters: ["Output"] });
    assert.is(stderr, "");
    return readFileSync(join(folder, "deep/er/Output"), "utf8");
  };
  assert.is(await output("scalar", {}), "none");
  assert.is(await output("scalar", { parameterValues: { s: null } }), "none");
  assert.is(await output("scalar", { parameterValues: { s: { state: "COMPLETE", pipelineTaskName: "eh", error: {} } } }), "SUCCEEDED");
  const parts = { artifacts: [{ uri: "gs://b/1" }, { uri: "minio://b/2" }, { uri: "/local/3" }, { uri: "s3://b/4", customPath: "/elsewhere" }, { uri: "oci://r/m:1" }] };
  assert.is(await output("many", { artifacts: { parts } }), '["/gcs/b/1","/minio/b/2","/local/3","/elsewhere","/oci/r_m:1/models"]');
});

test("values built from several others are filled from their markers", async () => {
  const struct = { cfg: { depth: "{{$.hmc.value['n']}}", name: "{{$.hmc.text['a']}}/{{$.hmc.text['n']}}" }, a: 'no "~(7b){quotes}}"', n: 5 };
  const data = { artifacts: [{ uri: "/in" }] };
  const { folder } = await called("train", { parameterValues: struct, artifacts: { data } }, { parameters: ["auc", "steps", "ok", "label", "list", "cfg"], artifacts: ["model"] });
  assert.is(readFileSync(join(folder, "artifacts/model"), "utf8"), `/in {"depth":5,"name":${JSON.stringify('no "{{quotes}}"/5')}}`);
});

test("a record is one output, also where a key is called like it", async () => {
  const { folder, stderr } = await called("record", {}, { parameters: ["Output"] });
  assert.is(stderr, "");
  assert.is(readFileSync(join(folder, "deep/er/Output"), "utf8"), '{"a":1,"Output":2}');
});

test("relay passes parameters and artifacts on as they came", async () => {
  const folder = join(root, "relay");
  const input = {
    inputs: { parameterValues: { text: "~(7b)x", n: 5 }, artifacts: { model: { artifacts: [{ name: "m", uri: "s3://b/k", metadata: { acc: 0.9 } }] } } },
    outputs: { parameters: { text: { outputFile: join(folder, "text") }, n: { outputFile: join(folder, "n") } }, artifacts: { model: { artifacts: [{ name: "out", uri: "s3://b/other" }] } }, outputFile: join(folder, "o.json") },
  };
  const file = join(root, "relay.json");
  writeFileSync(file, JSON.stringify(input));
  const { code, stderr } = await run(process.execPath, [main, "relay", "--executor-input-file", file]);
  assert.is(stderr, "");
  assert.is(code, 0);
  assert.equal(readJson(join(folder, "o.json")), { parameterValues: { text: "~(7b)x", n: 5 }, artifacts: { model: { artifacts: [{ name: "out", uri: "s3://b/k", metadata: { acc: 0.9 } }] } } });
  assert.equal([readFileSync(join(folder, "text"), "utf8"), readFileSync(join(folder, "n"), "utf8")], ["~(7b)x", "5"]);
  const missing = await run(process.execPath, [main, "relay", "--executor-input", JSON.stringify({ outputs: input.outputs })]);
  assert.is(missing.code, 2);
  assert.is(missing.stderr, 'hmc: The input "text" of "relay" is missing.\n');
});

test("a wrong command line ends with 2 and says what there is", async () => {
  const cases: [string[], RegExp][] = [
    [[], /Usage:/],
    [["serve"], /There is no command "serve"/],
    [["run"], /Name the op to run/],
    [["run", "trian", "--executor-input", "{}"], /There is no op "trian" in this bundle\. It has: broken, crash/],
    [["run", "train"], /The executor input is missing/],
    [["run", "train", "--executor-input", "{"], /The executor input is not JSON/],
    [["run", "train", "--executor-input", "null"], /The executor input is no JSON object/],
    [["run", "train", "--executor-input-file", "/absent"], /"\/absent" cannot be read/],
  ];
  for (const [args, message] of cases) {
    const { code, stderr } = await run(process.execPath, [main, ...args]);
    assert.is(code, 2);
    assert.match(stderr, message);
  }
});

test("SIGTERM and SIGINT end the process with its exit handlers", async () => {
  for (const [signal, code] of [["SIGTERM", 143], ["SIGINT", 130]] as const) {
    const before = Date.now();
    const ended = await run(process.execPath, [main, "run", "wait", "--executor-input", "{}"], { onStdout: (text, kill) => text.includes("waiting") && !text.includes("cleaned") && kill(signal) });
    assert.is(ended.code, code);
    assert.match(ended.stdout, "cleaned up");
    assert.ok(Date.now() - before < 3000);
  }
});

test("a handle that the op leaves open does not keep the task running", async () => {
  assert.is((await called("open", {})).code, 0);
});

test.run();
