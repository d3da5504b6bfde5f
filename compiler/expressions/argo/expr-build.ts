/** Makes trees of expr-lang by code: they have no place in a text. */
import type { ExprBinaryOperator, ExprIdentifier, ExprMember, ExprNode } from "./expr.ts";

const nowhere = { start: 0, end: 0 };

export const nil: ExprNode = { kind: "nil", ...nowhere };

export function bool(value: boolean): ExprNode {
  return { kind: "bool", value, ...nowhere };
}

/** A whole number; a negative one is an operation, as in the language. */
export function int(value: number | bigint): ExprNode {
  return value < 0 ? negated({ kind: "int", value: -BigInt(value), ...nowhere }) : { kind: "int", value: BigInt(value), ...nowhere };
}

/** A number with a fraction, also where it is whole: `2.0`. */
export function float(value: number): ExprNode {
  return value < 0 || Object.is(value, -0) ? negated({ kind: "float", value: -value, ...nowhere }) : { kind: "float", value, ...nowhere };
}

export function text(value: string): ExprNode {
  return { kind: "string", value, ...nowhere };
}

export function list(items: readonly ExprNode[]): ExprNode {
  return { kind: "array", items: [...items], ...nowhere };
}

export function object(entries: readonly (readonly [string, ExprNode])[]): ExprNode {
  return { kind: "map", entries: entries.map(([key, value]) => ({ key: text(key), value })), ...nowhere };
}

export function name(of: string): ExprIdentifier {
  return { kind: "identifier", name: of, ...nowhere };
}

/** `#`, `#acc`, `#index` in a predicate. */
export function pointer(of: "" | "acc" | "index" = ""): ExprNode {
  return { kind: "pointer", name: of, ...nowhere };
}

/** `object.property`, in brackets where the property is no name. */
export function member(of: ExprNode, property: string, optional = false): ExprMember {
  return { kind: "member", object: of, property: text(property), access: "dot", optional, ...nowhere };
}

/** `object[property]`. Tasks stand in brackets: `tasks['a-b']` (reference argo.md 2.0, rule 2). */
export function item(of: ExprNode, property: ExprNode, optional = false): ExprMember {
  return { kind: "member", object: of, property, access: "bracket", optional, ...nowhere };
}

export function call(callee: string | ExprMember, given: readonly ExprNode[]): ExprNode {
  return { kind: "call", callee: typeof callee === "string" ? name(callee) : callee, arguments: [...given], ...nowhere };
}

/** What `map`, `filter`, `any`, … evaluate for each item. */
export function predicate(body: ExprNode): ExprNode {
  return { kind: "predicate", body, ...nowhere };
}

export function not(operand: ExprNode): ExprNode {
  return { kind: "unary", operator: "!", operand, ...nowhere };
}

export function negated(operand: ExprNode): ExprNode {
  return { kind: "unary", operator: "-", operand, ...nowhere };
}

export function binary(operator: ExprBinaryOperator, left: ExprNode, right: ExprNode): ExprNode {
  return { kind: "binary", operator, left, right, ...nowhere };
}

/** Parts with `&&` or `||` between them; none is `true` or `false`. */
export function joined(operator: "&&" | "||", parts: readonly ExprNode[]): ExprNode {
  const [first = bool(operator === "&&"), ...others] = parts;
  return others.reduce((left, right) => binary(operator, left, right), first);
}

export function conditional(test: ExprNode, consequent: ExprNode, alternate: ExprNode): ExprNode {
  return { kind: "conditional", form: "ternary", test, consequent, alternate, ...nowhere };
}
