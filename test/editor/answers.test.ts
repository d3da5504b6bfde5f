/** Hovers, hints, lenses, symbols, completions, definitions and fixes, asked of the real server. `▮` in a text marks the cursor. */
import { readFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { CodeAction, CodeLens, CompletionItem, DocumentSymbol, Hover, InlayHint, Location, Range } from "vscode-languageserver-protocol/node";
import { check } from "../../compiler/compile.ts";
import { nodeHost } from "../../compiler/node-host.ts";
import { folderWith } from "../cli/hmc.ts";
import { root } from "../folders.ts";
import { Client } from "./client.ts";

const source = `import { limit, op, pipeline, secret } from "hmc";

/** Counts words. */
export const count = op({ image: "ghcr.io/acme/ops:1.4", memory: "2Gi", env: { TOKEN: secret("aws", "token") } }, async (input: { text: string }): Promise<{ words: number }> => {
  return { words: input.text.split(" ").length };
});

export const nightly = pipeline({ schedule: "0 0 * * *", timezone: "UTC" }, ({ text = "a b" }: { text?: string }) => {
  const first = count({ text });
  const second = count({ text: \`\${first.words}\` });
  for (const part of limit(["a", "b", "c"], 2)) {
    count({ text: part }).after(second);
  }
  return { words: second.words };
});
`;

const client = new Client();
test.before(async () => void (await client.start([])));
test.after(async () => assert.is(await client.stop(), 0));

/** The text without its mark, and where that was. */
function marked(text: string): { text: string; position: { line: number; character: number } } {
  const before = text.slice(0, text.indexOf("▮")).split("\n");
  return { text: text.replace("▮", ""), position: { line: before.length - 1, character: before.at(-1)?.length ?? 0 } };
}

/** Opens the source with a mark put before one of its texts. */
async function openAt(at: string, more = 1): Promise<{ uri: string; position: { line: number; character: number } }> {
  const { text, position } = marked(source.replace(at, `${at.slice(0, more)}▮${at.slice(more)}`));
  const uri = await client.open(join(root, "fixtures", "editor.ts"), text);
  return { uri, position };
}

const all: Range = { start: { line: 0, character: 0 }, end: { line: 10_000, character: 0 } };

test("the hover of a task has its inputs, outputs and options with their layers", async () => {
  const { uri, position } = await openAt("second = count");
  const hover = await client.request<Hover>("textDocument/hover", uri, { position });
  const { value } = hover.contents as { value: string };
  assert.match(value, "**task** `count-2` of op `count`");
  assert.match(value, "Counts words.");
  assert.match(value, /- `text`: string ← `.*count\.words.*`/);
  assert.match(value, "- `words`: number");
  assert.match(value, /- `memory` = `.*2Gi.*` \(op\)/);
  await client.close(uri);
});

test("the hover of a pipeline has two pictures and the next three fires", async () => {
  const { uri, position } = await openAt("nightly = pipeline");
  const { value } = (await client.request<Hover>("textDocument/hover", uri, { position })).contents as { value: string };
  assert.match(value, "```mermaid\n");
  assert.is((value.match(/\d{4}-\d\d-\d\d 00:00/g) ?? []).length, 3);
  await client.close(uri);
});

test("hints tell inferred dependencies and the width of loops", async () => {
  const { uri } = await openAt("nightly = pipeline");
  const hints = await client.request<InlayHint[]>("textDocument/inlayHint", uri, { range: all });
  assert.equal(hints.map(({ label }) => label), ["⟵ count", "∥ 2 ", "⟵ count-2"]);
  await client.close(uri);
});

test("lenses stand over pipelines, symbols hold the tasks", async () => {
  const { uri } = await openAt("nightly = pipeline");
  const lenses = await client.request<CodeLens[]>("textDocument/codeLens", uri);
  assert.equal(lenses.map(({ command }) => [command?.title, command?.command, command?.arguments?.[1]]), [["Run", "hmc.run", "nightly"], ["Compile", "hmc.compile", "nightly"], ["Show graph", "hmc.graph", "nightly"]]);
  const symbols = await client.request<DocumentSymbol[]>("textDocument/documentSymbol", uri);
  assert.equal(symbols.map(({ name, children }) => [name, children?.map((child) => child.name)]), [["count", []], ["nightly", ["count", "count-2", "for-1"]]]);
  await client.close(uri);
});

test("completion knows images, secrets and schedules", async () => {
  const { uri } = await openAt("nightly = pipeline");
  await client.request("textDocument/documentSymbol", uri);
  const labels = async (written: string): Promise<string[]> => {
    const { text, position } = marked(`import { op, secret } from "hmc";\nconst o = op({ ${written} }, async () => {});\n`);
    const other = await client.open(join(root, "fixtures", "editor-other.ts"), text);
    const items = await client.request<CompletionItem[]>("textDocument/completion", other, { position });
    await client.close(other);
    return items.map(({ label }) => label);
  };
  assert.equal(await labels('image: "▮"'), ["ghcr.io/acme/ops:1.4"]);
  assert.equal(await labels('env: { A: secret("▮") }'), ["aws"]);
  assert.equal(await labels('env: { A: secret("aws", "▮") }'), ["token"]);
  assert.ok((await labels('schedule: "▮"')).includes("0 6 * * 1-5"));
  assert.equal(await labels('name: "▮"'), []);
  await client.close(uri);
});

test("a saved component file gets its declarations, but not over a file of somebody else; definitions lead there and back", async () => {
  const yaml = readFileSync(join(root, "fixtures/twin-component-v1/merge.component.yaml"), "utf8");
  const pipeline = 'import { component, pipeline } from "hmc";\nconst score = component("./▮a.yaml");\nexport const p = pipeline(() => { score({}); });\n';
  const folder = folderWith({ "package.json": "{}", "a.yaml": yaml, "b.yaml": yaml, "b.yaml.d.ts": "// mine\n", "p.ts": pipeline.replace("▮", "") });
  const { text, position } = marked(pipeline);
  const uri = await client.open(join(folder, "p.ts"), text);
  const component = await client.open(join(folder, "a.yaml"), yaml, "yaml");
  const other = await client.open(join(folder, "b.yaml"), yaml, "yaml");
  const [there] = await client.request<Location[]>("textDocument/definition", uri, { position });
  assert.is(there?.uri, component);
  await client.request("textDocument/documentSymbol", uri);
  for (const saved of [component, other]) await client.connection.sendNotification("textDocument/didSave", { textDocument: { uri: saved } });
  const [back] = await client.request<Location[]>("textDocument/definition", component, { position: { line: 0, character: 0 } });
  assert.equal([back?.uri, back?.range.start], [uri, { line: 1, character: 25 }]);
  assert.ok(existsSync(join(folder, "a.yaml.d.ts")));
  assert.is(readFileSync(join(folder, "b.yaml.d.ts"), "utf8"), "// mine\n");
  for (const open of [uri, component, other]) await client.close(open);
});

test("a fix is offered where its finding is, and mends it", async () => {
  const path = join(root, "fixtures/invalid-hmc5005-schedule-every-minute-of-hour/pipeline.ts");
  const text = readFileSync(path, "utf8");
  const uri = await client.open(path, text);
  const actions = await client.request<CodeAction[]>("textDocument/codeAction", uri, { range: all, context: { diagnostics: [] } });
  const fix = check(nodeHost(), path, { scope: "all", ops: "exported" }).diagnostics.find(({ code }) => code === "HMC5005")?.fix;
  assert.ok(fix !== undefined);
  assert.equal(actions.map(({ title }) => title), [fix.title]);
  const [edit] = actions[0]?.edit?.changes?.[uri] ?? [];
  assert.is(edit?.newText, fix.edits[0]?.newText);
  await client.close(uri);
});

test.run();
