/**
 * The tree of expr-lang 1.17, the language of `{{= … }}`, `valueFrom.expression`, `fromExpression`, hook and retry
 * expressions of Argo Workflows. `expr-print.ts` gives the text of a tree, `expr-parser.ts` the tree of a text.
 */

/** Where a node stands in the text it was read from, as offsets of UTF-16 units. Both are 0 in trees made by code. */
export interface ExprSpan {
  start: number;
  end: number;
  /** The offset that expr-lang names in messages of this node, where that is not `start`: the operator, the member's name. */
  at?: number;
}

export type ExprUnaryOperator = "!" | "not" | "-" | "+";

export type ExprTextOperator = "contains" | "startsWith" | "endsWith" | "matches";

export type ExprBinaryOperator =
  | "or" | "||" | "and" | "&&"
  | "==" | "!=" | "<" | "<=" | ">" | ">="
  | "in" | "not in" | ExprTextOperator | `not ${ExprTextOperator}`
  | ".." | "+" | "-" | "*" | "/" | "%" | "**" | "^" | "??";

export interface ExprNil extends ExprSpan { kind: "nil" }
export interface ExprBool extends ExprSpan { kind: "bool"; value: boolean }
/** A whole number of 64 bits: never negative, `-1` is a unary node. */
export interface ExprInt extends ExprSpan { kind: "int"; value: bigint }
/** Written with a fraction or an exponent, never negative. */
export interface ExprFloat extends ExprSpan { kind: "float"; value: number }
export interface ExprString extends ExprSpan { kind: "string"; value: string }
export interface ExprArray extends ExprSpan { kind: "array"; items: ExprNode[] }
export interface ExprMapEntry {
  /** A string node for `{a: 1}`, `{'a': 1}` and `{1: 1}`; any other node was written in parentheses. */
  key: ExprNode;
  value: ExprNode;
}
export interface ExprMap extends ExprSpan { kind: "map"; entries: ExprMapEntry[] }
export interface ExprIdentifier extends ExprSpan { kind: "identifier"; name: string }
/** `#` (name ""), `#acc`, `#index`: what a predicate reads. `.field` in a predicate is a member of a `#` without width. */
export interface ExprPointer extends ExprSpan { kind: "pointer"; name: string }
/**
 * `a.b`, `a?.b` (access "dot", the property a string node), `a[b]`, `a?.[b]` (access "bracket"). The access matters:
 * where `a` is nil, `a?.b.c` is nil, but `a?.b['c']` an error.
 */
export interface ExprMember extends ExprSpan {
  kind: "member";
  object: ExprNode;
  property: ExprNode;
  access: "dot" | "bracket";
  optional: boolean;
}
export interface ExprSlice extends ExprSpan { kind: "slice"; object: ExprNode; from?: ExprNode; to?: ExprNode }
/** A call of a built-in function, a function of the environment, or a member, e.g. `sprig.trim(x)`. `x | f(y)` is `f(x, y)`. */
export interface ExprCall extends ExprSpan { kind: "call"; callee: ExprIdentifier | ExprMember; arguments: ExprNode[] }
/** The second argument of `map`, `filter`, `any`, …: evaluated for each item. */
export interface ExprPredicate extends ExprSpan { kind: "predicate"; body: ExprNode }
export interface ExprUnary extends ExprSpan { kind: "unary"; operator: ExprUnaryOperator; operand: ExprNode }
/** `a < b < c` is `a < b && b < c`. */
export interface ExprBinary extends ExprSpan { kind: "binary"; operator: ExprBinaryOperator; left: ExprNode; right: ExprNode }
/** `a ? b : c` or `if a { b } else { c }`; `a ?: b` is `a ? a : b`. */
export interface ExprConditional extends ExprSpan {
  kind: "conditional";
  form: "ternary" | "if";
  test: ExprNode;
  consequent: ExprNode;
  alternate: ExprNode;
}
/** `let name = value; body`. */
export interface ExprLet extends ExprSpan { kind: "let"; name: string; value: ExprNode; body: ExprNode }
/** `a; b`: the value of the last one. */
export interface ExprSequence extends ExprSpan { kind: "sequence"; items: ExprNode[] }

export type ExprNode =
  | ExprNil | ExprBool | ExprInt | ExprFloat | ExprString | ExprArray | ExprMap | ExprIdentifier | ExprPointer | ExprMember | ExprSlice
  | ExprCall | ExprPredicate | ExprUnary | ExprBinary | ExprConditional | ExprLet | ExprSequence;

/** The words that are operators or statements: no name may be one of them. `true`, `false` and `nil` are values. */
export const exprKeywords: ReadonlySet<string> = new Set(["not", "in", "or", "and", "matches", "contains", "startsWith", "endsWith", "let", "if", "else"]);

/** What each built-in function that takes a predicate expects after its list. */
export const exprPredicateFunctions: ReadonlyMap<string, { predicateOptional: boolean; third: boolean }> = new Map(
  ["all", "none", "any", "one", "filter", "map", "count", "sum", "find", "findIndex", "findLast", "findLastIndex", "groupBy", "sortBy", "reduce"].map(
    (name) => [name, { predicateOptional: name === "count" || name === "sum", third: name === "sortBy" || name === "reduce" }],
  ),
);

/** The built-in functions of expr-lang 1.17 that take no predicate. */
export const exprPlainFunctions: ReadonlySet<string> = new Set([
  "len", "type", "abs", "ceil", "floor", "round", "int", "float", "string", "trim", "trimPrefix", "trimSuffix", "upper", "lower", "split", "splitAfter",
  "replace", "repeat", "join", "indexOf", "lastIndexOf", "hasPrefix", "hasSuffix", "max", "min", "mean", "median", "toJSON", "fromJSON", "toBase64",
  "fromBase64", "now", "duration", "date", "timezone", "first", "last", "get", "take", "keys", "values", "toPairs", "fromPairs", "reverse", "uniq", "concat",
  "flatten", "sort", "bitand", "bitor", "bitxor", "bitnand", "bitshl", "bitshr", "bitushr", "bitnot",
]);

/** A text that expr-lang cannot read. `offset` is that of the first character that does not fit, or the text's length. */
export class ExprSyntaxError extends Error {
  override name = "ExprSyntaxError";
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

/** The nodes directly below a node, in the order of the text. */
export function exprChildren(node: ExprNode): ExprNode[] {
  switch (node.kind) {
    case "nil":
    case "bool":
    case "int":
    case "float":
    case "string":
    case "identifier":
    case "pointer":
      return [];
    case "array":
    case "sequence":
      return node.items;
    case "map":
      return node.entries.flatMap(({ key, value }) => [key, value]);
    case "member":
      return [node.object, node.property];
    case "slice":
      return [node.object, ...(node.from === undefined ? [] : [node.from]), ...(node.to === undefined ? [] : [node.to])];
    case "call":
      return [node.callee, ...node.arguments];
    case "predicate":
      return [node.body];
    case "unary":
      return [node.operand];
    case "binary":
      return [node.left, node.right];
    case "conditional":
      return [node.test, node.consequent, node.alternate];
    case "let":
      return [node.value, node.body];
  }
}
