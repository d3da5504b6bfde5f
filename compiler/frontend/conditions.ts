/** What a value means where JavaScript asks for its truth. */
import type { ts } from "ts-morph";
import type { Expression, Span } from "../ir/types.ts";
import { isTruthy } from "./folded.ts";
import { report, type Lowering } from "./lowering.ts";
import { toExpression } from "./to-expression.ts";
import type { Value } from "./values.ts";

/** Whether a value is there. */
export function present(value: Expression, span: Span): Expression {
  return { kind: "present", value, type: { kind: "boolean" }, span };
}

/** Whether a value is there, where it is a one-of by the conditions of its arms: no target needs to look at the value. */
export function presence(lowering: Lowering, value: Expression, span: Span): Expression {
  if (value.kind === "absent") return truth(false, span);
  if (!mayBeAbsent(lowering, value)) return truth(true, span);
  const branch = value.kind === "select" ? lowering.branches.get(value.branch) : undefined;
  const select = value.kind === "select" ? branch?.selects?.find(({ name }) => name === value.name) : undefined;
  if (branch?.kind !== "branch" || select === undefined) return present(value, span);
  return select.values.reduceRight<Expression>((rest, given, position) => {
    const condition = branch.arms[position]?.condition;
    const there = presence(lowering, given, span);
    return condition === undefined ? there : or(and(condition, there), and(not(condition), rest));
  }, truth(false, span));
}

function truth(value: boolean, span: Span): Expression {
  return { kind: "constant", value, type: { kind: "boolean" }, span };
}

function not(operand: Expression): Expression {
  return { kind: "unary", operator: "!", operand, type: { kind: "boolean" }, span: operand.span };
}

function and(left: Expression, right: Expression): Expression {
  if (right.kind === "constant") return right.value === true ? left : right;
  return { kind: "binary", operator: "&&", left, right, type: { kind: "boolean" }, span: left.span };
}

function or(left: Expression, right: Expression): Expression {
  if (left.kind === "constant") return left.value === true ? left : right;
  if (right.kind === "constant" && right.value === false) return left;
  return { kind: "binary", operator: "||", left, right, type: { kind: "boolean" }, span: left.span };
}

/**
 * The boolean expression that says whether a value is truthy.
 *
 * @returns undefined after a reported mistake
 */
export function asCondition(lowering: Lowering, value: Value, node: ts.Node): Expression | undefined {
  const span = lowering.context.spanOf(node);
  if (value.kind === "constant") return { kind: "constant", value: isTruthy(value.folded), type: { kind: "boolean" }, span };
  const expression = toExpression(lowering, value, node);
  if (expression === undefined) return undefined;
  const asTruth = truthOf(expression, span);
  const isOptional = mayBeAbsent(lowering, expression);
  if (asTruth === undefined) {
    if (isOptional) return presence(lowering, expression, span);
    report(lowering, "HMC1021", node, { what: expression.type.kind === "artifact" ? "An artifact" : expression.type.kind === "list" ? "A list" : "An object" });
    return undefined;
  }
  return isOptional ? { kind: "binary", operator: "&&", left: presence(lowering, expression, span), right: asTruth, type: { kind: "boolean" }, span } : asTruth;
}

/** The truth of a value that is there; undefined for those that are always true. */
function truthOf(expression: Expression, span: Span): Expression | undefined {
  const type = { kind: "boolean" } as const;
  switch (expression.type.kind) {
    case "boolean":
      return expression;
    case "integer":
    case "number":
      return { kind: "binary", operator: "!=", left: expression, right: { kind: "constant", value: 0, type: { kind: "integer" }, span }, type, span };
    case "string":
      return { kind: "binary", operator: "!=", left: expression, right: { kind: "constant", value: "", type: { kind: "string" }, span }, type, span };
    case "json":
      return { kind: "call", function: "toBoolean", arguments: [expression], type, span };
    case "artifact":
    case "list":
    case "struct":
    case "status":
    case "taskConfig":
      return undefined;
  }
}

/** Whether an expression can have no value. */
export function mayBeAbsent(lowering: Lowering, expression: Expression): boolean {
  switch (expression.kind) {
    case "absent":
      return true;
    case "input":
      return lowering.optionalInputs.has(expression.name);
    case "output":
      return lowering.optionalOutputs.has(`${expression.task}.${expression.output}`);
    case "carried":
    case "final":
      return lowering.whiles.get(expression.loop)?.types.get(expression.name)?.optional ?? false;
    case "element": {
      const { object, index } = expression;
      const tuple = object.type.kind === "list" ? object.type.tuple : undefined;
      return tuple === undefined || index.kind !== "constant" || tuple[Number(index.value)] === undefined;
    }
    case "select":
      return lowering.branches.get(expression.branch)?.selects?.find((select) => select.name === expression.name)?.values.some((value) => mayBeAbsent(lowering, value)) ?? false;
    case "member": {
      const property = expression.object.type.kind === "struct" ? expression.object.type.properties[expression.key] : undefined;
      return (expression.object.type.kind === "struct" && (property === undefined || property.optional || property.nullable === true)) || mayBeAbsent(lowering, expression.object);
    }
    case "conditional":
      return mayBeAbsent(lowering, expression.consequent) || mayBeAbsent(lowering, expression.alternate);
    case "coalesce":
      return mayBeAbsent(lowering, expression.fallback);
    default:
      return false;
  }
}
