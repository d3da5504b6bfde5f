/** The CEL parser: what it reads is what the printer writes, and mistakes have a place. */
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { printCel, type Cel, type CelBinaryOperator } from "../../compiler/expressions/cel.ts";
import { parseCel } from "../../compiler/expressions/cel-parser.ts";

function tree(text: string): Cel {
  const result = parseCel(text);
  if ("message" in result) throw new Error(`${result.message} at ${result.offset}`);
  return result.tree;
}

for (const text of [
  "inputs.parameter_values['pipelinechannel--flip-coin-op-Output'] == 'heads'",
  "!(int(inputs.parameter_values['a']) < 5000) && int(inputs.parameter_values['a']) > 50000",
  `parseJson(string_value)["A_a"]`,
  "a ? b : c ? d : e",
  "(a ? b : c) ? d : e",
  "a - (b - c) - d",
  "-x.y[0].startsWith('it\\'s') || !b && size(l) % 2 in [1, 2.5, -3, null, true]",
  "'\\u007f\\n\\t\\\\' == \"it's\"",
]) {
  test(`prints ${text} as it was`, () => {
    assert.is(printCel(tree(text)), text);
  });
}

test("reads other spellings of the same tree", () => {
  assert.equal(tree(" ( a&&b )||\n c // why\n"), tree("a && b || c"));
  assert.equal(tree(`r'\\d' + """it's"""`), { kind: "binary", operator: "+", left: { kind: "string", value: "\\d" }, right: { kind: "string", value: "it's", quote: '"' } });
  assert.equal(tree("0x1F"), { kind: "int", value: 31 });
  assert.equal(tree("'\\x41\\101\\U0001F600'"), { kind: "string", value: "AA😀" });
  assert.equal(tree("in_range == trueish"), { kind: "binary", operator: "==", left: { kind: "name", name: "in_range" }, right: { kind: "name", name: "trueish" } });
});

for (const [text, offset] of [["a ==", 4], ["a = b", 2], ["(a", 2], ["'it's'", 4], ["a b", 2], ["", 0], ["{a: 1}", 0]] as const) {
  test(`says where ${JSON.stringify(text)} goes wrong`, () => {
    const result = parseCel(text);
    assert.ok("message" in result);
    assert.is(result.offset, offset);
  });
}

const operators: CelBinaryOperator[] = ["||", "&&", "==", "!=", "<", "<=", ">", ">=", "in", "+", "-", "*", "/", "%"];
const name = fc.stringMatching(/^[a-z_][a-z0-9_]{0,6}$/).filter((text) => !["true", "false", "null", "in"].includes(text));
const { cel } = fc.letrec<{ cel: Cel }>((tie) => ({
  cel: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.boolean().map((value): Cel => ({ kind: "bool", value })),
    fc.integer().map((value): Cel => ({ kind: "int", value })),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)).map((value): Cel => ({ kind: "double", value })),
    fc.string({ unit: "binary" }).filter((value) => value.isWellFormed()).map((value): Cel => ({ kind: "string", value })),
    name.map((text): Cel => ({ kind: "name", name: text })),
    fc.record({ object: tie("cel"), name }).map(({ object, name: field }): Cel => ({ kind: "field", object, name: field })),
    fc.record({ object: tie("cel"), index: tie("cel") }).map(({ object, index }): Cel => ({ kind: "index", object, index })),
    fc.record({ name, given: fc.array(tie("cel"), { maxLength: 2 }) }).map(({ name: called, given }): Cel => ({ kind: "call", function: called, arguments: given })),
    fc.record({ object: tie("cel"), name, given: fc.array(tie("cel"), { maxLength: 2 }) }).map(({ object, name: method, given }): Cel => ({ kind: "method", object, method, arguments: given })),
    tie("cel").map((operand): Cel => ({ kind: "not", operand })),
    fc.record({ operator: fc.constantFrom(...operators), left: tie("cel"), right: tie("cel") }).map(({ operator, left, right }): Cel => ({ kind: "binary", operator, left, right })),
    fc.record({ test: tie("cel"), consequent: tie("cel"), alternate: tie("cel") }).map((parts): Cel => ({ kind: "conditional", ...parts })),
    fc.array(tie("cel"), { maxLength: 3 }).map((items): Cel => ({ kind: "list", items })),
  ),
}));

test("reads every printed tree back", () => {
  fc.assert(
    fc.property(cel, (given) => {
      // && and || are printed without the parentheses of their right side, so compare what is printed.
      assert.is(printCel(tree(printCel(given))), printCel(given));
    }),
    { numRuns: 1000 },
  );
});

test.run();
