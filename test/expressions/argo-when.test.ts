/**
 * `when` of Argo's tasks. The outcomes of `argo-when-measured.json` were measured with govaluate as argo-workflows 4.1.2
 * uses it in `shouldExecute`.
 */
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { evaluateWhen } from "../../compiler/expressions/argo/when-evaluate.ts";
import { parseWhen } from "../../compiler/expressions/argo/when-parser.ts";
import { printWhen, WhenError, type When, type WhenBinaryOperator } from "../../compiler/expressions/argo/when.ts";
import measured from "./argo-when-measured.json" with { type: "json" };

function outcome(text: string): boolean | string {
  try {
    return evaluateWhen(text);
  } catch (error) {
    if (!(error instanceof WhenError)) throw error;
    return error.message;
  }
}

test("conditions hold where the controller says so, and fail with its message", () => {
  assert.ok(measured.length > 450);
  const wrong = measured.filter(([text, expected]) => outcome(String(text)) !== expected).map(([text, expected]) => ({ text, expected, found: outcome(String(text)) }));
  assert.equal(wrong, []);
});

test("no condition always holds", () => {
  assert.is(evaluateWhen(""), true);
});

test("says where a text goes wrong", () => {
  assert.throws(() => parseWhen("a == 1 && {{tasks.b.status}}"), (error: WhenError) => error.offset === 10 && /Invalid token: '\{\{'.*hint: try wrapping/.test(error.message));
  assert.throws(() => parseWhen("a == 'b"), (error: WhenError) => error.offset === 5 && /Unclosed string literal$/.test(error.message));
});

/** A tree without its places. */
function bare(tree: When): unknown {
  return JSON.parse(JSON.stringify(tree, (key, value: unknown) => (key === "start" || key === "end" ? undefined : value)));
}

test("operators of one strength group from the left", () => {
  const difference = parseWhen("1 - 2 - 3");
  assert.is(difference.kind === "binary" && difference.left.kind === "binary", true);
  assert.is(evaluateWhen("10 - 3 - 2 == 5"), true);
  const tree = parseWhen("a ? b : c");
  assert.is(tree.kind === "binary" && tree.operator === ":" && tree.left.kind === "binary" && tree.left.operator === "?", true);
});

const nowhere = { start: 0, end: 0 };
const operators: WhenBinaryOperator[] = ["||", "&&", "==", "!=", "<", "<=", ">", ">=", "=~", "in", "&", "|", "^", "<<", ">>", "+", "-", "*", "/", "%", "**"];
const { when } = fc.letrec<{ when: When }>((tie) => ({
  when: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.string({ unit: fc.constantFrom("a", "é", " ", "'", '"', "\\", "]", "-", "🚀") }).map((value): When => ({ kind: "string", value, ...nowhere })),
    fc.stringMatching(/^[a-z][a-z0-9_]{0,5}$/).map((value): When => ({ kind: "word", value, ...nowhere })),
    fc.string({ unit: fc.constantFrom("a", " ", "]", "\\") }).map((value): When => ({ kind: "word", value, ...nowhere })),
    fc.double({ noNaN: true, noDefaultInfinity: true, min: 0, max: 1e15 }).map((value): When => ({ kind: "number", value: Math.abs(value), ...nowhere })),
    fc.boolean().map((value): When => ({ kind: "bool", value, ...nowhere })),
    fc.record({ operator: fc.constantFrom(...operators), left: tie("when"), right: tie("when") }).map(({ operator, left, right }): When => ({ kind: "group", inner: { kind: "binary", operator, left: grouped(left), right: grouped(right), ...nowhere }, ...nowhere })),
    tie("when").map((operand): When => ({ kind: "prefix", operator: "!", operand: { kind: "group", inner: operand, ...nowhere }, ...nowhere })),
  ),
}));

/** What stands beside an operator, and is no pattern. */
function grouped(tree: When): When {
  return { kind: "group", inner: tree, ...nowhere };
}

test("random trees come back from their text", () => {
  fc.assert(fc.property(when, (tree) => assert.equal(bare(parseWhen(printWhen(tree))), bare(tree))), { numRuns: 500 });
});

test.run();
