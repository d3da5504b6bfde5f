/** Reads the expressions of a pipeline body. */
import { ts } from "ts-morph";
import type { Expression } from "../ir/types.ts";
import { withAssertedType } from "./assertions.ts";
import { choice, lowerTernary } from "./branches.ts";
import { carriedEntries } from "./carried.ts";
import { lowerCel } from "./cel.ts";
import { lowerCall } from "./calls.ts";
import { mayBeAbsent, present } from "./conditions.ts";
import { constantPropertyName, foldConstant } from "./constants.ts";
import type { Folded } from "./folded.ts";
import { isLanguageConstant } from "./language-functions.ts";
import { report, type Lowering } from "./lowering.ts";
import { evaluateBinary, evaluateUnary } from "./operators.ts";
import { contextExpression, contextMember, runObject } from "./run-context.ts";
import type { Scope } from "./scope.ts";
import { elementOf, memberOf, toExpression } from "./to-expression.ts";
import { invalid, type ChoiceValue, type Value } from "./values.ts";

/** What an expression of the body stands for. Calls in it add tasks to the current block. */
export function evaluate(lowering: Lowering, scope: Scope, node: ts.Expression): Value {
  if (ts.isParenthesizedExpression(node) || ts.isSatisfiesExpression(node) || ts.isNonNullExpression(node)) return evaluate(lowering, scope, node.expression);
  if (ts.isAsExpression(node) || ts.isTypeAssertionExpression(node)) return withAssertedType(lowering.context, evaluate(lowering, scope, node.expression), node.type);
  if (ts.isIdentifier(node)) return evaluateName(lowering, scope, node);
  if (ts.isLiteralExpression(node) || node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword || node.kind === ts.SyntaxKind.NullKeyword) {
    const folded = foldConstant(lowering.context, node);
    return folded === undefined ? report(lowering, "HMC1001", node, { construct: "this literal" }) : { kind: "constant", folded };
  }
  if (ts.isTemplateExpression(node)) return evaluateTemplate(lowering, scope, node);
  if (ts.isTaggedTemplateExpression(node)) {
    const folded = foldConstant(lowering.context, node);
    if (folded !== undefined) return { kind: "constant", folded };
    return lowerCel(lowering, scope, node) ?? report(lowering, "HMC1001", node, { construct: constructName(node) });
  }
  if (ts.isCallExpression(node)) return lowerCall(lowering, scope, node);
  if (ts.isPropertyAccessExpression(node)) return evaluateMember(lowering, scope, node);
  if (ts.isElementAccessExpression(node)) {
    const folded = rootIsLocal(lowering, scope, node) ? undefined : foldConstant(lowering.context, node);
    if (folded !== undefined) return { kind: "constant", folded };
    const object = evaluate(lowering, scope, node.expression);
    return throughChain(lowering, node, object, (there) => elementOf(lowering, there, evaluate(lowering, scope, node.argumentExpression), node));
  }
  if (ts.isBinaryExpression(node)) return evaluateBinary(lowering, scope, node);
  if (ts.isPrefixUnaryExpression(node)) return evaluateUnary(lowering, scope, node);
  if (ts.isConditionalExpression(node)) return lowerTernary(lowering, scope, node);
  if (ts.isObjectLiteralExpression(node)) return evaluateObject(lowering, scope, node);
  if (ts.isArrayLiteralExpression(node)) return evaluateArray(lowering, scope, node);
  if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) return { kind: "function", node, scope };
  if (ts.isVoidExpression(node)) {
    evaluate(lowering, scope, node.expression);
    return { kind: "constant", folded: { kind: "undefined", node } };
  }
  if (ts.isNewExpression(node) && node.expression.getText() === "Date") return report(lowering, "HMC1004", node, { name: "new Date" });
  if (ts.isAwaitExpression(node)) {
    report(lowering, "HMC1005", node, { what: `"await"` }, { fix: { title: `Remove "await"`, edits: [{ span: lowering.context.spanOf(node), newText: node.expression.getText() }] } });
    return evaluate(lowering, scope, node.expression);
  }
  return report(lowering, "HMC1001", node, { construct: constructName(node) });
}

function constructName(node: ts.Node): string {
  switch (node.kind) {
    case ts.SyntaxKind.NewExpression:
      return `"new"`;
    case ts.SyntaxKind.ThisKeyword:
      return `"this"`;
    case ts.SyntaxKind.DeleteExpression:
      return `"delete"`;
    case ts.SyntaxKind.YieldExpression:
      return `"yield"`;
    case ts.SyntaxKind.PostfixUnaryExpression:
      return `"++" or "--"`;
    case ts.SyntaxKind.TaggedTemplateExpression:
      return "a tagged template";
    case ts.SyntaxKind.ClassExpression:
      return "a class";
    case ts.SyntaxKind.RegularExpressionLiteral:
      return "a regular expression";
    case ts.SyntaxKind.BigIntLiteral:
      return "a bigint";
    default:
      return `this expression (${ts.SyntaxKind[node.kind]})`;
  }
}

// ---------------------------------------------------------------------------------------------- names and members

function evaluateName(lowering: Lowering, scope: Scope, node: ts.Identifier): Value {
  const { checker } = lowering.context;
  const symbol = ts.isShorthandPropertyAssignment(node.parent) && node.parent.name === node ? checker.getShorthandAssignmentValueSymbol(node.parent) : checker.getSymbolAtLocation(node);
  if (symbol === undefined) return node.text === "undefined" ? { kind: "constant", folded: { kind: "undefined", node } } : invalid;
  if (scope.has(symbol)) return scope.lookup(symbol) ?? { kind: "constant", folded: { kind: "undefined", node } };
  if (isLanguageConstant(lowering.context, node, "run")) return runObject(lowering.context, node);
  const folded = foldConstant(lowering.context, node);
  if (folded !== undefined) return { kind: "constant", folded };
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const declaration = target.valueDeclaration;
  if (declaration !== undefined && ts.isFunctionDeclaration(declaration)) return { kind: "function", node: declaration, scope: lowering.rootScope };
  if (declaration !== undefined && ts.isVariableDeclaration(declaration) && declaration.initializer !== undefined) {
    if (ts.isArrowFunction(declaration.initializer) || ts.isFunctionExpression(declaration.initializer)) return { kind: "function", node: declaration.initializer, scope: lowering.rootScope };
  }
  return report(lowering, "HMC1011", node, { what: `"${node.text}"` });
}

function evaluateMember(lowering: Lowering, scope: Scope, node: ts.PropertyAccessExpression): Value {
  if (!rootIsLocal(lowering, scope, node)) {
    const known = contextMember(lowering.context, node);
    if (known !== undefined) return { kind: "expression", expression: contextExpression(known, lowering.context.spanOf(node)) };
    if (isLanguageConstant(lowering.context, node, "run")) return runObject(lowering.context, node);
    const folded = foldConstant(lowering.context, node);
    if (folded !== undefined) return { kind: "constant", folded };
  }
  const object = evaluate(lowering, scope, node.expression);
  return throughChain(lowering, node, object, (there) => memberOf(lowering, there, node.name.text, node));
}

/**
 * What a member or method of an object gives, where the object may be missing: `a?.b.c()`.
 *
 * @param node the access or the call; its own or an earlier `?.` guards it
 * @param read gets the object that is there
 */
export function throughChain(lowering: Lowering, node: ts.PropertyAccessExpression | ts.ElementAccessExpression, object: Value, read: (object: Value) => Value): Value {
  if (object.kind === "invalid") return object;
  // The members of a one-of are read in each arm; where there is no value, its members are missing, too.
  if (!ts.isOptionalChain(node) || (object.kind === "choice" && object.expression === undefined)) return read(object);
  if (node.questionDotToken === undefined) {
    const guarded = object.kind === "expression" ? object.expression : undefined;
    if (guarded?.kind !== "conditional" || guarded.test.kind !== "present" || guarded.alternate.kind !== "absent") return read(object);
    return guard(lowering, node, guarded.test, read({ kind: "expression", expression: guarded.consequent }));
  }
  const whole = toExpression(lowering, object, node.expression);
  if (whole === undefined) return invalid;
  return mayBeAbsent(lowering, whole) ? guard(lowering, node, present(whole, lowering.context.spanOf(node)), read(object)) : read(object);
}

function guard(lowering: Lowering, node: ts.Node, test: Expression, value: Value): Value {
  const consequent = toExpression(lowering, value, node);
  if (consequent === undefined) return invalid;
  const span = lowering.context.spanOf(node);
  return { kind: "expression", expression: { kind: "conditional", test, consequent, alternate: { kind: "absent", type: consequent.type, span }, type: consequent.type, span } };
}

/** Whether the leftmost name of `a.b.c` is a variable of the body, and not one of a module. */
export function rootIsLocal(lowering: Lowering, scope: Scope, node: ts.Expression): boolean {
  let root: ts.Expression = node;
  while (ts.isPropertyAccessExpression(root) || ts.isElementAccessExpression(root) || ts.isNonNullExpression(root) || ts.isParenthesizedExpression(root)) root = root.expression;
  if (!ts.isIdentifier(root)) return true;
  const symbol = lowering.context.checker.getSymbolAtLocation(root);
  return symbol !== undefined && scope.has(symbol);
}

// ---------------------------------------------------------------------------------------------- literals

function evaluateTemplate(lowering: Lowering, scope: Scope, node: ts.TemplateExpression): Value {
  const parts: Expression[] = [];
  const span = lowering.context.spanOf(node);
  const addText = (value: string): void => {
    const last = parts.at(-1);
    if (value === "") return;
    if (last?.kind === "constant" && typeof last.value === "string") last.value += value;
    else parts.push({ kind: "constant", value, type: { kind: "string" }, span });
  };
  addText(node.head.text);
  for (const { expression, literal } of node.templateSpans) {
    const part = toExpression(lowering, evaluate(lowering, scope, expression), expression);
    if (part === undefined) return invalid;
    if (part.kind === "absent") addText("undefined");
    else if (part.kind === "constant" && (part.value === null || typeof part.value !== "object")) addText(String(part.value));
    else if (part.type.kind === "artifact") return report(lowering, "HMC1003", expression, { operation: `The text of an artifact` });
    else parts.push(part);
    addText(literal.text);
  }
  const [only] = parts;
  if (parts.length === 0) return { kind: "constant", folded: { kind: "value", value: "", node } };
  if (parts.length === 1 && only?.kind === "constant" && typeof only.value === "string") return { kind: "constant", folded: { kind: "value", value: only.value, node } };
  return { kind: "expression", expression: { kind: "template", parts, type: { kind: "string" }, span } };
}

function evaluateObject(lowering: Lowering, scope: Scope, node: ts.ObjectLiteralExpression): Value {
  const entries = new Map<string, Value>();
  for (const property of node.properties) {
    if (ts.isSpreadAssignment(property)) {
      const spread = evaluate(lowering, scope, property.expression);
      const members = entriesOf(spread);
      if (members === undefined) return spread.kind === "invalid" ? spread : report(lowering, "HMC1003", property, { operation: "Spreading this value" });
      for (const [key, value] of members) entries.set(key, value);
      continue;
    }
    const key = property.name === undefined ? undefined : constantPropertyName(lowering.context, property.name);
    if (key === undefined) return report(lowering, "HMC1011", property, { what: "The name of this property" });
    if (ts.isPropertyAssignment(property)) entries.set(key, evaluate(lowering, scope, property.initializer));
    else if (ts.isShorthandPropertyAssignment(property)) entries.set(key, evaluateName(lowering, scope, property.name));
    else return report(lowering, "HMC1001", property, { construct: "a method or accessor in an object" });
  }
  return constantObject(entries, node) ?? { kind: "object", entries, node };
}

/** The members of an object whose keys are known; undefined for any other value. */
export function entriesOf(value: Value): Map<string, Value> | undefined {
  if (value.kind === "object") return value.entries;
  if (value.kind === "choice") return choiceEntries(value);
  if (value.kind === "carried") return carriedEntries(value);
  if (value.kind !== "constant") return undefined;
  if (value.folded.kind === "undefined" || (value.folded.kind === "value" && (value.folded.value === null || typeof value.folded.value === "boolean"))) return new Map();
  if (value.folded.kind !== "object") return undefined;
  return new Map([...value.folded.entries].map(([key, folded]) => [key, { kind: "constant", folded }]));
}

/** Of `condition ? { a: 1 } : {}`: each member is a choice, absent where its arm has none. */
function choiceEntries(value: ChoiceValue): Map<string, Value> | undefined {
  const arms = value.values.map(entriesOf);
  if (!arms.every((arm) => arm !== undefined)) return undefined;
  const absent: Value = { kind: "constant", folded: { kind: "undefined", node: value.node } };
  const entries = new Map<string, Value>();
  for (const key of new Set(arms.flatMap((arm) => [...arm.keys()]))) {
    entries.set(key, choice(value.branch, key, arms.map((arm) => arm.get(key) ?? absent), value.node));
  }
  return entries;
}

function constantObject(entries: Map<string, Value>, node: ts.Node): Value | undefined {
  const folded = new Map<string, Folded>();
  for (const [key, value] of entries) {
    if (value.kind !== "constant") return undefined;
    folded.set(key, value.folded);
  }
  return { kind: "constant", folded: { kind: "object", entries: folded, node } };
}

function evaluateArray(lowering: Lowering, scope: Scope, node: ts.ArrayLiteralExpression): Value {
  const items: Value[] = [];
  for (const element of node.elements) {
    if (!ts.isSpreadElement(element)) {
      items.push(evaluate(lowering, scope, element));
      continue;
    }
    const spread = evaluate(lowering, scope, element.expression);
    const members = itemsOf(spread);
    if (members === undefined) return spread.kind === "invalid" ? spread : report(lowering, "HMC1003", element, { operation: "A list spread of run-time length" });
    items.push(...members);
  }
  return { kind: "list", items, node };
}

/** The items of a list whose length is known; undefined for any other value. */
export function itemsOf(value: Value): Value[] | undefined {
  if (value.kind === "list") return value.items;
  if (value.kind === "constant" && value.folded.kind === "list") return value.folded.items.map((folded) => ({ kind: "constant", folded }));
  return undefined;
}

/** A value as a constant, where it is one through and through. */
export function asFolded(value: Value, node: ts.Node): Folded | undefined {
  if (value.kind === "constant") return value.folded;
  if (value.kind === "object") {
    const entries = new Map<string, Folded>();
    for (const [key, entry] of value.entries) {
      const folded = asFolded(entry, node);
      if (folded === undefined) return undefined;
      entries.set(key, folded);
    }
    return { kind: "object", entries, node };
  }
  if (value.kind !== "list") return undefined;
  const items: Folded[] = [];
  for (const item of value.items) {
    const folded = asFolded(item, node);
    if (folded === undefined) return undefined;
    items.push(folded);
  }
  return { kind: "list", items, node };
}
