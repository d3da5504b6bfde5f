/** `x as T`: what a run-time value is taken for, where nothing else says it. */
import { ts } from "ts-morph";
import type { ValueType } from "../ir/types.ts";
import type { Context } from "./context.ts";
import { languageFunction } from "./language-functions.ts";
import { valueType } from "./types.ts";
import type { Value } from "./values.ts";

/** The value with the asserted type, where it is any JSON or the item of a loop; other values know their type. */
export function withAssertedType(context: Context, value: Value, written: ts.TypeNode): Value {
  if (value.kind !== "expression") return value;
  const { expression } = value;
  if (expression.type.kind !== "json" && (expression.kind !== "item" || expression.type.kind === "artifact")) return value;
  const type = assertedType(context, written);
  return type === undefined || type.kind === "artifact" ? value : { kind: "expression", expression: { ...expression, type } };
}

/** What the items of a constant list are said to be: `[{ a: 1 }] as Record<string, unknown>[]`. */
export function assertedItems(context: Context, list: ts.Expression): ValueType | undefined {
  let node = list;
  for (;;) {
    if (ts.isParenthesizedExpression(node) || ts.isSatisfiesExpression(node)) node = node.expression;
    else if (ts.isCallExpression(node) && languageFunction(context, node.expression) === "limit" && node.arguments[0] !== undefined) node = node.arguments[0];
    else break;
  }
  const type = ts.isAsExpression(node) || ts.isTypeAssertionExpression(node) ? assertedType(context, node.type) : undefined;
  return type?.kind === "list" && type.tuple === undefined ? type : undefined;
}

/** The type in an assertion; undefined where it says nothing that can be passed on: `const`, `unknown`, `any`. */
function assertedType(context: Context, written: ts.TypeNode): ValueType | undefined {
  if (ts.isConstTypeReference(written)) return undefined;
  const silent: Context = { ...context, report: () => undefined };
  return valueType(silent, context.checker.getTypeFromTypeNode(written), written, "");
}
