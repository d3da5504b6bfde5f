import { test } from "uvu";
import * as assert from "uvu/assert";
import { diagnostic, type Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { renderFrame } from "../../compiler/diagnostics/frame.ts";
import { spanBetween, spanOf } from "./spans.ts";

const frame = (text: string, found: Diagnostic, color = false) => renderFrame(found, new Map([["pipeline.ts", text]]), { color });
const at = (text: string, part: string) => diagnostic("HMC3002", spanOf(text, part), { task: "a" });

test("a frame has the place, the code, the message, the line, the mark and the page", () => {
  const text = "const a = op();\na.after(a);\n";
  assert.is(
    frame(text, at(text, "a.after")),
    [
      'pipeline.ts:2:1 - error HMC3002: The task "a" waits for itself. Remove it from its own ".after()" or ".before()".',
      "  2 | a.after(a);",
      "    | ^^^^^^^",
      "  see docs/errors/HMC3002.md",
      "",
    ].join("\n"),
  );
});

test("related places are notes, and a note at the same place shows no line again", () => {
  const text = "const a = op();\nconst b = op();\n";
  const found = diagnostic("HMC3001", spanOf(text, "a = op()"), { path: "a" }, { related: [{ message: "here", span: spanOf(text, "a = op()") }, { message: "there", span: spanOf(text, "b = op()") }] });
  assert.equal(frame(text, found).split("\n").slice(1, -2), [
    "  1 | const a = op();",
    "    |       ^^^^^^^^",
    "  note: pipeline.ts:1:7 - here",
    "  note: pipeline.ts:2:7 - there",
    "  2 | const b = op();",
    "    |       ^^^^^^^^",
  ]);
});

test("a fix shows the line as it would be", () => {
  const text = 'env: { TOKEN: "abc" },\n';
  const span = spanOf(text, '"abc"');
  const found = diagnostic("HMC5020", span, { name: "TOKEN", reason: "is" }, { fix: { title: "Use a secret", edits: [{ span, newText: 'secret("a", "b")' }] } });
  assert.match(frame(text, found), '  help: Use a secret\n  1 | env: { TOKEN: secret("a", "b") },\n');
});

test("tabs are shown as spaces, and marks stand below what they mean", () => {
  const text = "\tif (x)\t{ y(); }\n";
  assert.equal(frame(text, at(text, "y()")).split("\n").slice(1, 3), ["  1 |     if (x)  { y(); }", "    |               ^^^"]);
});

test("wide characters and emoji take two columns, marks that combine take none", () => {
  const wide = 'const 名前 = "🚀"; bad();';
  assert.equal(frame(wide, at(wide, "bad")).split("\n")[2], `    | ${" ".repeat(6 + 4 + 3 + 4 + 2)}^^^`);
  const combining = "const e\u0301 = bad();";
  assert.equal(frame(combining, at(combining, "bad")).split("\n")[2], `    | ${" ".repeat(10)}^^^`);
});

test("a span over many lines shows its start and its end", () => {
  const text = "train({\n  a,\n  b,\n  c,\n  d,\n});\nnext();\n";
  assert.equal(frame(text, at(text, text.slice(0, text.indexOf("next") - 2))).split("\n").slice(1, -2), [
    "  1 | train({", "    | ^^^^^^^",
    "  2 |   a,", "    |   ^^",
    "  3 |   b,", "    |   ^^",
    "    ⋮ 2 more lines",
    "  6 | });", "    | ^^",
  ]);
});

test("an empty span is one mark, also at the end of the file and in an empty file", () => {
  for (const [text, offset] of [["ab", 2], ["", 0], ["a\n", 2]] as const) {
    const found = diagnostic("HMC3002", spanBetween(text, offset, offset), { task: "a" });
    assert.match(frame(text, found).split("\n")[2] ?? "", /\| +\^$|\| \^$/, JSON.stringify(text));
  }
});

test("lines may end with CRLF", () => {
  const text = "first();\r\nsecond();\r\n";
  assert.equal(frame(text, at(text, "second")).split("\n").slice(1, 3), ["  2 | second();", "    | ^^^^^^"]);
});

test("every kind of line end, and a span that begins inside a CRLF", () => {
  for (const end of ["\n", "\r\n", "\r", "\u2028", "\u2029"]) {
    const text = `first();${end}second();${end}third();`;
    assert.equal(frame(text, at(text, "second")).split("\n").slice(1, 3).map((line) => line.slice(6)), ["second();", "^^^^^^"], JSON.stringify(end));
  }
  assert.match(frame("\r\nx", diagnostic("HMC3002", spanBetween("\r\nx", 1, 1), { task: "a" })), "1 |");
});

test("a line of a megabyte is cut around the mark", () => {
  const text = `${"x".repeat(500_000)} bad() ${"y".repeat(500_000)}`;
  const lines = frame(text, at(text, "bad()")).split("\n");
  assert.ok(lines.every((line) => line.length < 200));
  const mark = lines[2]!.indexOf("^^^^^");
  assert.is(lines[1]!.slice(mark, mark + 5), "bad()");
});

test("many findings on one line of 5 MB are rendered in a moment", () => {
  const text = "const a = bad(); ".repeat(300_000);
  const start = performance.now();
  for (let index = 0; index < 20; index++) assert.match(frame(text, diagnostic("HMC3002", onFirstLine(index * 170_000 + 10), { task: "a" })), "bad()");
  assert.ok(performance.now() - start < 3000);
});

function onFirstLine(start: number): ReturnType<typeof spanBetween> {
  return { ...spanBetween("x", 0, 0), start, end: start + 3, column: start + 1, endColumn: start + 4 };
}

test("sources and messages cannot steer the terminal", () => {
  const text = 'const a = "\u001B[31m\u202E";';
  const found = diagnostic("HMC3002", spanOf(text, "a ="), { task: "\u001B]0;x\u0007" });
  assert.not.match(frame(text, found), /[\u0000-\u0009\u000B-\u001F\u007F\u202E]/);
});

test("without a text there is a place, without a place there is a message", () => {
  assert.is(renderFrame(at("a", "a"), new Map()).split("\n").length, 3);
  assert.match(renderFrame(diagnostic("HMC3002", undefined, { task: "a" }), new Map()), /^error HMC3002: /);
});

test("colours are there when asked for, and change nothing else", () => {
  const text = "const a = op();\n";
  const coloured = frame(text, at(text, "op"), true);
  assert.match(coloured, "\u001B[1;31merror");
  assert.is(coloured.replace(/\u001B\[[\d;]*m/g, ""), frame(text, at(text, "op")));
});

test("TypeScript's own errors have no page", () => {
  const found: Diagnostic = { code: "TS2322", severity: "error", message: "Type\n  chain", related: [] };
  assert.is(renderFrame(found, new Map()), "error TS2322: Type\n    chain\n");
});

test.run();
