/** Operators and methods over constants, as JavaScript computes them. */
import { ts } from "ts-morph";
import type { Json } from "../ir/types.ts";
import { foldedFromJson, foldedToJson, isTruthy, type Folded, type Scalar } from "./folded.ts";

/** For `&&`, `||` and `??`: which operand the value of the left one chooses. */
export function shortCircuit(operator: ts.SyntaxKind, left: Folded): "left" | "right" | undefined {
  switch (operator) {
    case ts.SyntaxKind.AmpersandAmpersandToken:
      return isTruthy(left) ? "right" : "left";
    case ts.SyntaxKind.BarBarToken:
      return isTruthy(left) ? "left" : "right";
    case ts.SyntaxKind.QuestionQuestionToken:
      return left.kind === "undefined" || (left.kind === "value" && left.value === null) ? "right" : "left";
    default:
      return undefined;
  }
}

export function foldUnary(operator: ts.PrefixUnaryOperator, operand: Folded, node: ts.Node): Folded | undefined {
  if (operator === ts.SyntaxKind.ExclamationToken) return { kind: "value", value: !isTruthy(operand), node };
  if (operand.kind !== "value" || typeof operand.value !== "number") return undefined;
  if (operator === ts.SyntaxKind.MinusToken) return { kind: "value", value: -operand.value, node };
  if (operator === ts.SyntaxKind.PlusToken) return { kind: "value", value: operand.value, node };
  return undefined;
}

/** An operator over two constants, as JavaScript computes it; undefined where the result is no JSON value. */
export function foldBinary(operator: ts.SyntaxKind, left: Folded, right: Folded, node: ts.Node): Folded | undefined {
  const value = (result: Scalar): Folded => ({ kind: "value", value: result, node });
  const leftScalar = left.kind === "value" ? left.value : left.kind === "undefined" ? undefined : left;
  const rightScalar = right.kind === "value" ? right.value : right.kind === "undefined" ? undefined : right;
  switch (operator) {
    case ts.SyntaxKind.EqualsEqualsEqualsToken:
    case ts.SyntaxKind.EqualsEqualsToken:
      return value(leftScalar === rightScalar);
    case ts.SyntaxKind.ExclamationEqualsEqualsToken:
    case ts.SyntaxKind.ExclamationEqualsToken:
      return value(leftScalar !== rightScalar);
  }
  if (left.kind !== "value" || right.kind !== "value") return undefined;
  const l = left.value;
  const r = right.value;
  if (operator === ts.SyntaxKind.PlusToken && (typeof l === "string" || typeof r === "string")) return value(String(l) + String(r));
  if ((typeof l === "string" && typeof r === "string") || (typeof l === "number" && typeof r === "number")) {
    switch (operator) {
      case ts.SyntaxKind.LessThanToken:
        return value(l < r);
      case ts.SyntaxKind.LessThanEqualsToken:
        return value(l <= r);
      case ts.SyntaxKind.GreaterThanToken:
        return value(l > r);
      case ts.SyntaxKind.GreaterThanEqualsToken:
        return value(l >= r);
    }
  }
  if (typeof l !== "number" || typeof r !== "number") return undefined;
  const number = (result: number): Folded | undefined => (Number.isFinite(result) ? value(result) : undefined);
  switch (operator) {
    case ts.SyntaxKind.PlusToken:
      return number(l + r);
    case ts.SyntaxKind.MinusToken:
      return number(l - r);
    case ts.SyntaxKind.AsteriskToken:
      return number(l * r);
    case ts.SyntaxKind.SlashToken:
      return number(l / r);
    case ts.SyntaxKind.PercentToken:
      return number(l % r);
    case ts.SyntaxKind.AsteriskAsteriskToken:
      return number(l ** r);
    default:
      return undefined;
  }
}

const stringMethods = new Set(["toLowerCase", "toUpperCase", "trim", "startsWith", "endsWith", "includes", "replace", "replaceAll", "slice", "split", "padStart", "padEnd", "repeat", "concat", "at", "charAt", "indexOf", "substring"]);
const listMethods = new Set(["includes", "join", "slice", "concat", "indexOf", "at", "flat"]);

/** A method without side effects of a constant string or list; undefined for any other. */
export function foldMethod(receiver: Folded, method: string, given: Folded[], node: ts.Node): Folded | undefined {
  const target = foldedToJson(receiver);
  const isString = typeof target === "string" && stringMethods.has(method);
  const isList = Array.isArray(target) && listMethods.has(method);
  if (!isString && !isList && !(method === "toString" && receiver.kind === "value" && receiver.value !== null)) return undefined;
  const values = given.map(foldedToJson);
  if (values.some((value) => value === undefined)) return undefined;
  const implementation = (target as unknown as Record<string, (...given: unknown[]) => Json | undefined>)[method];
  const result = implementation?.apply(target, values);
  return result === undefined ? { kind: "undefined", node } : foldedFromJson(result, node);
}
