/**
 * The plugin in a real tsserver of TypeScript 5.9 and 6.0: it says what the command line says, its fixes mend, and tsserver goes on whatever happens in it. The cases are those of
 * `fixtures/`; `HMC_ALL_FIXTURES=1` takes all of them, else one in eight.
 */
import { cpSync, existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { nodeHost } from "../../compiler/node-host.ts";
import { root } from "../folders.ts";
import { commandLineFindings } from "./command-line.ts";
import { changed } from "./edited.ts";
import { endServers, project, TsServer, versions, type CodeFix, type ServerDiagnostic, type Version } from "./tsserver.ts";

const all = process.env["HMC_ALL_FIXTURES"] === "1";
const fixtures = readdirSync(join(root, "fixtures")).filter((name) => existsSync(join(root, "fixtures", name, "pipeline.ts")) && name.startsWith("invalid-"));
const cases = fixtures.filter((_, index) => all || index % 8 === 0);
const categories = { error: "error", warning: "warning", info: "suggestion" } as const;

const line = (place: { line: number; column: number }): string => `${place.line}:${place.column}`;

/** What `hmc check` and a compile to KFP say of a file, one line each. */
function expected(path: string, folder: string): string[] {
  const found = commandLineFindings({ ...nodeHost(), cwd: () => folder }, path, "kfp");
  return [...new Set(found.map(({ code, severity, message, span }) => `${code} ${categories[severity]} ${span === undefined ? "1:1-1:1" : `${line(span)}-${line({ line: span.endLine, column: span.endColumn })}`} ${message}`))].sort();
}

function told(found: readonly ServerDiagnostic[]): string[] {
  return found.filter(({ source }) => source?.startsWith("HMC")).map(({ source, code, category, start, end, text }) => {
    assert.is(code, 100_000 + Number(source?.slice(3)));
    return `${source ?? ""} ${category} ${start.line}:${start.offset}-${end.line}:${end.offset} ${text ?? ""}`;
  }).sort();
}

const source = `import { op, pipeline, type Int } from "hmc";
export const load = op({ image: "acme/a:1" }, async ({ n }: { n: Int }): Promise<{ name: string; files: string[] }> => ({ name: String(n), files: [] }));
export const tell = op({ image: "acme/a:1" }, async ({ text }: { text: string }): Promise<string> => text);
export const main = pipeline({ schedule: "0 0 6 * * 1" }, ({ n = 1, note }: { n?: Int; note?: string }) => {
  const { name } = load({ n });
  const told = tell({ text: name.padStart(9) });
  const more = tell({ text: note });
  return { told, more };
});
`;

test.after(endServers);

for (const version of Object.keys(versions) as Version[]) {
  test(`TypeScript ${version}: ${cases.length} fixtures, the findings of the command line`, async () => {
    const folder = project({});
    for (const name of cases) cpSync(join(root, "fixtures", name), join(folder, name), { recursive: true });
    const server = new TsServer(version);
    for (const name of cases) {
      const path = join(folder, name, "pipeline.ts");
      server.open(path);
      assert.equal(told(await server.semantic(path)), expected(path, folder), basename(name));
    }
    assert.is(await server.stop(), 0, server.errors);
  });

  test(`TypeScript ${version}: fixes, hover and the order of tasks; findings follow the text`, async () => {
    const folder = project({ "pipeline.ts": source });
    const file = join(folder, "pipeline.ts");
    const server = new TsServer(version);
    server.open(file);
    let text = source;
    const change = (next: string): void => {
      const lines = text.split("\n");
      server.notify("change", { file, line: 1, offset: 1, endLine: lines.length, endOffset: (lines.at(-1)?.length ?? 0) + 1, insertString: next });
      text = next;
    };
    const supported = await server.request<string[]>("getSupportedCodeFixes", { file });
    assert.ok(["103011", "101003", "2322"].every((code) => supported.includes(code)));
    for (const [code, title, holds] of [[103_011, 'Write "0 6 * * 1"', '"0 6 * * 1"'], [101_003, 'Move it into the op "computeText"', "computeText({ name })"], [2322, 'Use "" where "note" has no value', 'note ?? ""']] as const) {
      const found = (await server.semantic(file)).find((one) => one.code === code);
      assert.ok(found !== undefined, `${code}: ${JSON.stringify(await server.semantic(file))}`);
      const fixes = await server.request<CodeFix[]>("getCodeFixes", { file, startLine: found?.start.line, startOffset: found?.start.offset, endLine: found?.end.line, endOffset: found?.end.offset, errorCodes: [code] });
      const fix = fixes.find(({ description }) => description === title);
      assert.ok(fix !== undefined, fixes.map(({ description }) => description).join("; "));
      if (fix === undefined) return;
      change(changed(text, fix.changes));
      assert.match(text, holds);
    }
    assert.equal((await server.semantic(file)).filter(({ category }) => category === "error"), []);
    const row = text.split("\n").findIndex((each) => each.includes("const more")) + 1;
    const { documentation } = await server.request<{ documentation: string }>("quickinfo", { file, line: row, offset: 9 });
    assert.match(documentation, "**task** `tell-2` of op `tell`");
    const at = { file, startLine: row, startOffset: 17, endLine: row, endOffset: 17 };
    const refactors = await server.request<{ name: string; actions: { name: string }[] }[]>("getApplicableRefactors", at);
    assert.equal(refactors.find(({ name }) => name === "hmc-order")?.actions.map(({ name }) => name), ['Run "tell-2" after "tell"'], JSON.stringify(refactors));
    const { edits } = await server.request<{ edits: CodeFix["changes"] }>("getEditsForRefactor", { ...at, refactor: "hmc-order", action: 'Run "tell-2" after "tell"' });
    change(changed(text, edits));
    assert.match(text, 'tell({ text: note ?? "" }).after(told);');
    assert.equal((await server.semantic(file)).filter(({ category }) => category === "error"), []);
    change("export {};\n");
    assert.equal(await server.semantic(file), []);
    change(`${source.slice(0, 700)}`);
    await server.semantic(file);
    change(source);
    assert.equal(told(await server.semantic(file)).length > 0, true);
    assert.is(await server.stop(), 0, server.errors);
  });

  test(`TypeScript ${version}: without "strict", and with the targets of the line in tsconfig.json`, async () => {
    const text = `import { op, pipeline, range, type Int } from "hmc";
export const load = op({ image: "acme/a:1" }, async ({ n, note }: { n: Int; note?: string }): Promise<string> => \`${"$"}{n}${"$"}{note ?? ""}\`);
export const main = pipeline(({ n = 1, note }: { n?: Int; note?: string }) => {
  for (const index of range(n)) load({ n: index, note });
});
`;
    const loose = project({ "pipeline.ts": text }, { targets: ["argo", "kfp"] }, { strict: false });
    const file = join(loose, "pipeline.ts");
    const server = new TsServer(version);
    server.open(file);
    // Its checker does not see that "note" may be missing; hmc has one that does.
    assert.equal((await server.semantic(file)).map(({ source: from }) => from), ["HMC4006"]);
    assert.is(await server.stop(), 0, server.errors);
    const none = project({ "pipeline.ts": text }, { targets: [] });
    const quiet = new TsServer(version);
    quiet.open(join(none, "pipeline.ts"));
    assert.not.ok((await quiet.semantic(join(none, "pipeline.ts"))).some(({ source: from }) => from?.startsWith("HMC4")));
    assert.is(await quiet.stop(), 0);
  });
}

test("a project without pipelines is left alone", async () => {
  const folder = project({ "a.ts": "export const a: number = 'x';\n" });
  const server = new TsServer("6.0");
  server.open(join(folder, "a.ts"));
  assert.equal((await server.semantic(join(folder, "a.ts"))).map(({ code }) => code), [2322]);
  assert.is(await server.stop(), 0);
  assert.not.ok(readFileSync(join(folder, "tsconfig.json"), "utf8").includes("undefined"));
});

test.run();
