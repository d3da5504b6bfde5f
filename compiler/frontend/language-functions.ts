/** Recognises the functions of the language package, however they were imported. */
import { ts } from "ts-morph";
import type { Context } from "./context.ts";

const functions = ["op", "pipeline", "container", "importArtifact", "fileOf", "env", "secret", "limit", "range", "runStatus", "statusOf"] as const;
export type LanguageFunction = (typeof functions)[number];

/** The files of the language package, in the source tree and in an installed package. */
export const languageFile = /[\\/](?:compiler|dist)[\\/]language[\\/](?:op|pipeline|container|functions|run)(?:\.d)?\.ts$/;

/** Which function of the language an expression names; undefined for anything else. */
export function languageFunction(context: Context, expression: ts.Expression): LanguageFunction | undefined {
  const name = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
  if (!ts.isIdentifier(name)) return undefined;
  const symbol = context.checker.getSymbolAtLocation(name);
  if (symbol === undefined) return undefined;
  const target = symbol.flags & ts.SymbolFlags.Alias ? context.checker.getAliasedSymbol(symbol) : symbol;
  const declaration = target.declarations?.[0];
  if (declaration === undefined || !ts.isFunctionDeclaration(declaration) || !languageFile.test(declaration.getSourceFile().fileName)) return undefined;
  return functions.find((known) => known === target.name);
}
