/** The parser of expr-lang: what it reads is what the printer writes, and mistakes have expr-lang's message and a place. */
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { exprErrorText } from "../../compiler/expressions/argo/expr-error-text.ts";
import { parseExpr } from "../../compiler/expressions/argo/expr-parser.ts";
import { printExpr } from "../../compiler/expressions/argo/expr-print.ts";
import { exprChildren, exprKeywords, ExprSyntaxError, type ExprBinaryOperator, type ExprNode, type ExprUnaryOperator } from "../../compiler/expressions/argo/expr.ts";

/** A tree without its places. */
function bare(node: ExprNode): unknown {
  return JSON.parse(JSON.stringify(node, (key, value: unknown) => (key === "start" || key === "end" || key === "at" ? undefined : typeof value === "bigint" ? `${value}n` : value)));
}

for (const text of [
  "tasks['a-b'].outputs.parameters.x == 'y' ? 1 : nil",
  "map(xs, # > 1)",
  "reduce(xs, #acc + #, 0)",
  "a?.b?.['c'].d ?? 'x'",
  "a?.b.c(1)[0]",
  "let x = 1; x + 2",
  "if a { b } else if c { d } else { e }",
  "a not in [1, 2] && not b",
  "x[1:2] + x[:2] + x[1:] + x[:]",
  "{'a': {'b': 1} }",
  "-x ** 2 + (-x) ** 2 + 2 ** (-x)",
  "!a * b == (!a) * (!b)",
  "(a < b) < c",
  "(a ?? b) + c",
  "(1).x + (nil).x + (-a).x",
  "map(xs, { let y = #; y * 2 })",
  "map(xs, { {'a': #} })",
  "(a; b) + c",
  "a.not in b",
  "{('a' + b): 1}",
  "sprig.trim(x)",
  "(a ? b : c) ? d : e ? f : g",
  "1 .. 3",
  "2.0 + 1e+21",
  "'it\\'s \\\\ \\n\\t\\x07\\u200b\\U000e0067 é🚀'",
]) {
  test(`prints ${text} as it was`, () => {
    assert.is(printExpr(parseExpr(text)), text);
  });
}

test("breaks what would begin or end a tag, and what Argo's reading of JSON would undo", () => {
  assert.is(printExpr(parseExpr("'{{{ }}' + '\\\\u003c'")), "'\\x7b\\x7b{ \\x7d}' + '\\\\\\x75003c'");
  assert.is(printExpr(parseExpr("{'a': {'b': {}}}")), "{'a': {'b': {} } }");
});

test("reads other spellings of the same tree", () => {
  for (const [text, same] of [
    [" ( a&&b )||\n c // why\n", "a && b || c"],
    ["xs | filter(.a > 2) | map(#.b)", "map(filter(xs, #.a > 2), #.b)"],
    ["a ?: b", "a ? a : b"],
    ["a < b < c", "a < b && b < c"],
    ["map(xs, {# > 1},)", "map(xs, # > 1)"],
    ["0x1F + 0b11 + 0o17 + 1_000 + .5 + 1.", "31 + 3 + 15 + 1000 + 0.5 + 1.0"],
    ["`a``b` + \"it's\" + '\\u{1f680}\\x41\\101'", "'a`b' + 'it\\'s' + '🚀AA'"],
    ["{a: 1, 'b': 2, 3: 4, }", "{'a': 1, 'b': 2, '3': 4}"],
    ["/* c */ ::len(x);", "len(x)"],
    ["if a {b} else {c}", "if a { b } else { c }"],
  ] as const) {
    assert.is(printExpr(parseExpr(text)), same);
    assert.equal(bare(parseExpr(text)), bare(parseExpr(same)));
  }
});

// Messages and places measured with expr-lang 1.17.8 (parser.Parse).
for (const [text, message] of [
  ["len(x", 'unexpected token EOF (1:5)\n | len(x\n | ....^'],
  ["a +", "unexpected token EOF (1:3)\n | a +\n | ..^"],
  ["", "unexpected token EOF"],
  ["in.Succeeded", 'unexpected token Operator("in") (1:1)\n | in.Succeeded\n | ^'],
  ["true.x", 'unexpected token Operator(".") (1:5)\n | true.x\n | ....^'],
  ["a b", 'unexpected token Identifier("b") (1:3)\n | a b\n | ..^'],
  ["a ?? b + c", "Operator (+) and coalesce expressions (??) cannot be mixed. Wrap either by parentheses. (1:8)\n | a ?? b + c\n | .......^"],
  ["map(xs)", "expected at least 2 arguments (1:7)\n | map(xs)\n | ......^"],
  ["{1+1: 2}", 'unexpected token Operator("+") (1:3)\n | {1+1: 2}\n | ..^'],
  ["{-1: 2}", 'a map key must be a quoted string, a number, a identifier, or an expression enclosed in parentheses (unexpected token Operator("-")) (1:2)\n | {-1: 2}\n | .^'],
  ["map(xs, #; 1)", "wrap predicate with brackets { and } (1:10)\n | map(xs, #; 1)\n | .........^"],
  ["# > 1", 'unexpected token Operator("#") (1:1)\n | # > 1\n | ^'],
  ["a.1", 'unexpected token Number(".1") (1:2)\n | a.1\n | .^'],
  ["3el", 'bad number syntax: "3el" (1:3)\n | 3el\n | ..^'],
  ["a\n  && (b", "unexpected token EOF (2:7)\n |   && (b\n | ......^"],
] as const) {
  test(`says as expr-lang does what is wrong with ${JSON.stringify(text)}`, () => {
    try {
      parseExpr(text);
    } catch (error) {
      if (!(error instanceof ExprSyntaxError)) throw error;
      assert.is(exprErrorText(text, error), message);
      return;
    }
    assert.unreachable();
  });
}

for (const [text, message, offset] of [["'abc", "literal not terminated", 0], ["a @ b", "unrecognized character: U+0040 '@'", 2], ["a /* b", "unclosed comment", 2], ["b'x'", "byte strings are not supported", 0], ["'\\q'", "invalid char escape", 1]] as const) {
  test(`says where the text of ${text} goes wrong`, () => {
    assert.throws(() => parseExpr(text), (error: ExprSyntaxError) => error.message === message && error.offset === offset);
  });
}

test("every node of a text knows its place", () => {
  const text = "let n = asInt( tasks['a b'].x ); filter(xs, .id  not in [n, {'k': 1}.k]) | len() > 3";
  const shown: string[] = [];
  const visit = (node: ExprNode): void => {
    shown.push(text.slice(node.start, node.end));
    for (const child of exprChildren(node)) visit(child);
  };
  visit(parseExpr(text));
  for (const part of [text, "asInt( tasks['a b'].x )", "tasks['a b'].x", "tasks['a b']", "'a b'", "filter(xs, .id  not in [n, {'k': 1}.k]) | len()", ".id  not in [n, {'k': 1}.k]", "[n, {'k': 1}.k]", "{'k': 1}", "3"]) {
    assert.ok(shown.includes(part), `${part} in ${shown.join(" ¦ ")}`);
  }
});

const nowhere = { start: 0, end: 0 };
const name = fc.stringMatching(/^[a-z_][a-zA-Z0-9_]{0,5}$/).filter((text) => !exprKeywords.has(text) && !["true", "false", "nil", "all", "any", "map", "one", "none", "sum", "find", "count", "filter", "reduce"].includes(text));
const string = fc.string({ unit: "binary" }).filter((value) => value.isWellFormed()).map((value): ExprNode => ({ kind: "string", value, ...nowhere }));
const binaryOperators: ExprBinaryOperator[] = ["or", "||", "and", "&&", "==", "!=", "<", "<=", ">", ">=", "in", "not in", "contains", "startsWith", "endsWith", "matches", "not contains", "not matches", "..", "+", "-", "*", "/", "%", "**", "^", "??"];
const unaryOperators: ExprUnaryOperator[] = ["!", "not", "-", "+"];
const { expr } = fc.letrec<{ expr: ExprNode; access: ExprNode }>((tie) => {
  const inner = tie("expr");
  const list = fc.array(inner, { maxLength: 3 });
  return {
    access: fc.oneof(
      fc.record({ object: inner, property: name, optional: fc.boolean() }).map(({ object, property, optional }): ExprNode => ({ kind: "member", object, property: { kind: "string", value: property, ...nowhere }, access: "dot", optional, ...nowhere })),
      fc.record({ object: inner, property: inner, optional: fc.boolean() }).map(({ object, property, optional }): ExprNode => ({ kind: "member", object, property, access: "bracket", optional, ...nowhere })),
      fc.record({ object: inner, from: fc.option(inner), to: fc.option(inner) }).map(({ object, from, to }): ExprNode => ({ kind: "slice", object, ...(from === null ? {} : { from }), ...(to === null ? {} : { to }), ...nowhere })),
    ),
    expr: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.constant<ExprNode>({ kind: "nil", ...nowhere }),
      fc.boolean().map((value): ExprNode => ({ kind: "bool", value, ...nowhere })),
      fc.bigInt(0n, 2n ** 63n - 1n).map((value): ExprNode => ({ kind: "int", value, ...nowhere })),
      fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 }).filter((value) => !Object.is(value, -0)).map((value): ExprNode => ({ kind: "float", value, ...nowhere })),
      string,
      name.map((text): ExprNode => ({ kind: "identifier", name: text, ...nowhere })),
      list.map((items): ExprNode => ({ kind: "array", items, ...nowhere })),
      fc.array(fc.record({ key: fc.oneof(string, inner), value: inner }), { maxLength: 2 }).map((entries): ExprNode => ({ kind: "map", entries, ...nowhere })),
      tie("access"),
      fc.record({ of: name, given: list }).map(({ of, given }): ExprNode => ({ kind: "call", callee: { kind: "identifier", name: of, ...nowhere }, arguments: given, ...nowhere })),
      fc.record({ of: fc.constantFrom("map", "filter", "any", "count", "groupBy"), given: inner, body: inner, pointer: fc.constantFrom("", "acc", "index") }).map(({ of, given, body, pointer }): ExprNode => ({
        kind: "call", callee: { kind: "identifier", name: of, ...nowhere },
        arguments: [given, { kind: "predicate", body: { kind: "binary", operator: "==", left: { kind: "pointer", name: pointer, ...nowhere }, right: body, ...nowhere }, ...nowhere }], ...nowhere,
      })),
      fc.record({ operator: fc.constantFrom(...unaryOperators), operand: inner }).map(({ operator, operand }): ExprNode => ({ kind: "unary", operator, operand, ...nowhere })),
      fc.record({ operator: fc.constantFrom(...binaryOperators), left: inner, right: inner }).map(({ operator, left, right }): ExprNode => ({ kind: "binary", operator, left, right, ...nowhere })),
      fc.record({ form: fc.constantFrom("ternary" as const, "if" as const), test: inner, consequent: inner, alternate: inner }).map((parts): ExprNode => ({ kind: "conditional", ...parts, ...nowhere })),
      fc.record({ of: name, value: inner, body: inner }).map(({ of, value, body }): ExprNode => ({ kind: "let", name: of, value, body, ...nowhere })),
      fc.array(inner, { minLength: 2, maxLength: 3 }).map((items): ExprNode => ({ kind: "sequence", items, ...nowhere })),
    ),
  };
});

test("random trees come back from their text, which holds no border of a tag", () => {
  fc.assert(
    fc.property(expr, (tree) => {
      const text = printExpr(tree);
      assert.not.match(text, /\{\{|\}\}/);
      assert.equal(bare(parseExpr(text)), bare(tree));
    }),
    { numRuns: 250 },
  );
});

test.run();
