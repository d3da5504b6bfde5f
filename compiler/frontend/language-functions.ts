/** Recognises the functions of the language package, however they were imported. */
import { ts } from "ts-morph";
import type { ContextName } from "../ir/types.ts";
import type { Context } from "./context.ts";

const functions = ["op", "pipeline", "container", "component", "importArtifact", "fileOf", "concat", "executorInput", "argoTemplate", "argoVariable", "env", "secret", "configMap", "fieldPath", "limit", "range", "runStatus", "statusOf"] as const;
export type LanguageFunction = (typeof functions)[number];

/** The files of the language package, in the source tree and in an installed package. */
const languageFile = /[\\/](?:compiler|dist)[\\/]language[\\/](?:op|pipeline|container|component|functions|run|cel|argo|argo-template)(?:\.d)?\.ts$/;

/** Which function of the language an expression names; undefined for anything else. */
export function languageFunction(context: Context, expression: ts.Expression): LanguageFunction | undefined {
  const declared = languageDeclaration(context, expression);
  return declared !== undefined && ts.isFunctionDeclaration(declared.declaration) ? functions.find((known) => known === declared.name) : undefined;
}

/** The properties of `run`, and what the IR calls them. */
const runProperties = new Map<string, ContextName>([
  ["name", "runName"], ["resourceName", "runResourceName"], ["id", "runId"], ["createTime", "createTime"], ["scheduleTime", "scheduleTime"],
  ["taskName", "taskName"], ["taskId", "taskId"], ["pipelineRoot", "pipelineRoot"], ["workspacePath", "workspacePath"],
]);

/** Which property of the language's `run` an expression names; undefined for anything else. */
export function runProperty(context: Context, node: ts.Node): ContextName | undefined {
  const property = ts.isPropertyAccessExpression(node) ? runProperties.get(node.name.text) : undefined;
  if (property === undefined) return undefined;
  const declared = languageDeclaration(context, (node as ts.PropertyAccessExpression).expression);
  return declared?.name === "run" && ts.isVariableDeclaration(declared.declaration) ? property : undefined;
}

/** The declaration in the language package that `name` or `module.name` names. */
function languageDeclaration(context: Context, expression: ts.Expression): { name: string; declaration: ts.Declaration } | undefined {
  const name = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
  if (!ts.isIdentifier(name)) return undefined;
  const symbol = context.checker.getSymbolAtLocation(name);
  if (symbol === undefined) return undefined;
  const target = symbol.flags & ts.SymbolFlags.Alias ? context.checker.getAliasedSymbol(symbol) : symbol;
  const declaration = target.declarations?.[0];
  return declaration === undefined || !languageFile.test(declaration.getSourceFile().fileName) ? undefined : { name: target.name, declaration };
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
