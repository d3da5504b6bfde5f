/** What an expression says, as a text that both sides share where they say the same. */
import type { Expression, Json, Select } from "../ir/types.ts";

/** How one side calls what expressions refer to. */
export interface Naming {
  /** A task or group, by its id. */
  node: (id: string) => string;
  parameter: (name: string) => string;
  /** The one-of values behind a variable of a branch or `try`, so that the name of the variable does not count. */
  select: (branch: string, name: string) => Select | undefined;
}

/** The text of an expression, without places, types, and the order of the fields of structs. */
export function canonicalExpression(expression: Expression, naming: Naming): string {
  return canonicalJson(meaning(expression, naming));
}

/** JSON with sorted keys. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
  const members = Object.entries(value).filter(([, member]) => member !== undefined).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(",")}}`;
}

function meaning(expression: Expression, naming: Naming): Json {
  const inner = (value: Expression): Json => meaning(value, naming);
  const { kind } = expression;
  switch (kind) {
    case "constant":
      return { constant: expression.value };
    case "absent":
      return { kind };
    case "input":
      return { parameter: naming.parameter(expression.name) };
    case "output":
      return { kind, node: naming.node(expression.task), output: expression.output };
    case "item":
    case "index":
      return { kind, node: naming.node(expression.loop) };
    case "carried":
    case "final":
      return { kind, node: naming.node(expression.loop), name: expression.name };
    case "select": {
      const select = naming.select(expression.branch, expression.name);
      return { kind, node: naming.node(expression.branch), values: select === undefined ? expression.name : select.values.map(inner) };
    }
    case "collect":
      return { kind, node: naming.node(expression.loop), value: inner(expression.value) };
    case "status":
      return { kind, node: naming.node(expression.try) };
    case "taskStatus":
      return { kind, node: naming.node(expression.task) };
    case "context":
    case "argo":
      return { kind, name: expression.name };
    case "cel":
      return { kind, parts: expression.parts.map((part) => (typeof part === "string" ? part : inner(part))) };
    case "member":
      return { kind, object: inner(expression.object), key: expression.key };
    case "element":
      return { kind, object: inner(expression.object), index: inner(expression.index) };
    case "template":
      return { kind, parts: expression.parts.map(inner) };
    case "unary":
      return { kind, operator: expression.operator, operand: inner(expression.operand) };
    case "binary":
      return { kind, operator: expression.operator, left: inner(expression.left), right: inner(expression.right) };
    case "conditional":
      return { kind, test: inner(expression.test), consequent: inner(expression.consequent), alternate: inner(expression.alternate) };
    case "coalesce":
      return { kind, value: inner(expression.value), fallback: inner(expression.fallback) };
    case "present":
      return { kind, value: inner(expression.value) };
    case "call":
      return { kind, function: expression.function, arguments: expression.arguments.map(inner) };
    case "list":
      return { kind, items: expression.items.map(inner) };
    case "struct":
      return { kind, fields: Object.fromEntries(Object.entries(expression.fields).map(([name, value]) => [name, inner(value)])) };
    case "range":
      return { kind, count: inner(expression.count) };
  }
}
