/** What a task will do: what goes in, what comes out, and which layer gave each of its options. */
import { describeExpression, describeType } from "../ir/describe.ts";
import { resolveOptions, type OptionLayer } from "../ir/options.ts";
import { blocksOf, isRunTime } from "../ir/traverse.ts";
import type { Block, Document, EnvironmentValue, Expression, Input, Node, Pipeline, Span, Task, TaskOptions, ValueType } from "../ir/types.ts";
import { table } from "./table.ts";
import type { Colors } from "./terminal.ts";

const layers: Record<OptionLayer, string> = {
  project: "project or command line",
  pipeline: "defaults of the pipeline",
  op: "op",
  call: "this call",
};

export function explainTask(document: Document, pipeline: Pipeline, task: Task, colors: Colors): string {
  const { bold, dim, cyan } = colors;
  const { target } = task;
  const runs = target.kind === "pipeline" ? document.pipelines[target.id] : document.components[target.id];
  const what = target.kind === "pipeline" ? "pipeline" : (document.components[target.id]?.kind ?? "op");
  const lines = [`${bold(task.id)}  ${dim(`${task.span.file}:${task.span.line}`)}`, `Runs the ${what} ${cyan(runs?.name ?? target.id)}${runs === undefined ? "" : dim(`  ${place(runs.span)}`)}`];
  if (runs?.description !== undefined) lines.push(...runs.description.split("\n"));
  const section = (title: string, rows: string[]) => {
    if (rows.length > 0) lines.push("", bold(title), ...rows.map((row) => `  ${row}`));
  };
  section("When", conditions(pipeline, task));
  section("Inputs", table(Object.entries(runs?.inputs ?? {}).map(([name, input]) => [cyan(name), describeType(input.type), source(task.inputs[name], input)])));
  const outputs: [string, { type: ValueType }][] = Object.entries(runs?.outputs ?? {});
  section("Outputs", table(outputs.map(([name, output]) => [cyan(name), describeType(output.type)])));
  if (target.kind === "component") {
    const { options, origins } = resolveOptions(document, pipeline, task);
    const values = flattened(options);
    section("Options", table(Object.entries(origins).map(([name, layer]) => {
      const at = spanOf(options, name);
      return [cyan(written(name)), shownOption(values[name]), `from ${layers[layer]}`, dim(at === undefined ? "" : place(at))];
    })));
    if (Object.keys(origins).length === 0) section("Options", [dim("none")]);
  }
  return `${lines.join("\n")}\n`;
}

/** The name of an option as in the source. */
function written(name: string): string {
  return name === "timeoutSeconds" ? "timeout" : name;
}

function spanOf({ spans }: TaskOptions, name: string): Span | undefined {
  return spans?.[written(name)] ?? spans?.[name.split(".")[0] ?? ""] ?? (name === "accelerator" ? spans?.["gpu"] : undefined);
}

/** `"4Gi"` for a range whose ends are equal, text as it is, a run-time value as an expression, anything else as JSON. */
function shownOption(value: unknown): string {
  if (typeof value === "string") return value;
  if (isRunTime(value)) return `← ${describeExpression(value.expression)}`;
  const { request, limit } = (typeof value === "object" && value !== null ? value : {}) as { request?: unknown; limit?: unknown };
  if (request !== undefined && shownOption(request) === shownOption(limit)) return shownOption(request);
  return JSON.stringify(value, (_, inner: unknown) => (isRunTime(inner) ? shownOption(inner) : inner));
}

/** `secret aws / key`; of text, the text itself. */
function shownVariable(value: EnvironmentValue): string {
  switch (value.kind) {
    case "literal":
      return value.value;
    case "field":
      return `field ${value.path} of the pod`;
    case "secret":
    case "configMap":
      return `${value.kind === "secret" ? "secret" : "config map"} ${shownOption(value.name)} / ${value.key}${value.optional === true ? ", if it exists" : ""}`;
  }
}

function place(span: Span): string {
  return `${span.file}:${span.line}`;
}

/** Where the value of an input comes from. */
function source(value: Expression | undefined, input: Input): string {
  if (value !== undefined) return value.kind === "constant" ? `= ${describeExpression(value)}` : `← ${describeExpression(value)}`;
  return input.default === undefined ? "not given" : `= ${JSON.stringify(input.default)} (its default)`;
}

/** By the names that `resolveOptions` gives to origins: members of maps by themselves. */
function flattened(options: TaskOptions): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    values[name] = name === "timeoutSeconds" ? `${String(value)} s` : value;
    if (name === "env" || name === "labels" || name === "annotations" || name === "nodeSelector" || name === "argo") {
      for (const [member, inner] of Object.entries(value as Record<string, unknown>)) {
        values[`${name}.${member}`] = name === "env" ? shownVariable(inner as EnvironmentValue) : inner;
      }
    }
  }
  return values;
}

/** The regions around a task, outer first, and what it waits for beside its data. */
function conditions(pipeline: Pipeline, task: Task): string[] {
  const found: string[] = [];
  const visit = (block: Block, around: string[]): boolean => block.nodes.some((node) => {
    if (node === task) {
      found.push(...around);
      return true;
    }
    return blocksOf(node).some((inner) => visit(inner, [...around, ...entering(node, inner)]));
  });
  visit(pipeline.body, []);
  if (task.after.length > 0) found.push(`after ${task.after.join(", ")}`);
  if (task.ignoreUpstreamFailure) found.push("even if an upstream task has failed");
  return found;
}

function entering(node: Node, inner: Block): string[] {
  switch (node.kind) {
    case "task":
      return [];
    case "branch": {
      const at = node.arms.findIndex((arm) => arm.block === inner);
      return node.arms.slice(0, at + 1).flatMap((arm, index) => {
        if (arm.condition === undefined) return [];
        return [`${index < at ? "unless" : "if"} ${describeExpression(arm.condition)}`];
      });
    }
    case "loop":
      return [`for each ${node.itemName} of ${describeExpression(node.items)}${node.parallelism === undefined ? "" : `, at most ${node.parallelism} at once`}`];
    case "while":
      return [node.test === "before" ? `turn after turn, while ${describeExpression(node.condition)}` : `once, and again while ${describeExpression(node.condition)}`];
    case "try":
      if (inner === node.finally) return ["when the try has ended, however it ended"];
      return inner === node.catch ? ["if the try has failed"] : [];
  }
}
