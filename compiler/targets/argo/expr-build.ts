/** Short ways to make trees of expr-lang. They stand nowhere in a text, so their offsets are 0. */
import { isExprName, printExpr } from "../../expressions/argo/expr-print.ts";
import type { ExprBinaryOperator, ExprNode } from "../../expressions/argo/expr.ts";

const nowhere = { start: 0, end: 0 } as const;

export const nil: ExprNode = { kind: "nil", ...nowhere };

export function text(value: string): ExprNode {
  return { kind: "string", value, ...nowhere };
}

export function bool(value: boolean): ExprNode {
  return { kind: "bool", value, ...nowhere };
}

/** A number as it is in JSON: whole ones without a fraction. */
export function number(value: number): ExprNode {
  if (value < 0 || Object.is(value, -0)) return { kind: "unary", operator: "-", operand: number(-value), ...nowhere };
  return Number.isSafeInteger(value) ? { kind: "int", value: BigInt(value), ...nowhere } : { kind: "float", value, ...nowhere };
}

export function name(identifier: string): ExprNode {
  return { kind: "identifier", name: identifier, ...nowhere };
}

/** `object.key`, or `object['key']` where the key is no name. */
export function member(object: ExprNode, key: string, optional = false): ExprNode {
  return { kind: "member", object, property: text(key), access: isExprName(key) ? "dot" : "bracket", optional, ...nowhere };
}

export function index(object: ExprNode, at: ExprNode): ExprNode {
  return { kind: "member", object, property: at, access: "bracket", optional: false, ...nowhere };
}

/** A path of names: `inputs.parameters.x`. */
export function path(first: string, ...keys: string[]): ExprNode {
  return keys.reduce<ExprNode>((object, key) => member(object, key), name(first));
}

/** `tasks['a'].status` and the like: the name of a task always stands in brackets (reference argo.md 2.0, rule 2). */
export function ofTask(task: string, ...keys: string[]): ExprNode {
  const object: ExprNode = { kind: "member", object: name("tasks"), property: text(task), access: "bracket", optional: false, ...nowhere };
  return keys.reduce<ExprNode>((inner, key) => member(inner, key), object);
}

export function call(callee: string, ...values: ExprNode[]): ExprNode {
  return { kind: "call", callee: { kind: "identifier", name: callee, ...nowhere }, arguments: values, ...nowhere };
}

/** A function of the library sprig. */
export function sprig(callee: string, ...values: ExprNode[]): ExprNode {
  return { kind: "call", callee: { kind: "member", object: name("sprig"), property: text(callee), access: "dot", optional: false, ...nowhere }, arguments: values, ...nowhere };
}

/** `callee(list, body)`, where `#` in the body is an item. */
export function overItems(callee: string, list: ExprNode, body: ExprNode, ...more: ExprNode[]): ExprNode {
  return call(callee, list, { kind: "predicate", body, ...nowhere }, ...more);
}

export const item: ExprNode = { kind: "pointer", name: "", ...nowhere };
export const accumulator: ExprNode = { kind: "pointer", name: "acc", ...nowhere };

export function binary(operator: ExprBinaryOperator, left: ExprNode, right: ExprNode): ExprNode {
  return { kind: "binary", operator, left, right, ...nowhere };
}

const opposites: Partial<Record<ExprBinaryOperator, ExprBinaryOperator>> = { "==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">" };

/** The opposite; no number here is NaN. */
export function not(operand: ExprNode): ExprNode {
  if (operand.kind === "unary" && operand.operator === "!") return operand.operand;
  const opposite = operand.kind === "binary" ? opposites[operand.operator] : undefined;
  if (operand.kind === "binary" && opposite !== undefined) return { ...operand, operator: opposite };
  return { kind: "unary", operator: "!", operand, ...nowhere };
}

export function negate(operand: ExprNode): ExprNode {
  return { kind: "unary", operator: "-", operand, ...nowhere };
}

/** A choice; where the first of the two is chosen by the same test, what that gives. */
export function choose(test: ExprNode, consequent: ExprNode, alternate: ExprNode): ExprNode {
  if (consequent.kind === "conditional" && printExpr(consequent.test) === printExpr(test)) return choose(test, consequent.consequent, alternate);
  return { kind: "conditional", form: "ternary", test, consequent, alternate, ...nowhere };
}

/** An expression that reads a value several times, which is computed once. */
export function local(value: ExprNode, body: (value: ExprNode) => ExprNode): ExprNode {
  if (keysOf(value) !== undefined) return body(value);
  return { kind: "let", name: "value", value, body: body(name("value")), ...nowhere };
}

export function list(items: ExprNode[]): ExprNode {
  return { kind: "array", items, ...nowhere };
}

export function map(entries: readonly (readonly [string, ExprNode])[]): ExprNode {
  return { kind: "map", entries: entries.map(([key, value]) => ({ key: text(key), value })), ...nowhere };
}

/** All of them, `true` where there is none. */
export function allOf(conditions: readonly ExprNode[]): ExprNode {
  return conditions.reduceRight<ExprNode | undefined>((right, left) => (right === undefined ? left : binary("&&", left, right)), undefined) ?? bool(true);
}

/** One text of several; neighbouring literals become one. */
export function joined(parts: readonly ExprNode[]): ExprNode {
  const merged: ExprNode[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (part.kind === "string" && last?.kind === "string") merged[merged.length - 1] = text(last.value + part.value);
    else if (part.kind !== "string" || part.value !== "") merged.push(part);
  }
  return merged.reduce<ExprNode | undefined>((left, right) => (left === undefined ? right : binary("+", left, right)), undefined) ?? text("");
}

/** The keys of a path without computation, e.g. `["tasks", "a", "outputs", "parameters", "x"]`. */
export function keysOf(node: ExprNode): string[] | undefined {
  if (node.kind === "identifier") return [node.name];
  if (node.kind !== "member" || node.optional || node.property.kind !== "string") return undefined;
  const keys = keysOf(node.object);
  return keys === undefined ? undefined : [...keys, node.property.value];
}
