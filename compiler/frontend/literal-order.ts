/** The order in which the literals of a union were written; the checker keeps them in an order of its own. */
import { ts } from "ts-morph";
import type { Context } from "./context.ts";

/**
 * The values of a union of literals, in order of declaration; what no declaration names comes last, sorted.
 *
 * @param type the union, whose alias or enum is looked at first
 * @param at a declaration with a written type, looked at next
 */
export function literalOrder(context: Context, parts: ts.LiteralType[], type: ts.Type, at: ts.Node): (string | number)[] {
  const values = new Set(parts.map((part) => part.value as string | number));
  const ordered: (string | number)[] = [];
  const add = (value: string | number): void => {
    if (values.delete(value)) ordered.push(value);
  };
  const member = parts[0]?.symbol?.valueDeclaration;
  const enumeration = member !== undefined && ts.isEnumMember(member) ? [member.parent] : [];
  for (const declaration of [...(type.aliasSymbol?.declarations ?? []), ...enumeration, at]) collect(context, declaration, add, new Set());
  return [...ordered, ...[...values].sort((a, b) => (typeof a === "number" && typeof b === "number" ? a - b : String(a) < String(b) ? -1 : 1))];
}

function collect(context: Context, node: ts.Node, add: (value: string | number) => void, seen: Set<ts.Node>): void {
  if (seen.has(node)) return;
  seen.add(node);
  const { checker } = context;
  if (ts.isEnumDeclaration(node)) {
    for (const member of node.members) {
      const value = checker.getConstantValue(member);
      if (value !== undefined) add(value);
    }
  } else if (ts.isTypeAliasDeclaration(node)) {
    collect(context, node.type, add, seen);
  } else if (ts.isUnionTypeNode(node)) {
    for (const type of node.types) collect(context, type, add, seen);
  } else if (ts.isParenthesizedTypeNode(node)) {
    collect(context, node.type, add, seen);
  } else if (ts.isLiteralTypeNode(node)) {
    addType(checker.getTypeFromTypeNode(node), add);
  } else if (ts.isTypeReferenceNode(node)) {
    for (const declaration of declarationsOf(context, node.typeName)) collect(context, declaration, add, seen);
  } else if (ts.isIndexedAccessTypeNode(node)) {
    // (typeof names)[number], where names is a tuple
    const object = checker.getTypeFromTypeNode(node.objectType);
    if (checker.isTupleType(object)) for (const element of checker.getTypeArguments(object as ts.TypeReference)) addType(element, add);
  } else if (ts.isTypeOperatorNode(node) && node.operator === ts.SyntaxKind.KeyOfKeyword) {
    for (const property of checker.getPropertiesOfType(checker.getTypeFromTypeNode(node.type))) add(property.name);
  } else if ((ts.isPropertySignature(node) || ts.isParameter(node) || ts.isVariableDeclaration(node) || ts.isPropertyDeclaration(node)) && node.type !== undefined) {
    collect(context, node.type, add, seen);
  }
}

function addType(type: ts.Type, add: (value: string | number) => void): void {
  if (type.isStringLiteral() || type.isNumberLiteral()) add(type.value);
}

function declarationsOf(context: Context, name: ts.EntityName): ts.Node[] {
  const symbol = context.checker.getSymbolAtLocation(name);
  if (symbol === undefined) return [];
  const target = symbol.flags & ts.SymbolFlags.Alias ? context.checker.getAliasedSymbol(symbol) : symbol;
  return (target.declarations ?? []).flatMap((declaration) => (ts.isEnumMember(declaration) ? [] : [declaration]));
}
