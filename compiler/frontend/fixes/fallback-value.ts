/** A value that may be missing, where one is needed: `value ?? 0`. */
import { ts } from "ts-morph";
import type { Fix } from "../../diagnostics/diagnostic.ts";
import type { Context } from "../context.ts";
import { spanBetween } from "../span-between.ts";
import { literalOf } from "./default-values.ts";
import { nodeAt } from "./places.ts";

/** Gives the expression at a place, or the value of the property there, a value for the case that it has none. */
export function fallbackValue(context: Context, file: ts.SourceFile, start: number, end: number): Fix | undefined {
  const node = nodeAt(file, start, end);
  const property = node?.parent;
  if (node !== undefined && property !== undefined && ts.isShorthandPropertyAssignment(property)) return fixOf(context, file, property.name, (text) => `${text}: ${text}`);
  const expression = node !== undefined && property !== undefined && ts.isPropertyAssignment(property) && property.name === node ? property.initializer : node;
  return expression === undefined || !ts.isExpression(expression) ? undefined : fixOf(context, file, expression, (text) => text);
}

function fixOf(context: Context, file: ts.SourceFile, expression: ts.Expression, write: (text: string) => string): Fix | undefined {
  const type = context.checker.getTypeAtLocation(expression);
  if (!type.isUnion() || !type.types.some((part) => (part.flags & ts.TypeFlags.Undefined) !== 0)) return undefined;
  const value = literalOf(context, context.checker.getNonNullableType(type));
  if (value === undefined) return undefined;
  const { parent } = expression;
  const isOperand = ts.isBinaryExpression(parent) || ts.isPrefixUnaryExpression(parent) || ts.isPropertyAccessExpression(parent);
  const needsParentheses = ts.isConditionalExpression(expression) || ts.isBinaryExpression(expression);
  const text = expression.getText(file);
  const whole = `${write(needsParentheses ? `(${text})` : text)} ?? ${value}`;
  return { title: `Use ${value} where "${text}" has no value`, edits: [{ span: spanBetween(context, file, expression.getStart(file), expression.end), newText: isOperand ? `(${whole})` : whole }] };
}
