/** Broken sources: whatever is missing or swapped, analysing ends with a document or with an error at a place in the file. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ts } from "ts-morph";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readComponentFile } from "../../compiler/component-files.ts";
import { analyse } from "../../compiler/frontend/analyse.ts";
import type { Host } from "../../compiler/host.ts";
import { validateDocument } from "../../compiler/ir/validate.ts";
import { nodeHost } from "../../compiler/node-host.ts";
import { randomNumbers } from "../random.ts";

const fixtures = fileURLToPath(new URL("../../fixtures/", import.meta.url));
const entries = readdirSync(fixtures)
  .filter((name) => !name.startsWith("invalid-"))
  .map((name) => join(fixtures, name, "pipeline.ts"))
  .filter((path) => existsSync(path));

/** Enough for a nightly run with `HMC_FUZZ=1000`; few by default, as each is a whole analysis. */
const rounds = Number(process.env["HMC_FUZZ"] ?? 40);
const milliseconds = process.env["HMC_FUZZ"] === undefined ? 12_000 : Infinity;

interface Range {
  start: number;
  end: number;
}

function tokens(text: string): Range[] {
  const scanner = ts.createScanner(ts.ScriptTarget.ES2022, true, ts.LanguageVariant.Standard, text);
  const found: Range[] = [];
  while (scanner.scan() !== ts.SyntaxKind.EndOfFileToken) found.push({ start: scanner.getTokenStart(), end: scanner.getTokenEnd() });
  return found;
}

function statements(text: string): Range[] {
  const found: Range[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStatement(node) && !ts.isBlock(node)) found.push({ start: node.getStart(), end: node.end });
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("x.ts", text, ts.ScriptTarget.ES2022, true));
  return found;
}

/** A text with one or two tokens or statements deleted, doubled or swapped. */
function mutate(text: string, random: () => number): string {
  const pick = <T>(all: readonly T[]): T | undefined => all[Math.floor(random() * all.length)];
  const ranges = random() < 0.5 ? tokens(text) : statements(text);
  const one = pick(ranges);
  const two = pick(ranges);
  if (one === undefined || two === undefined) return text;
  const kind = random();
  if (kind < 0.4) return text.slice(0, one.start) + text.slice(one.end);
  if (kind < 0.55) return text.slice(0, one.end) + " " + text.slice(one.start, one.end) + text.slice(one.end);
  const [first, second] = one.start <= two.start ? [one, two] : [two, one];
  if (first.end > second.start) return text.slice(0, one.start) + text.slice(two.start, two.end) + text.slice(one.end);
  return text.slice(0, first.start) + text.slice(second.start, second.end) + text.slice(first.end, second.start) + text.slice(first.start, first.end) + text.slice(second.end);
}

/** What is wrong with the answer to a source; undefined where nothing is. */
function problem(path: string, text: string): string | undefined {
  const disk = nodeHost();
  const bytes = new TextEncoder().encode(text);
  const host: Host = { ...disk, env: () => undefined, readFile: (file) => (file === path ? bytes : disk.readFile(file)), writeFile: () => assert.unreachable("analysing writes no files") };
  let result: ReturnType<typeof analyse>;
  try {
    result = analyse(host, path, { scope: "pipeline", readComponentFile });
  } catch (error) {
    return `it throws: ${error instanceof Error ? error.stack : String(error)}`;
  }
  const { document, diagnostics, texts } = result;
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length === 0 && document === undefined) return "neither a document nor an error";
  for (const { code, message, span } of errors) {
    if (message === "") return `${code} without a message`;
    if (span === undefined) return `${code} without a place: ${message}`;
    const source = texts.get(span.file);
    const inside = source !== undefined && span.start >= 0 && span.start <= span.end && span.end <= source.length;
    if (!inside) return `${code} outside of "${span.file}": ${span.start}–${span.end}`;
  }
  const checked = document === undefined || errors.length > 0 ? {} : validateDocument(document);
  return "errors" in checked ? `the document breaks the schema: ${JSON.stringify(checked.errors)}` : undefined;
}

test("sources with random deletions, doublings and swaps", () => {
  const random = randomNumbers(Number(process.env["HMC_FUZZ_SEED"] ?? 3));
  const start = Date.now();
  let done = 0;
  let broken = 0;
  for (; done < rounds && Date.now() - start < milliseconds; done++) {
    const path = entries[Math.floor(random() * entries.length)] ?? "";
    const original = readFileSync(path, "utf8");
    let text = mutate(original, random);
    if (random() < 0.3) text = mutate(text, random);
    if (text !== original) broken += 1;
    const found = problem(path, text);
    assert.ok(found === undefined, `${dirname(path)}: ${found}\n${text}`);
  }
  assert.ok(broken >= 5, `at least some sources were changed: ${broken} of ${done}`);
});

test("a source cut off anywhere", () => {
  const path = join(fixtures, "control-flow", "pipeline.ts");
  const original = readFileSync(path, "utf8");
  const random = randomNumbers(7);
  for (let round = 0; round < 5; round++) {
    const text = original.slice(0, Math.floor(random() * original.length));
    const found = problem(path, text);
    assert.ok(found === undefined, `${found}\n${text}`);
  }
});

test.run();
