/** Operators of a pipeline body: of constants, or in the run. */
import { ts } from "ts-morph";
import type { Expression, ParameterType } from "../ir/types.ts";
import { lowerShortCircuit } from "./branches.ts";
import { asCondition, presence } from "./conditions.ts";
import { foldBinary, foldUnary, shortCircuit } from "./constant-operators.ts";
import { evaluate } from "./expressions.ts";
import { report, type Lowering } from "./lowering.ts";
import type { Scope } from "./scope.ts";
import { toExpression } from "./to-expression.ts";
import { unify } from "./value-types.ts";
import { invalid, type Value } from "./values.ts";

export function evaluateUnary(lowering: Lowering, scope: Scope, node: ts.PrefixUnaryExpression): Value {
  const operand = evaluate(lowering, scope, node.operand);
  if (operand.kind === "invalid") return operand;
  if (operand.kind === "constant") {
    const folded = foldUnary(node.operator, operand.folded, node);
    if (folded !== undefined) return { kind: "constant", folded };
  }
  const span = lowering.context.spanOf(node);
  if (node.operator === ts.SyntaxKind.ExclamationToken) {
    const condition = asCondition(lowering, operand, node.operand);
    return condition === undefined ? invalid : { kind: "expression", expression: { kind: "unary", operator: "!", operand: condition, type: { kind: "boolean" }, span } };
  }
  const expression = toExpression(lowering, operand, node.operand);
  if (expression === undefined) return invalid;
  if (node.operator === ts.SyntaxKind.MinusToken) return { kind: "expression", expression: { kind: "unary", operator: "-", operand: expression, type: expression.type, span } };
  if (node.operator === ts.SyntaxKind.PlusToken) return { kind: "expression", expression: { kind: "call", function: "toNumber", arguments: [expression], type: { kind: "number" }, span } };
  return report(lowering, "HMC1003", node, { operation: `"${ts.tokenToString(node.operator) ?? ""}"` });
}

const comparisons = new Map<ts.SyntaxKind, "==" | "!=" | "<" | "<=" | ">" | ">=">([
  [ts.SyntaxKind.EqualsEqualsEqualsToken, "=="],
  [ts.SyntaxKind.EqualsEqualsToken, "=="],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, "!="],
  [ts.SyntaxKind.ExclamationEqualsToken, "!="],
  [ts.SyntaxKind.LessThanToken, "<"],
  [ts.SyntaxKind.LessThanEqualsToken, "<="],
  [ts.SyntaxKind.GreaterThanToken, ">"],
  [ts.SyntaxKind.GreaterThanEqualsToken, ">="],
]);

const arithmetic = new Map<ts.SyntaxKind, "+" | "-" | "*" | "/" | "%">([
  [ts.SyntaxKind.PlusToken, "+"],
  [ts.SyntaxKind.MinusToken, "-"],
  [ts.SyntaxKind.AsteriskToken, "*"],
  [ts.SyntaxKind.SlashToken, "/"],
  [ts.SyntaxKind.PercentToken, "%"],
]);

export function evaluateBinary(lowering: Lowering, scope: Scope, node: ts.BinaryExpression): Value {
  const operator = node.operatorToken.kind;
  if (operator === ts.SyntaxKind.CommaToken || (operator >= ts.SyntaxKind.FirstAssignment && operator <= ts.SyntaxKind.LastAssignment)) {
    return report(lowering, "HMC1001", node, { construct: "an assignment inside an expression" });
  }
  const left = evaluate(lowering, scope, node.left);
  if (operator === ts.SyntaxKind.AmpersandAmpersandToken || operator === ts.SyntaxKind.BarBarToken || operator === ts.SyntaxKind.QuestionQuestionToken) {
    const chosen = left.kind === "constant" ? shortCircuit(operator, left.folded) : undefined;
    if (chosen === "left") return left;
    if (chosen === "right") return evaluate(lowering, scope, node.right);
    return left.kind === "invalid" ? left : lowerShortCircuit(lowering, scope, node, left);
  }
  return operation(lowering, { operator, left, right: evaluate(lowering, scope, node.right), node, leftNode: node.left, rightNode: node.right });
}

/** An operator between two values, and where it, they and the whole stand. */
interface Operation {
  operator: ts.SyntaxKind;
  left: Value;
  right: Value;
  node: ts.Expression;
  leftNode: ts.Expression;
  rightNode: ts.Expression;
}

/** What a comparison or arithmetic gives, of constants or in the run. */
export function operation(lowering: Lowering, { operator, left, right, node, leftNode, rightNode }: Operation): Value {
  const text = ts.tokenToString(operator) ?? "";
  if (left.kind === "invalid" || right.kind === "invalid") return invalid;
  if (left.kind === "constant" && right.kind === "constant") {
    const folded = foldBinary(operator, left.folded, right.folded, node);
    if (folded !== undefined) return { kind: "constant", folded };
  }
  const span = lowering.context.spanOf(node);
  const comparison = comparisons.get(operator);
  const isNothing = (value: Value): boolean => value.kind === "constant" && (value.folded.kind === "undefined" || (value.folded.kind === "value" && value.folded.value === null));
  if ((comparison === "==" || comparison === "!=") && (isNothing(left) || isNothing(right))) {
    const tested = toExpression(lowering, isNothing(left) ? right : left, isNothing(left) ? rightNode : leftNode);
    if (tested === undefined) return invalid;
    const there = presence(lowering, tested, span);
    return { kind: "expression", expression: comparison === "!=" ? there : { kind: "unary", operator: "!", operand: there, type: { kind: "boolean" }, span } };
  }
  const l = toExpression(lowering, left, leftNode);
  const r = toExpression(lowering, right, rightNode);
  if (l === undefined || r === undefined) return invalid;
  for (const [side, at] of [[l, leftNode], [r, rightNode]] as const) {
    if (side.type.kind === "artifact" || side.type.kind === "list" || side.type.kind === "struct") return report(lowering, "HMC1003", at, { operation: `"${text}" on ${side.type.kind === "artifact" ? "an artifact" : side.type.kind === "list" ? "a list" : "an object"}` });
  }
  if (comparison !== undefined) return { kind: "expression", expression: { kind: "binary", operator: comparison, left: l, right: r, type: { kind: "boolean" }, span } };
  const arithmetical = arithmetic.get(operator);
  if (arithmetical === undefined) return report(lowering, "HMC1003", node, { operation: `"${text}"` });
  if (arithmetical === "+" && (isText(l) || isText(r))) {
    const parts = [l, r].flatMap((side) => (side.kind === "template" ? side.parts : [side]));
    return { kind: "expression", expression: { kind: "template", parts, type: { kind: "string" }, span } };
  }
  const type: ParameterType = arithmetical === "/" ? { kind: "number" } : plainNumber(l, r);
  return { kind: "expression", expression: { kind: "binary", operator: arithmetical, left: l, right: r, type, span } };
}

function isText(expression: Expression): boolean {
  return expression.type.kind === "string";
}

function plainNumber(left: Expression, right: Expression): ParameterType {
  const type = unify(left.type, right.type);
  return type.kind === "integer" ? { kind: "integer" } : { kind: "number" };
}
