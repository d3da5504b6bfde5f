/** Reads the statements of a pipeline body and of the helper functions inlined into it. */
import { ts } from "ts-morph";
import type { Branch, Try } from "../ir/types.ts";
import { bindPattern } from "./binding.ts";
import { choice, lowerArms, type ArmSource } from "./branches.ts";
import { asCondition } from "./conditions.ts";
import { isTruthy } from "./folded.ts";
import { evaluate } from "./expressions.ts";
import { groupNames } from "./group-names.ts";
import { lowerForOf } from "./loops.ts";
import { addNode, intoBlock, regionId, report, withoutTasks, type Lowering } from "./lowering.ts";
import { Scope } from "./scope.ts";
import { lowerSwitch } from "./switch.ts";
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
    if (mayReturn(statement)) {
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
    report(lowering, "HMC1008", firstReturn(statement) ?? statement, { where: "a condition after which more than one path goes on" });
    return normal;
  };
}

function readStatement(lowering: Lowering, scope: Scope, statement: ts.Statement, rest: Rest): Completion {
  switch (statement.kind) {
    case ts.SyntaxKind.VariableStatement:
      readVariables(lowering, scope, statement as ts.VariableStatement);
      return normal;
    case ts.SyntaxKind.ExpressionStatement:
      readExpressionStatement(lowering, scope, (statement as ts.ExpressionStatement).expression);
      return normal;
    case ts.SyntaxKind.Block:
      return readStatements(lowering, new Scope("block", scope), (statement as ts.Block).statements, rest);
    case ts.SyntaxKind.IfStatement:
      return readIf(lowering, scope, statement as ts.IfStatement, rest);
    case ts.SyntaxKind.SwitchStatement:
      return lowerSwitch(lowering, scope, statement as ts.SwitchStatement, mayReturn(statement) ? rest : undefined);
    case ts.SyntaxKind.ForOfStatement:
      lowerForOf(lowering, scope, statement as ts.ForOfStatement, (inner, body) => {
        readStatements(lowering, inner, ts.isBlock(body) ? body.statements : [body]);
      });
      return normal;
    case ts.SyntaxKind.TryStatement:
      readTry(lowering, scope, statement as ts.TryStatement);
      return normal;
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
    case ts.SyntaxKind.ForStatement:
    case ts.SyntaxKind.ForInStatement:
      report(lowering, "HMC1009", statement, { loop: loopName(statement) });
      return normal;
    case ts.SyntaxKind.BreakStatement:
    case ts.SyntaxKind.ContinueStatement:
      report(lowering, "HMC1012", statement, { jump: ts.isBreakStatement(statement) ? "break" : "continue" });
      return normal;
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

function loopName(statement: ts.Statement): string {
  switch (statement.kind) {
    case ts.SyntaxKind.WhileStatement:
      return `"while"`;
    case ts.SyntaxKind.DoStatement:
      return `"do … while"`;
    case ts.SyntaxKind.ForInStatement:
      return `"for … in"`;
    default:
      return `"for (;;)"`;
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

function readExpressionStatement(lowering: Lowering, scope: Scope, expression: ts.Expression): void {
  if (ts.isBinaryExpression(expression) && expression.operatorToken.kind >= ts.SyntaxKind.FirstAssignment && expression.operatorToken.kind <= ts.SyntaxKind.LastAssignment) {
    readAssignment(lowering, scope, expression);
    return;
  }
  if (ts.isPostfixUnaryExpression(expression) || (ts.isPrefixUnaryExpression(expression) && (expression.operator === ts.SyntaxKind.PlusPlusToken || expression.operator === ts.SyntaxKind.MinusMinusToken))) {
    report(lowering, "HMC1001", expression, { construct: `"++" or "--"` });
    return;
  }
  evaluate(lowering, scope, expression);
}

function readAssignment(lowering: Lowering, scope: Scope, node: ts.BinaryExpression): void {
  if (!ts.isIdentifier(node.left)) {
    report(lowering, "HMC1017", node.left, { target: node.left.getText() });
    return;
  }
  const value = evaluate(lowering, scope, node.right);
  const symbol = lowering.context.checker.getSymbolAtLocation(node.left);
  if (symbol === undefined) return;
  const { text } = node.left;
  const barrier = scope.barrier(symbol);
  if (!scope.has(symbol)) report(lowering, "HMC1017", node.left, { target: text });
  else if (barrier === "loop") report(lowering, "HMC1006", node.left, { name: text });
  else if (barrier === "function") report(lowering, "HMC1001", node, { construct: `an assignment to "${text}" in a function that does not declare it` });
  else if (node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) report(lowering, "HMC1001", node, { construct: `"${node.operatorToken.getText()}"` });
  else scope.assign(symbol, value);
}

function readReturn(lowering: Lowering, scope: Scope, statement: ts.ReturnStatement): Completion {
  const inside = lowering.enclosing.slice(lowering.returnDepth).findLast((entry) => entry.kind !== "arm");
  if (inside !== undefined) report(lowering, "HMC1008", statement, { where: inside.kind === "loop" ? "a loop" : `"try"` });
  const value: Value = statement.expression === undefined ? { kind: "constant", folded: { kind: "undefined", node: statement } } : evaluate(lowering, scope, statement.expression);
  return { kind: "return", value };
}

// ---------------------------------------------------------------------------------------------- if

/** The first `return` of a statement, outside of loops and `try`, which no `return` may leave. */
function firstReturn(statement: ts.Statement): ts.ReturnStatement | undefined {
  if (ts.isReturnStatement(statement)) return statement;
  const inner = ts.isBlock(statement)
    ? statement.statements
    : ts.isIfStatement(statement)
      ? [statement.thenStatement, ...(statement.elseStatement === undefined ? [] : [statement.elseStatement])]
      : ts.isSwitchStatement(statement)
        ? statement.caseBlock.clauses.flatMap((clause) => [...clause.statements])
        : [];
  for (const part of inner) {
    const found = firstReturn(part);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether a statement returns on some path. */
function mayReturn(statement: ts.Statement): boolean {
  return firstReturn(statement) !== undefined;
}

/** Whether a statement returns on every path. */
function mustReturn(statement: ts.Statement | undefined): boolean {
  if (statement === undefined) return false;
  if (ts.isBlock(statement)) return statement.statements.some(mustReturn);
  if (ts.isIfStatement(statement)) return mustReturn(statement.thenStatement) && mustReturn(statement.elseStatement);
  return ts.isReturnStatement(statement);
}

/** How many arms of `if / else if / else` do not return on every path. */
function openArms(statement: ts.Statement | undefined): number {
  if (statement === undefined || !ts.isIfStatement(statement)) return mustReturn(statement) ? 0 : 1;
  return (mustReturn(statement.thenStatement) ? 0 : 1) + openArms(statement.elseStatement);
}

/**
 * `if / else if / else` as one branch.
 *
 * @param rest what follows, where an arm may return
 */
function readIf(lowering: Lowering, scope: Scope, statement: ts.IfStatement, rest: Rest): Completion {
  const test = evaluate(lowering, scope, statement.expression);
  const takesRest = mayReturn(statement);
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
export function returned(branch: Branch, results: Completion[], node: ts.Node): Completion {
  if (!results.some((result) => result.kind === "return")) return normal;
  const values: Value[] = branch.arms.map((_, index) => {
    const result = results[index];
    return result?.kind === "return" ? result.value : { kind: "constant", folded: { kind: "undefined", node } };
  });
  return { kind: "return", value: choice(branch, "result", values, node) };
}

// ---------------------------------------------------------------------------------------------- try

function readTry(lowering: Lowering, scope: Scope, statement: ts.TryStatement): void {
  const { own } = groupNames(statement);
  const node: Try = { kind: "try", id: regionId(lowering, "try"), ...(own === undefined ? {} : { displayName: own }), body: { nodes: [] }, span: lowering.context.spanOf(statement) };
  addNode(lowering, node);
  const read = (part: "body" | "catch" | "finally", block: ts.Block, inner: Scope): void => {
    node[part] = intoBlock(lowering, { kind: "try", node, part }, () => readStatements(lowering, inner, block.statements)).block;
  };
  read("body", statement.tryBlock, new Scope("block", scope));
  if (statement.catchClause !== undefined) {
    const { variableDeclaration, block } = statement.catchClause;
    const inner = new Scope("arm", scope);
    if (variableDeclaration !== undefined) {
      report(lowering, "HMC1020", variableDeclaration, { name: variableDeclaration.name.getText() });
      bindPattern(lowering, inner, variableDeclaration.name, invalid);
    }
    read("catch", block, inner);
    for (const symbol of inner.assigned.keys()) report(lowering, "HMC1001", block, { construct: `an assignment to "${symbol.name}" in "catch"` });
  }
  if (statement.finallyBlock !== undefined) read("finally", statement.finallyBlock, new Scope("block", scope));
}
