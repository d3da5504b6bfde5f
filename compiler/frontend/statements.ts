/** Reads the statements of a pipeline body and of the helper functions inlined into it. */
import { ts } from "ts-morph";
import { choosableBlocks, expressionTree } from "../ir/traverse.ts";
import type { Branch, Try } from "../ir/types.ts";
import { readAssignment } from "./assignments.ts";
import { bindPattern } from "./binding.ts";
import { choice, lowerArms, type ArmSource } from "./branches.ts";
import { asCondition } from "./conditions.ts";
import { firstExit, isOfWhile, mayExit, openArms, returnsAlways } from "./exits.ts";
import { isTruthy } from "./folded.ts";
import { evaluate } from "./expressions.ts";
import { groupNames } from "./group-names.ts";
import { lowerForOf } from "./loops.ts";
import { addNode, intoBlock, regionId, report, withoutTasks, type Lowering } from "./lowering.ts";
import { Scope } from "./scope.ts";
import { lowerSwitch } from "./switch.ts";
import { toExpression } from "./to-expression.ts";
import { unify } from "./value-types.ts";
import { lowerWhile } from "./while.ts";
import { invalid, type Value } from "./values.ts";

/** How a list of statements ended: by running off its end, or with a value returned on every path. */
export type Completion = { kind: "normal" } | { kind: "return"; value: Value };

const normal: Completion = { kind: "normal" };

/** What follows a statement that may return: it is read in the arms that go on. */
export type Rest = (scope: Scope) => Completion;

const nothing: Rest = () => normal;

/** The value that a function body returns; undefined where it returns none. */
export function readFunctionBody(lowering: Lowering, scope: Scope, body: ts.Block): Value | undefined {
  const completion = readStatements(lowering, scope, body.statements);
  return completion.kind === "return" ? completion.value : undefined;
}

/**
 * Reads statements in order. What follows an `if` or `switch` that returns belongs to its other arms.
 *
 * @param rest what follows the last of them
 */
export function readStatements(lowering: Lowering, scope: Scope, statements: readonly ts.Statement[], rest: Rest = nothing): Completion {
  for (const [index, statement] of statements.entries()) {
    if (ts.isTryStatement(statement) && returnsAlways(statement)) return readTry(lowering, scope, statement);
    if (mayExit(statement)) {
      const following = inOnePlace(lowering, statement, (inner) => readStatements(lowering, inner, statements.slice(index + 1), rest));
      return readStatement(lowering, scope, statement, following);
    }
    readStatement(lowering, scope, statement, nothing);
  }
  return rest(scope);
}

/** Lets what follows be read in several arms only if no task comes of it: a task stands in one place of the graph. */
function inOnePlace(lowering: Lowering, statement: ts.Statement, rest: Rest): Rest {
  let isRead = false;
  return (scope) => {
    if (!isRead) {
      isRead = true;
      return rest(scope);
    }
    const again = withoutTasks(lowering, () => rest(scope));
    if (again !== undefined) return again.result;
    const exit = firstExit(statement);
    if (exit === undefined || ts.isReturnStatement(exit)) report(lowering, "HMC1008", exit ?? statement, { where: "a condition after which more than one path goes on" });
    else report(lowering, "HMC1012", exit, { jump: jumpName(exit), why: "more than one path of the body goes on after it" });
    return normal;
  };
}

function readStatement(lowering: Lowering, scope: Scope, statement: ts.Statement, rest: Rest): Completion {
  switch (statement.kind) {
    case ts.SyntaxKind.VariableStatement:
      readVariables(lowering, scope, statement as ts.VariableStatement);
      return normal;
    case ts.SyntaxKind.ExpressionStatement:
      if (!readAssignment(lowering, scope, (statement as ts.ExpressionStatement).expression)) evaluate(lowering, scope, (statement as ts.ExpressionStatement).expression);
      return normal;
    case ts.SyntaxKind.Block:
      return readStatements(lowering, new Scope("block", scope), (statement as ts.Block).statements, rest);
    case ts.SyntaxKind.IfStatement:
      return readIf(lowering, scope, statement as ts.IfStatement, rest);
    case ts.SyntaxKind.SwitchStatement:
      return lowerSwitch(lowering, scope, statement as ts.SwitchStatement, mayExit(statement) ? rest : undefined);
    case ts.SyntaxKind.ForOfStatement:
      lowerForOf(lowering, scope, statement as ts.ForOfStatement, (inner, body) => {
        readStatements(lowering, inner, ts.isBlock(body) ? body.statements : [body]);
      });
      return normal;
    case ts.SyntaxKind.TryStatement:
      return readTry(lowering, scope, statement as ts.TryStatement);
    case ts.SyntaxKind.ReturnStatement:
      return readReturn(lowering, scope, statement as ts.ReturnStatement);
    case ts.SyntaxKind.FunctionDeclaration: {
      const declaration = statement as ts.FunctionDeclaration;
      const symbol = declaration.name === undefined ? undefined : lowering.context.checker.getSymbolAtLocation(declaration.name);
      if (symbol !== undefined) scope.declare(symbol, { kind: "function", node: declaration, scope });
      return normal;
    }
    case ts.SyntaxKind.WhileStatement:
    case ts.SyntaxKind.DoStatement:
      lowerWhile(lowering, scope, statement as ts.WhileStatement | ts.DoStatement);
      return normal;
    case ts.SyntaxKind.ForStatement:
    case ts.SyntaxKind.ForInStatement:
      report(lowering, "HMC1009", statement, { loop: ts.isForInStatement(statement) ? `"for … in"` : `"for (;;)"` });
      return normal;
    case ts.SyntaxKind.BreakStatement:
    case ts.SyntaxKind.ContinueStatement:
      return readJump(lowering, statement as ts.BreakStatement | ts.ContinueStatement);
    case ts.SyntaxKind.ThrowStatement:
      report(lowering, "HMC1016", statement, {});
      return normal;
    case ts.SyntaxKind.EmptyStatement:
    case ts.SyntaxKind.TypeAliasDeclaration:
    case ts.SyntaxKind.InterfaceDeclaration:
      return normal;
    default:
      report(lowering, "HMC1001", statement, { construct: statementName(statement) });
      return normal;
  }
}

function statementName(statement: ts.Statement): string {
  switch (statement.kind) {
    case ts.SyntaxKind.ClassDeclaration:
      return "a class";
    case ts.SyntaxKind.LabeledStatement:
      return "a label";
    case ts.SyntaxKind.EnumDeclaration:
      return "an enum of its own";
    default:
      return `this statement (${ts.SyntaxKind[statement.kind]})`;
  }
}

// ---------------------------------------------------------------------------------------------- variables

function readVariables(lowering: Lowering, scope: Scope, statement: ts.VariableStatement): void {
  for (const declaration of statement.declarationList.declarations) {
    if (declaration.initializer !== undefined) {
      bindPattern(lowering, scope, declaration.name, evaluate(lowering, scope, declaration.initializer));
    } else if (ts.isIdentifier(declaration.name)) {
      const symbol = lowering.context.checker.getSymbolAtLocation(declaration.name);
      if (symbol !== undefined) scope.declare(symbol, undefined);
    }
  }
}

function readReturn(lowering: Lowering, scope: Scope, statement: ts.ReturnStatement): Completion {
  const inside = lowering.enclosing.slice(lowering.returnDepth).findLast((entry) => entry.kind !== "arm" && !(entry.kind === "try" && entry.returns));
  if (inside !== undefined) report(lowering, "HMC1008", statement, { where: inside.kind === "try" ? `"try"` : "a loop" });
  const value: Value = statement.expression === undefined ? { kind: "constant", folded: { kind: "undefined", node: statement } } : evaluate(lowering, scope, statement.expression);
  return { kind: "return", value };
}

/** In a `while`, what a turn returns is whether it was the last. */
function readJump(lowering: Lowering, jump: ts.BreakStatement | ts.ContinueStatement): Completion {
  if (isOfWhile(jump)) return { kind: "return", value: { kind: "constant", folded: { kind: "value", value: ts.isBreakStatement(jump), node: jump } } };
  const isInTry = lowering.enclosing.at(-1)?.kind === "try" || lowering.enclosing.findLast((entry) => entry.kind !== "arm")?.kind === "try";
  report(lowering, "HMC1012", jump, { jump: jumpName(jump), why: isInTry ? `it would leave a "try"` : lowering.enclosing.some((entry) => entry.kind === "loop") ? "all iterations of a loop may run at once" : "it would leave a switch" });
  return normal;
}

function jumpName(jump: ts.Node): string {
  return ts.isBreakStatement(jump) ? "break" : "continue";
}

// ---------------------------------------------------------------------------------------------- if

/**
 * `if / else if / else` as one branch.
 *
 * @param rest what follows, where an arm may return
 */
function readIf(lowering: Lowering, scope: Scope, statement: ts.IfStatement, rest: Rest): Completion {
  const test = evaluate(lowering, scope, statement.expression);
  const takesRest = mayExit(statement);
  const readArm = (inner: Scope, arm: ts.Statement | undefined, following: Rest): Completion =>
    arm === undefined ? following(inner) : readStatements(lowering, new Scope("block", inner), ts.isBlock(arm) ? arm.statements : [arm], following);
  if (test.kind === "constant") return readArm(scope, isTruthy(test.folded) ? statement.thenStatement : statement.elseStatement, rest);
  const condition = test.kind === "invalid" ? undefined : asCondition(lowering, test, statement.expression);
  if (condition === undefined) {
    readArm(new Scope("arm", scope), statement.thenStatement, nothing);
    return readArm(scope, statement.elseStatement, rest);
  }

  const names = groupNames(statement);
  const sources: ArmSource<Completion>[] = [{ condition, read: (arm) => readArm(arm, statement.thenStatement, rest), node: statement.thenStatement, displayName: names.own }];
  let otherwise = statement.elseStatement;
  // With several arms that go on, what follows stands once, after the inner `if` in the else.
  const isFlat = !takesRest || openArms(statement) <= 1;
  while (isFlat && otherwise !== undefined && ts.isIfStatement(otherwise)) {
    const elseIf: ts.IfStatement = otherwise;
    const trial = withoutTasks(lowering, () => evaluate(lowering, scope, elseIf.expression));
    const next = trial === undefined || trial.result.kind === "invalid" || trial.result.kind === "constant" ? undefined : asCondition(lowering, trial.result, elseIf.expression);
    // A test that runs tasks, or is a constant, is no arm of its own: it stands inside the else.
    if (next === undefined) break;
    sources.push({ condition: next, read: (arm) => readArm(arm, elseIf.thenStatement, rest), node: elseIf.thenStatement, displayName: groupNames(elseIf).own });
    otherwise = elseIf.elseStatement;
  }
  const last = otherwise;
  const elseName = last === undefined || ts.isIfStatement(last) ? undefined : groupNames(last).own;
  if (last !== undefined || takesRest) sources.push({ read: (arm) => readArm(arm, last, rest), node: last ?? statement, displayName: elseName });
  const { branch, results } = lowerArms(lowering, scope, statement, sources, names.branches);
  return returned(branch, results, statement);
}

/** What a branch returns; an arm that runs off the end of the function returns nothing. */
export function returned(branch: Branch | Try, results: Completion[], node: ts.Node): Completion {
  if (!results.some((result) => result.kind === "return")) return normal;
  const values: Value[] = choosableBlocks(branch).map((_, index) => {
    const result = results[index];
    return result?.kind === "return" ? result.value : { kind: "constant", folded: { kind: "undefined", node } };
  });
  return { kind: "return", value: choice(branch, "result", values, node) };
}

// ---------------------------------------------------------------------------------------------- try

/** `try`. Where both the body and `catch` return, so does the whole. */
function readTry(lowering: Lowering, scope: Scope, statement: ts.TryStatement): Completion {
  const { own } = groupNames(statement);
  const node: Try = { kind: "try", id: regionId(lowering, "try"), ...(own === undefined ? {} : { displayName: own }), body: { nodes: [] }, span: lowering.context.spanOf(statement) };
  lowering.branches.set(node.id, node);
  addNode(lowering, node);
  const returns = returnsAlways(statement);
  const read = (part: "body" | "catch" | "finally", block: ts.Block, inner: Scope): Completion => {
    const { block: nodes, result } = intoBlock(lowering, { kind: "try", node, part, returns: returns && part !== "finally" }, () => readStatements(lowering, inner, block.statements));
    node[part] = nodes;
    return result;
  };
  const body = new Scope("arm", scope);
  const results = [read("body", statement.tryBlock, body)];
  const handler = new Scope("arm", scope);
  if (statement.catchClause !== undefined) {
    const { variableDeclaration, block } = statement.catchClause;
    if (variableDeclaration !== undefined) {
      report(lowering, "HMC1020", variableDeclaration, { name: variableDeclaration.name.getText() });
      bindPattern(lowering, handler, variableDeclaration.name, invalid);
    }
    results.push(read("catch", block, handler));
  }
  const before = new Map([...body.assigned.keys(), ...handler.assigned.keys()].map((symbol): [ts.Symbol, Value | undefined] => [symbol, scope.lookup(symbol)]));
  for (const [symbol, initial] of before) {
    const otherwise: Value = initial ?? { kind: "constant", folded: { kind: "undefined", node: statement } };
    const [first, second] = [body, handler].map(({ assigned }) => assigned.get(symbol) ?? otherwise) as [Value, Value];
    scope.assign(symbol, statement.catchClause === undefined ? first : choice(node, symbol.name, [first, second], statement));
  }
  if (statement.finallyBlock !== undefined) {
    // Where the body has failed, a variable may have the value from before.
    const uncertain = [...before].map(([symbol, initial]) => {
      const value = scope.lookup(symbol) ?? invalid;
      return { symbol, value, either: orElse(lowering, value, initial, statement) };
    });
    for (const { symbol, either } of uncertain) scope.assign(symbol, either);
    read("finally", statement.finallyBlock, new Scope("block", scope));
    for (const { symbol, value, either } of uncertain) if (scope.lookup(symbol) === either) scope.assign(symbol, value);
  }
  return returned(node, results, statement);
}

/** What a task of the body gives, or the value from before where it gave none. */
function orElse(lowering: Lowering, value: Value, before: Value | undefined, node: ts.Node): Value {
  if (value.kind !== "expression" || value.expression.type.kind === "artifact" || before === undefined) return value;
  if (![...expressionTree(value.expression)].some(({ kind }) => kind === "output" || kind === "select" || kind === "collect")) return value;
  const fallback = before.kind === "constant" || before.kind === "expression" ? toExpression(lowering, before, node) : undefined;
  if (fallback === undefined || fallback.kind === "absent") return value;
  const { expression } = value;
  return { kind: "expression", expression: { kind: "coalesce", value: expression, fallback, type: unify(expression.type, fallback.type), span: expression.span } };
}
