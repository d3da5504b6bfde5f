/** Assignments: `x = …`, `x += …`, `x++`. */
import { ts } from "ts-morph";
import { evaluate } from "./expressions.ts";
import { report, type Lowering } from "./lowering.ts";
import { operation } from "./operators.ts";
import type { Scope } from "./scope.ts";
import type { Value } from "./values.ts";

/** The operators that compound assignments apply. */
const compound = new Map<ts.SyntaxKind, ts.SyntaxKind>([
  [ts.SyntaxKind.PlusEqualsToken, ts.SyntaxKind.PlusToken],
  [ts.SyntaxKind.MinusEqualsToken, ts.SyntaxKind.MinusToken],
  [ts.SyntaxKind.AsteriskEqualsToken, ts.SyntaxKind.AsteriskToken],
  [ts.SyntaxKind.SlashEqualsToken, ts.SyntaxKind.SlashToken],
  [ts.SyntaxKind.PercentEqualsToken, ts.SyntaxKind.PercentToken],
]);

/** @returns whether the expression of a statement is an assignment */
export function readAssignment(lowering: Lowering, scope: Scope, node: ts.Expression): boolean {
  if (ts.isBinaryExpression(node) && node.operatorToken.kind >= ts.SyntaxKind.FirstAssignment && node.operatorToken.kind <= ts.SyntaxKind.LastAssignment) {
    const operator = compound.get(node.operatorToken.kind);
    if (operator === undefined && node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) {
      report(lowering, "HMC1001", node, { construct: `"${node.operatorToken.getText()}"` });
      return true;
    }
    assign(lowering, scope, node.left, node, () => {
      const right = evaluate(lowering, scope, node.right);
      return operator === undefined ? right : operation(lowering, { operator, left: evaluate(lowering, scope, node.left), right, node, leftNode: node.left, rightNode: node.right });
    });
    return true;
  }
  if (!(ts.isPostfixUnaryExpression(node) || ts.isPrefixUnaryExpression(node))) return false;
  if (node.operator !== ts.SyntaxKind.PlusPlusToken && node.operator !== ts.SyntaxKind.MinusMinusToken) return false;
  const operator = node.operator === ts.SyntaxKind.PlusPlusToken ? ts.SyntaxKind.PlusToken : ts.SyntaxKind.MinusToken;
  const one: Value = { kind: "constant", folded: { kind: "value", value: 1, node } };
  assign(lowering, scope, node.operand, node, () => operation(lowering, { operator, left: evaluate(lowering, scope, node.operand), right: one, node, leftNode: node.operand, rightNode: node }));
  return true;
}

function assign(lowering: Lowering, scope: Scope, target: ts.Expression, node: ts.Expression, read: () => Value): void {
  if (!ts.isIdentifier(target)) {
    report(lowering, "HMC1017", target, { target: target.getText() });
    return;
  }
  const value = read();
  const symbol = lowering.context.checker.getSymbolAtLocation(target);
  if (symbol === undefined) return;
  const { text } = target;
  const barrier = scope.barrier(symbol);
  if (!scope.has(symbol)) report(lowering, "HMC1017", target, { target: text });
  else if (barrier === "loop") report(lowering, "HMC1006", target, { name: text });
  else if (barrier === "function") report(lowering, "HMC1001", node, { construct: `an assignment to "${text}" in a function that does not declare it` });
  else scope.assign(symbol, value);
}
