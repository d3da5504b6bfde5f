/** Random expressions: `evaluate` gives what JavaScript gives for the same text. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { BinaryOperator, BuiltinFunction, Expression, Json } from "../../compiler/ir/types.ts";
import { evaluate, type Scope } from "../../runtime/local/evaluate.ts";
import { e, span } from "./project.ts";

/** An expression of the IR beside its text in JavaScript. */
interface Pair {
  ir: Expression;
  js: string;
}

const inputs: Record<string, Json> = { n: 7, d: -2.5, zero: 0, s: "Ab c", empty: "", t: true, f: false, o: { k: 1, "a b": "x" } };
const scope = { input: (name: string) => inputs[name] } as unknown as Scope;

const leaf = (values: readonly Json[], names: readonly string[]): fc.Arbitrary<Pair> =>
  fc.oneof(
    fc.constantFrom(...values).map((value) => ({ ir: e.constant(value), js: `(${JSON.stringify(value)})` })),
    fc.constantFrom(...names).map((name) => ({ ir: e.input(name), js: `inputs.${name}` })),
  );
const call = (name: BuiltinFunction, args: Pair[]): Expression => ({ kind: "call", function: name, arguments: args.map(({ ir }) => ir), type: { kind: "json" }, span });
const infix = (operator: BinaryOperator, js: string) => (left: Pair, right: Pair): Pair => ({ ir: e.binary(operator, left.ir, right.ir), js: `(${left.js} ${js} ${right.js})` });
const ternary = (test: Pair, yes: Pair, no: Pair): Pair => ({ ir: { kind: "conditional", test: test.ir, consequent: yes.ir, alternate: no.ir, type: { kind: "json" }, span }, js: `(${test.js} ? ${yes.js} : ${no.js})` });
const pairs = (...operators: ((left: Pair, right: Pair) => Pair)[]) => (left: fc.Arbitrary<Pair>, right = left): fc.Arbitrary<Pair> =>
  fc.tuple(fc.constantFrom(...operators), left, right).map(([make, a, b]) => make(a, b));

const { any } = fc.letrec<{ number: Pair; text: Pair; boolean: Pair; any: Pair }>((tie) => ({
  number: fc.oneof(
    { maxDepth: 5, depthSize: "small" },
    leaf([0, 1, -3, 2.5, 1e21, 1e-7, 9007199254740991], ["n", "d", "zero"]),
    pairs(infix("+", "+"), infix("-", "-"), infix("*", "*"), infix("/", "/"), infix("%", "%"))(tie("number")),
    tie("number").map((of) => ({ ir: { kind: "unary", operator: "-", operand: of.ir, type: { kind: "number" }, span } satisfies Expression, js: `(-${of.js})` })),
    tie("text").map((of) => ({ ir: e.member(of.ir, "length"), js: `${of.js}.length` })),
    fc.tuple(fc.constantFrom("floor" as const, "ceil" as const, "round" as const, "abs" as const), tie("number")).map(([name, of]) => ({ ir: call(name, [of]), js: `Math.${name}(${of.js})` })),
    fc.tuple(fc.constantFrom("min" as const, "max" as const), tie("number"), tie("number")).map(([name, a, b]) => ({ ir: call(name, [a, b]), js: `Math.${name}(${a.js}, ${b.js})` })),
    tie("any").map((of) => ({ ir: call("toNumber", [of]), js: `Number(${of.js})` })),
    fc.tuple(tie("boolean"), tie("number"), tie("number")).map(([a, b, c]) => ternary(a, b, c)),
  ),
  text: fc.oneof(
    { maxDepth: 5, depthSize: "small" },
    leaf(["", "a", "0", " 12 ", "é😀", "$&"], ["s", "empty"]),
    pairs(infix("+", "+"))(tie("text"), tie("any")),
    pairs(infix("+", "+"))(tie("any"), tie("text")),
    fc.array(tie("any"), { maxLength: 3 }).map((parts) => ({ ir: e.template(...parts.map(({ ir }) => ir)), js: `\`${parts.map(({ js }) => `\${${js}}`).join("")}\`` })),
    fc.tuple(fc.constantFrom("toLowerCase" as const, "toUpperCase" as const, "trim" as const), tie("text")).map(([name, of]) => ({ ir: call(name, [of]), js: `${of.js}.${name}()` })),
    fc.tuple(tie("text"), tie("text"), tie("text")).map(([a, b, c]) => ({ ir: call("replaceAll", [a, b, c]), js: `${a.js}.replaceAll(${b.js}, () => ${c.js})` })),
    fc.tuple(tie("text"), tie("text"), tie("text")).map(([a, b, c]) => ({ ir: call("join", [{ ir: call("split", [a, b]), js: "" }, c]), js: `${a.js}.split(${b.js}).join(${c.js})` })),
    tie("any").map((of) => ({ ir: call("toString", [of]), js: `String(${of.js})` })),
    tie("any").map((of) => ({ ir: call("stringify", [of]), js: `JSON.stringify(${of.js})` })),
  ),
  boolean: fc.oneof(
    { maxDepth: 5, depthSize: "small" },
    leaf([true, false], ["t", "f"]),
    pairs(infix("==", "==="), infix("!=", "!=="), infix("<", "<"), infix("<=", "<="), infix(">", ">"), infix(">=", ">="))(tie("number")),
    pairs(infix("==", "==="), infix("!=", "!=="), infix("<", "<"), infix(">=", ">="))(tie("text")),
    pairs(infix("&&", "&&"), infix("||", "||"))(tie("boolean")),
    tie("any").map((of) => ({ ir: { kind: "unary", operator: "!", operand: of.ir, type: { kind: "boolean" }, span } satisfies Expression, js: `(!${of.js})` })),
    fc.tuple(fc.constantFrom("includes" as const, "startsWith" as const, "endsWith" as const), tie("text"), tie("text")).map(([name, a, b]) => ({ ir: call(name, [a, b]), js: `${a.js}.${name}(${b.js})` })),
    tie("any").map((of) => ({ ir: call("toBoolean", [of]), js: `Boolean(${of.js})` })),
  ),
  any: fc.oneof(tie("number"), tie("text"), tie("boolean"), pairs(infix("&&", "&&"), infix("||", "||"))(fc.oneof(tie("number"), tie("text"), tie("boolean")))),
}) as never) as unknown as { any: fc.Arbitrary<Pair> };

test("an expression has the value that JavaScript gives it", () => {
  fc.assert(
    fc.property(any, ({ ir, js }) => {
      const expected: unknown = new Function("inputs", `return ${js};`)(inputs);
      assert.ok(Object.is(evaluate(ir, scope), expected), `${js} is ${String(expected)}, not ${String(evaluate(ir, scope))}`);
    }),
    { numRuns: 3000 },
  );
});

test.run();
