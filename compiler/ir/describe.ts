/** Values and types of the IR as people write them, for pictures, lists and explanations. */
import type { ContextName, Expression, Json, ValueType } from "./types.ts";

const precedence: Record<string, number> = { "||": 1, "&&": 2, "==": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4, "+": 5, "-": 5, "*": 6, "/": 6, "%": 6 };

/** An expression as TypeScript, with task ids in the place of variables: `evaluate.auc > threshold`. */
export function describeExpression(expression: Expression): string {
  return describe(expression, 0);
}

/** @param outer the precedence of the operator around it: a weaker one gets parentheses */
function describe(expression: Expression, outer: number): string {
  const grouped = (text: string, own: number) => (own < outer ? `(${text})` : text);
  const nested = (inner: Expression) => describe(inner, 9);
  switch (expression.kind) {
    case "constant":
      return describeJson(expression.value);
    case "absent":
      return "undefined";
    case "input":
      return expression.name;
    case "output":
      return `${expression.task}.${expression.output}`;
    case "item":
      return `item of ${expression.loop}`;
    case "index":
      return `index of ${expression.loop}`;
    case "carried":
      return expression.name;
    case "final":
      return `${expression.loop}.${expression.name}`;
    case "select":
      return `${expression.branch}.${expression.name}`;
    case "collect":
      return `${nested(expression.value)} of each ${expression.loop}`;
    case "status":
      return `status of ${expression.try}`;
    case "taskStatus":
      return `status of ${expression.task}`;
    case "context":
      return describeContext(expression.name);
    case "argo":
      return `argoVariable(${JSON.stringify(expression.name)})`;
    case "cel":
      return `cel\`${expression.parts.map((part) => (typeof part === "string" ? part : `\${${describe(part, 0)}}`)).join("")}\``;
    case "member":
      return `${nested(expression.object)}.${expression.key}`;
    case "element":
      return `${nested(expression.object)}[${describe(expression.index, 0)}]`;
    case "template":
      return `\`${expression.parts.map((part) => (part.kind === "constant" && typeof part.value === "string" ? part.value : `\${${describe(part, 0)}}`)).join("")}\``;
    case "unary":
      return `${expression.operator}${describe(expression.operand, 8)}`;
    case "binary": {
      const own = precedence[expression.operator] ?? 0;
      return grouped(`${describe(expression.left, own)} ${expression.operator} ${describe(expression.right, own + 1)}`, own);
    }
    case "conditional":
      return grouped(`${describe(expression.test, 1)} ? ${describe(expression.consequent, 0)} : ${describe(expression.alternate, 0)}`, 0.5);
    case "coalesce":
      return grouped(`${describe(expression.value, 1)} ?? ${describe(expression.fallback, 1)}`, 0.7);
    case "present":
      return grouped(`${describe(expression.value, 4)} !== undefined`, 3);
    case "call": {
      const [receiver, ...rest] = expression.arguments;
      const list = rest.map((argument) => describe(argument, 0)).join(", ");
      if (receiver === undefined) return `${expression.function}()`;
      if (expression.function === "length") return `${nested(receiver)}.length`;
      return methods.has(expression.function) ? `${nested(receiver)}.${expression.function}(${list})` : `${expression.function}(${[describe(receiver, 0), ...(list === "" ? [] : [list])].join(", ")})`;
    }
    case "list":
      return `[${expression.items.map((item) => describe(item, 0)).join(", ")}]`;
    case "struct":
      return `{ ${Object.entries(expression.fields).map(([name, value]) => `${name}: ${describe(value, 0)}`).join(", ")} }`;
    case "range":
      return `range(${describe(expression.count, 0)})`;
  }
}

/** What the language calls the texts of `run`. */
const contextNames: Record<ContextName, string> = {
  runName: "name",
  runResourceName: "resourceName",
  runId: "id",
  createTime: "createTime",
  scheduleTime: "scheduleTime",
  taskName: "taskName",
  taskId: "taskId",
  pipelineRoot: "pipelineRoot",
  workspacePath: "workspacePath",
};

/** A text of `run` as it is written: `run.name`. */
export function describeContext(name: ContextName): string {
  return `run.${contextNames[name]}`;
}

const methods = new Set<string>(["includes", "startsWith", "endsWith", "matches", "toLowerCase", "toUpperCase", "trim", "split", "join", "replaceAll"]);

function describeJson(value: Json): string {
  return JSON.stringify(value);
}

/** A type as TypeScript: `Int`, `string[]`, `"gini" | "entropy"`, `Dataset`, `{ gamma: number; warmup?: number }`. */
export function describeType(type: ValueType): string {
  switch (type.kind) {
    case "artifact":
      return `${type.schemaTitle === "" ? "Artifact" : type.schemaTitle.replace(/^system\./, "")}${type.list ? "[]" : ""}`;
    case "string":
    case "number":
      return type.literals === undefined ? type.kind : type.literals.map((literal) => JSON.stringify(literal)).join(" | ");
    case "integer":
      return type.literals === undefined ? "Int" : type.literals.map((literal) => JSON.stringify(literal)).join(" | ");
    case "boolean":
      return "boolean";
    case "list": {
      if (type.tuple !== undefined) return `[${type.tuple.map(describeType).join(", ")}]`;
      const items = describeType(type.items);
      return items.includes(" ") && !items.startsWith("{") ? `(${items})[]` : `${items}[]`;
    }
    case "struct": {
      const properties = Object.entries(type.properties).map(
        ([name, property]) => `${name}${property.optional ? "?" : ""}: ${describeType(property.type)}${property.nullable === true ? " | null" : ""}`,
      );
      if (type.additional !== undefined && properties.length === 0) return `Record<string, ${describeType(type.additional)}>`;
      if (type.additional !== undefined) properties.push(`[key: string]: ${describeType(type.additional)}`);
      return properties.length === 0 ? "{}" : `{ ${properties.join("; ")} }`;
    }
    case "json":
      return "unknown";
    case "status":
      return "RunStatus";
    case "taskConfig":
      return "TaskConfig";
  }
}
