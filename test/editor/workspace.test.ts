/** What happens around the text: several folders, unsaved files, files that change on the disk, settings, burst of edits. Squiggles are marked as `‹…›` in the text. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Diagnostic } from "vscode-languageserver-protocol/node";
import { folderWith } from "../cli/hmc.ts";
import { Client } from "./client.ts";

/** A text whose findings are marked, in order of the text. */
function marked(source: string): { text: string; places: string[] } {
  const places: string[] = [];
  let text = "";
  const open: number[] = [];
  const at = (offset: number): string => {
    const lines = text.slice(0, offset).split("\n");
    return `${lines.length - 1}:${lines.at(-1)?.length ?? 0}`;
  };
  for (const character of source) {
    if (character === "‹") open.push(text.length);
    else if (character === "›") places.push(`${at(open.pop() ?? 0)}-${at(text.length)}`);
    else text += character;
  }
  return { text, places };
}

const placesOf = (found: readonly Diagnostic[] | undefined): string[] => (found ?? []).map(({ range: { start, end } }) => `${start.line}:${start.character}-${end.line}:${end.character}`).sort();
const codesOf = (found: readonly Diagnostic[] | undefined): string[] => (found ?? []).map(({ code }) => String(code)).sort();

const clean = `import { op, pipeline } from "hmc";
export const load = op({ image: "acme/a:1" }, async ({ name }: { name: string }): Promise<string> => name);
export const main = pipeline(({ name = "a" }: { name?: string }) => ({ told: load({ name }) }));
`;
const project = (files: Record<string, string> = {}): string => folderWith({ "package.json": '{ "type": "module" }', ...files });

const client = new Client();
const folders = [project(), project()];
test.before(async () => void (await client.start(["kfp"], folders)));
test.after(async () => assert.is(await client.stop(), 0));

/** What is published of a file at last, once it has these codes. */
async function until(uri: string, codes: readonly string[]): Promise<Diagnostic[] | undefined> {
  return client.until(uri, ({ diagnostics }) => JSON.stringify(codesOf(diagnostics)) === JSON.stringify([...codes].sort()));
}

test("squiggles stand where the marks are", async () => {
  const wrong = marked(`import { op, pipeline, type Int } from "hmc";
export const load = op({ image: "acme/a:1" }, async ({ n }: { n: Int }): Promise<Int> => n);
export const main = pipeline({ schedule: ‹"0 0 0 * * *"›, timezone: ‹"Europe/Rom"› }, ({ n = 1 }: { n?: Int }) => {
  const a = load({ n }), text = "é😀"; /* 😀 */ const b = ‹[a].reverse()›;
  return { a, b: text };
});
`);
  const uri = await client.open(join(project(), "pipeline.ts"), wrong.text);
  assert.equal(placesOf(await until(uri, ["HMC1003", "HMC3011", "HMC3013"])), [...wrong.places].sort());
  const doubtful = marked(`import { op, pipeline, type Int } from "hmc";
export const load = op({ image: ‹"acme/a:latest"› }, async ({ n }: { n: Int }): Promise<Int> => n);
export const main = pipeline({ schedule: ‹"* 6 * * *"› }, ({ n = 1, ‹unused› }: { n?: Int; unused?: string }) => ({ a: load({ n }) }));
`);
  await client.change(uri, doubtful.text);
  const found = await until(uri, ["HMC5002", "HMC5003", "HMC5005"]);
  assert.equal(placesOf(found), [...doubtful.places].sort());
  assert.equal(found?.find(({ code }) => code === "HMC5002")?.tags, [1]);
});

test("two folders: each file by the project that it is in; a closed file has no findings", async () => {
  const [first, second] = folders as [string, string];
  const uris = [await client.open(join(first, "pipeline.ts"), clean.replace("acme/a:1", "acme/a")), await client.open(join(second, "pipeline.ts"), clean)] as const;
  assert.equal(codesOf(await until(uris[0], ["HMC5003"])), ["HMC5003"]);
  assert.equal(codesOf(await until(uris[1], [])), []);
  await client.close(uris[0]);
  assert.equal(codesOf(await until(uris[0], [])), []);
});

const withHelper = 'import { pipeline } from "hmc";\nimport { load } from "./load.ts";\nexport const main = pipeline(({ name = "a" }: { name?: string }) => ({ told: load({ name }) }));\n';
const asOp = 'import { op } from "hmc";\nexport const load = op({ image: "acme/a:1" }, async ({ name }: { name: string }): Promise<string> => name);\n';
/** No op any more: the call in the pipeline is wrong. */
const asNumber = "export const load = 5;\n";

test("an unsaved helper counts before the disk; the disk counts again when it is closed", async () => {
  const folder = project({ "load.ts": asOp });
  const uri = await client.open(join(folder, "pipeline.ts"), withHelper);
  assert.equal(codesOf(await until(uri, [])), []);
  const helper = await client.open(join(folder, "load.ts"), asNumber);
  assert.equal(codesOf(await until(uri, ["HMC1002"])), ["HMC1002"]);
  await client.close(helper);
  assert.equal(codesOf(await until(uri, [])), []);
});

test("what changes, comes and goes on the disk is seen when the editor tells it", async () => {
  const folder = project();
  const uri = await client.open(join(folder, "pipeline.ts"), withHelper);
  const isMissing = (found: readonly Diagnostic[]): boolean => codesOf(found).includes("HMC0009");
  assert.ok(isMissing((await client.until(uri, ({ diagnostics }) => isMissing(diagnostics))) ?? []));
  const helper = join(folder, "load.ts");
  const tell = (type: 1 | 2 | 3): Promise<void> => client.connection.sendNotification("workspace/didChangeWatchedFiles", { changes: [{ uri: pathToFileURL(helper).href, type }] });
  writeFileSync(helper, asOp);
  await tell(1);
  assert.equal(codesOf(await until(uri, [])), []);
  writeFileSync(helper, asNumber);
  await tell(2);
  assert.equal(codesOf(await until(uri, ["HMC1002"])), ["HMC1002"]);
  rmSync(helper);
  await tell(3);
  assert.ok(isMissing((await client.until(uri, ({ diagnostics }) => isMissing(diagnostics))) ?? []));
});

test("other targets are other limits", async () => {
  const loops = `import { op, pipeline, range, type Int } from "hmc";
export const load = op({ image: "acme/a:1" }, async ({ n }: { n: Int }): Promise<Int> => n);
export const main = pipeline(({ n = 1 }: { n?: Int }) => {
  for (const index of range(n)) load({ n: index });
});
`;
  const uri = await client.open(join(project(), "pipeline.ts"), loops);
  assert.equal(codesOf(await until(uri, ["HMC4006"])), ["HMC4006"]);
  await client.configure(["argo"]);
  assert.equal(codesOf(await until(uri, [])), []);
  await client.configure(["kfp"]);
  assert.equal(codesOf(await until(uri, ["HMC4006"])), ["HMC4006"]);
});

test("of a burst of edits the last one is told, with its version; a question that is taken back ends nothing else", async () => {
  const uri = await client.open(join(project(), "pipeline.ts"), clean);
  let version = 1;
  for (let edit = 0; edit < 30; edit++) version = await client.change(uri, clean.replace("acme/a:1", edit % 2 === 0 ? "acme/a:latest" : `acme/a:${edit}`));
  await client.until(uri, (published) => published.version === version);
  await until(uri, []);
  assert.equal([client.published.get(uri)?.at(-1)?.version, codesOf(client.published.get(uri)?.at(-1)?.diagnostics)], [version, []]);
  const asked = client.connection.sendRequest("textDocument/hover", { textDocument: { uri }, position: { line: 1, character: 15 } });
  await client.connection.sendNotification("$/cancelRequest", { id: 0 });
  assert.ok((await asked) !== null);
});

test.run();
