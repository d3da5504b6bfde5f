/** Fixes, applied: what they mend is gone, and nothing new is wrong. `▮` marks the cursor for what the server offers without a finding. */
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { CodeAction } from "vscode-languageserver-protocol/node";
import { compile, check } from "../../compiler/compile.ts";
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { nodeHost } from "../../compiler/node-host.ts";
import { folderWith } from "../cli/hmc.ts";
import { applyEdits } from "../diagnostics/spans.ts";
import { Client } from "./client.ts";
import { edited } from "./edited.ts";

const ops = `import { op, pipeline, type Dataset, type Int, type Model } from "hmc";

export const load = op({ image: "acme/a:1" }, async ({ source }: { source: string }, out: { table: Dataset }): Promise<{ rows: Int; name: string; files: string[] }> => ({ rows: source.length as Int, name: out.table.path, files: [] }));
export const train = op({ image: "acme/a:1" }, async ({ table, depth, mode }: { table: Dataset; depth: Int; mode?: "quick" | "slow" }, out: { model: Model }): Promise<{ auc: number }> => ({ auc: depth / (mode ?? out.model.path + table.path).length }));
export const tell = op({ image: "acme/a:1" }, async ({ text }: { text: string }): Promise<string> => text);
export const count = op({ image: "acme/a:1" }, async ({ all }: { all: string[] }): Promise<Int> => all.length as Int);

`;

interface Case {
  what: string;
  /** The body of a pipeline with the parameters `source`, `depth`, and the optional `note` and `limit`. */
  body: string;
  code: string;
  title: string;
  /** What the mended body holds. */
  holds: string;
}

const cases: readonly Case[] = [
  { what: "a missing input, by a literal", body: 'const { table } = load({ source }); const { auc } = train({ table }); return { auc };', code: "TS2345", title: 'Add the input "depth"', holds: "train({ table, depth })" },
  { what: "a missing artifact, from the task that gives one", body: "const loaded = load({ source }); const { auc } = train({ depth }); return { auc, rows: loaded.rows };", code: "TS2345", title: 'Add the input "table"', holds: "train({ depth, table: loaded.table })" },
  { what: "all inputs of a call without any", body: "const told = tell(); return { told };", code: "TS2554", title: 'Add the input "text"', holds: 'tell({ text: "" })' },
  { what: "all inputs of an empty object", body: "const { rows } = load({}); return { rows };", code: "TS2345", title: 'Add the input "source"', holds: "load({ source })" },
  { what: "a misspelt input", body: "const told = tell({ txet: source }); return { told };", code: "TS2353", title: 'Write "text"', holds: "tell({ text: source })" },
  { what: "a misspelt output", body: "const loaded = load({ source }); return { rows: loaded.row };", code: "TS2551", title: 'Write "rows"', holds: "loaded.rows" },
  { what: "a misspelt op", body: "const told = tel({ text: source }); return { told };", code: "TS2552", title: 'Write "tell"', holds: "tell({ text: source })" },
  { what: "a misspelt option", body: 'const told = tell({ text: source }, { memroy: "1Gi" }); return { told };', code: "TS2561", title: 'Write "memory"', holds: 'memory: "1Gi"' },
  { what: "a misspelt value of an option", body: 'const told = tell({ text: source }, { imagePullPolicy: "alwais" }); return { told };', code: "HMC2025", title: 'Write "Always"', holds: 'imagePullPolicy: "Always"' },
  { what: "a value that only one branch gives", body: "let told: string; if (depth > 3) { told = tell({ text: source }); } return { told };", code: "TS2454", title: 'Add "else" with "told = """', holds: 'told = "";' },
  { what: "a value that a chain of branches gives", body: "let told: string;\n  if (depth > 3) told = tell({ text: source });\n  else if (depth > 2) told = tell({ text: \"b\" });\n  return { told };", code: "TS2454", title: 'Add "else" with "told = """', holds: '\n  else told = "";' },
  { what: "an optional text", body: "const told = tell({ text: note }); return { told };", code: "TS2322", title: 'Use "" where "note" has no value', holds: 'tell({ text: note ?? "" })' },
  { what: "an optional number in a comparison", body: "let told = source; if (limit > 3) { told = tell({ text: source }); } return { told };", code: "TS18048", title: 'Use 0 where "limit" has no value', holds: "if ((limit ?? 0) > 3)" },
  { what: "a computation on a list", body: "const { files } = load({ source }); const number = count({ all: files.slice(0, 2) }); return { number };", code: "HMC1003", title: 'Move it into the op "computeAll"', holds: "count({ all: computeAll({ files }) })" },
  { what: "a computation on a member", body: "const loaded = load({ source }); const told = tell({ text: loaded.name.padStart(9) }); return { told };", code: "HMC1003", title: 'Move it into the op "computeText"', holds: "tell({ text: computeText({ name: loaded.name }) })" },
  { what: "a computation on two values, in a condition", body: 'const { name } = load({ source }); let told = "no"; if (name.localeCompare(source) > 0) { told = tell({ text: "yes" }); } return { told };', code: "HMC1003", title: 'Move it into the op "compute"', holds: "if (compute({ name, source }) > 0)" },
];

function textOf(body: string): string {
  return `${ops}export const main = pipeline(({ source = "a", depth = 3, note, limit }: { source?: string; depth?: Int; note?: string; limit?: number }) => {\n  ${body}\n});\n`;
}

function found(text: string): { diagnostics: Diagnostic[]; path: string } {
  const path = join(folderWith({ "package.json": '{ "type": "module" }', "pipeline.ts": text }), "pipeline.ts");
  return { diagnostics: check(nodeHost(), path, { scope: "all", ops: "exported" }).diagnostics, path };
}

const shown = (diagnostics: readonly Diagnostic[]): string => diagnostics.map(({ code, message, fix }) => `${code} ${message} [${fix?.title ?? "no fix"}]`).join("\n");
const serious = (diagnostics: readonly Diagnostic[]): string => shown(diagnostics.filter(({ severity, code }) => severity === "error" || code === "HMC5003"));

for (const { what, body, code, title, holds } of cases) {
  test(what, () => {
    const text = textOf(body);
    const { diagnostics } = found(text);
    const one = diagnostics.find((each) => each.code === code && each.fix?.title === title);
    assert.ok(one?.fix !== undefined, shown(diagnostics));
    const mended = applyEdits(text, one?.fix?.edits ?? []);
    assert.match(mended, holds);
    const left = found(mended);
    assert.is(serious(left.diagnostics), "", mended);
    const compiled = compile(nodeHost(), left.path, { target: "argo" });
    assert.ok(compiled.output !== undefined || compiled.missingCode.length > 0, `${shown(compiled.diagnostics)}\n${mended}`);
  });
}

const whole: readonly (Omit<Case, "body"> & { text: string })[] = [
  { what: "an image as another place has it", text: `${ops.replace("acme/a:1", "acme/a")}export const main = pipeline(() => { load({ source: "a" }); });\n`, code: "HMC5003", title: 'Write "acme/a:1"', holds: 'load = op({ image: "acme/a:1" }' },
  { what: "an image of Node", text: `${ops.replace("acme/a:1", "node:latest")}export const main = pipeline(() => { load({ source: "a" }); });\n`, code: "HMC5003", title: 'Write "node:24-slim"', holds: 'image: "node:24-slim"' },
  { what: "a credential in plain text, with the import", text: `${ops}export const main = pipeline({ defaults: { env: { API_TOKEN: "s3cr3t-value" } } }, () => { load({ source: "a" }); });\n`, code: "HMC5020", title: 'Use secret("api-token", "API_TOKEN"), and create that Kubernetes secret', holds: 'type Model, secret } from "hmc"' },
  { what: "a schedule with seconds", text: `${ops}export const main = pipeline({ schedule: "0 0 6 * * 1" }, () => { load({ source: "a" }); });\n`, code: "HMC3011", title: 'Write "0 6 * * 1"', holds: 'schedule: "0 6 * * 1"' },
  { what: "a schedule by its name", text: `${ops}export const main = pipeline({ schedule: "@daily" }, () => { load({ source: "a" }); });\n`, code: "HMC3010", title: 'Write "0 0 * * *"', holds: 'schedule: "0 0 * * *"' },
  { what: "a schedule that fires each minute of an hour", text: `${ops}export const main = pipeline({ schedule: "* 6 * * *" }, () => { load({ source: "a" }); });\n`, code: "HMC5005", title: 'Write "0 6 * * *"', holds: 'schedule: "0 6 * * *"' },
];

for (const { what, text, code, title, holds } of whole) {
  test(what, () => {
    const one = found(text).diagnostics.find((each) => each.code === code);
    assert.is(one?.fix?.title, title, shown(found(text).diagnostics));
    const mended = applyEdits(text, one?.fix?.edits ?? []);
    assert.match(mended, holds);
    assert.is(serious(found(mended).diagnostics), "", mended);
  });
}

const client = new Client();
test.before(async () => void (await client.start([])));
test.after(async () => assert.is(await client.stop(), 0));

/** What the server offers at the mark, applied. */
async function applied(marked: string, title: string): Promise<string> {
  const text = textOf(marked.replace("▮", ""));
  const before = textOf(marked).split("▮")[0]?.split("\n") ?? [];
  const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
  const path = join(folderWith({ "package.json": '{ "type": "module" }', "pipeline.ts": text }), "pipeline.ts");
  const uri = await client.open(path, text);
  const actions = await client.connection.sendRequest<CodeAction[]>("textDocument/codeAction", { textDocument: { uri }, range: { start: position, end: position }, context: { diagnostics: [] } });
  const action = actions.find((each) => each.title === title);
  assert.ok(action !== undefined, `offered: ${actions.map((each) => each.title).join("; ")}`);
  return edited(text, action?.edit?.changes?.[uri] ?? []);
}

test("a task after an earlier one: by its variable, or by one that it gets", async () => {
  const named = await applied("const loaded = load({ source }); const told = te▮ll({ text: source }); return { told, rows: loaded.rows };", 'Run "tell" after "load"');
  assert.match(named, "tell({ text: source }).after(loaded);");
  assert.is(serious(found(named).diagnostics), "", named);
  const unnamed = await applied("load({ source });\n  const told = te▮ll({ text: source }); return { told };", 'Run "tell" after "load"');
  assert.match(unnamed, "const load2 = load({ source });\n  const told = tell({ text: source }).after(load2);");
  assert.is(serious(found(unnamed).diagnostics), "", unnamed);
  const document = compile(nodeHost(), found(unnamed).path, { target: "ir" }).document;
  const tasks = document?.pipelines["main"]?.body.nodes ?? [];
  assert.equal(tasks.map((node) => (node.kind === "task" ? node.after : [])), [[], ["load"]]);
});

test("what a task waits for already is not offered", async () => {
  const text = 'const loaded = load({ source }); const told = te▮ll({ text: loaded.name }); return { told };';
  let offered = "";
  await applied(text, 'Run "tell" after "load"').catch((error: Error) => (offered = error.message));
  assert.is(offered, "offered: ");
});

test.run();
