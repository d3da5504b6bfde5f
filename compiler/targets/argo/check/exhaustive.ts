/** Whether conditions leave no case out: `x`, `!x && y` and `!x && !y` do not. */
import { ExprSyntaxError, type ExprBinary, type ExprBinaryOperator, type ExprNode } from "../../../expressions/argo/expr.ts";
import { parseExpr } from "../../../expressions/argo/expr-parser.ts";
import { printExpr } from "../../../expressions/argo/expr-print.ts";
import { soleTag } from "../../../expressions/argo/tags.ts";

/** Beyond this number of different comparisons, nothing is said. */
const mostAtoms = 12;

/** A comparison that logic does not look into. */
interface Atom {
  text: string;
  /** What it compares, without constants: atoms that share one are not independent. */
  operands: string[];
}

/**
 * Whether at least one of the conditions holds, whatever the values are. Where that cannot be told by logic alone, it is taken to be so.
 */
export function coverAll(conditions: readonly string[]): boolean {
  const trees = conditions.map(treeOf);
  if (trees.includes(undefined)) return true;
  const atoms = new Map<string, Atom>();
  for (const tree of trees) if (tree !== undefined) valueOf(tree, (atom) => (atoms.set(atom.text, atom), false));
  const names = [...atoms.keys()];
  if (names.length > mostAtoms) return true;
  for (let bits = 0; bits < 2 ** names.length; bits++) {
    const holds = ({ text }: Atom): boolean => (bits & (1 << names.indexOf(text))) !== 0;
    if (!trees.some((tree) => tree !== undefined && valueOf(tree, holds))) return !areIndependent([...atoms.values()]);
  }
  return true;
}

function areIndependent(atoms: readonly Atom[]): boolean {
  const operands = atoms.flatMap((atom) => [...new Set(atom.operands)]);
  return new Set(operands).size === operands.length;
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

/** Operators that are the opposite of another one. */
const opposites: Partial<Record<ExprBinaryOperator, ExprBinaryOperator>> = { "!=": "==", ">=": "<", "<=": ">", "not in": "in" };

/** The value of the logic in a tree; every part is asked, so that all atoms are seen. */
function valueOf(node: ExprNode, holds: (atom: Atom) => boolean): boolean {
  if (node.kind === "bool") return node.value;
  if (node.kind === "unary" && (node.operator === "!" || node.operator === "not")) return !valueOf(node.operand, holds);
  if (node.kind !== "binary") return holds({ text: printExpr(node), operands: [printExpr(node)] });
  const { operator, left, right } = node;
  if (operator === "&&" || operator === "and" || operator === "||" || operator === "or") {
    const [first, second] = [valueOf(left, holds), valueOf(right, holds)];
    return operator === "&&" || operator === "and" ? first && second : first || second;
  }
  const opposite = opposites[operator];
  return opposite === undefined ? holds(atomOf(node)) : !holds(atomOf({ ...node, operator: opposite }));
}

function atomOf(node: ExprBinary): Atom {
  const isConstant = ({ kind }: ExprNode): boolean => kind === "string" || kind === "int" || kind === "float" || kind === "bool" || kind === "nil";
  return { text: printExpr(node), operands: [node.left, node.right].filter((side) => !isConstant(side)).map(printExpr) };
}
