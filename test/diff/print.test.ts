/** What people and programs read of a comparison. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Diff } from "../../compiler/diff/change.ts";
import { diffMarkdown } from "../../compiler/diff/print/markdown.ts";
import { diffText } from "../../compiler/diff/print/text.ts";
import { codeBlocks } from "../fixtures/markdown.ts";
import { root } from "../folders.ts";
import { changesBetween, pairs } from "./pairs.ts";

const nothing: Diff = { before: "a", after: "b", changes: [], reruns: [], isCodeCompared: true, sizes: [] };

test("the page shows what the command prints", async () => {
  const { before, after } = pairs().find(({ name }) => name === "review") ?? { before: "", after: "" };
  const found = await changesBetween(before, after);
  const [, text = ""] = codeBlocks(readFileSync(join(root, "docs/diff.md"), "utf8")).map((block) => block.text);
  assert.is(text.trimEnd(), diffText({ ...found, before: "main:pipeline.ts", after: "pipeline.ts" }, 100).trimEnd());
});

test("one change of many tasks is one row, in order of the tasks", () => {
  const changes = ["a", "b", "c"].map((node) => ({ subject: "option", action: "changed", pipeline: "p", node, name: "image", before: "x:1", after: "x:2" }) as const);
  assert.match(diffText({ ...nothing, changes }, 100), "  ~ a, b, c  image  x:1 → x:2\n");
  assert.match(diffMarkdown({ ...nothing, changes }), "| changed | `a`, `b`, `c` | image | `x:1` | `x:2` |");
});

test("values that are long, have several lines, or would break a table or a terminal", () => {
  const changes = [{ subject: "input", action: "changed", pipeline: "p", node: "a", name: "text", before: "one | `two`\nthree", after: `\u001b[31m${"x".repeat(300)}` } as const];
  const text = diffText({ ...nothing, changes }, 80);
  assert.not.ok(text.includes("\u001b"));
  assert.match(text, "        one | `two`\\nthree\n      → \\u001b[31mxxx");
  assert.ok(text.split("\n").every((line) => line.length <= 170));
  assert.match(diffMarkdown({ ...nothing, changes }), "`` one \\| `two`\\nthree ``");
});

test("no changes, and code that is not known", () => {
  assert.is(diffText(nothing, 80), "--- a\n+++ b\n\nNo changes.\n");
  assert.match(diffText({ ...nothing, isCodeCompared: false }, 80), "No changes. The code of ops is not compared: it needs the sources of both sides.");
  assert.is(diffMarkdown(nothing), "### Pipelines: `a` → `b`\n\nNo changes.\n");
});

test("a table of Markdown ends somewhere", () => {
  const changes = Array.from({ length: 150 }, (_, index) => ({ subject: "task", action: "added", pipeline: "p", node: `t-${index}`, after: "t" }) as const);
  assert.match(diffMarkdown({ ...nothing, changes }), "… and 50 more.");
});

test("two pipelines of one id are told apart by their files", () => {
  const change = { subject: "option", action: "added", pipeline: "p", name: "schedule", after: "0 0 * * *" } as const;
  const text = diffText({ ...nothing, changes: [{ ...change, file: "a.ts" }, { ...change, file: "b.ts" }] }, 80);
  assert.match(text, "Pipeline p (a.ts)\n");
  assert.match(text, "Pipeline p (b.ts)\n");
});

test.run();
