/** The text of CEL trees. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { allOf, anyOf, printCel, type Cel } from "../../compiler/expressions/cel.ts";

const name = (text: string): Cel => ({ kind: "name", name: text });
const text = (value: string, quote: "'" | '"' = "'"): string => printCel({ kind: "string", value, quote });
const binary = (operator: Extract<Cel, { kind: "binary" }>["operator"], left: Cel, right: Cel): Cel => ({ kind: "binary", operator, left, right });
const [a, b, c] = [name("a"), name("b"), name("c")];

test("only the quotes that end a literal are escaped, and backslashes and line ends always", () => {
  assert.is(text("it's \"q\" \\ \n\t"), "'it\\'s \"q\" \\\\ \\n\\t'");
  assert.is(text("it's \"q\"", '"'), '"it\'s \\"q\\""');
});

test("what Argo, the kubelet or the database would rewrite or refuse is written by its code", () => {
  assert.is(text("{{x}} {a}"), "'\\u007b{x}} {a}'");
  assert.is(text("$(HOME) $$ $x"), "'\\u0024(HOME) \\u0024$ $x'");
  assert.is(text("\u007f 😀 é"), "'\\u007f \\U0001f600 é'");
});

test("numbers keep their kind: 5 is an int, 5.0 a double", () => {
  assert.equal([5, -5].map((value) => printCel({ kind: "int", value })), ["5", "-5"]);
  assert.equal([5, 0.5, -2, 1e21, 1e-7].map((value) => printCel({ kind: "double", value })), ["5.0", "0.5", "-2.0", "1e+21", "1e-7"]);
});

test("parentheses stand where precedence or the side of an operator asks for them, and nowhere else", () => {
  assert.is(printCel(binary("&&", binary("||", a, b), c)), "(a || b) && c");
  assert.is(printCel(binary("||", binary("&&", a, b), c)), "a && b || c");
  assert.is(printCel(binary("-", a, binary("-", b, c))), "a - (b - c)");
  assert.is(printCel(binary("-", binary("-", a, b), c)), "a - b - c");
  assert.is(printCel(binary("*", binary("+", a, b), c)), "(a + b) * c");
  assert.is(printCel({ kind: "not", operand: binary("==", a, b) }), "!(a == b)");
  assert.is(printCel({ kind: "not", operand: { kind: "method", object: a, method: "startsWith", arguments: [b] } }), "!a.startsWith(b)");
  assert.is(printCel({ kind: "conditional", test: { kind: "conditional", test: a, consequent: b, alternate: c }, consequent: b, alternate: { kind: "conditional", test: c, consequent: a, alternate: b } }), "(a ? b : c) ? b : c ? a : b");
  assert.is(printCel({ kind: "index", object: { kind: "field", object: a, name: "x" }, index: { kind: "string", value: "y" } }), "a.x['y']");
  assert.is(printCel(binary("==", binary("<", a, b), c)), "a < b == c");
  assert.is(printCel(binary("==", a, binary("<", b, c))), "a == (b < c)");
});

test("no parts are true for all of them and false for any of them", () => {
  assert.is(printCel(allOf([])), "true");
  assert.is(printCel(anyOf([])), "false");
  assert.is(printCel(allOf([a, b, c])), "a && b && c");
});

test.run();
