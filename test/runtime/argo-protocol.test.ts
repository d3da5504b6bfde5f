/** The bundle as a pod of Argo runs it: parameters from the file of a script template, everything else by paths below `/hmc`. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { parameterName } from "../../compiler/targets/argo/names.ts";
import { bundleOps } from "../../runtime/bundle.ts";
import { argoName } from "../../runtime/protocols/argo.ts";
import { boolean, dataset, datasets, document, integer, listOf, makeProject, number, op, readJson, run, string, type Ended } from "./project.ts";

const source = `import { op, type Dataset, type Int, type RunStatus } from "hmc";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export const echo = op(async (input: any, out: { seen: Dataset }) => {
  writeFileSync(out.seen.path, JSON.stringify(input));
});
export const give = op(async (_input: {}, out: { model: Dataset }) => {
  writeFileSync(out.model.path, "weights");
  out.model.metadata.note = "{{x}}\\u0007";
  return { text: "{{a}}\\n", count: 3, rate: 0.5, ok: false, rows: [{ id: "😀" }], any: "text" };
});
export const partial = op(async (input: { how: string }, out: { file: Dataset }): Promise<any> => {
  if (input.how === "metadata only") out.file.metadata.rows = 2;
  if (input.how === "uri") out.file.uri = "gs://bucket/{{x}}";
  if (input.how === "uri" || input.how === "no value") writeFileSync(out.file.path, "");
  if (input.how === "folder") { mkdirSync(out.file.path); writeFileSync(join(out.file.path, "part"), "1"); }
  if (input.how === "elsewhere") { out.file.path = out.file.path + ".tmp"; writeFileSync(out.file.path, "moved"); }
  if (input.how === "no value") return {};
  return { count: 1 };
});
export const parts = op(async (input: { count: Int }, out: { found: Dataset[] }) => {
  const folder = join(out.found[0]!.path, "..");
  mkdirSync(folder, { recursive: true });
  const made = Array.from({ length: input.count }, (_, index) => ({ ...out.found[0]!, path: join(folder, "../part-" + index), metadata: { index } }));
  for (const { path } of made) writeFileSync(path, path.slice(-1));
  out.found.splice(0, 1, ...made);
});
export const named = op(async (input: { größe: Int }, out: { blätt: Dataset }) => {
  writeFileSync(out.blätt.path, "");
  return { höhe: input.größe + 1 };
});
export const throws = op(async () => { throw new RangeError("no"); });
export const wait = op(async () => {
  console.log("waiting");
  await new Promise((resolve) => setTimeout(resolve, 20_000));
});
`;

const root = makeProject({ "ops.ts": source });
const struct = { kind: "struct" as const, properties: { id: { type: string as { kind: "string" }, optional: false } } };
const inputs = {
  text: { type: string, optional: true },
  count: { type: integer, optional: true },
  rate: { type: number, optional: true },
  ok: { type: boolean, optional: true },
  rows: { type: listOf(struct), optional: true },
  any: { type: { kind: "json" as const }, optional: true },
  status: { type: { kind: "status" as const }, optional: true },
  depth: { type: integer, optional: false, default: 7 },
  data: { type: dataset, optional: true },
};
const echo = { implementation: { module: "ops.ts", export: "echo" } };
const described = op("partial", { how: string }, { file: dataset, count: integer });
const ops = [
  op("echo", inputs, { seen: dataset }),
  op("lists", { many: { type: datasets, optional: true } }, { seen: dataset }, echo),
  op("give", {}, { model: dataset, text: string, count: integer, rate: number, ok: boolean, rows: listOf(struct), any: { kind: "json" } }),
  { ...described, outputs: { ...described.outputs, file: { ...described.outputs["file"]!, metadata: { made: "by {{x}}" } } } },
  op("bare", { how: string }, { file: dataset, count: integer }, { implementation: described.implementation }),
  op("parts", { count: integer }, { found: datasets }),
  op("needs", { data: dataset, text: string, many: datasets }, { seen: dataset }, echo),
  op("named", { größe: integer }, { blätt: dataset, höhe: integer }),
  op("throws"),
  op("wait"),
];
const main = (await bundleOps({ document: document(ops, []), root })).file as string;

let calls = 0;

interface Call extends Ended {
  /** Stands for `/hmc`. */
  pod: string;
}

/** Runs an op in a pod of its own. Parameters are items as Argo writes them; files are those that it has put in place. */
async function called(name: string, parameters: object[] | string, files: Record<string, string> = {}): Promise<Call> {
  const pod = join(root, `pod-${calls++}`);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(pod, path)), { recursive: true });
    writeFileSync(join(pod, path), text);
  }
  mkdirSync(pod, { recursive: true });
  const script = join(pod, "script");
  writeFileSync(script, typeof parameters === "string" ? parameters : JSON.stringify(parameters));
  return { ...(await run(process.execPath, [main, "run", name, "--argo", "--root", pod, script])), pod };
}

/** What an op has got. */
async function seen(parameters: object[], files: Record<string, string> = {}, name = "echo"): Promise<{ got: unknown; pod: string }> {
  const { code, stderr, pod } = await called(name, parameters, files);
  assert.is(stderr, "");
  assert.is(code, 0);
  return { got: readJson(join(pod, "out/artifacts/seen")), pod };
}

const parameter = (name: string, value: string) => ({ name, value });

test("values are read by their declared types", async () => {
  const { got } = await seen([
    parameter("text", "007 ~(7b){x}} ~(7)"),
    parameter("count", "3"),
    parameter("rate", ".5"),
    parameter("ok", "true"),
    parameter("rows", '[{"id":"~(1f600)"},{"id":"{}"}]'),
    parameter("any", '{"~(24)":"$5"}'),
    parameter("status", '{"state":"FAILED","taskName":"train","error":{"code":3,"message":"no"}}'),
    parameter("depth", " 4\n"),
  ]);
  assert.equal(got, {
    text: "007 {{x}} \x07",
    count: 3,
    rate: 0.5,
    ok: true,
    rows: [{ id: "😀" }, { id: "{}" }],
    any: { $: "$5" },
    status: { state: "FAILED", taskName: "train", error: { code: 3, message: "no" } },
    depth: 4,
  });
});

test("text is never read as JSON, and a text for JSON is quoted", async () => {
  assert.equal((await seen([parameter("text", "null"), parameter("any", '"null"')])).got, { text: "null", any: "null", depth: 7 });
  assert.equal((await seen([parameter("text", "")])).got, { text: "", depth: 7 });
});

test("what is not given is absent: the mark for it, null, and no item at all", async () => {
  assert.equal((await seen([parameter("text", "~(absent)"), parameter("count", "~(absent)"), parameter("any", "null"), parameter("depth", "~(absent)")])).got, { depth: 7 });
  assert.equal((await seen([])).got, { depth: 7 });
});

test("a parameter without a value has its default", async () => {
  assert.equal((await seen([{ name: "text", default: "d", description: "x" }, { name: "count", value: "1", default: "2" }])).got, { text: "d", count: 1, depth: 7 });
});

test("an artifact is at its path; what else is known of it comes as a parameter", async () => {
  const meta = parameter("hmc-meta-data", '{"uri":"s3://b/~(7b){k}}","name":"~(24)(n)","metadata":{"tag":"~(7b){t}}"}}');
  const { got, pod } = await seen([meta], { "in/data": "x" });
  assert.equal(got, { depth: 7, data: { name: "$(n)", uri: "s3://b/{{k}}", path: join(pod, "in/data"), metadata: { tag: "{{t}}" } } });
});

test("without a URI an artifact has that of its file", async () => {
  const bare = await seen([], { "in/data/part": "x" });
  const path = join(bare.pod, "in/data");
  assert.equal(bare.got, { depth: 7, data: { name: "data", uri: `file://${path}`, path, metadata: {} } });
  const empty = await seen([parameter("hmc-meta-data", '{"metadata":{}}')], { "in/data": "x" });
  assert.is((empty.got as { data: { uri: string } }).data.uri, `file://${join(empty.pod, "in/data")}`);
});

test("an optional artifact is absent by the mark, whatever file is there, or without mark and file", async () => {
  assert.equal((await seen([parameter("hmc-meta-data", "~(absent)")], { "in/data": "" })).got, { depth: 7 });
  assert.equal((await seen([parameter("hmc-meta-many", "~(absent)")], { "in/many/0": "" }, "lists")).got, {});
});

test("a list of artifacts is a folder of numbered entries, in the order of numbers", async () => {
  const files = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`in/many/${index}`, `${index}`]));
  const { got, pod } = await seen([], files, "lists");
  assert.equal((got as { many: { path: string }[] }).many.map(({ path }) => path), Array.from({ length: 11 }, (_, index) => join(pod, "in/many", String(index))));
});

test("the metadata of a list says how long it is", async () => {
  const meta = parameter("hmc-meta-many", '[{"name":"a","metadata":{"i":0}},{"metadata":{"i":1}}]');
  const { got, pod } = await seen([meta], { "in/many/0": "a", "in/many/1": "b", "in/many/2": "of an earlier try" }, "lists");
  const path = (index: number) => join(pod, "in/many", String(index));
  assert.equal((got as { many: unknown }).many, [
    { name: "a", uri: `file://${path(0)}`, path: path(0), metadata: { i: 0 } },
    { name: "many", uri: `file://${path(1)}`, path: path(1), metadata: { i: 1 } },
  ]);
  assert.equal(((await seen([parameter("hmc-meta-many", "[]")], { "in/many/0": "of an earlier try" }, "lists")).got as { many: unknown }).many, []);
});

test("a fan-in of nested loops is a list of all that lies in folders of folders", async () => {
  const files = { "in/many/0/0": "", "in/many/0/1": "", "in/many/2/0": "", "in/many/10/0": "" };
  const { got, pod } = await seen([parameter("hmc-depth-many", "2")], files, "lists");
  assert.equal((got as { many: { path: string }[] }).many.map(({ path }) => path), Object.keys(files).map((file) => join(pod, file)));
});

test("names that Argo does not take are those that the compiler makes of them", async () => {
  for (const name of ["größe", "a$b", "x_1", "Output", "日"]) assert.is(argoName(name), parameterName(name));
  const { code, stderr, pod } = await called("named", [parameter("gr__e", "2")]);
  assert.is(stderr, "");
  assert.is(code, 0);
  assert.equal([readFileSync(join(pod, "out/params/h_he"), "utf8"), existsSync(join(pod, "out/artifacts/bl_tt")), existsSync(join(pod, "out/meta/bl_tt"))], ["3\n", true, true]);
});

test("a list that must be given is empty where Argo has made no folder", async () => {
  const { code, pod } = await called("needs", [parameter("text", "t"), parameter("hmc-meta-data", "{}")]);
  assert.is(code, 0);
  assert.equal((readJson(join(pod, "out/artifacts/seen")) as { many: unknown }).many, []);
});

test("inputs that must be given, or do not fit, end with the code 2 and the name of the input", async () => {
  const failures: [parameters: object[] | string, message: RegExp][] = [
    [[parameter("text", "t")], /The input artifact "data" of "needs" is missing\./],
    [[parameter("text", "t"), parameter("hmc-meta-data", "~(absent)")], /The input artifact "data" of "needs" is missing\./],
    [[parameter("hmc-meta-data", "{}")], /The input "text" of "needs" is missing\./],
    [[parameter("hmc-meta-data", "{")], /The input "hmc-meta-data" of "needs" must be a JSON value in JSON, but is "{"\./],
    ["{{inputs.parameters}}", /The parameters of the template are not JSON/],
    ["{}", /The parameters of the template are no JSON list\./],
  ];
  for (const [parameters, message] of failures) {
    const { code, stderr } = await called("needs", parameters);
    assert.match(stderr, message);
    assert.is(code, 2);
  }
  const wrong = await called("echo", [parameter("count", "three")]);
  assert.match(wrong.stderr, 'The input "count" of "echo" must be a whole number, but is "three".');
  assert.is(wrong.code, 2);
  const fraction = await called("echo", [parameter("count", "2.5")]);
  assert.match(fraction.stderr, 'The input "count" of "echo" must be a whole number, but is 2.5.');
  const unread = await run(process.execPath, [main, "run", "echo", "--argo", join(root, "no/such/file")]);
  assert.match(unread.stderr, /The parameter file ".*no\/such\/file" cannot be read\./);
  assert.is(unread.code, 2);
});

test("outputs are files by name, escaped, each with a line break that Argo strips", async () => {
  const { code, stderr, pod } = await called("give", []);
  assert.is(stderr, "");
  assert.is(code, 0);
  const text = (path: string) => readFileSync(join(pod, "out", path), "utf8");
  const names = ["text", "count", "rate", "ok", "rows", "any"];
  assert.equal(readdirSync(join(pod, "out/params")).sort(), [...names].sort());
  assert.equal(names.map((name) => text(`params/${name}`)), ["~(7b){a}}\n\n", "3\n", "0.5\n", "false\n", '[{"id":"~(1f600)"}]\n', '"text"\n']);
  assert.is(text("artifacts/model"), "weights");
  assert.is(text("meta/model"), '{"name":"model","metadata":{"note":"~(7b){x}}~(7)"}}\n');
});

test("what an op gives is read back by the next", async () => {
  const { pod } = await called("give", []);
  const text = (path: string) => readFileSync(join(pod, "out", path), "utf8").replace(/\n$/, "");
  const names = ["text", "count", "rate", "ok", "rows", "any"];
  const { got } = await seen([...names.map((name) => parameter(name, text(`params/${name}`))), parameter("hmc-meta-data", text("meta/model"))], { "in/data": "weights" });
  const { data, ...values } = got as { data: { metadata: unknown; name: string } };
  assert.equal(values, { text: "{{a}}\n", count: 3, rate: 0.5, ok: false, rows: [{ id: "😀" }], any: "text", depth: 7 } as unknown);
  assert.equal([data.name, data.metadata], ["model", { note: "{{x}}\x07" }]);
});

test("an artifact has its declared metadata from the start; one that is only metadata is an empty file", async () => {
  const only = await called("partial", [parameter("how", "metadata only")]);
  assert.is(only.stderr, "");
  assert.is(readFileSync(join(only.pod, "out/artifacts/file"), "utf8"), "");
  assert.is(readFileSync(join(only.pod, "out/meta/file"), "utf8"), '{"name":"file","metadata":{"made":"by ~(7b){x}}","rows":2}}\n');
});

test("a URI that the op has set is passed on; folders stay folders; what was written elsewhere is put in place", async () => {
  const moved = await called("partial", [parameter("how", "uri")]);
  assert.is((readJson(join(moved.pod, "out/meta/file")) as { uri: string }).uri, "gs://bucket/~(7b){x}}");
  const folder = await called("partial", [parameter("how", "folder")]);
  assert.equal(readdirSync(join(folder.pod, "out/artifacts/file")), ["part"]);
  const elsewhere = await called("partial", [parameter("how", "elsewhere")]);
  assert.is(readFileSync(join(elsewhere.pod, "out/artifacts/file"), "utf8"), "moved");
});

test("a list of artifacts leaves as a folder of numbered entries", async () => {
  const { code, stderr, pod } = await called("parts", [parameter("count", "3")]);
  assert.is(stderr, "");
  assert.is(code, 0);
  const folder = join(pod, "out/artifacts/found");
  assert.equal(readdirSync(folder).map((entry) => readFileSync(join(folder, entry), "utf8")), ["0", "1", "2"]);
  assert.equal(readJson(join(pod, "out/meta/found")), [0, 1, 2].map((index) => ({ name: "found", metadata: { index } })));
  const none = await called("parts", [parameter("count", "0")]);
  assert.equal([readdirSync(join(none.pod, "out/artifacts/found")), readJson(join(none.pod, "out/meta/found"))], [[], []]);
});

test("nothing is passed on where an output is missing", async () => {
  const missing = await called("partial", [parameter("how", "no value")]);
  assert.match(missing.stderr, 'The output "count" of "partial" is missing: return it.');
  assert.is(missing.code, 2);
  assert.not.ok(existsSync(join(missing.pod, "out/params")) || existsSync(join(missing.pod, "out/meta")));
  const unwritten = await called("bare", [parameter("how", "nothing")]);
  assert.match(unwritten.stderr, 'The output artifact "file" of "bare" is missing: write it to "out.file.path".');
  assert.is(unwritten.code, 2);
  const crash = await called("throws", []);
  assert.match(crash.stderr, "RangeError: no");
  assert.is(crash.code, 1);
});

test("SIGTERM ends the pod with the code 143", async () => {
  const script = join(makeProject({ script: "[]" }), "script");
  const { code } = await run(process.execPath, [main, "run", "wait", "--argo", script], { onStdout: (_, kill) => kill("SIGTERM") });
  assert.is(code, 143);
});

test.run();
