/** `run.name` and the like: what a run knows of itself. Recognises the constant of the language, however it was imported. */
import { ts } from "ts-morph";
import type { ContextName, Expression, Span } from "../ir/types.ts";
import type { Context } from "./context.ts";
import { languageFile } from "./language-functions.ts";
import type { Value } from "./values.ts";

/** The members of `run`, and what the IR calls them. */
const contextNames = new Map<string, ContextName>([
  ["name", "runName"],
  ["resourceName", "runResourceName"],
  ["id", "runId"],
  ["createTime", "createTime"],
  ["scheduleTime", "scheduleTime"],
  ["taskName", "taskName"],
  ["taskId", "taskId"],
  ["pipelineRoot", "pipelineRoot"],
  ["workspacePath", "workspacePath"],
]);

/** Of `run.name` what the IR calls it; undefined for any other expression. */
export function contextMember(context: Context, expression: ts.Expression): ContextName | undefined {
  return ts.isPropertyAccessExpression(expression) && isRun(context, expression.expression) ? contextNames.get(expression.name.text) : undefined;
}

export function contextExpression(name: ContextName, span: Span): Expression {
  return { kind: "context", name, type: { kind: "string" }, span };
}

/** `run` itself, as an object whose members can be read: `const { name } = run`. */
export function runObject(context: Context, node: ts.Expression): Value {
  const span = context.spanOf(node);
  return { kind: "object", entries: new Map([...contextNames].map(([member, name]) => [member, { kind: "expression", expression: contextExpression(name, span) }])), node };
}

/** Whether an expression names `run`: directly, through a namespace, or through a constant that is nothing else. */
export function isRun(context: Context, expression: ts.Expression): boolean {
  const name = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
  const symbol = ts.isIdentifier(name) ? context.checker.getSymbolAtLocation(name) : undefined;
  if (symbol === undefined) return false;
  const target = symbol.flags & ts.SymbolFlags.Alias ? context.checker.getAliasedSymbol(symbol) : symbol;
  const declaration = target.valueDeclaration;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return false;
  if (target.name === "run" && languageFile.test(declaration.getSourceFile().fileName)) return true;
  const isConst = (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
  return isConst && declaration.initializer !== undefined && (ts.isIdentifier(declaration.initializer) || ts.isPropertyAccessExpression(declaration.initializer)) && isRun(context, declaration.initializer);
}
