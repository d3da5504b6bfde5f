/**
 * What the code of an op does, as a text that formatting, comments, types, names of exports, the options of the op, and the files in which functions
 * stand do not change.
 */
import { ts } from "ts-morph";
import { languageImports } from "./language-imports.ts";

/** An edit of a text: what stands from `start` to `end` becomes `text`. */
interface Edit {
  start: number;
  end: number;
  text: string;
}

/** The variable that holds the op in a bundle of it. */
const own = "implementation";

/**
 * The normal text of a bundle that exports one op as `implementation` and imports `"hmc"`.
 *
 * @param shrink prints the code without what nothing uses, and without formatting
 */
export async function codeText(bundle: string, shrink: (text: string) => Promise<string>): Promise<string> {
  return inFixedOrder(await shrink(withoutDeclaration(bundle)));
}

/** Without the options that are given to `op`, and with one name for the variable that holds the op. */
function withoutDeclaration(text: string): string {
  const file = parsed(text);
  const nameOf = languageImports(file);
  const edits: Edit[] = [];
  const alias = exportedVariable(file);
  const visit = (node: ts.Node, isTop: boolean): void => {
    if (ts.isCallExpression(node) && isTop && nameOf(node.expression) === "op") {
      const [first, second] = node.arguments;
      if (first !== undefined && second !== undefined) {
        edits.push({ start: first.getStart(file), end: second.getStart(file), text: "" });
        visit(second, isTop);
        return;
      }
    }
    if (isWrapped(node)) edits.push({ start: node.name.getStart(file), end: node.name.end, text: JSON.stringify(node.name.text.replace(/^.*node_modules\//, "")) });
    if (ts.isIdentifier(node) && node.text === alias && !isMemberName(node)) edits.push({ start: node.getStart(file), end: node.end, text: `${own}$` });
    node.forEachChild((child) => visit(child, isTop && !ts.isFunctionLike(node)));
  };
  visit(file, true);
  return edited(text, edits);
}

/** Whether a node is a module of CommonJS, as esbuild wraps it: `__commonJS({ "../node_modules/x/index.js"(exports) { … } })`. Where the packages lie does not count. */
function isWrapped(node: ts.Node): node is ts.MethodDeclaration & { name: ts.StringLiteral } {
  if (!ts.isMethodDeclaration(node) || !ts.isStringLiteral(node.name)) return false;
  const call = node.parent.parent;
  return ts.isCallExpression(call) && ts.isIdentifier(call.expression) && call.expression.text.startsWith("__");
}

/** The variable behind `var implementation = train`. */
function exportedVariable(file: ts.SourceFile): string | undefined {
  const declarations = file.statements.flatMap((statement) => (ts.isVariableStatement(statement) ? [...statement.declarationList.declarations] : []));
  const value = declarations.find(({ name }) => ts.isIdentifier(name) && name.text === own)?.initializer;
  return value !== undefined && ts.isIdentifier(value) ? value.text : undefined;
}

function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node;
  return (ts.isPropertyAccessExpression(parent) && parent.name === node) || ((ts.isPropertyAssignment(parent) || ts.isMethodDeclaration(parent)) && parent.name === node);
}

/** Declarations sorted: their order is that of the files. What runs when a module is loaded keeps its order. */
function inFixedOrder(text: string): string {
  const file = parsed(text);
  const declared: string[] = [];
  const run: string[] = [];
  for (const statement of file.statements) {
    const code = (node: ts.Node): string => text.slice(node.getStart(file), node.end).replace(/;$/, "");
    if (ts.isVariableStatement(statement)) declared.push(...statement.declarationList.declarations.map(code));
    else if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) || ts.isImportDeclaration(statement)) declared.push(code(statement));
    else run.push(code(statement));
  }
  return [...declared.sort(), ...run].join("\n");
}

function edited(text: string, edits: readonly Edit[]): string {
  return [...edits].sort((a, b) => b.start - a.start).reduce((changed, { start, end, text: replacement }) => changed.slice(0, start) + replacement + changed.slice(end), text);
}

function parsed(text: string): ts.SourceFile {
  return ts.createSourceFile("op.mjs", text, ts.ScriptTarget.ES2022, true, ts.ScriptKind.JS);
}
