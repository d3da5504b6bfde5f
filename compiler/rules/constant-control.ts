/** Loops and conditions whose outcome is known before any run. */
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { nodesOf } from "../ir/traverse.ts";
import type { Document, Expression, Json, Loop } from "../ir/types.ts";
import type { Rule } from "./rule.ts";

export const constantControl: Rule = {
  codes: ["HMC5009", "HMC5010"],
  scope: "always",
  check(document: Document): Diagnostic[] {
    const found: Diagnostic[] = [];
    for (const pipeline of Object.values(document.pipelines)) {
      for (const node of nodesOf(pipeline.body)) {
        if (node.kind === "loop" && isEmpty(node)) found.push(diagnostic("HMC5009", node.items.span, { loop: `for ${node.itemName}` }));
        if (node.kind === "branch") for (const arm of node.arms) found.push(...checkCondition(arm.condition));
        if (node.kind === "task") found.push(...checkCondition(node.when));
      }
    }
    return found;
  },
};

function isEmpty({ items }: Loop): boolean {
  switch (items.kind) {
    case "constant":
      return Array.isArray(items.value) && items.value.length === 0;
    case "list":
      return items.items.length === 0;
    case "range": {
      const count = constantValue(items.count);
      return typeof count === "number" && count <= 0;
    }
    default:
      return false;
  }
}

function checkCondition(condition: Expression | undefined): Diagnostic[] {
  const value = condition === undefined ? undefined : constantValue(condition);
  if (condition === undefined || value === undefined) return [];
  const effect = value ? "what depends on it always runs" : "what depends on it never runs";
  return [diagnostic("HMC5010", condition.span, { value: String(Boolean(value)), effect })];
}

/** The value that an expression has in every run; undefined where a run decides. */
function constantValue(expression: Expression): Json | undefined {
  switch (expression.kind) {
    case "constant":
      return expression.value;
    case "unary": {
      const operand = constantValue(expression.operand);
      if (operand === undefined) return undefined;
      return expression.operator === "!" ? !operand : typeof operand === "number" ? -operand : undefined;
    }
    case "binary": {
      const left = constantValue(expression.left);
      const right = constantValue(expression.right);
      if (expression.operator === "&&") return isFalse(left) || isFalse(right) ? false : left === undefined ? undefined : right;
      if (expression.operator === "||") return isTrue(left) || isTrue(right) ? true : left === undefined ? undefined : right;
      return left === undefined || right === undefined ? sameOperands(expression) : compare(expression.operator, left, right);
    }
    default:
      return undefined;
  }
}

function isFalse(value: Json | undefined): boolean {
  return value !== undefined && !value;
}

function isTrue(value: Json | undefined): boolean {
  return value !== undefined && Boolean(value);
}

function compare(operator: string, left: Json, right: Json): boolean | undefined {
  const comparable = (typeof left === "number" && typeof right === "number") || (typeof left === "string" && typeof right === "string");
  switch (operator) {
    case "==":
      return isScalar(left) && isScalar(right) ? left === right : undefined;
    case "!=":
      return isScalar(left) && isScalar(right) ? left !== right : undefined;
    case "<":
      return comparable ? left < right : undefined;
    case "<=":
      return comparable ? left <= right : undefined;
    case ">":
      return comparable ? left > right : undefined;
    case ">=":
      return comparable ? left >= right : undefined;
    default:
      return undefined;
  }
}

function isScalar(value: Json): boolean {
  return value === null || typeof value !== "object";
}

/** `x == x` and the like; numbers are left out, since NaN differs from itself. */
function sameOperands(expression: Extract<Expression, { kind: "binary" }>): boolean | undefined {
  const { left, right, operator } = expression;
  const same =
    (left.kind === "input" && right.kind === "input" && left.name === right.name) ||
    (left.kind === "output" && right.kind === "output" && left.task === right.task && left.output === right.output);
  if (!same || left.type.kind === "number") return undefined;
  if (operator === "==" || operator === "<=" || operator === ">=") return true;
  return operator === "!=" || operator === "<" || operator === ">" ? false : undefined;
}
