/** The channels behind the expressions that name a run-time value. */
import { bug } from "../../bug.ts";
import { describeContext } from "../../ir/describe.ts";
import type { Expression, ParameterType } from "../../ir/types.ts";
import { collectChannel } from "./fan-in.ts";
import type { Channel } from "./graph.ts";
import { outputChannelName } from "./names.ts";
import { selectChannel } from "./one-of.ts";
import { report, type Scope } from "./scope.ts";

/** Expressions that name one run-time value. */
export type Reference = Extract<Expression, { kind: "input" | "output" | "item" | "index" | "select" | "collect" | "status" | "taskStatus" }> | FlatCollect;

/** Nested fan-ins as one list, which is what KFP makes of them anyway. */
export type FlatCollect = Extract<Expression, { kind: "call" }> & { function: "flat" };

export function isReference(expression: Expression): expression is Reference {
  switch (expression.kind) {
    case "input":
    case "output":
    case "item":
    case "index":
    case "select":
    case "collect":
    case "status":
    case "taskStatus":
      return true;
    case "call":
      return collectIn(expression) !== undefined;
    default:
      return false;
  }
}

/** The channel of a reference; undefined where KFP has none, which is reported. */
export function channelOf(scope: Scope, reference: Reference): Channel | undefined {
  switch (reference.kind) {
    case "input":
      return scope.inputs.get(reference.name) ?? bug(`no pipeline input "${reference.name}"`);
    case "output":
      return outputChannel(scope, reference.task, reference.output);
    case "item": {
      const loop = scope.loops.get(reference.loop) ?? bug(`no loop "${reference.loop}"`);
      return loop.item;
    }
    case "index": {
      const { loop, item } = scope.loops.get(reference.loop) ?? bug(`no loop "${reference.loop}"`);
      if (loop.items.kind === "range" || isCounting(loop.items)) return item;
      return report(scope.build, "HMC4005", reference.span, { loop: loop.itemName, ofTasks: loop.items.kind === "collect", version: scope.build.capabilities.version });
    }
    case "select":
      return selectChannel(scope, reference, undefined);
    case "collect":
    case "call":
      return collectChannel(scope, reference, false);
    case "status":
      return (scope.tries.get(reference.try) ?? bug(`no try "${reference.try}"`)).status;
    case "taskStatus":
      return statusChannel(scope, reference.task);
  }
}

/** The fan-in that an expression is, or that it flattens. */
export function collectIn(expression: Expression): Extract<Expression, { kind: "collect" }> | undefined {
  if (expression.kind === "collect") return expression;
  const [list] = expression.kind === "call" && expression.function === "flat" ? expression.arguments : [];
  return list === undefined ? undefined : collectIn(list);
}

/** Whether the items are 0, 1, 2 …, so that each is its own index. */
function isCounting(items: Expression): boolean {
  return items.kind === "constant" && Array.isArray(items.value) && items.value.every((item, index) => item === index);
}

/** The channel of a task's output. */
export function outputChannel(scope: Scope, task: string, output: string): Channel | undefined {
  const key = JSON.stringify([task, output]);
  const known = scope.outputs.get(key);
  if (known !== undefined) return known;
  const producer = scope.tasks.get(task);
  // A task that could not be lowered has been reported.
  if (producer === undefined) return undefined;
  const declared = producer.runs.outputs.get(output);
  // An output of a pipeline that could not be lowered has been reported, too.
  if (declared === undefined) return scope.build.diagnostics.some(({ severity }) => severity === "error") ? undefined : bug(`the task "${task}" has no output "${output}"`);
  const port = "port" in declared ? declared.port : declared;
  const channel: Channel = { name: outputChannelName(producer.key, output), port, home: producer.dag, from: { task: producer, output }, nullable: false };
  scope.outputs.set(key, channel);
  return channel;
}

/** The final status of a task, for a task beside it. */
function statusChannel(scope: Scope, task: string): Channel | undefined {
  const producer = scope.tasks.get(task);
  if (producer === undefined) return undefined;
  return { name: `${producer.key}-status`, port: { kind: "parameter", spec: { parameterType: "TASK_FINAL_STATUS" } }, home: producer.dag, from: { status: producer }, nullable: false };
}

/** What to call a reference in a message. */
export function describe(expression: Expression): string {
  switch (expression.kind) {
    case "input":
      return expression.name;
    case "output":
      return expression.output === "Output" ? expression.task : `${expression.task}.${expression.output}`;
    case "item":
      return "the loop's item";
    case "index":
      return "the loop's index";
    case "select":
      return expression.name;
    case "collect":
      return describe(expression.value);
    case "call": {
      const collect = collectIn(expression);
      return collect === undefined ? "the value" : describe(collect.value);
    }
    case "status":
      return "runStatus()";
    case "taskStatus":
      return `statusOf(${expression.task})`;
    case "context":
      return describeContext(expression.name);
    case "member":
      return `${describe(expression.object)}.${expression.key}`;
    case "element":
      return `${describe(expression.object)}[…]`;
    default:
      return "the value";
  }
}

/** The type of an expression that is no artifact. */
export function parameterType(expression: Expression): ParameterType {
  return expression.type.kind === "artifact" ? { kind: "json" } : expression.type;
}
