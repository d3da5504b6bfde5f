/** `if`, `switch`, `?:`, `&&`, `||`, `??`: what runs only sometimes, and the values that differ by it. */
import { ts } from "ts-morph";
import type { Arm, Block, Branch, Expression, Try } from "../ir/types.ts";
import { blocksOf } from "../ir/traverse.ts";
import { asCondition, mayBeAbsent, present } from "./conditions.ts";
import { isTruthy } from "./folded.ts";
import { evaluate } from "./expressions.ts";
import { groupNames, groupNamesOfExpression } from "./group-names.ts";
import { addNode, intoBlock, regionId, withoutTasks, type Lowering } from "./lowering.ts";
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
  displayName?: string | undefined;
}

/**
 * Reads the arms of a branch, each in a block and scope of its own, and merges what they assign.
 *
 * @param sources the last one is the else; where there is none, an empty arm is added
 * @param displayName of the whole
 * @returns the branch, and what each arm gave
 */
export function lowerArms<T>(lowering: Lowering, scope: Scope, node: ts.Node, sources: ArmSource<T>[], displayName?: string): { branch: Branch; results: T[] } {
  const branch: Branch = { kind: "branch", id: regionId(lowering, "if"), arms: [], selects: [], hasElse: sources.at(-1)?.condition === undefined, ...named(displayName), span: lowering.context.spanOf(node) };
  lowering.branches.set(branch.id, branch);
  addNode(lowering, branch);
  const results: T[] = [];
  const scopes: Scope[] = [];
  for (const source of sources) {
    const armScope = new Scope("arm", scope);
    const { block, result } = intoBlock(lowering, { kind: "arm" }, () => source.read(armScope));
    const arm: Arm = { ...(source.condition === undefined ? {} : { condition: source.condition }), ...named(source.displayName), block, span: lowering.context.spanOf(source.node) };
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

function named(displayName: string | undefined): { displayName?: string } {
  return displayName === undefined ? {} : { displayName };
}

function mergeAssignments(scope: Scope, branch: Branch, arms: Scope[], node: ts.Node): void {
  const symbols = new Set(arms.flatMap((arm) => [...arm.assigned.keys()]));
  for (const symbol of symbols) {
    const before: Value = scope.lookup(symbol) ?? { kind: "constant", folded: { kind: "undefined", node } };
    scope.assign(symbol, choice(branch, symbol.name, arms.map((arm) => arm.assigned.get(symbol) ?? before), node));
  }
}

/** The value that differs by arm, or by how the body of a `try` ended; the value itself where all give the same. */
export function choice(branch: Branch | Try, name: string, values: Value[], node: ts.Node): Value {
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
    { condition, read: (arm) => evaluate(lowering, arm, node.whenTrue), node: node.whenTrue, displayName: groupNames(node.whenTrue).own },
    { read: (arm) => evaluate(lowering, arm, node.whenFalse), node: node.whenFalse, displayName: groupNames(node.whenFalse).own },
  ], groupNamesOfExpression(node).branches);
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

/** `&&` and `||` whose left side is known only at run time. */
function lowerLogical(lowering: Lowering, scope: Scope, node: ts.BinaryExpression, left: Value): Value {
  const span = lowering.context.spanOf(node);
  const operator = node.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken ? "&&" : "||";
  const condition = asCondition(lowering, left, node.left);
  if (condition === undefined) return invalid;
  const { block, result } = intoBlock(lowering, { kind: "arm" }, () => evaluate(lowering, scope, node.right));
  if (result.kind === "invalid") return invalid;
  const runs = block.nodes.length > 0;
  if (!runs && (asksForTruth(node) || (isBoolean(left) && isBoolean(result)))) {
    const right = asCondition(lowering, result, node.right);
    return right === undefined ? invalid : { kind: "expression", expression: { kind: "binary", operator, left: condition, right, type: { kind: "boolean" }, span } };
  }
  // The value is that of one side, and a task on the right runs only when the left side asks for it: a branch.
  const not: Expression = { kind: "unary", operator: "!", operand: condition, type: { kind: "boolean" }, span: condition.span };
  const takesRight = operator === "&&" || runs;
  const right: Arm = { condition: operator === "&&" ? condition : not, block, span: lowering.context.spanOf(node.right) };
  const branch: Branch = {
    kind: "branch",
    id: regionId(lowering, "if"),
    arms: [takesRight ? right : { ...right, condition }, { block: { nodes: [] }, span }],
    selects: [],
    hasElse: true,
    span,
  };
  lowering.branches.set(branch.id, branch);
  addNode(lowering, branch);
  const otherwise: Value = isBoolean(left) ? { kind: "constant", folded: { kind: "value", value: operator === "||", node } } : left;
  return choice(branch, variableName(node), takesRight ? [result, otherwise] : [otherwise, result], node);
}

function isBoolean(value: Value): boolean {
  if (value.kind === "expression") return value.expression.type.kind === "boolean";
  if (value.kind === "task") return value.single !== undefined && value.outputs[value.single]?.kind === "boolean";
  if (value.kind === "choice") return value.values.every(isBoolean);
  if (value.kind === "carried") return isBoolean(value.initial);
  return value.kind === "constant" && value.folded.kind === "value" && typeof value.folded.value === "boolean";
}

/** Whether only the truth of an expression matters where it stands, not its value. */
function asksForTruth(node: ts.Expression): boolean {
  const { parent } = node;
  if (ts.isParenthesizedExpression(parent)) return asksForTruth(parent);
  if (ts.isIfStatement(parent) || ts.isWhileStatement(parent) || ts.isDoStatement(parent)) return parent.expression === node;
  if (ts.isConditionalExpression(parent)) return parent.condition === node;
  if (ts.isPrefixUnaryExpression(parent)) return parent.operator === ts.SyntaxKind.ExclamationToken;
  const isLogical = ts.isBinaryExpression(parent) && (parent.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken || parent.operatorToken.kind === ts.SyntaxKind.BarBarToken);
  return isLogical && asksForTruth(parent);
}

/** `&&`, `||` and `??` whose left side is known only at run time. */
export function lowerShortCircuit(lowering: Lowering, scope: Scope, node: ts.BinaryExpression, left: Value): Value {
  if (node.operatorToken.kind !== ts.SyntaxKind.QuestionQuestionToken) return lowerLogical(lowering, scope, node, left);
  return coalesce(lowering, scope, left, node.left, node.right);
}

/**
 * The value, or that of `fallback` where there is none. Tasks of the fallback run only then.
 *
 * @param at where the value stands
 */
export function coalesce(lowering: Lowering, scope: Scope, value: Value, at: ts.Node, fallback: ts.Expression): Value {
  if (isNothing(value)) return evaluate(lowering, scope, fallback);
  if (value.kind === "choice" && value.branch.kind === "branch" && value.expression === undefined) {
    // The fallback takes the place of the missing arms, so that the one-of is total.
    const { arms } = value.branch;
    const values = value.values.map((given, index) => {
      const arm = arms[index];
      if (arm === undefined || !mayBeNothing(lowering, given)) return given;
      const { block, result } = intoBlock(lowering, { kind: "arm" }, () => coalesce(lowering, scope, given, at, fallback));
      arm.block.nodes.push(...block.nodes);
      return result;
    });
    return values.every((given, index) => given === value.values[index]) ? value : choice(value.branch, value.name, values, value.node);
  }
  if (value.kind === "constant" || value.kind === "object" || value.kind === "list" || value.kind === "collected" || value.kind === "invalid") return value;
  const expression = toExpression(lowering, value, at);
  if (expression === undefined) return invalid;
  if (!mayBeAbsent(lowering, expression) && !allowsNothing(lowering.context.checker.getTypeAtLocation(at))) return { kind: "expression", expression };
  const span = lowering.context.spanOf(at);
  const trial = withoutTasks(lowering, () => evaluate(lowering, scope, fallback));
  if (trial !== undefined) {
    const other = toExpression(lowering, trial.result, fallback);
    if (other === undefined) return invalid;
    const type = other.kind === "absent" ? expression.type : unify(expression.type, other.type);
    return { kind: "expression", expression: other.kind === "absent" ? expression : { kind: "coalesce", value: expression, fallback: other, type, span } };
  }
  const isMissing: Expression = { kind: "unary", operator: "!", operand: present(expression, span), type: { kind: "boolean" }, span };
  const { branch, results } = lowerArms<Value>(lowering, scope, fallback, [
    { condition: isMissing, read: (arm) => evaluate(lowering, arm, fallback), node: fallback },
    { read: () => ({ kind: "expression", expression }), node: at },
  ]);
  const whole = ts.isBinaryExpression(fallback.parent) ? variableName(fallback.parent) : "value";
  return choice(branch, whole, results, fallback);
}

function isNothing(value: Value): boolean {
  return value.kind === "constant" && (value.folded.kind === "undefined" || (value.folded.kind === "value" && value.folded.value === null));
}

function mayBeNothing(lowering: Lowering, value: Value): boolean {
  if (value.kind === "choice") return value.values.some((given) => mayBeNothing(lowering, given));
  return isNothing(value) || (value.kind === "expression" && mayBeAbsent(lowering, value.expression));
}

/** Whether a type has `undefined` or `null` in it. */
function allowsNothing(type: ts.Type): boolean {
  return (type.isUnion() ? type.types : [type]).some((part) => (part.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void | ts.TypeFlags.Null)) !== 0);
}

/** Takes out branches in which nothing runs and from which nothing is chosen. */
export function withoutEmptyBranches(block: Block): void {
  for (const node of block.nodes) for (const inner of blocksOf(node)) withoutEmptyBranches(inner);
  block.nodes = block.nodes.filter((node) => node.kind !== "branch" || node.selects.length > 0 || node.arms.some((arm) => arm.block.nodes.length > 0));
}
