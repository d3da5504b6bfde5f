/** Sources that say the same in other words: other formatting, other comments, independent statements in another order. */
import { ts } from "ts-morph";

/** After these tokens a line may break, and a comment may stand. */
const roomy = new Set([ts.SyntaxKind.OpenBraceToken, ts.SyntaxKind.CommaToken, ts.SyntaxKind.OpenParenToken, ts.SyntaxKind.OpenBracketToken, ts.SyntaxKind.SemicolonToken]);

/** With spaces, line breaks and comments where they say nothing, and without some comments that were there. */
export function reformatted(text: string, random: () => number): string {
  const file = parsed(text);
  let result = "";
  const visit = (node: ts.Node): void => {
    const children = node.getChildren(file).filter((child) => !ts.isJSDoc(child));
    if (children.length > 0) {
      for (const child of children) visit(child);
      return;
    }
    const before = text.slice(node.getFullStart(), node.getStart(file));
    // A comment becomes another one; a line break stays, because it may end a statement.
    result += before.trim() === "" ? before : random() < 0.5 ? "\n" : `\n// ${Math.floor(random() * 1e6)}\n`;
    result += text.slice(node.getStart(file), node.end);
    if (roomy.has(node.kind) && random() < 0.3) result += [" ", "\n", "\n\n    ", " /* as it is */ ", " // here\n"][Math.floor(random() * 5)] ?? "";
  };
  visit(file);
  return result;
}

/** With neighbouring statements swapped that have nothing to do with each other: at the top of the file, and in bodies of pipelines. */
export function reordered(text: string, random: () => number): string {
  let result = text;
  for (let swaps = 0; swaps < 12; swaps += 1) {
    const file = parsed(result);
    const lists: ts.NodeArray<ts.Statement>[] = [file.statements];
    const visit = (node: ts.Node, isInPipeline: boolean): void => {
      const isBody = isInPipeline || (ts.isArrowFunction(node) && ts.isCallExpression(node.parent) && node.parent.expression.getText(file) === "pipeline");
      if (isBody && ts.isBlock(node)) lists.push(node.statements);
      node.forEachChild((child) => visit(child, isBody));
    };
    visit(file, false);
    const pairs = lists.flatMap((list) => list.slice(1).map((second, index) => [list[index], second] as const)).filter(([first, second]) => first !== undefined && areIndependent(first, second));
    const [first, second] = pairs[Math.floor(random() * pairs.length)] ?? [];
    if (first === undefined || second === undefined) return result;
    const [a, b] = [first, second].map((statement) => result.slice(statement.getStart(file), statement.end));
    result = `${result.slice(0, first.getStart(file))}${b}\n${a}${result.slice(second.end)}`;
  }
  return result;
}

function areIndependent(first: ts.Statement, second: ts.Statement): boolean {
  const movable = (statement: ts.Statement): boolean =>
    ts.isVariableStatement(statement) || ts.isFunctionDeclaration(statement) || ts.isExpressionStatement(statement) || ts.isIfStatement(statement) || ts.isForOfStatement(statement) || ts.isTryStatement(statement);
  if (!movable(first) || !movable(second) || canLeave(first) || canLeave(second)) return false;
  const [left, right] = [namesOf(first), namesOf(second)];
  return [...left.written].every((name) => !right.read.has(name)) && [...right.written].every((name) => !left.read.has(name));
}

/** Whether what stands after a statement may not run because of it. */
function canLeave(node: ts.Node): boolean {
  return ts.isReturnStatement(node) || ts.isBreakOrContinueStatement(node) || ts.isThrowStatement(node) || (!ts.isFunctionLike(node) && ts.forEachChild(node, (child) => canLeave(child) || undefined) === true);
}

/** The names that a statement reads or writes, and those that it declares, assigns, or orders: `a.after(b)`. */
function namesOf(statement: ts.Statement): { read: Set<string>; written: Set<string> } {
  const read = new Set<string>();
  const written = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) read.add(node.text);
    if ((ts.isVariableDeclaration(node) || ts.isBindingElement(node) || ts.isFunctionDeclaration(node)) && node.name !== undefined && ts.isIdentifier(node.name)) written.add(node.name.text);
    if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind) && ts.isIdentifier(node.left)) written.add(node.left.text);
    if ((ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) && ts.isIdentifier(node.operand)) written.add(node.operand.text);
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && ts.isIdentifier(node.expression.expression)) written.add(node.expression.expression.text);
    node.forEachChild(visit);
  };
  visit(statement);
  return { read: new Set([...read, ...written]), written };
}

function isAssignment(kind: ts.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

function parsed(text: string): ts.SourceFile {
  return ts.createSourceFile("x.ts", text, ts.ScriptTarget.ES2022, true);
}
