/**
 * Tags of Argo's templates. The results of `argo-tags-measured.json` were measured with `template.Replace` and
 * `template.ReplaceStrictAny` of argo-workflows 4.1.2; `error` stands where our message is another one.
 */
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { argoIdentifiers } from "../../compiler/expressions/argo/argo-identifiers.ts";
import { freeNames } from "../../compiler/expressions/argo/expr-names.ts";
import { parseExpr } from "../../compiler/expressions/argo/expr-parser.ts";
import { ExprOpaque } from "../../compiler/expressions/argo/expr-value.ts";
import { replaceTags, resolveReference, TagError } from "../../compiler/expressions/argo/replace-tags.ts";
import { parseTags, printTags, soleTag, tagName, TagSyntaxError } from "../../compiler/expressions/argo/tags.ts";
import measured from "./argo-tags-measured.json" with { type: "json" };

test("reads simple tags and expressions with their places", () => {
  const text = "a {{ inputs.parameters.x }} b {{= '}' }}{{ =c}}";
  const parts = parseTags(text);
  assert.equal(parts.map((part) => (typeof part === "string" ? part : [part.kind, part.content])), ["a ", ["simple", " inputs.parameters.x "], " b ", ["expression", " '}' "], ["simple", " =c"]]);
  for (const part of parts) {
    if (typeof part === "string") continue;
    assert.is(text.slice(part.contentStart, part.contentStart + part.content.length), part.content);
    assert.match(text.slice(part.start, part.end), /^\{\{.*\}\}$/);
  }
  assert.is(tagName({ content: " inputs.parameters.x " }), "inputs.parameters.x");
});

test("a tag ends at the first two braces, also within quotes", () => {
  assert.equal(parseTags("{{= {'a': {'b': 1}}['a'] }}").map((part) => (typeof part === "string" ? part : part.content)), [" {'a': {'b': 1", "['a'] }}"]);
});

test("a tag without an end is a mistake with a place", () => {
  assert.throws(() => parseTags("{{a}} {{b"), (error: TagSyntaxError) => error instanceof TagSyntaxError && error.offset === 6);
});

test("knows a text that is nothing but a tag", () => {
  assert.is(soleTag("{{= 1 }}")?.content, " 1 ");
  for (const text of ["{{a}}{{b}}", " {{a}}", "{{a", "a", "{{a}}}"]) assert.is(soleTag(text), undefined, text);
});

test("random texts come back from their parts", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("{", "}", "=", "a", " ", "{{", "}}") }), (text) => {
      try {
        assert.is(printTags(parseTags(text)), text);
      } catch (error) {
        assert.instance(error, TagSyntaxError);
      }
    }),
  );
});

const values = new Map(Object.entries<string | null>(measured.values));

test("replaces tags in JSON as the controller does, and fails with its message", () => {
  const wrong: unknown[] = [];
  for (const [strict, json, expected] of measured.cases) {
    let found: string;
    try {
      found = replaceTags(String(json), values, { strict: strict === "all" ? "all" : (strict as string[]) });
    } catch (error) {
      if (!(error instanceof TagError)) throw error;
      found = `error: ${error.message}`;
    }
    if (expected === "error" ? !found.startsWith("error: ") : found !== expected) wrong.push({ strict, json, expected, found });
  }
  assert.ok(measured.cases.length > 200);
  assert.equal(wrong, []);
});

test("tells what may still come from what will never do", () => {
  const failure = (text: string) => {
    try {
      replaceTags(JSON.stringify(text), values, { strict: ["tasks"] });
    } catch (error) {
      return error instanceof TagError ? error.isMissing : undefined;
    }
    return undefined;
  };
  assert.is(failure("{{tasks.b.outputs.parameters.x}}"), true);
  assert.is(failure("{{= tasks.b.status }}"), true);
  assert.is(failure("{{tasks.none.outputs.parameters.x}}"), false);
  assert.is(failure("{{= 1 + }}"), false);
});

test("resolves a reference: a name, or an expression that sees names with dots as they are", () => {
  const artifact = new ExprOpaque("m");
  const known = new Map<string, string | ExprOpaque | null>([["tasks.a.outputs.artifacts.m", artifact], ["n", "1"], ["none", null]]);
  assert.is(resolveReference("{{tasks.a.outputs.artifacts.m}}", known), artifact);
  assert.is(resolveReference("{{ n }}", known), "1");
  assert.is(resolveReference("{{none}}", known), null);
  assert.is(resolveReference("{{=n + '2'}}", known), "12");
  assert.throws(() => resolveReference("{{tasks.b}}", known), /^Unable to resolve: "tasks\.b"$/);
  assert.throws(() => resolveReference("{{=tasks.a}}", known), /^Unable to compile: "tasks\.a"$/);
  assert.throws(() => resolveReference("{{=n matches '('}}", known), /^Unable to compile/);
  assert.throws(() => resolveReference("{{=[1][int(n)]}}", known), /^Invalid expression: "\[1\]\[int\(n\)\]"$/);
  assert.throws(() => resolveReference("{{=none}}", known), /^Unable to resolve: "=none"$/);
});

test("finds the names an expression reads, with their places and guards", () => {
  const text = "let x = item.a; map(tasks['a-b'].outputs.parameters.list, # + x) + (inputs.parameters?.y ?? workflow.name) + sprig.trim(xs[i].z)";
  const names = freeNames(parseExpr(text));
  assert.equal(names.map((name) => [name.text, text.slice(name.start, name.end), name.guarded, name.optionalFrom ?? null, name.continues, name.called]), [
    ["item.a", "item.a", false, null, false, false],
    ["tasks.a-b.outputs.parameters.list", "tasks['a-b'].outputs.parameters.list", false, null, false, false],
    ["inputs.parameters.y", "inputs.parameters?.y", true, 2, false, false],
    ["workflow.name", "workflow.name", false, null, false, false],
    ["sprig.trim", "sprig.trim", false, null, false, true],
    ["xs", "xs", false, null, true, false],
    ["i", "i", false, null, false, false],
  ]);
  const [, task] = names;
  assert.equal(task?.parts.map(({ start, end }) => text.slice(start, end)), ["tasks", "'a-b'", "outputs", "parameters", "list"]);
});

test("takes for needed what the controller takes for it", () => {
  assert.equal(argoIdentifiers(parseExpr("tasks.a.x + len(item) + (tasks.b.y ?? retries) + c?.d.e + asInt(f)")), ["tasks", "tasks.a", "tasks.a.x", "item", "retries", "c", "asInt", "f"]);
});

test.run();
