/** Whatever stands in a file, reading it ends soon, throws nothing, and gives a file or an error at a place in the text. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readKfp } from "../../compiler/importers/kfp/read.ts";
import { compiledFixtures, goldens } from "../conformance/corpus.ts";
import { startClock } from "./cpu-time.ts";
import { v1Components } from "./v1-components.ts";

const numRuns = Number(process.env["HMC_FUZZ"] ?? 300);
const corpus = [...compiledFixtures(), ...(goldens() ?? [])].map(({ text }) => text).concat(Object.values(v1Components));

function holds(text: string): void {
  const clock = startClock();
  const { file, diagnostics } = readKfp(text, "x.yaml");
  assert.ok(clock() < 2000, "within two seconds");
  assert.is(file === undefined, diagnostics.some(({ severity }) => severity === "error"));
  for (const { span, message } of diagnostics) {
    assert.ok(span !== undefined && span.start >= 0 && span.start <= span.end && span.end <= text.length, message);
    assert.is(span.line, text.slice(0, span.start).split("\n").length, message);
    assert.is(span.column, span.start - text.lastIndexOf("\n", span.start - 1), message);
  }
  if (file !== undefined) assert.ok(file.locate(["root", "dag", "tasks", "x", 3]).end <= text.length);
}

const source = fc.constantFrom(...corpus);
const place = fc.double({ min: 0, max: 1, noNaN: true });
const junk = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.string({ unit: "binary", maxLength: 4 }),
  fc.constantFrom("\0", "\ud800", "\u2028", "\r", "\t", "&a ", "*a", "<<: ", "!!binary ", "---\n", "...\n", "[", "{", '"', "'", "|", ">", "? ", ": ", "- ", "%", "null", "__proto__: ", "constructor", "2001-01-01", "1e3", "platforms:\n"),
);

test("files that are cut off anywhere", () => {
  fc.assert(fc.property(source, place, (text, at) => holds(text.slice(0, Math.floor(at * text.length)))), { numRuns, seed: 1 });
});

test("files with something put in, or over what is there", () => {
  const change = fc.record({ at: place, removed: fc.nat({ max: 12 }), added: junk });
  fc.assert(
    fc.property(source, fc.array(change, { minLength: 1, maxLength: 3 }), (text, changes) => {
      for (const { at, removed, added } of changes) {
        const offset = Math.floor(at * text.length);
        text = text.slice(0, offset) + added + text.slice(offset + removed);
      }
      holds(text);
    }),
    { numRuns, seed: 2 },
  );
});

test("files with lines doubled, moved and removed", () => {
  fc.assert(
    fc.property(source, place, place, fc.nat({ max: 6 }), (text, from, to, count) => {
      const lines = text.split("\n");
      const taken = lines.splice(Math.floor(from * lines.length), count);
      lines.splice(Math.floor(to * lines.length), 0, ...taken, ...(count % 2 === 0 ? taken : []));
      holds(lines.join("\n"));
    }),
    { numRuns, seed: 3 },
  );
});

test("text of any kind", () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.string({ unit: "binary" }), fc.json()), (text) => holds(text)), { numRuns, seed: 4 });
});

test("any JSON in the place of any part", () => {
  const value = fc.jsonValue({ maxDepth: 3 });
  const part = fc.constantFrom("pipelineInfo", "root", "components", "deploymentSpec", "schemaVersion", "platforms", "implementation", "inputs", "outputs", "name", "kind", "apiVersion", "spec", "pipelineSpec");
  fc.assert(fc.property(fc.dictionary(part, value, { maxKeys: 6 }), (document) => holds(JSON.stringify(document).replace(/[\u0085\u2028\u2029]/g, " "))), { numRuns, seed: 5 });
});

test.run();
