/** Changes expressions without touching the ones given. */
import { isRunTime, runTimeOptions } from "./traverse.ts";
import type { Expression, TaskOptions } from "./types.ts";

/** The expression with `change` applied to each of its parts, inner ones first. Parts that do not change are shared. */
export function mapExpressions(expression: Expression, change: (expression: Expression) => Expression): Expression {
  const map = (inner: Expression): Expression => mapExpressions(inner, change);
  switch (expression.kind) {
    case "constant":
    case "absent":
    case "input":
    case "output":
    case "item":
    case "index":
    case "select":
    case "status":
    case "taskStatus":
    case "context":
      return change(expression);
    case "cel":
      return change({ ...expression, parts: expression.parts.map((part) => (typeof part === "string" ? part : map(part))) });
    case "collect":
    case "present":
      return change({ ...expression, value: map(expression.value) });
    case "member":
      return change({ ...expression, object: map(expression.object) });
    case "element":
      return change({ ...expression, object: map(expression.object), index: map(expression.index) });
    case "template":
      return change({ ...expression, parts: expression.parts.map(map) });
    case "unary":
      return change({ ...expression, operand: map(expression.operand) });
    case "binary":
      return change({ ...expression, left: map(expression.left), right: map(expression.right) });
    case "conditional":
      return change({ ...expression, test: map(expression.test), consequent: map(expression.consequent), alternate: map(expression.alternate) });
    case "coalesce":
      return change({ ...expression, value: map(expression.value), fallback: map(expression.fallback) });
    case "call":
      return change({ ...expression, arguments: expression.arguments.map(map) });
    case "list":
      return change({ ...expression, items: expression.items.map(map) });
    case "struct":
      return change({ ...expression, fields: Object.fromEntries(Object.entries(expression.fields).map(([name, field]) => [name, map(field)])) });
    case "range":
      return change({ ...expression, count: map(expression.count) });
  }
}

/** The options with `change` applied to the expressions of their run-time values, as `mapExpressions` does. */
export function mapOptions(options: TaskOptions, change: (expression: Expression) => Expression): TaskOptions {
  if (runTimeOptions(options).length === 0) return options;
  const map = (value: unknown): unknown => {
    if (isRunTime(value)) return { expression: mapExpressions(value.expression, change) };
    if (Array.isArray(value)) return value.map(map);
    return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, map(member)])) : value;
  };
  const { spans, kfp, argo, ...own } = options;
  return { ...options, ...(map(own) as TaskOptions) };
}
