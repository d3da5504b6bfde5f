/** A value of a type, as a fix writes it: something in scope that fits, else the simplest literal. */
import { ts } from "ts-morph";
import type { Context } from "../context.ts";

/** The simplest literal of a type; undefined for artifacts, functions and the like. */
export function literalOf(context: Context, type: ts.Type): string | undefined {
  const { checker } = context;
  if (type.isUnion()) {
    const parts = type.types.filter((part) => (part.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null)) === 0);
    // `boolean` is `false | true`.
    return parts.length === 0 ? undefined : literalOf(context, parts[0] as ts.Type);
  }
  if (type.isStringLiteral()) return JSON.stringify(type.value);
  if (type.isNumberLiteral()) return String(type.value);
  if ((type.flags & ts.TypeFlags.BooleanLiteral) !== 0) return checker.typeToString(type);
  if ((type.flags & ts.TypeFlags.StringLike) !== 0) return '""';
  if ((type.flags & ts.TypeFlags.NumberLike) !== 0) return "0";
  if ((type.flags & ts.TypeFlags.BooleanLike) !== 0) return "false";
  if (checker.isArrayType(type)) return "[]";
  // `Int` is a number with a mark.
  if (type.isIntersection()) return type.types.map((part) => ((part.flags & (ts.TypeFlags.NumberLike | ts.TypeFlags.StringLike)) !== 0 ? literalOf(context, part) : undefined)).find((text) => text !== undefined);
  if ((type.flags & ts.TypeFlags.Object) === 0 || type.getCallSignatures().length > 0 || type.getProperty("~hmc.artifact") !== undefined) return undefined;
  const members = type.getProperties().filter((member) => (member.flags & ts.SymbolFlags.Optional) === 0).map((member) => {
    const value = literalOf(context, checker.getTypeOfSymbol(member));
    return value === undefined ? undefined : `${member.name}: ${value}`;
  });
  if (members.includes(undefined)) return undefined;
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

/**
 * The text of a property that a call lacks.
 *
 * @param at where it is written: what is declared before counts
 */
export function propertyText(context: Context, name: string, type: ts.Type, at: ts.Node): string | undefined {
  const { checker } = context;
  const known = localsBefore(context, at);
  const same = known.find((symbol) => symbol.name === name);
  if (same !== undefined && checker.isTypeAssignableTo(checker.getTypeOfSymbolAtLocation(same, at), type)) return name;
  const literal = literalOf(context, type);
  if (literal !== undefined) return `${name}: ${literal}`;
  const fitting = known.flatMap((symbol) => candidates(context, symbol, type, at));
  const last = fitting.at(-1);
  return last === undefined ? undefined : `${name}: ${last}`;
}

/** The variable itself, where it fits, or those of its members that do: the artifacts of a task. */
function candidates({ checker }: Context, symbol: ts.Symbol, type: ts.Type, at: ts.Node): string[] {
  const own = checker.getTypeOfSymbolAtLocation(symbol, at);
  if (checker.isTypeAssignableTo(own, type)) return [symbol.name];
  return own.getProperties().filter((member) => /^[A-Za-z_$][\w$]*$/.test(member.name) && checker.isTypeAssignableTo(checker.getTypeOfSymbol(member), type)).map((member) => `${symbol.name}.${member.name}`);
}

/** Variables of the function around a node that are declared before it, in order. */
function localsBefore({ checker }: Context, at: ts.Node): ts.Symbol[] {
  const start = at.getStart();
  return checker
    .getSymbolsInScope(at, ts.SymbolFlags.FunctionScopedVariable | ts.SymbolFlags.BlockScopedVariable)
    .filter(({ valueDeclaration }) => valueDeclaration !== undefined && valueDeclaration.getSourceFile() === at.getSourceFile() && ts.findAncestor(valueDeclaration, ts.isFunctionLike) !== undefined && valueDeclaration.end <= start)
    .sort((a, b) => (a.valueDeclaration?.pos ?? 0) - (b.valueDeclaration?.pos ?? 0));
}
