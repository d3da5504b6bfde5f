/** Recognises the functions of the language package, however they were imported. */
import { ts } from "ts-morph";
import type { Context } from "./context.ts";

const functions = ["op", "pipeline", "container", "importArtifact", "fileOf", "env", "secret", "limit", "range", "runStatus", "statusOf"] as const;
export type LanguageFunction = (typeof functions)[number];

/** The files of the language package, in the source tree and in an installed package. */
const languageFile = /[\\/](?:compiler|dist)[\\/]language[\\/](?:op|pipeline|container|functions|run|cel)(?:\.d)?\.ts$/;

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

/** Whether an expression names a constant of the language: directly, through a namespace, or through a constant that is nothing else. */
export function isLanguageConstant(context: Context, expression: ts.Expression, constant: "run" | "cel"): boolean {
  const name = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
  const symbol = ts.isIdentifier(name) ? context.checker.getSymbolAtLocation(name) : undefined;
  if (symbol === undefined) return false;
  const target = symbol.flags & ts.SymbolFlags.Alias ? context.checker.getAliasedSymbol(symbol) : symbol;
  const declaration = target.valueDeclaration;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return false;
  if (target.name === constant && languageFile.test(declaration.getSourceFile().fileName)) return true;
  const isConst = (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
  return isConst && declaration.initializer !== undefined && (ts.isIdentifier(declaration.initializer) || ts.isPropertyAccessExpression(declaration.initializer)) && isLanguageConstant(context, declaration.initializer, constant);
}
