/** A computation on run-time values: as an op, which is called in its place. */
import { ts } from "ts-morph";
import type { Fix } from "../../diagnostics/diagnostic.ts";
import type { Context } from "../context.ts";
import { freeName } from "../free-name.ts";
import { spanBetween } from "../span-between.ts";

/** What the computation takes: an expression of the pipeline's body, the name that it has in the op, and its type. */
interface Taken {
  text: string;
  name: string;
  type: string;
}

/** @param node what cannot be computed in a pipeline */
export function moveIntoOp(context: Context, node: ts.Node): Fix | undefined {
  const body = ts.findAncestor(node, (parent): parent is ts.ArrowFunction | ts.FunctionExpression | ts.FunctionDeclaration => ts.isArrowFunction(parent) || ts.isFunctionExpression(parent) || ts.isFunctionDeclaration(parent));
  const around = body === undefined ? undefined : outermostFunction(body);
  const statement = around === undefined ? undefined : ts.findAncestor(around, (parent) => ts.isSourceFile(parent.parent));
  if (!ts.isExpression(node) || around === undefined || statement === undefined || !isValue(node)) return undefined;
  const file = node.getSourceFile();
  const taken = new Map<string, Taken>();
  const renamed = textIn(context, file, node, around, taken);
  const result = typeText(context, context.checker.getTypeAtLocation(node));
  if (renamed === undefined || result === undefined || taken.size === 0) return undefined;
  const name = freeName(file.text, `compute${capital(purposeOf(node) ?? "")}`);
  const inputs = [...taken.values()];
  const parameters = inputs.map((input) => input.name).join(", ");
  const types = inputs.map((input) => `${input.name}: ${input.type}`).join("; ");
  const code = ts.isObjectLiteralExpression(node) ? `(${renamed})` : renamed;
  const given = inputs.map((input) => (input.text === input.name ? input.name : `${input.name}: ${input.text}`)).join(", ");
  const at = statement.getStart(file, true);
  return {
    title: `Move it into the op "${name}"`,
    edits: [
      { span: spanBetween(context, file, at, at), newText: `export const ${name} = op(${hasImage(around) ? "" : "{ inline: true }, "}async ({ ${parameters} }: { ${types} }): Promise<${result}> => ${code});\n\n` },
      { span: spanBetween(context, file, node.getStart(file), node.end), newText: `${ts.isShorthandPropertyAssignment(node.parent) ? `${node.getText(file)}: ` : ""}${name}({ ${given} })` },
    ],
    imports: ["op"],
  };
}

/** The function of the pipeline, or of a helper: callbacks stand inside it. */
function outermostFunction(node: ts.Node): ts.Node {
  const outer = ts.findAncestor(node.parent, (parent) => ts.isFunctionLike(parent));
  return outer === undefined ? node : outermostFunction(outer);
}

/** Whether the pipeline names an image for its ops. Without one, the compiled file carries the code of the new op. */
function hasImage(around: ts.Node): boolean {
  const [options] = ts.isCallExpression(around.parent) ? around.parent.arguments : [];
  return options !== undefined && options !== around && /\bimage\b/.test(options.getText());
}

/** Not the name in front of a call, nor the left side of an assignment. */
function isValue(node: ts.Expression): boolean {
  const { parent } = node;
  if (ts.isCallExpression(parent) && parent.expression === node) return false;
  return !(ts.isBinaryExpression(parent) && parent.left === node && parent.operatorToken.kind >= ts.SyntaxKind.FirstAssignment && parent.operatorToken.kind <= ts.SyntaxKind.LastAssignment) && !ts.isSpreadElement(node);
}

/** The text of the computation, in which values of the body have their names in the op; undefined where one cannot be given to an op. */
function textIn(context: Context, file: ts.SourceFile, node: ts.Expression, around: ts.Node, taken: Map<string, Taken>): string | undefined {
  const replaced: { start: number; end: number; text: string }[] = [];
  let isWhole = true;
  const visit = (part: ts.Node): void => {
    const root = rootOf(part);
    if (root === undefined || !isOfBody(context, root, around, node)) {
      if (ts.isShorthandPropertyAssignment(part)) return visitShorthand(part);
      ts.forEachChild(part, visit);
      return;
    }
    const value = longestValue(context, part as ts.Expression);
    const input = value === undefined ? undefined : take(context, file, value, taken);
    if (value === undefined || input === undefined) isWhole = false;
    else replaced.push({ start: value.getStart(file), end: value.end, text: input.name });
  };
  const visitShorthand = (part: ts.ShorthandPropertyAssignment): void => {
    const symbol = context.checker.getShorthandAssignmentValueSymbol(part);
    if (symbol !== undefined && isDeclaredIn(symbol, around, node)) isWhole = false;
  };
  visit(node);
  if (!isWhole) return undefined;
  let text = node.getText(file);
  const offset = node.getStart(file);
  for (const { start, end, text: name } of replaced.sort((a, b) => b.start - a.start)) text = text.slice(0, start - offset) + name + text.slice(end - offset);
  return text;
}

/** `a` of `a`, `a.b.c`. */
function rootOf(node: ts.Node): ts.Identifier | undefined {
  if (ts.isIdentifier(node)) return ts.isPropertyAssignment(node.parent) && node.parent.name === node ? undefined : node;
  return ts.isPropertyAccessExpression(node) ? rootOf(node.expression) : undefined;
}

/** The longest beginning of `a.b.c` that is data; what follows is a method of it. */
function longestValue(context: Context, node: ts.Expression): ts.Expression | undefined {
  if (typeText(context, context.checker.getTypeAtLocation(node)) !== undefined && !isMember(context, node)) return node;
  return ts.isPropertyAccessExpression(node) ? longestValue(context, node.expression) : undefined;
}

/** A member of a type of JavaScript itself, such as `length`, is computed inside. */
function isMember({ checker }: Context, node: ts.Expression): boolean {
  const declaration = ts.isPropertyAccessExpression(node) ? checker.getSymbolAtLocation(node.name)?.valueDeclaration : undefined;
  return declaration !== undefined && /\/lib\.[\w.]+\.d\.ts$/.test(declaration.getSourceFile().fileName);
}

function isOfBody({ checker }: Context, root: ts.Identifier, around: ts.Node, node: ts.Node): boolean {
  const symbol = checker.getSymbolAtLocation(root);
  return symbol !== undefined && isDeclaredIn(symbol, around, node);
}

function isDeclaredIn({ declarations }: ts.Symbol, around: ts.Node, node: ts.Node): boolean {
  const isWithin = (inner: ts.Node, outer: ts.Node): boolean => inner.getSourceFile() === outer.getSourceFile() && outer.pos <= inner.pos && inner.end <= outer.end;
  return declarations?.some((declaration) => isWithin(declaration, around) && !isWithin(declaration, node)) ?? false;
}

function take(context: Context, file: ts.SourceFile, value: ts.Expression, taken: Map<string, Taken>): Taken | undefined {
  const text = value.getText(file);
  const known = taken.get(text);
  if (known !== undefined) return known;
  const type = typeText(context, context.checker.getTypeAtLocation(value));
  if (type === undefined) return undefined;
  const base = ts.isPropertyAccessExpression(value) ? value.name.text : text;
  const names = new Set([...taken.values()].map(({ name }) => name));
  let name = base;
  for (let count = 2; names.has(name); count++) name = `${base}${count}`;
  const input = { text, name, type };
  taken.set(text, input);
  return input;
}

/** A type as a parameter can have it: text, numbers, truth, lists and plain objects of them. */
function typeText(context: Context, type: ts.Type): string | undefined {
  const { checker } = context;
  const wide = checker.getBaseTypeOfLiteralType(checker.getWidenedType(type));
  if ((wide.flags & ts.TypeFlags.StringLike) !== 0) return "string";
  if ((wide.flags & ts.TypeFlags.NumberLike) !== 0) return "number";
  if ((wide.flags & ts.TypeFlags.BooleanLike) !== 0) return "boolean";
  if (wide.isUnion()) return undefined;
  if (wide.isIntersection()) return wide.types.map((part) => typeText(context, part)).find((text) => text !== undefined && !text.startsWith("{"));
  if (checker.isArrayType(wide)) {
    const [item] = checker.getTypeArguments(wide as ts.TypeReference);
    const text = item === undefined ? undefined : typeText(context, item);
    return text === undefined ? undefined : `${text}[]`;
  }
  if ((wide.flags & ts.TypeFlags.Object) === 0 || wide.getCallSignatures().length > 0 || wide.getProperties().length === 0) return undefined;
  const members = wide.getProperties().map((member) => {
    const text = (member.flags & (ts.SymbolFlags.Optional | ts.SymbolFlags.Method)) !== 0 ? undefined : typeText(context, checker.getTypeOfSymbol(member));
    return text === undefined || !/^[A-Za-z_$][\w$]*$/.test(member.name) ? undefined : `${member.name}: ${text}`;
  });
  return members.includes(undefined) ? undefined : `{ ${members.join("; ")} }`;
}

/** What the value is for: the property or variable that gets it. */
function purposeOf({ parent }: ts.Node): string | undefined {
  const named = ts.isPropertyAssignment(parent) || ts.isVariableDeclaration(parent) ? parent.name : undefined;
  return named !== undefined && ts.isIdentifier(named) ? named.text : undefined;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
