/** Statements that leave a body before its end: `return`, and in a `while` also `break` and `continue`. */
import { ts } from "ts-morph";

export type Exit = ts.ReturnStatement | ts.BreakStatement | ts.ContinueStatement;

/** The first exit of a statement, outside of loops and `try`, which none may leave. A `break` of a `switch` is none. */
export function firstExit(statement: ts.Statement, inSwitch = false): Exit | undefined {
  if (ts.isReturnStatement(statement) || ts.isContinueStatement(statement)) return statement;
  if (ts.isBreakStatement(statement)) return inSwitch ? undefined : statement;
  const isSwitch = ts.isSwitchStatement(statement);
  const inner = ts.isBlock(statement)
    ? statement.statements
    : ts.isIfStatement(statement)
      ? [statement.thenStatement, ...(statement.elseStatement === undefined ? [] : [statement.elseStatement])]
      : isSwitch
        ? statement.caseBlock.clauses.flatMap((clause) => [...clause.statements])
        : [];
  for (const part of inner) {
    const found = firstExit(part, inSwitch || isSwitch);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether a statement exits on some path. */
export function mayExit(statement: ts.Statement): boolean {
  return firstExit(statement) !== undefined;
}

/** Whether a statement exits on every path. */
function mustExit(statement: ts.Statement | undefined): boolean {
  if (statement === undefined) return false;
  if (ts.isBlock(statement)) return statement.statements.some(mustExit);
  if (ts.isIfStatement(statement)) return mustExit(statement.thenStatement) && mustExit(statement.elseStatement);
  return ts.isReturnStatement(statement) || ts.isBreakStatement(statement) || ts.isContinueStatement(statement);
}

/** Whether body and `catch` of a `try` return on every path, and by nothing but `return`: then the whole does. */
export function returnsAlways({ tryBlock, catchClause }: ts.TryStatement): boolean {
  return catchClause !== undefined && [tryBlock, catchClause.block].every((block) => mustExit(block) && isReturn(firstExit(block)));
}

function isReturn(exit: Exit | undefined): boolean {
  return exit !== undefined && ts.isReturnStatement(exit);
}

/** How many arms of `if / else if / else` do not exit on every path. */
export function openArms(statement: ts.Statement | undefined): number {
  if (statement === undefined || !ts.isIfStatement(statement)) return mustExit(statement) ? 0 : 1;
  return (mustExit(statement.thenStatement) ? 0 : 1) + openArms(statement.elseStatement);
}

/** Whether a jump stands in the body of a `while`, and in nothing else that it would have to leave. */
export function isOfWhile(jump: ts.BreakStatement | ts.ContinueStatement): boolean {
  if (jump.label !== undefined) return false;
  for (let node: ts.Node = jump.parent; !ts.isFunctionLike(node) && !ts.isSourceFile(node); node = node.parent) {
    if (ts.isWhileStatement(node) || ts.isDoStatement(node)) return true;
    if (ts.isTryStatement(node) || ts.isIterationStatement(node, false) || (ts.isSwitchStatement(node) && ts.isBreakStatement(jump))) return false;
  }
  return false;
}
