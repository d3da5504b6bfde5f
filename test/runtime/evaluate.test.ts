/** Expressions of the IR mean what they mean in JavaScript. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { BinaryOperator, BuiltinFunction, Expression, Json } from "../../compiler/ir/types.ts";
import { evaluate, EvaluationError, type Scope, type Value } from "../../runtime/local/evaluate.ts";
import { e, span } from "./project.ts";

const nothing = (): never => {
  throw new Error("not expected");
};

function scopeOf(given: Partial<Scope>): Scope {
  return { input: nothing, output: nothing, item: nothing, index: nothing, carried: nothing, final: nothing, selected: nothing, iterations: nothing, status: nothing, taskStatus: nothing, context: nothing, ...given };
}

const inputs = (values: Record<string, Value>) => scopeOf({ input: (name) => values[name] });
const type = { kind: "json" } as const;
const call = (name: BuiltinFunction, ...values: (Json | undefined)[]): Value =>
  evaluate({ kind: "call", function: name, arguments: values.map((value) => (value === undefined ? e.absent() : e.constant(value))), type, span }, scopeOf({}));

const scalar = fc.oneof(fc.integer({ min: -5, max: 5 }), fc.double({ noNaN: true }), fc.boolean(), fc.string({ maxLength: 3 }), fc.constantFrom("1", "2.5", ""));
const number = fc.oneof(fc.integer({ min: -5, max: 5 }), fc.double({ noNaN: true, noDefaultInfinity: true }));

const native: Record<BinaryOperator, (a: never, b: never) => unknown> = {
  "==": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  "&&": (a, b) => a && b,
  "||": (a, b) => a || b,
  "+": (a, b) => (a as number) + (b as number),
  "-": (a, b) => (a as number) - (b as number),
  "*": (a, b) => (a as number) * (b as number),
  "/": (a, b) => (a as number) / (b as number),
  "%": (a, b) => (a as number) % (b as number),
};

test("binary operators give what JavaScript gives", () => {
  for (const [operator, expected] of Object.entries(native) as [BinaryOperator, (a: unknown, b: unknown) => unknown][]) {
    fc.assert(fc.property(scalar, scalar, (a, b) => assert.equal(evaluate(e.binary(operator, e.constant(a), e.constant(b)), scopeOf({})), expected(a, b))), { numRuns: 300 });
  }
});

test("a template is the text that JavaScript makes of its parts", () => {
  fc.assert(fc.property(scalar, number, (a, b) => evaluate(e.template(e.constant("x="), e.constant(a), e.constant(","), e.constant(b)), scopeOf({})) === `x=${a},${b}`), { numRuns: 500 });
  assert.is(evaluate(e.template(e.constant([1, { a: true }]), e.constant(1e21), e.constant(5)), scopeOf({})), '[1,{"a":true}]1e+215');
});

test("the second operand is not read where the first decides", () => {
  assert.is(evaluate(e.binary("&&", e.constant(false), e.input("x")), scopeOf({})), false);
  assert.is(evaluate(e.binary("||", e.constant("a"), e.input("x")), scopeOf({})), "a");
  assert.is(evaluate(e.coalesce(e.constant(0), e.input("x")), scopeOf({})), 0);
  const choice: Expression = { kind: "conditional", test: e.constant(""), consequent: e.input("x"), alternate: e.constant(2), type, span };
  assert.is(evaluate(choice, scopeOf({})), 2);
});

test("lists and structs are equal by content", () => {
  const values = inputs({ a: [1, { b: "x" }], b: [1, { b: "x" }], c: [1, { b: "y" }] });
  assert.is(evaluate(e.binary("==", e.input("a"), e.input("b")), values), true);
  assert.is(evaluate(e.binary("!=", e.input("a"), e.input("c")), values), true);
  assert.is(evaluate(e.binary("==", e.constant([]), e.constant({})), values), false);
});

test("members, elements and presence", () => {
  const values = inputs({ cfg: { depth: 3, "a b": [10, 20] }, text: "héllo", artifact: { name: "m", uri: "s3://b/k", path: "/s3/b/k", metadata: { acc: 0.9 } } });
  assert.is(evaluate(e.member(e.input("cfg"), "depth"), values), 3);
  assert.is(evaluate(e.member(e.input("cfg"), "toString"), values), undefined);
  assert.is(evaluate({ kind: "element", object: e.member(e.input("cfg"), "a b"), index: e.constant(1), type, span }, values), 20);
  assert.is(evaluate({ kind: "element", object: e.input("cfg"), index: e.constant("depth"), type, span }, values), 3);
  assert.is(evaluate({ kind: "element", object: e.input("text"), index: e.constant(1), type, span }, values), "é");
  assert.is(evaluate(e.member(e.member(e.input("artifact"), "metadata"), "acc"), values), 0.9);
  assert.is(evaluate({ kind: "present", value: e.input("cfg"), type, span }, values), true);
  assert.is(evaluate({ kind: "present", value: e.input("none"), type, span }, values), false);
  assert.throws(() => evaluate(e.member(e.input("none"), "x"), values), (error: Error) => error instanceof EvaluationError && error.message === 'Cannot read "x" of a value that is absent.');
});

test("functions and methods", () => {
  const cases: [BuiltinFunction, Json[], Value][] = [
    ["length", ["😀a"], 3],
    ["length", [[1, 2]], 2],
    ["includes", ["abc", "bc"], true],
    ["includes", [[1, [2]], [2]], true],
    ["includes", [[1], "1"], false],
    ["startsWith", ["abc", "ab"], true],
    ["endsWith", ["abc", "ab"], false],
    ["matches", ["run-12", "^run-\\d+$"], true],
    ["toString", [5], "5"],
    ["toString", [2.5], "2.5"],
    ["toString", [true], "true"],
    ["toNumber", ["2.5"], 2.5],
    ["toInteger", ["-2.9"], -2],
    ["toBoolean", ["false"], true],
    ["toBoolean", [0], false],
    ["toLowerCase", ["ÄB"], "äb"],
    ["toUpperCase", ["äb"], "ÄB"],
    ["trim", ["\t x \n"], "x"],
    ["split", ["a,b,", ","], ["a", "b", ""]],
    ["join", [[1, null, "x"], "-"], "1--x"],
    ["join", [["a", "b"]], "a,b"],
    ["replaceAll", ["a.a", "a", "$&"], "$&.$&"],
    ["flat", [[[1, [2]], [], [3]]], [1, [2], 3]],
    ["keys", [{ b: 1, a: 2 }], ["b", "a"]],
    ["floor", [-1.5], -2],
    ["ceil", [-1.5], -1],
    ["round", [-1.5], -1],
    ["round", [2.5], 3],
    ["abs", [-2], 2],
    ["min", [3, 1, 2], 1],
    ["max", [3, 1, 2], 3],
    ["stringify", [{ a: [1, null] }], '{"a":[1,null]}'],
    ["parse", ['{"a":[1,null]}'], { a: [1, null] }],
  ];
  for (const [name, values, expected] of cases) assert.equal(call(name, ...values), expected, `${name}(${JSON.stringify(values)})`);
  assert.throws(() => call("trim", 5), '"trim" needs text, but there is 5.');
  assert.throws(() => call("length", { a: 1 }), '"length" needs a list');
  assert.throws(() => call("parse", "{"), "JSON.parse failed");
  assert.throws(() => call("floor", undefined), "A number is needed where there is no value.");
});

test("lists, structs without absent fields, ranges, negation", () => {
  assert.equal(evaluate({ kind: "list", items: [e.constant(1), e.input("x")], type, span }, inputs({ x: "y" })), [1, "y"]);
  const struct = evaluate({ kind: "struct", fields: { a: e.constant(1), b: e.absent(), ["__proto__"]: e.constant(2) }, type, span }, scopeOf({}));
  assert.is(JSON.stringify(struct), '{"a":1,"__proto__":2}');
  assert.equal(evaluate({ kind: "range", count: e.constant(3), type, span }, scopeOf({})), [0, 1, 2]);
  assert.equal(evaluate({ kind: "range", count: e.constant(-1), type, span }, scopeOf({})), []);
  assert.is(evaluate({ kind: "unary", operator: "-", operand: e.constant("3"), type, span }, scopeOf({})), -3);
  assert.is(evaluate({ kind: "unary", operator: "!", operand: e.constant(""), type, span }, scopeOf({})), true);
});

test("select reads the taken arm, collect each iteration", () => {
  const iterations = [1, 2, 3].map((item) => scopeOf({ item: () => item, index: () => item - 1 }));
  const scope = scopeOf({ selected: () => e.constant("taken"), iterations: () => iterations });
  assert.is(evaluate(e.select("if-1", "x"), scope), "taken");
  assert.equal(evaluate(e.collect("for-1", e.binary("*", e.item("for-1"), e.index("for-1"))), scope), [0, 2, 6]);
});

test("CEL reads its values in their places, or the one value by the engine's names", () => {
  const scope = inputs({ n: 3, xs: ["a"], o: { k: 1 }, t: '{"k": 2}' });
  const cel = (...parts: (string | Expression)[]): Value => evaluate({ kind: "cel", parts, type, span }, scope);
  assert.is(cel("size(", e.input("xs"), ") + 1"), 2);
  assert.is(cel("", e.input("n"), " > 2.0 && 'a' in ", e.input("xs")), true);
  assert.equal(cel(e.input("t"), "parseJson(string_value)"), { k: 2 });
  assert.is(cel(e.input("n"), "number_value * 2.0"), 6);
  assert.is(cel(e.input("n"), "string_value"), "3");
  assert.is(cel(e.input("xs"), "list_value[0]"), "a");
  assert.is(cel(e.input("o"), "struct_value.k"), 1);
  assert.throws(() => cel("", e.input("o"), ".zz"), (error: unknown) => error instanceof EvaluationError && /no such key: zz/.test(error.message));
});

test.run();
