/**
 * Constants: what an expression is without running anything. Literals, `const` of any module, enums, `as const`,
 * spreads, operators and template literals over constants.
 */
import { ts } from "ts-morph";
import { diagnostic } from "../diagnostics/diagnostic.ts";
import { looksLikeCredentialName } from "../ir/credentials.ts";
import { foldCallback } from "./constant-callbacks.ts";
import { foldBinary, foldMethod, foldUnary, shortCircuit } from "./constant-operators.ts";
import { foldRaw } from "./constant-raw.ts";
import type { Context } from "./context.ts";
import { foldMember, isTruthy, type Folded, type Reference } from "./folded.ts";
import { languageFunction } from "./language-functions.ts";

/**
 * Folds an expression to a constant, without reporting that it is none.
 *
 * @returns undefined when the value is not known at compile time
 */
export function foldConstant(context: Context, expression: ts.Expression): Folded | undefined {
  return fold(context, expression, new Set());
}

/** `active` holds the declarations being folded, so that a constant defined by itself ends. */
function fold(context: Context, node: ts.Expression, active: Set<ts.Node>): Folded | undefined {
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isNonNullExpression(node) || ts.isTypeAssertionExpression(node)) {
    return fold(context, node.expression, active);
  }
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return { kind: "value", value: node.text, node };
  if (ts.isNumericLiteral(node)) return { kind: "value", value: Number(node.text), node };
  switch (node.kind) {
    case ts.SyntaxKind.TrueKeyword:
      return { kind: "value", value: true, node };
    case ts.SyntaxKind.FalseKeyword:
      return { kind: "value", value: false, node };
    case ts.SyntaxKind.NullKeyword:
      return { kind: "value", value: null, node };
  }
  if (ts.isIdentifier(node)) return foldName(context, node, active);
  if (ts.isTemplateExpression(node)) return foldTemplate(context, node, active);
  if (ts.isPrefixUnaryExpression(node)) {
    const operand = fold(context, node.operand, active);
    return operand === undefined ? undefined : foldUnary(node.operator, operand, node);
  }
  if (ts.isBinaryExpression(node)) {
    const left = fold(context, node.left, active);
    if (left === undefined) return undefined;
    const chosen = shortCircuit(node.operatorToken.kind, left);
    if (chosen === "left") return left;
    const right = fold(context, node.right, active);
    if (right === undefined || chosen === "right") return right;
    return foldBinary(node.operatorToken.kind, left, right, node);
  }
  if (ts.isConditionalExpression(node)) {
    const test = fold(context, node.condition, active);
    if (test === undefined) return undefined;
    return fold(context, isTruthy(test) ? node.whenTrue : node.whenFalse, active);
  }
  if (ts.isArrayLiteralExpression(node)) return foldArray(context, node, active);
  if (ts.isObjectLiteralExpression(node)) return foldObject(context, node, active);
  if (ts.isPropertyAccessExpression(node)) {
    const environment = processVariable(node);
    if (environment !== undefined) return readEnvironment(context, environment, undefined, node);
    const member = foldMemberDeclaration(context, node, active);
    if (member !== undefined) return member;
    const object = fold(context, node.expression, active);
    return object === undefined ? foldLiteralMember(context, node, active) : foldMember(object, node.name.text, node);
  }
  if (ts.isElementAccessExpression(node)) {
    const environment = processVariable(node);
    if (environment !== undefined) return readEnvironment(context, environment, undefined, node);
    const object = fold(context, node.expression, active);
    const key = object === undefined ? undefined : fold(context, node.argumentExpression, active);
    if (object === undefined || key?.kind !== "value") return undefined;
    return foldMember(object, String(key.value), node);
  }
  if (ts.isCallExpression(node)) return foldCall(context, node, active);
  if (ts.isTaggedTemplateExpression(node)) return foldRaw(context, node, (part) => fold(context, part, active));
  return undefined;
}

function foldName(context: Context, node: ts.Identifier, active: Set<ts.Node>): Folded | undefined {
  if (node.text === "undefined") return { kind: "undefined", node };
  if (node.text === "NaN" || node.text === "Infinity") return undefined;
  const symbol = ts.isShorthandPropertyAssignment(node.parent) && node.parent.name === node ? context.checker.getShorthandAssignmentValueSymbol(node.parent) : context.checker.getSymbolAtLocation(node);
  return symbol === undefined ? undefined : foldSymbol(context, symbol, active);
}

function foldSymbol(context: Context, symbol: ts.Symbol, active: Set<ts.Node>): Folded | undefined {
  const local = context.local?.(symbol);
  if (local !== undefined) return local;
  const target = symbol.flags & ts.SymbolFlags.Alias ? context.checker.getAliasedSymbol(symbol) : symbol;
  const declaration = target.valueDeclaration;
  if (declaration === undefined || active.has(declaration)) return undefined;
  active.add(declaration);
  try {
    if (ts.isEnumMember(declaration)) {
      const value = context.checker.getConstantValue(declaration);
      return value === undefined ? undefined : { kind: "value", value, node: declaration };
    }
    if (ts.isVariableDeclaration(declaration) && declaration.initializer !== undefined && ts.isIdentifier(declaration.name)) {
      const isConst = (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
      return isConst ? fold(context, declaration.initializer, active) : undefined;
    }
    if (ts.isBindingElement(declaration)) return foldBindingElement(context, declaration, active);
    if (ts.isExportAssignment(declaration)) return fold(context, declaration.expression, active);
    return undefined;
  } finally {
    active.delete(declaration);
  }
}

/** `const { a, b: [c] } = constant`. */
function foldBindingElement(context: Context, element: ts.BindingElement, active: Set<ts.Node>): Folded | undefined {
  const pattern = element.parent;
  const owner = pattern.parent;
  const source = ts.isBindingElement(owner)
    ? foldBindingElement(context, owner, active)
    : ts.isVariableDeclaration(owner) && owner.initializer !== undefined && (ts.getCombinedNodeFlags(owner) & ts.NodeFlags.Const) !== 0
      ? fold(context, owner.initializer, active)
      : undefined;
  if (source === undefined || element.dotDotDotToken !== undefined) return undefined;
  const key = ts.isArrayBindingPattern(pattern) ? String(pattern.elements.indexOf(element)) : bindingKey(element);
  const member = key === undefined ? undefined : foldMember(source, key, element);
  if (member?.kind === "undefined" && element.initializer !== undefined) return fold(context, element.initializer, active);
  return member;
}

function bindingKey(element: ts.BindingElement): string | undefined {
  const name = element.propertyName ?? element.name;
  return ts.isIdentifier(name) || ts.isStringLiteral(name) ? name.text : undefined;
}

/** `object.key` where other members of the object are no constants: functions, ops, what only code could give. */
function foldLiteralMember(context: Context, node: ts.PropertyAccessExpression, active: Set<ts.Node>): Folded | undefined {
  const value = literalMember(context, node, active);
  return value === undefined ? undefined : fold(context, value, active);
}

/** The expression that an object literal gives to a member; undefined where the source does not say which. */
function literalMember(context: Context, node: ts.PropertyAccessExpression, active: Set<ts.Node>): ts.Expression | undefined {
  const owner = literalBehind(context, node.expression, active);
  const found = owner?.properties.findLast((property) => ts.isSpreadAssignment(property) || propertyKey(context, property.name, active) === node.name.text);
  if (found === undefined) return undefined;
  return ts.isPropertyAssignment(found) ? found.initializer : ts.isShorthandPropertyAssignment(found) ? found.name : undefined;
}

/** The object literal that a constant is. */
function literalBehind(context: Context, node: ts.Expression, active: Set<ts.Node>): ts.ObjectLiteralExpression | undefined {
  if (ts.isObjectLiteralExpression(node)) return node;
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isNonNullExpression(node)) return literalBehind(context, node.expression, active);
  if (ts.isPropertyAccessExpression(node)) {
    const value = literalMember(context, node, active);
    return value === undefined ? undefined : literalBehind(context, value, active);
  }
  const symbol = ts.isIdentifier(node) ? context.checker.getSymbolAtLocation(node) : undefined;
  if (symbol === undefined) return undefined;
  const declaration = (symbol.flags & ts.SymbolFlags.Alias ? context.checker.getAliasedSymbol(symbol) : symbol).valueDeclaration;
  if (declaration === undefined || active.has(declaration) || !ts.isVariableDeclaration(declaration) || declaration.initializer === undefined) return undefined;
  if ((ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) === 0) return undefined;
  active.add(declaration);
  try {
    return literalBehind(context, declaration.initializer, active);
  } finally {
    active.delete(declaration);
  }
}

/** `Enum.Member` and `namespace.constant`: the symbol says more than the object's value. */
function foldMemberDeclaration(context: Context, node: ts.PropertyAccessExpression, active: Set<ts.Node>): Folded | undefined {
  const symbol = context.checker.getSymbolAtLocation(node.name);
  if (symbol === undefined) return undefined;
  const target = symbol.flags & ts.SymbolFlags.Alias ? context.checker.getAliasedSymbol(symbol) : symbol;
  if (!(target.flags & (ts.SymbolFlags.EnumMember | ts.SymbolFlags.Variable))) return undefined;
  return foldSymbol(context, target, active);
}

function foldTemplate(context: Context, node: ts.TemplateExpression, active: Set<ts.Node>): Folded | undefined {
  let text = node.head.text;
  for (const span of node.templateSpans) {
    const part = fold(context, span.expression, active);
    if (part === undefined || (part.kind !== "value" && part.kind !== "undefined")) return undefined;
    text += (part.kind === "value" ? String(part.value) : "undefined") + span.literal.text;
  }
  return { kind: "value", value: text, node };
}

function foldArray(context: Context, node: ts.ArrayLiteralExpression, active: Set<ts.Node>): Folded | undefined {
  const items: Folded[] = [];
  for (const element of node.elements) {
    const folded = fold(context, ts.isSpreadElement(element) ? element.expression : element, active);
    if (folded === undefined) return undefined;
    if (!ts.isSpreadElement(element)) items.push(folded);
    else if (folded.kind === "list") items.push(...folded.items);
    else return undefined;
  }
  return { kind: "list", items, node };
}

function foldObject(context: Context, node: ts.ObjectLiteralExpression, active: Set<ts.Node>): Folded | undefined {
  const entries = new Map<string, Folded>();
  for (const property of node.properties) {
    if (ts.isSpreadAssignment(property)) {
      const spread = fold(context, property.expression, active);
      if (spread?.kind === "object") for (const [key, entry] of spread.entries) entries.set(key, entry);
      else if (spread?.kind !== "undefined" && !(spread?.kind === "value" && (spread.value === null || typeof spread.value === "boolean"))) return undefined;
      continue;
    }
    const value = ts.isPropertyAssignment(property)
      ? fold(context, property.initializer, active)
      : ts.isShorthandPropertyAssignment(property)
        ? foldName(context, property.name, active)
        : undefined;
    const key = propertyKey(context, property.name, active);
    if (value === undefined || key === undefined) return undefined;
    entries.set(key, value);
  }
  return { kind: "object", entries, node };
}

function propertyKey(context: Context, name: ts.PropertyName | undefined, active: Set<ts.Node>): string | undefined {
  if (name === undefined) return undefined;
  if (ts.isIdentifier(name) || ts.isStringLiteral(name) || ts.isNumericLiteral(name) || ts.isNoSubstitutionTemplateLiteral(name)) return name.text;
  if (!ts.isComputedPropertyName(name)) return undefined;
  const folded = fold(context, name.expression, active);
  return folded?.kind === "value" ? String(folded.value) : undefined;
}

/** The name of a property as written, computed names folded. */
export function constantPropertyName(context: Context, name: ts.PropertyName): string | undefined {
  return propertyKey(context, name, new Set());
}

function foldCall(context: Context, node: ts.CallExpression, active: Set<ts.Node>): Folded | undefined {
  const name = languageFunction(context, node.expression);
  const argument = (index: number): Folded | undefined => {
    const expression = node.arguments[index];
    return expression === undefined ? undefined : fold(context, expression, active);
  };
  if (name === "env" || name === "fieldPath") {
    const first = argument(0);
    if (first?.kind !== "value" || typeof first.value !== "string") return undefined;
    if (name === "fieldPath") return { kind: "field", path: first.value, node };
    const second = argument(1);
    return readEnvironment(context, first.value, second?.kind === "value" ? String(second.value) : undefined, node);
  }
  if (name === "secret" || name === "configMap") return foldReference(context, name, argument(0), node, active);
  if (name !== undefined || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  const receiver = fold(context, node.expression.expression, active);
  if (receiver === undefined) return undefined;
  if (receiver.kind === "list") {
    const computed = foldCallback(context, receiver, node.expression.name.text, node.arguments[0], node, (body) => fold(context, body, active));
    if (computed !== undefined) return computed;
  }
  const folded: Folded[] = [];
  for (let index = 0; index < node.arguments.length; index++) {
    const value = argument(index);
    if (value === undefined) return undefined;
    folded.push(value);
  }
  return foldMethod(receiver, node.expression.name.text, folded, node);
}

/** `secret(name, key, { optional })` and `configMap(…)`, with a name that was found; undefined where the rest is no constant. */
export function foldReference(context: Context, kind: "secret" | "configMap", name: Folded | undefined, call: ts.CallExpression, active = new Set<ts.Node>()): (Reference & { kind: "secret" | "configMap" }) | undefined {
  const [key, options] = call.arguments.slice(1).map((argument) => fold(context, argument, active));
  if (name?.kind !== "value" || typeof name.value !== "string" || key?.kind !== "value" || typeof key.value !== "string") return undefined;
  if (call.arguments.length > 2 && options === undefined) return undefined;
  const optional = options?.kind === "object" ? options.entries.get("optional") : undefined;
  return { kind, name: name.value, key: key.value, ...(optional?.kind === "value" && optional.value === true ? { optional: true } : {}), node: call };
}

/** The `X` of `process.env.X` and `process.env["X"]`. */
function processVariable(node: ts.PropertyAccessExpression | ts.ElementAccessExpression): string | undefined {
  const object = node.expression;
  if (!(ts.isPropertyAccessExpression(object) && object.name.text === "env" && ts.isIdentifier(object.expression) && object.expression.text === "process")) return undefined;
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  return ts.isStringLiteralLike(node.argumentExpression) ? node.argumentExpression.text : undefined;
}

/** Whether a value stands on the left of `??` or `||`. */
function hasFallback(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isParenthesizedExpression(parent)) return hasFallback(parent);
  if (!ts.isBinaryExpression(parent) || parent.left !== node) return false;
  return parent.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken || parent.operatorToken.kind === ts.SyntaxKind.BarBarToken;
}

/** Reads a variable of the compiler's environment and notes its name for the header of the output. */
function readEnvironment(context: Context, name: string, fallback: string | undefined, node: ts.Node): Folded {
  context.environment.add(name);
  if (looksLikeCredentialName(name)) context.report(diagnostic("HMC5021", context.spanOf(node), { name }));
  const value = context.host.env(name) ?? fallback;
  if (value === undefined && hasFallback(node)) return { kind: "undefined", node };
  if (value === undefined) context.report(diagnostic("HMC0014", context.spanOf(node), { name }));
  return { kind: "value", value: value ?? "", node };
}
