/** For every code: the language server and the command line's check say the same, at the same place. The cases are those of `fixtures/` that raise a code; `HMC_ALL_FIXTURES=1` takes all. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Diagnostic as ProtocolDiagnostic } from "vscode-languageserver-protocol/node";
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import type { Host } from "../../compiler/host.ts";
import { nodeHost } from "../../compiler/node-host.ts";
import { targetsOf } from "../fixtures/targets.ts";
import { root } from "../folders.ts";
import { Client } from "./client.ts";
import { commandLineFindings } from "./command-line.ts";

const fixtures = join(root, "fixtures");
const cases = ["", "argo"].flatMap((group) => readdirSync(join(fixtures, group)).map((name) => join(group, name))).filter((name) => existsSync(join(fixtures, name, "pipeline.ts")) && (basename(name).startsWith("invalid-") || process.env["HMC_ALL_FIXTURES"] === "1"));
const host: Host = nodeHost();
const severity = { error: 1, warning: 2, info: 3 };

/** One line for each finding, sorted. */
function lines(found: { code: string; severity: number; message: string; place: (number | undefined)[]; related: string[] }[]): string[] {
  return [...new Set(found.map((one) => JSON.stringify(one)))].sort();
}

function ofCommandLine(found: readonly Diagnostic[]): string[] {
  return lines(found.map(({ code, severity: level, message, span, related }) => ({
    code,
    severity: severity[level],
    message,
    place: span === undefined ? [0, 0, 0, 0] : [span.line - 1, span.column - 1, span.endLine - 1, span.endColumn - 1],
    related: related.map((one) => one.message),
  })));
}

function ofServer(found: readonly ProtocolDiagnostic[]): string[] {
  return lines(found.map(({ code, severity: level, message, range, relatedInformation }) => ({
    code: String(code),
    severity: level ?? 0,
    message: typeof message === "string" ? message : message.value,
    place: [range.start.line, range.start.character, range.end.line, range.end.character],
    related: (relatedInformation ?? []).map((one) => one.message),
  })));
}

const clients = { kfp: new Client(), argo: new Client() };
test.before(async () => {
  await clients.kfp.start(["kfp"]);
  await clients.argo.start(["argo"]);
});
test.after(async () => {
  for (const client of Object.values(clients)) assert.is(await client.stop(), 0);
});

const seen = new Set<string>();

for (const name of cases) {
  test(name, async () => {
    const path = join(fixtures, name, "pipeline.ts");
    const target = targetsOf(join(fixtures, name)).includes("kfp") ? "kfp" : "argo";
    const client = clients[target];
    const all = commandLineFindings(host, path, target);
    for (const { code } of all) seen.add(code);
    const wanted = ofCommandLine(all);
    const uri = await client.open(path, readFileSync(path, "utf8"));
    const found = await client.until(uri, ({ diagnostics }) => JSON.stringify(ofServer(diagnostics)) === JSON.stringify(wanted));
    assert.equal(ofServer(found ?? []), wanted);
    for (const { code, codeDescription } of found ?? []) assert.match(codeDescription?.href ?? "", new RegExp(`^file:.*/docs/errors/${String(code)}\\.md$`));
    await client.close(uri);
    assert.equal(await client.until(uri, ({ diagnostics }) => diagnostics.length === 0), [], "a closed file has no findings");
  });
}

test("the cases raise most codes of hmc", () => {
  assert.ok(seen.size >= 140, `${seen.size}`);
});

test("nothing failed inside the servers", () => {
  assert.equal([...clients.kfp.log, ...clients.argo.log], []);
});

test.run();
