/** Random pipelines evaluated as plain JavaScript: what a run must do. */
import { derive, digest } from "./derive.ts";
import type { Call, Comparison, Condition, Op, Pipeline, Statement, Value } from "./ast.ts";

export interface Execution {
  op: string;
  inputs: Record<string, unknown>;
}

export interface Interpreted {
  /** Every execution of an op, in no order that matters. */
  executions: Execution[];
  outputs: Record<string, unknown>;
}

/** Artifacts are their content here. */
export function interpret(pipeline: Pipeline, parameters: Record<string, unknown>): Interpreted {
  const executions: Execution[] = [];
  const outputs = runPipeline(pipeline, parameters, executions);
  return { executions, outputs };
}

type Scope = Map<string, unknown>;

function runPipeline(pipeline: Pipeline, given: Record<string, unknown>, executions: Execution[]): Record<string, unknown> {
  const scope: Scope = new Map(pipeline.inputs.map((port) => [port.name, given[port.name] ?? port.default]));
  for (const statement of pipeline.body) runStatement(statement, scope, executions);
  return Object.fromEntries(pipeline.outputs.map((port, index) => [port.name, valueOf(pipeline.results[index] as Value, scope)]));
}

/** The inputs of an op as its code sees them. */
export function received(op: Op, given: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(op.inputs.map((port): [string, unknown] => [port.name, given[port.name] ?? port.default]).filter(([, value]) => value !== undefined));
}

/** What an op gives; artifacts as their content. */
export function execute(op: Op, inputs: Record<string, unknown>): Record<string, unknown> {
  const hash = digest(op.name, inputs);
  return Object.fromEntries(op.outputs.map((port) => [port.name, derive(hash, port.name, port.type)]));
}

function runCall(call: Call, scope: Scope, executions: Execution[]): void {
  const given = Object.fromEntries(Object.entries(call.arguments).map(([name, value]) => [name, valueOf(value, scope)]));
  if (call.isPipeline) {
    scope.set(call.variable, runPipeline(call.callable as Pipeline, given, executions));
    return;
  }
  const op = call.callable as Op;
  const inputs = received(op, given);
  executions.push({ op: op.name, inputs });
  scope.set(call.variable, execute(op, inputs));
}

function runStatement(statement: Statement, scope: Scope, executions: Execution[]): void {
  switch (statement.kind) {
    case "call":
      return runCall(statement, scope, executions);
    case "if": {
      const taken = statement.arms.findIndex((arm) => arm.condition === undefined || holds(arm.condition, scope));
      for (const inner of statement.arms[taken]?.body ?? []) runStatement(inner, scope, executions);
      for (const select of statement.selects) {
        const value = select.values[taken];
        scope.set(select.name, value === undefined ? undefined : valueOf(value, scope));
      }
      return;
    }
    case "for": {
      const items = valueOf(statement.items, scope) as unknown[];
      const lists = statement.collected.map(() => [] as unknown[]);
      for (const item of items) {
        const inner: Scope = new Map(scope).set(statement.item, item);
        for (const each of statement.body) runStatement(each, inner, executions);
        statement.collected.forEach(({ from, isNested }, index) => {
          const value = valueOf(from, inner);
          lists[index]?.push(...(isNested ? (value as unknown[]) : [value]));
        });
      }
      statement.collected.forEach(({ name }, index) => scope.set(name, lists[index]));
      return;
    }
    case "try":
      for (const inner of statement.body) runStatement(inner, scope, executions);
      executions.push({ op: "leave", inputs: { text: valueOf(statement.exit.arguments["text"] as Value, scope) } });
  }
}

function valueOf(value: Value, scope: Scope): unknown {
  switch (value.kind) {
    case "constant":
      return value.value;
    case "name":
      return scope.get(value.name);
    case "output":
      return (scope.get(value.task) as Record<string, unknown>)[value.output];
    case "field":
      return (scope.get(value.item) as Record<string, unknown>)[value.field];
    case "template":
      return value.parts.map((part) => (typeof part === "string" ? part : String(valueOf(part, scope)))).join("");
    case "binary": {
      const left = valueOf(value.left, scope) as number;
      const right = valueOf(value.right, scope) as number;
      switch (value.operator) {
        case "+":
          return left + right;
        case "-":
          return left - right;
        case "*":
          return left * right;
        default:
          throw new Error(`no operator ${value.operator}`);
      }
    }
    case "choice":
      return valueOf(holds(value.condition, scope) ? value.yes : value.no, scope);
    case "coalesce":
      return valueOf(value.value, scope) ?? valueOf(value.fallback, scope);
    case "element":
      return (valueOf(value.list, scope) as unknown[])[value.index] ?? valueOf(value.fallback, scope);
    case "length":
      return (valueOf(value.list, scope) as unknown[]).length;
  }
}

function holds(condition: Condition, scope: Scope): boolean {
  switch (condition.kind) {
    case "comparison":
      return compare(condition.operator, valueOf(condition.left, scope) as number, valueOf(condition.right, scope) as number);
    case "and":
      return holds(condition.left, scope) && holds(condition.right, scope);
    case "or":
      return holds(condition.left, scope) || holds(condition.right, scope);
    case "not":
      return !holds(condition.of, scope);
    case "truth":
      return Boolean(valueOf(condition.value, scope));
    case "includes":
      return (valueOf(condition.list, scope) as unknown[]).includes(valueOf(condition.value, scope));
    case "startsWith":
      return (valueOf(condition.text, scope) as string).startsWith(condition.prefix);
  }
}

function compare(operator: Comparison, left: number, right: number): boolean {
  switch (operator) {
    case "===":
      return left === right;
    case "!==":
      return left !== right;
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    case ">=":
      return left >= right;
  }
}

/** Executions as sorted texts, to be compared. Argo does not keep the order of fields. */
export function sorted(executions: readonly Execution[]): string[] {
  return executions.map(({ op, inputs }) => `${op} ${digest(op, inputs).toString(16)} ${JSON.stringify(inputs, inOrder)}`).sort();
}

function inOrder(_key: string, value: unknown): unknown {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;
}
