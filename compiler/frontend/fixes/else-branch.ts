/** A variable that only some branches of an `if` assign: a last `else` that does, too. */
import { ts } from "ts-morph";
import type { Fix } from "../../diagnostics/diagnostic.ts";
import type { Context } from "../context.ts";
import { spanBetween } from "../span-between.ts";
import { literalOf } from "./default-values.ts";
import { indentAt, nodeAt } from "./places.ts";

/** @param start of the variable that is used before it is assigned in every case */
export function elseBranch(context: Context, file: ts.SourceFile, start: number, end: number): Fix | undefined {
  const node = nodeAt(file, start, end);
  const symbol = node === undefined ? undefined : ts.isShorthandPropertyAssignment(node.parent) ? context.checker.getShorthandAssignmentValueSymbol(node.parent) : context.checker.getSymbolAtLocation(node);
  const declaration = symbol?.valueDeclaration;
  const block = declaration === undefined ? undefined : ts.findAncestor(declaration, ts.isBlock);
  if (symbol === undefined || declaration === undefined || block === undefined) return undefined;
  const branch = block.statements.findLast((statement): statement is ts.IfStatement => ts.isIfStatement(statement) && declaration.end <= statement.pos && statement.end <= start && assigns(context, statement, symbol));
  if (branch === undefined) return undefined;
  const last = lastOf(branch);
  const value = literalOf(context, context.checker.getTypeOfSymbol(symbol));
  if (value === undefined || last.elseStatement !== undefined) return undefined;
  const indent = indentAt(file, branch.getStart(file));
  const isBlock = ts.isBlock(last.thenStatement);
  const newText = isBlock ? ` else {\n${indent}  ${symbol.name} = ${value};\n${indent}}` : `\n${indent}else ${symbol.name} = ${value};`;
  return { title: `Add "else" with "${symbol.name} = ${value}"`, edits: [{ span: spanBetween(context, file, branch.end, branch.end), newText }] };
}

/** The last `if` of a chain of `else if`. */
function lastOf(branch: ts.IfStatement): ts.IfStatement {
  return branch.elseStatement !== undefined && ts.isIfStatement(branch.elseStatement) ? lastOf(branch.elseStatement) : branch;
}

function assigns({ checker }: Context, statement: ts.Node, symbol: ts.Symbol): boolean {
  const isAssigned = (node: ts.Node): boolean =>
    (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken && checker.getSymbolAtLocation(node.left) === symbol) || (ts.forEachChild(node, (child) => isAssigned(child) || undefined) ?? false);
  return isAssigned(statement);
}
