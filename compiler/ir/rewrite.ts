/** Changes expressions without touching the ones given. */
import type { Expression } from "./types.ts";

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
