/** Analysing runs nothing of the user: no statement, no initialiser, no getter, no import, no op. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { analyse } from "../../compiler/frontend/analyse.ts";
import { nodeHost } from "../../compiler/node-host.ts";
import { errorsOf, outline } from "./lowered.ts";

const tsx = import.meta.resolve("tsx");
const folder = mkdtempSync(join(tmpdir(), "hmc-no-user-code-"));
const trace = join(folder, "trace.txt");
const entry = join(folder, "pipeline.ts");

/** Each of these writes a file and throws when it is run; the last one ends the process. */
const side = `
import { writeFileSync } from "node:fs";
export function leave(what: string): string {
  writeFileSync(${JSON.stringify(trace)}, what);
  throw new Error(what);
}
leave("imported module");
`;
const source = `
import { op, pipeline } from "hmc";
import { leave } from "./side.ts";
export const say = op(async (input: { text: string }) => { leave("op"); return input.text; });
export const config = { get name(): string { return leave("getter"); }, table: "crashes" };
const made = leave("initialiser");
export const lazy = new Proxy({}, { get: () => leave("proxy") });
class Loud { static { leave("static block"); } toString(): string { return leave("toString"); } }
export const p = pipeline(({ name = "x" }: { name?: string }) => {
  const first = say({ text: name });
  if (first === "y") say({ text: config.table });
});
void [made, Loud];
leave("statement");
process.exit(99);
`;

test.before(() => {
  writeFileSync(join(folder, "package.json"), `{ "type": "module" }`);
  // For Node's types.
  symlinkSync(fileURLToPath(new URL("../../node_modules", import.meta.url)), join(folder, "node_modules"));
  writeFileSync(join(folder, "side.ts"), side);
  writeFileSync(entry, source);
});
test.after(() => rmSync(folder, { recursive: true, force: true }));
test.before.each(() => rmSync(trace, { force: true }));

test("what the file imports, run by Node, leaves its trace and fails: the proofs below can fail", () => {
  const { status } = spawnSync(process.execPath, ["--import", tsx, join(folder, "side.ts")]);
  assert.is.not(status, 0);
  assert.ok(existsSync(trace));
});

for (const scope of ["pipeline", "all"] as const) {
  test(`analysing it with scope "${scope}" gives its graph and runs none of it`, () => {
    const { document, diagnostics } = analyse(nodeHost(), entry, { scope });
    assert.not.ok(existsSync(trace), "no file was written");
    assert.equal(errorsOf(diagnostics), []);
    const pipeline = document?.pipelines["p"];
    assert.equal(pipeline === undefined ? [] : outline(pipeline), [`say = say(text: $name)`, `if-1 if (say.Output == "y")`, `  say-2 = say(text: "crashes")`, `if-1 else`]);
  });
}

test("a value that only running the code would give is a mistake, not a reason to run it", () => {
  const host = nodeHost();
  const asks = source.replace("config.table", "config.name").replace('text: name }', "text: made }");
  const { diagnostics } = analyse({ ...host, readFile: (path) => (path === entry ? new TextEncoder().encode(asks) : host.readFile(path)) }, entry, { scope: "pipeline" });
  assert.not.ok(existsSync(trace), "no file was written");
  assert.equal(diagnostics.map(({ code }) => code), ["HMC1011", "HMC1011"]);
});

test.run();
