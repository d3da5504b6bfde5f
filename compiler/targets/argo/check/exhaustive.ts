/** Whether conditions leave no case out: `x`, `!x && y` and `!x && !y` do not. */
import { ExprSyntaxError, type ExprNode } from "../../../expressions/argo/expr.ts";
import { parseExpr } from "../../../expressions/argo/expr-parser.ts";
import { printExpr } from "../../../expressions/argo/expr-print.ts";
import { soleTag } from "../../../expressions/argo/tags.ts";

/** Beyond this number of different comparisons, nothing is said. */
const mostAtoms = 12;

/**
 * Whether at least one of the conditions holds, whatever the values are. Of conditions that cannot be compared it is taken to be so.
 */
export function coverAll(conditions: readonly string[]): boolean {
  const trees = conditions.map(treeOf);
  if (trees.includes(undefined)) return true;
  const atoms = new Set<string>();
  for (const tree of trees) if (tree !== undefined) collectAtoms(tree, atoms);
  const names = [...atoms];
  if (names.length > mostAtoms) return true;
  for (let bits = 0; bits < 2 ** names.length; bits++) {
    const holds = (atom: string): boolean => (bits & (1 << names.indexOf(atom))) !== 0;
    if (!trees.some((tree) => tree !== undefined && valueOf(tree, holds))) return false;
  }
  return true;
}

function treeOf(condition: string): ExprNode | undefined {
  const text = condition.trim();
  const tag = soleTag(text);
  if (tag !== undefined ? tag.kind !== "expression" : text !== "true" && text !== "false") return undefined;
  try {
    return parseExpr(tag?.content ?? text);
  } catch (error) {
    if (error instanceof ExprSyntaxError) return undefined;
    throw error;
  }
}

function collectAtoms(node: ExprNode, atoms: Set<string>): void {
  valueOf(node, (atom) => {
    atoms.add(atom);
    return false;
  });
}

/** The value of the logic in a tree; every part is asked, so that all atoms are seen. */
function valueOf(node: ExprNode, holds: (atom: string) => boolean): boolean {
  if (node.kind === "bool") return node.value;
  if (node.kind === "unary" && (node.operator === "!" || node.operator === "not")) return !valueOf(node.operand, holds);
  if (node.kind === "binary") {
    const { operator, left, right } = node;
    if (operator === "&&" || operator === "and" || operator === "||" || operator === "or") {
      const [first, second] = [valueOf(left, holds), valueOf(right, holds)];
      return operator === "&&" || operator === "and" ? first && second : first || second;
    }
    if (operator === "!=") return !holds(printExpr({ ...node, operator: "==" }));
  }
  return holds(printExpr(node));
}
