/** Lets the checker meet the variables of a pipeline in the order of the source. */
import { ts } from "ts-morph";
import { languageFunction } from "./language-functions.ts";
import type { Context } from "./context.ts";

/**
 * Asks for the type of each variable of each pipeline body, from the first to the last.
 *
 * The checker starts at the result of the body; in a chain of a thousand tasks it would descend from the last to the
 * first in one recursion, which its stack does not hold. Asked in order, each type rests on one that it knows.
 */
export function visitInOrder(context: Context, file: ts.SourceFile): void {
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer !== undefined) context.checker.getTypeAtLocation(node.name);
    else ts.forEachChild(node, visit);
  };
  for (const statement of file.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { initializer } of statement.declarationList.declarations) {
      if (initializer === undefined || !ts.isCallExpression(initializer) || languageFunction(context, initializer.expression) !== "pipeline") continue;
      const body = initializer.arguments.at(-1);
      if (body !== undefined && (ts.isArrowFunction(body) || ts.isFunctionExpression(body))) visit(body.body);
    }
  }
}
