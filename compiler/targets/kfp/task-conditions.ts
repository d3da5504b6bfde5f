/** Conditions that stand on a task itself, `{ when: … }`: no group is made, and the task reads the values as inputs of its own. */
import { printCel } from "../../expressions/cel.ts";
import { expressionTree, tasksOf } from "../../ir/traverse.ts";
import type { Block, Expression, Span, Task as TaskNode } from "../../ir/types.ts";
import { connect, deliver, inputPort, parameterSource } from "./channels.ts";
import { conditionOf, type ConditionPlace } from "./conditions.ts";
import { channelPrefix, type Channel, type Source, type Task } from "./graph.ts";
import { fieldOfItem, type Member } from "./loop-fields.ts";
import { describe } from "./references.ts";
import { contextInput, contextPlaceholders } from "./run-context.ts";
import { report, type Scope } from "./scope.ts";
import type { ParameterSource, Port } from "./spec.ts";
import { extraInput } from "./supply.ts";

/** Adds the condition of a task whose inputs have been supplied. */
export function addCondition(scope: Scope, task: Task, node: TaskNode): void {
  if (node.when === undefined) return;
  for (const part of expressionTree(node.when)) {
    if (part.kind === "taskStatus") return report(scope.build, "HMC4064", part.span, { task: part.task, version: scope.build.capabilities.version });
  }
  const cel = conditionOf(scope, taskPlace(scope, task), node.when);
  if (cel !== undefined) task.condition = printCel(cel);
}

function taskPlace(scope: Scope, task: Task): ConditionPlace {
  return {
    task,
    present: new Set(),
    read: (channel, span) => readArtifact(scope, task, channel) ?? readParameter(scope, task, channel, span),
    readField: (member) => readField(scope, task, member),
    readContext: (name) => inputWith(task, { runtimeValue: { constant: contextPlaceholders[name] } }) ?? contextInput(task, name),
  };
}

/** The input of a task that gets exactly this. */
function inputWith(task: Task, source: ParameterSource): string | undefined {
  const wanted = JSON.stringify(source);
  for (const [name, given] of task.parameters) if (JSON.stringify(given) === wanted) return name;
  return undefined;
}

function readParameter(scope: Scope, task: Task, channel: Channel, span: Span): string {
  const source = deliver(channel, task.dag);
  const known = inputWith(task, parameterSource(source));
  return known ?? extraInput(scope, task, { channel, type: { kind: "json" } }, span);
}

function readArtifact(scope: Scope, task: Task, channel: Channel): string | undefined {
  if (channel.port.kind !== "artifact") return undefined;
  const source = deliver(channel, task.dag);
  const wanted = JSON.stringify(source);
  for (const [name, given] of task.artifacts) if (JSON.stringify(given) === wanted) return name;
  return addInput(scope, task, channelPrefix + channel.name, source, channel.port);
}

function readField(scope: Scope, task: Task, member: Member): string | undefined {
  const field = fieldOfItem(scope, member);
  if (field === undefined) return undefined;
  const source = deliver(field.item, task.dag);
  const known = inputWith(task, { ...parameterSource(source), parameterExpressionSelector: field.selector });
  return known ?? addInput(scope, task, channelPrefix + field.name, source, field.port, field.selector);
}

function addInput(scope: Scope, task: Task, name: string, source: Source, port: Port, selector?: string): string {
  connect(task, name, source, port, selector);
  if (scope.build.real) task.runs.inputs.set(name, inputPort(port, true));
  return name;
}

// ---------------------------------------------------------------------------------------------- what may be skipped

/** The tasks of a block that a condition of a task may skip: those that have one, and what needs them. */
export function skippableTasks(block: Block): Set<string> {
  const skippable = new Set<string>();
  const tasks = [...tasksOf(block)];
  for (let before = -1; before !== skippable.size; ) {
    before = skippable.size;
    for (const task of tasks) if (task.when !== undefined || needs(task).some((id) => skippable.has(id))) skippable.add(task.id);
  }
  return skippable;
}

function needs(task: TaskNode): string[] {
  const read = Object.values(task.inputs).flatMap((input) => [...expressionTree(input)].flatMap((part) => (part.kind === "output" ? [part.task] : [])));
  return [...read, ...task.after];
}

/** Reports a value that leaves its group although its task may be skipped: the driver of the reader then fails (kfp-real 3). */
export function checkSkipped(scope: Scope, block: Block, value: Extract<Expression, { kind: "output" }>, span: Span): void {
  if (!scope.build.real || !skippableTasks(block).has(value.task)) return;
  report(scope.build, "HMC4053", span, { value: describe(value), version: scope.build.capabilities.version });
}
