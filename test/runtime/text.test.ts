/** The escape of text: what comes back is what went in, and nothing that an engine rewrites is left. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { absentText, escapeJson, escapeText, unescapeJson, unescapeText } from "../../runtime/text.ts";
import type { Json } from "../../compiler/ir/types.ts";

/** Text rich in what the engines rewrite, in what the escape itself uses, and in lone surrogates. */
const nasty = fc
  .array(
    fc.oneof(
      fc.constantFrom("{", "{{", "}", "$", "$$", "$(", "(", ")", "~", "~(", "~(7b)", "~(24", "7b", "\0", "\x07", "\x1b[1m", "\v", "\b", "\f", "\x1f", "\x7f", "\u0085", "😀", "\ud83d", "\ude00", "\ufeff", "\uffff", "x", "é", "\n"),
      fc.string({ unit: "binary", maxLength: 3 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(""));

const refused = /\{\{|\$\$|\$\(|[\0-\x08\v\f\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff]|[\ud800-\udfff]/;

const many = { numRuns: 3000 };

test("a text comes back from its encoding", () => {
  fc.assert(fc.property(nasty, (text) => unescapeText(escapeText(text)) === text), many);
});

test("parts that an engine joins decode to the joined text", () => {
  fc.assert(fc.property(nasty, nasty, nasty, (a, b, c) => unescapeText(escapeText(a) + escapeText(b) + escapeText(c)) === a + b + c), many);
});

test("no sequence that an engine rewrites is left, also across joined parts", () => {
  fc.assert(fc.property(nasty, nasty, (a, b) => !refused.test(escapeText(a) + escapeText(b))), many);
});

test("two texts never share an encoding", () => {
  fc.assert(fc.property(nasty, nasty, (a, b) => a === b || escapeText(a) !== escapeText(b)), many);
});

test("values inside lists and structs, and keys, come back", () => {
  const value = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      nasty,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(nasty, tie("value"), { maxKeys: 3, noNullPrototype: true }),
    ),
  })).value;
  fc.assert(
    fc.property(value, (json) => {
      assert.equal(unescapeJson(escapeJson(json)), json);
      // JSON text of an encoded value may be pasted into encoded text by the engine.
      assert.not(refused.test(escapeText("a{") + JSON.stringify(escapeJson(json)) + escapeText("{b")));
    }),
    { numRuns: 1000 },
  );
});

test("ordinary text is its own encoding", () => {
  for (const text of ["", "007", "a {b} c", "costs $5", "~/data", "C:\\x\ty\r\n", "Zoë → 東京", '{"a":{"b":[1,{}]}}', "50 % of ${HOME}", "a~b (c)"]) {
    assert.is(escapeText(text), text);
  }
});

test("the encoding is the documented one", () => {
  assert.is(escapeText("{{workflow.name}}"), "~(7b){workflow.name}}");
  assert.is(escapeText("$(date) $$"), "~(24)(date) ~(24)~(24)");
  assert.is(escapeText("😀"), "~(1f600)");
  assert.is(escapeText("~(41)"), "~(7e)(41)");
  assert.is(escapeText("open {"), "open ~(7b)");
  assert.is(escapeText("\x1b[31mred\x07"), "~(1b)[31mred~(7)");
});

test("exactly the controls that Argo can pass on are their own encoding", () => {
  const controls = Array.from({ length: 0x20 }, (_, code) => String.fromCodePoint(code));
  assert.equal(controls.filter((control) => escapeText(control) === control), ["\t", "\n", "\r"]);
  assert.is(unescapeText(escapeText(controls.join(""))), controls.join(""));
});

test("no text has the encoding that stands for an absent value", () => {
  assert.is(escapeText(absentText), "~(7e)(absent)");
  assert.is(unescapeText(absentText), absentText);
  fc.assert(fc.property(nasty, nasty, (a, b) => !(escapeText(a) + escapeText(b)).includes(absentText)), many);
});

test("text that the escape cannot have made is left alone", () => {
  for (const text of ["~(41)", "~(1F600)", "~(007b)", "~(9)", "~(a)", "~(d)", "~(00)", "~()", "~(110000)", "~(zz)"]) assert.is(unescapeText(text), text);
});

test.run();
