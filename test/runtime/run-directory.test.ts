/** The run directory: its manifests fit their schema, keys and logs are where the documentation says. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { runLocally } from "../../runtime/local/run.ts";
import { RunStore } from "../../runtime/local/store.ts";
import { dataset, document, e, makeProject, number, op, pipeline, readJson, run, span, string, task } from "./project.ts";

const source = `import { op, type Dataset } from "hmc";
import { writeFileSync } from "node:fs";
export const write = op(async (input: { text: string }, out: { file: Dataset }) => {
  console.log("writing", input.text);
  writeFileSync(out.file.path, input.text);
  return { size: input.text.length };
});
export const bad = op(async () => {
  throw new Error("bad");
});
`;

const root = makeProject({ "ops.ts": source });
const ops = [op("write", { text: string }, { file: dataset, size: number }), op("bad")];
const ajv = new Ajv2020({ strict: true, allErrors: true, validateFormats: false });
const schema = readJson(fileURLToPath(new URL("../../schemas/run-manifest.schema.json", import.meta.url)));
const validate = ajv.compile(schema as object);

async function folderOf(nodes: Parameters<typeof pipeline>[1], outputs: Parameters<typeof pipeline>[2] = {}): Promise<string> {
  const given = document(ops, [pipeline("main", nodes, outputs)]);
  const result = await runLocally({
    document: given, pipeline: given.pipelines["main"]!, root, parameters: {}, jobs: 2, containersOnHost: false, environment: process.env,
    now: () => new Date(), observer: { task: () => undefined }, signal: new AbortController().signal,
  });
  if (result.kind !== "ended") throw new Error(JSON.stringify(result.diagnostics));
  return result.store.folder;
}

function conforms(file: string): void {
  assert.ok(validate(readJson(file)), `${file}: ${ajv.errorsText(validate.errors)}`);
}

test("the manifests of a run with every state fit the schema", async () => {
  const folder = await folderOf([
    { kind: "loop", id: "for-1", items: e.constant(["a", "b"]), itemName: "x", itemType: string, body: { nodes: [task("write", "write", { text: e.item("for-1") })] }, span },
    task("bad", "bad"),
    task("blocked", "write", { text: e.constant("x") }, { after: ["bad"] }),
    { kind: "branch", id: "if-1", arms: [{ condition: e.constant(false), block: { nodes: [task("skipped", "bad")] }, span }, { block: { nodes: [] }, span }], selects: [], hasElse: false, span },
  ]);
  conforms(join(folder, "run.json"));
  const manifests = readdirSync(join(folder, "tasks")).map((name) => join(folder, "tasks", name, "manifest.json"));
  manifests.forEach(conforms);
  const manifest = readJson(join(folder, "run.json")) as { state: string; tasks: { key: string; state: string }[] };
  assert.is(manifest.state, "failed");
  assert.equal(Object.fromEntries(manifest.tasks.map(({ key, state }) => [key, state])), {
    "for-1/0/write": "succeeded", "for-1/1/write": "succeeded", bad: "failed", blocked: "blocked", skipped: "skipped",
  });
  const written = join(folder, "tasks/for-1.1.write");
  assert.is(readFileSync(join(written, "log.txt"), "utf8"), "writing b\n");
  assert.is(readFileSync(join(written, "artifacts/file"), "utf8"), "b");
  assert.is(readFileSync(join(written, "attempts/1/outputs/size"), "utf8"), "1");
  assert.equal((readJson(join(written, "manifest.json")) as { outputs: { size: number } }).outputs.size, 1);
  assert.match((readJson(join(folder, "tasks/bad/manifest.json")) as { reason: string }).reason, "Error: bad (ops.ts:9:9)");
});

test("a task can be run again from its executor input alone", async () => {
  const folder = await folderOf([task("write", "write", { text: e.constant("again") })]);
  const [build] = readdirSync(join(root, ".hmc/build"));
  const { code, stdout } = await run(process.execPath, [join(root, ".hmc/build", build as string, "main.mjs"), "run", "write", "--executor-input-file", join(folder, "tasks/write/attempts/1/executor-input.json")]);
  assert.is(code, 0);
  assert.is(stdout, "writing again\n");
});

test("runs that start in the same second have folders of their own", () => {
  const now = new Date(0);
  const first = RunStore.create(root, "twice", now);
  const second = RunStore.create(root, "twice", now);
  assert.is(first.id, "19700101-000000-twice");
  assert.is(second.id, "19700101-000000-twice-2");
  assert.ok(existsSync(second.folder));
});

test.run();
