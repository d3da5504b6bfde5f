/** `if`, `switch`, `?:`, `&&`, `||`, `??`: what runs only sometimes, and the values that differ by it. */
import { ts } from "ts-morph";
import type { Arm, Branch, Expression } from "../ir/types.ts";
import { nodesOf } from "../ir/traverse.ts";
import { asCondition, mayBeAbsent } from "./conditions.ts";
import { isTruthy } from "./constants.ts";
import { evaluate } from "./expressions.ts";
import { addNode, intoBlock, regionId, type Lowering } from "./lowering.ts";
import { Scope } from "./scope.ts";
import { toExpression } from "./to-expression.ts";
import { unify } from "./value-types.ts";
import { invalid, type ChoiceValue, type Value } from "./values.ts";

/** One side of a branch, before it is read. */
export interface ArmSource<T> {
  /** Missing for the else. */
  condition?: Expression;
  read: (scope: Scope) => T;
  node: ts.Node;
}

/**
 * Reads the arms of a branch, each in a block and scope of its own, and merges what they assign.
 *
 * @param sources the last one is the else; where there is none, an empty arm is added
 * @returns the branch, and what each arm gave
 */
export function lowerArms<T>(lowering: Lowering, scope: Scope, node: ts.Node, sources: ArmSource<T>[]): { branch: Branch; results: T[] } {
  const branch: Branch = { kind: "branch", id: regionId(lowering, "if"), arms: [], selects: [], hasElse: sources.at(-1)?.condition === undefined, span: lowering.context.spanOf(node) };
  lowering.branches.set(branch.id, branch);
  addNode(lowering, branch);
  const results: T[] = [];
  const scopes: Scope[] = [];
  for (const source of sources) {
    const armScope = new Scope("arm", scope);
    const { block, result } = intoBlock(lowering, { kind: "arm" }, () => source.read(armScope));
    const arm: Arm = { ...(source.condition === undefined ? {} : { condition: source.condition }), block, span: lowering.context.spanOf(source.node) };
    branch.arms.push(arm);
    results.push(result);
    scopes.push(armScope);
  }
  if (!branch.hasElse) {
    branch.arms.push({ block: { nodes: [] }, span: branch.span });
    scopes.push(new Scope("arm", scope));
  }
  mergeAssignments(scope, branch, scopes, node);
  return { branch, results };
}

function mergeAssignments(scope: Scope, branch: Branch, arms: Scope[], node: ts.Node): void {
  const symbols = new Set(arms.flatMap((arm) => [...arm.assigned.keys()]));
  for (const symbol of symbols) {
    const before: Value = scope.lookup(symbol) ?? { kind: "constant", folded: { kind: "undefined", node } };
    scope.assign(symbol, choice(branch, symbol.name, arms.map((arm) => arm.assigned.get(symbol) ?? before), node));
  }
}

/** The value that differs by arm; the value itself where all arms give the same. */
export function choice(branch: Branch, name: string, values: Value[], node: ts.Node): Value {
  const [first] = values;
  if (first !== undefined && values.every((value) => value === first)) return first;
  if (values.some((value) => value.kind === "invalid")) return invalid;
  return { kind: "choice", branch, name, values, members: new Map(), node } satisfies ChoiceValue;
}

/** `condition ? a : b`. With no task in either side it is a plain expression. */
export function lowerTernary(lowering: Lowering, scope: Scope, node: ts.ConditionalExpression): Value {
  const test = evaluate(lowering, scope, node.condition);
  if (test.kind === "invalid") return test;
  if (test.kind === "constant") return evaluate(lowering, scope, isTruthy(test.folded) ? node.whenTrue : node.whenFalse);
  const condition = asCondition(lowering, test, node.condition);
  if (condition === undefined) return invalid;
  const { branch, results } = lowerArms(lowering, scope, node, [
    { condition, read: (arm) => evaluate(lowering, arm, node.whenTrue), node: node.whenTrue },
    { read: (arm) => evaluate(lowering, arm, node.whenFalse), node: node.whenFalse },
  ]);
  return choice(branch, variableName(node), results, node);
}

/** The variable that an expression is assigned to, for the name of a select. */
function variableName(node: ts.Expression): string {
  const { parent } = node;
  if (ts.isParenthesizedExpression(parent)) return variableName(parent);
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) return parent.name.text;
  if (ts.isPropertyAssignment(parent) && ts.isIdentifier(parent.name)) return parent.name.text;
  if (ts.isBinaryExpression(parent) && ts.isIdentifier(parent.left)) return parent.left.text;
  return "value";
}

/** `&&`, `||` and `??` whose left side is known only at run time. */
export function lowerShortCircuit(lowering: Lowering, scope: Scope, node: ts.BinaryExpression, left: Value): Value {
  const span = lowering.context.spanOf(node);
  if (node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) return lowerCoalesce(lowering, scope, node, left);
  const operator = node.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken ? "&&" : "||";
  const isBoolean = left.kind === "expression" && left.expression.type.kind === "boolean";
  const condition = asCondition(lowering, left, node.left);
  if (condition === undefined) return invalid;
  const probe = intoBlock(lowering, { kind: "arm" }, () => evaluate(lowering, scope, node.right));
  if (probe.result.kind === "invalid") return invalid;
  const right = probe.block.nodes.length === 0 ? asTruth(lowering, probe.result, node.right) : undefined;
  if (right !== undefined) {
    return { kind: "expression", expression: { kind: "binary", operator, left: condition, right, type: { kind: "boolean" }, span } };
  }
  // A task on the right runs only when the left side asks for it: the operator is a branch.
  const branch: Branch = {
    kind: "branch",
    id: regionId(lowering, "if"),
    arms: [
      { condition: operator === "&&" ? condition : { kind: "unary", operator: "!", operand: condition, type: { kind: "boolean" }, span: condition.span }, block: probe.block, span: lowering.context.spanOf(node.right) },
      { block: { nodes: [] }, span },
    ],
    selects: [],
    hasElse: true,
    span,
  };
  lowering.branches.set(branch.id, branch);
  addNode(lowering, branch);
  const otherwise: Value = isBoolean ? { kind: "constant", folded: { kind: "value", value: operator === "||", node } } : left;
  return choice(branch, variableName(node), [probe.result, otherwise], node);
}

/** The truth of an operand of `&&` and `||`; undefined where only its value makes sense. */
function asTruth(lowering: Lowering, value: Value, node: ts.Node): Expression | undefined {
  if (value.kind === "constant" || value.kind === "expression" || value.kind === "task" || value.kind === "choice" || value.kind === "item") return asCondition(lowering, value, node);
  return undefined;
}

function lowerCoalesce(lowering: Lowering, scope: Scope, node: ts.BinaryExpression, left: Value): Value {
  if (left.kind === "choice" && left.expression === undefined) {
    const isAbsent = (value: Value): boolean => value.kind === "constant" && (value.folded.kind === "undefined" || (value.folded.kind === "value" && value.folded.value === null));
    if (!left.values.some(isAbsent)) return left;
    // The fallback takes the place of the missing arms, so that the one-of is total; its tasks run in those arms only.
    const values = left.values.map((value, index) => {
      const arm = left.branch.arms[index];
      if (!isAbsent(value) || arm === undefined) return value;
      const fallback = intoBlock(lowering, { kind: "arm" }, () => evaluate(lowering, scope, node.right));
      arm.block.nodes.push(...fallback.block.nodes);
      return fallback.result;
    });
    return choice(left.branch, left.name, values, node);
  }
  const value = toExpression(lowering, left, node.left);
  if (value === undefined) return invalid;
  const fallback = toExpression(lowering, evaluate(lowering, scope, node.right), node.right);
  if (fallback === undefined) return invalid;
  if (!mayBeAbsent(lowering, value) && !(value.kind === "element")) return { kind: "expression", expression: value };
  return { kind: "expression", expression: { kind: "coalesce", value, fallback, type: fallback.kind === "absent" ? value.type : unify(value.type, fallback.type), span: lowering.context.spanOf(node) } };
}

/** Takes out branches in which nothing runs and from which nothing is chosen. */
export function withoutEmptyBranches(nodes: { nodes: import("../ir/types.ts").Node[] }): void {
  for (const node of nodes.nodes) {
    if (node.kind === "branch") for (const arm of node.arms) withoutEmptyBranches(arm.block);
    if (node.kind === "loop") withoutEmptyBranches(node.body);
    if (node.kind === "try") for (const block of [node.body, node.catch, node.finally]) if (block !== undefined) withoutEmptyBranches(block);
  }
  nodes.nodes = nodes.nodes.filter((node) => node.kind !== "branch" || node.selects.length > 0 || node.arms.some((arm) => !nodesOf(arm.block).next().done));
}
