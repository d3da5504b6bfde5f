/** `run.name` and the like: what a run knows of itself. Recognises the constant of the language, however it was imported. */
import { ts } from "ts-morph";
import type { ContextName, Expression, Span } from "../ir/types.ts";
import type { Context } from "./context.ts";
import { isLanguageConstant } from "./language-functions.ts";
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
  return ts.isPropertyAccessExpression(expression) && isLanguageConstant(context, expression.expression, "run") ? contextNames.get(expression.name.text) : undefined;
}

export function contextExpression(name: ContextName, span: Span): Expression {
  return { kind: "context", name, type: { kind: "string" }, span };
}

/** `run` itself, as an object whose members can be read: `const { name } = run`. */
export function runObject(context: Context, node: ts.Expression): Value {
  const span = context.spanOf(node);
  return { kind: "object", entries: new Map([...contextNames].map(([member, name]) => [member, { kind: "expression", expression: contextExpression(name, span) }])), node };
}
