/** `while` and `do … while`: turns, one after the other, that hand variables on. */
import { ts } from "ts-morph";
import { tasksOf, expressionTree } from "../ir/traverse.ts";
import type { Block, Expression, Span, While } from "../ir/types.ts";
import { withoutEmptyBranches } from "./branches.ts";
import { BREAK, closeCarried } from "./carried.ts";
import { asCondition } from "./conditions.ts";
import { evaluate } from "./expressions.ts";
import { isTruthy } from "./folded.ts";
import { groupNames } from "./group-names.ts";
import { addNode, checkpoint, intoBlock, regionId, report, withoutTasks, type Lowering } from "./lowering.ts";
import { Scope } from "./scope.ts";
import { readStatements, type Completion } from "./statements.ts";
import { toExpression } from "./to-expression.ts";
import { invalid, type CarriedType, type CarriedValue, type Turns, type Value } from "./values.ts";

/** How often a body is read until the types of what it carries are known. */
const MOST_READINGS = 4;

type Statement = ts.WhileStatement | ts.DoStatement;

/**
 * Reads a `while`. Its body is read with the types that the carried values have before the loop, and again where a turn
 * makes something else of them: a whole number becomes a fraction, nothing becomes a model.
 */
export function lowerWhile(lowering: Lowering, scope: Scope, node: Statement): void {
  const variables = assignedIn(lowering, node.statement).filter((symbol) => scope.has(symbol) && scope.barrier(symbol) === undefined);
  const types = new Map<string, CarriedType>();
  for (let reading = 1; ; reading++) {
    const takeBack = checkpoint(lowering);
    const nodes = lowering.block.nodes.length;
    const reported = lowering.context.reported.length;
    const turns = readTurns(lowering, scope, node, variables, types);
    if (turns === undefined) return;
    if (turns.isOutdated && reading < MOST_READINGS) {
      takeBack();
      lowering.block.nodes.length = nodes;
      withdraw(lowering, reported, lowering.context.spanOf(node));
      continue;
    }
    // A variable that cannot be assigned is no reason for a second complaint.
    if (!lowering.context.reported.slice(reported).some(({ severity }) => severity === "error")) checkEnd(lowering, turns.node, node);
    for (const symbol of variables) {
      const start = scope.lookup(symbol);
      const value: CarriedValue = { kind: "carried", turns, symbol, path: [], initial: start ?? nothing(node), isFinal: true };
      const end: Value | undefined = turns.ends?.get(symbol);
      const isUnchanged = end?.kind === "carried" && end.turns === turns && end.symbol === symbol && end.path.length === 0;
      if (!isUnchanged) scope.assign(symbol, value);
    }
    return;
  }
}

/** Takes back what was reported of the statements of a body that is read again. What is wrong with ops is reported only once. */
function withdraw(lowering: Lowering, from: number, { file, start, end }: Span): void {
  const { reported } = lowering.context;
  const kept = reported.splice(from).filter(({ code, span }) => !code.startsWith("HMC1") || span === undefined || span.file !== file || span.start < start || span.end > end);
  reported.push(...kept);
}

/** @returns undefined where there is no turn, or after a reported mistake that leaves nothing to read */
function readTurns(lowering: Lowering, scope: Scope, node: Statement, variables: ts.Symbol[], types: Map<string, CarriedType>): Turns | undefined {
  const span = lowering.context.spanOf(node);
  const { own } = groupNames(node);
  const truth: Expression = { kind: "constant", value: true, type: { kind: "boolean" }, span };
  const loop: While = {
    kind: "while",
    id: regionId(lowering, "while"),
    condition: truth,
    test: ts.isDoStatement(node) ? "after" : "before",
    carried: [],
    body: { nodes: [] },
    ...(own === undefined ? {} : { displayName: own }),
    span,
  };
  const turns: Turns = { node: loop, types, names: new Map(), open: [], isOutdated: false };
  lowering.whiles.set(loop.id, turns);
  const turnScope = (): Scope => {
    const inner = new Scope("turn", scope);
    for (const symbol of variables) inner.assign(symbol, { kind: "carried", turns, symbol, path: [], initial: scope.lookup(symbol) ?? nothing(node), isFinal: false });
    return inner;
  };
  const condition = readCondition(lowering, turnScope(), node);
  if (condition === "never") return undefined;
  addNode(lowering, loop);
  const body = turnScope();
  // One object, so that paths which all go on give no choice.
  const goesOn: Completion = { kind: "return", value: { kind: "constant", folded: { kind: "value", value: false, node } } };
  const statements = ts.isBlock(node.statement) ? node.statement.statements : [node.statement];
  const { block, result } = intoBlock(lowering, { kind: "while" }, () => readStatements(lowering, body, statements, () => goesOn));
  loop.body = block;
  turns.ends = new Map(body.assigned);
  const stops = result.kind === "return" && result.value !== goesOn.value ? toExpression(lowering, result.value, node) : undefined;
  loop.condition = condition ?? truth;
  const end = stops === undefined ? undefined : asLogic(stops);
  if (end !== undefined && (end.kind !== "constant" || end.value !== false)) stopOn(loop, end);
  closeCarried(lowering, turns);
  if (condition !== undefined) return turns;
  lowering.block.nodes.pop();
  for (const symbol of variables) scope.assign(symbol, invalid);
  return undefined;
}

function nothing(node: ts.Node): Value {
  return { kind: "constant", folded: { kind: "undefined", node } };
}

/** The condition over what a turn begins with; "never" where it is false from the start, undefined after a reported mistake. */
function readCondition(lowering: Lowering, scope: Scope, node: Statement): Expression | "never" | undefined {
  const scratch: Block = { nodes: [] };
  const trial = withoutTasks(lowering, () => evaluate(lowering, scope, node.expression), scratch);
  if (trial === undefined) {
    report(lowering, "HMC1033", node.expression, {});
    return undefined;
  }
  const { result: test } = trial;
  if (test.kind === "invalid") return undefined;
  if (test.kind === "constant" && !isTruthy(test.folded) && !ts.isDoStatement(node)) return "never";
  const condition = asCondition(lowering, test, node.expression);
  withoutEmptyBranches(scratch);
  if (scratch.nodes.length === 0) return condition;
  report(lowering, "HMC1003", node.expression, { operation: "A choice in the condition of a loop" });
  return undefined;
}

/** Ends a loop where a turn has ended with `break`. */
function stopOn(loop: While, stops: Expression): void {
  const type = { kind: "boolean" } as const;
  const { span } = stops;
  loop.carried.unshift({ name: BREAK, type, initial: { kind: "constant", value: false, type, span }, next: stops, span });
  const goesOn: Expression = { kind: "unary", operator: "!", operand: { kind: "carried", loop: loop.id, name: BREAK, type, span }, type, span };
  const { condition } = loop;
  loop.condition = condition.kind === "constant" ? goesOn : { kind: "binary", operator: "&&", left: goesOn, right: condition, type, span: condition.span };
}

/** `a ? true : b` as `a || b`, and the like: what decides of an end needs no choice. */
function asLogic(value: Expression): Expression {
  if (value.kind !== "conditional") return value;
  const type = { kind: "boolean" } as const;
  const { test, span } = value;
  const not: Expression = { kind: "unary", operator: "!", operand: test, type, span };
  const [consequent, alternate] = [asLogic(value.consequent), asLogic(value.alternate)];
  const both = (operator: "&&" | "||", left: Expression, right: Expression): Expression => ({ kind: "binary", operator, left, right, type, span });
  const [yes, no] = [consequent, alternate].map((side) => (side.kind === "constant" ? Boolean(side.value) : undefined));
  if (yes !== undefined && yes === no) return consequent;
  if (yes === true) return no === false ? test : both("||", test, alternate);
  if (yes === false) return no === true ? not : both("&&", not, alternate);
  if (no === false) return both("&&", test, consequent);
  if (no === true) return both("||", not, consequent);
  return { ...value, consequent, alternate };
}

/** Reports a loop that does nothing, or that nothing ends. */
function checkEnd(lowering: Lowering, loop: While, node: Statement): void {
  if (tasksOf(loop.body).next().done === true) {
    report(lowering, "HMC1035", node, {});
    return;
  }
  const changing = new Set(loop.carried.filter(({ name, next }) => next.kind !== "carried" || next.name !== name || next.loop !== loop.id).map(({ name }) => name));
  const isChanging = [...expressionTree(loop.condition)].some((part) => part.kind === "carried" && part.loop === loop.id && changing.has(part.name));
  const isOnce = loop.test === "after" && loop.condition.kind === "constant" && loop.condition.value === false;
  if (!isChanging && !isOnce) report(lowering, "HMC1034", node.expression, {});
}

/** The variables that are assigned in a statement, at any depth. */
function assignedIn(lowering: Lowering, statement: ts.Statement): ts.Symbol[] {
  const found = new Set<ts.Symbol>();
  const visit = (node: ts.Node): void => {
    const target = targetOf(node);
    const symbol = target === undefined ? undefined : lowering.context.checker.getSymbolAtLocation(target);
    if (symbol !== undefined) found.add(symbol);
    ts.forEachChild(node, visit);
  };
  visit(statement);
  return [...found];
}

function targetOf(node: ts.Node): ts.Identifier | undefined {
  if (ts.isBinaryExpression(node)) {
    const { kind } = node.operatorToken;
    return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment && ts.isIdentifier(node.left) ? node.left : undefined;
  }
  const isStep = (ts.isPostfixUnaryExpression(node) || ts.isPrefixUnaryExpression(node)) && (node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken);
  return isStep && ts.isIdentifier(node.operand) ? node.operand : undefined;
}
