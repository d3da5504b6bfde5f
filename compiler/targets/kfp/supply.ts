/** Gives values to the inputs of a task. */
import { printPlaceholder } from "../../expressions/placeholder-text.ts";
import type { ContextName, Json, Span } from "../../ir/types.ts";
import { connect, deliver, inputPort } from "./channels.ts";
import { channelPrefix, type Channel, type Dag, type Task } from "./graph.ts";
import { contextInput, contextPlaceholders, isOfTask, refuseContext } from "./run-context.ts";
import type { Port } from "./spec.ts";
import { report, type Scope } from "./scope.ts";
import { portOf } from "./ports.ts";
import { relayBound } from "./relay.ts";
import type { Bound, RunTimePart, Template } from "./values.ts";

/** How constants are written for the task that reads them. */
export type Encode = (value: Json) => Json;

/** Feeds one input. `port` is the input's own declaration, which may get a default here. */
export function supply(scope: Scope, task: Task, name: string, bound: Bound, port: Port, encode: Encode, span: Span): void {
  switch (bound.kind) {
    case "absent":
      return;
    case "constant":
      task.parameters.set(name, { runtimeValue: { constant: encode(bound.value) } });
      return;
    case "channel":
      if (!mayEnter(scope, bound.channel, task, span)) return;
      if (bound.fallback !== undefined && port.kind === "parameter") {
        port.spec.isOptional = true;
        port.spec.defaultValue = encode(bound.fallback);
      }
      feed(task, name, bound.channel, port, bound.selector);
      return;
    case "context":
      task.parameters.set(name, { runtimeValue: { constant: contextPlaceholders[bound.name] } });
      return;
    case "template":
      if (scope.build.real && task.runs.kind === "dag" && !isInline(bound.template)) {
        refuseTaskContext(scope, bound.template, span);
        const producer = relayBound(scope, task.dag, name, bound, port, `for the input "${name}" of "${task.key}", which is built from several values`, span, false);
        connect(task, name, { task: producer.task.key, output: producer.output }, port);
        return;
      }
      task.parameters.set(name, { runtimeValue: { constant: fill(scope, task, bound.template, encode, span) } });
      return;
  }
}

/** Connects an input to a channel. */
export function feed(task: Task, name: string, channel: Channel, port: Port, selector?: string): void {
  connect(task, name, deliver(channel, task.dag), port, selector);
}

/**
 * Whether a value can get into the DAG of the task. The driver of a group drops a null, and what is inside then fails
 * with `parent DAG does not have input parameter` (source of the driver, `resolveInputs`).
 */
export function mayEnter(scope: Scope, channel: Channel, task: Task, span: Span): boolean {
  const enters = channel.home !== task.dag || task.runs.kind === "dag";
  if (!channel.nullable || !enters || !scope.build.real || isPresent(channel, task.dag)) return true;
  report(scope.build, "HMC4014", span, { input: channel.name, version: scope.build.capabilities.version });
  return false;
}

/** Whether a condition around the DAG has seen that the value is there. */
function isPresent(channel: Channel, dag: Dag): boolean {
  for (let outer: Dag | undefined = dag; outer !== undefined && outer !== channel.home; outer = outer.owner?.dag) if (outer.present.has(channel)) return true;
  return false;
}

/** Whether the driver fills in a text by itself: the path of the workspace may stand inside text (kfp-lowering 30). */
function isInline(template: Template): boolean {
  return "text" in template && template.text.every((part) => typeof part === "string" || ("context" in part && part.context === "workspacePath"));
}

/** A helper task that joins the text would give its own name. */
function refuseTaskContext(scope: Scope, template: Template, span: Span): void {
  if (!("text" in template)) return;
  for (const part of template.text) {
    if (typeof part !== "string" && "context" in part && isOfTask(part.context)) refuseContext(scope, part.context, span, "inside text for a sub-pipeline", "Pass it to the tasks of the sub-pipeline");
  }
}

function fill(scope: Scope, task: Task, template: Template, encode: Encode, span: Span): Json {
  if ("constant" in template) return encode(template.constant);
  if ("list" in template) return template.list.map((item) => fill(scope, task, item, encode, span));
  if ("struct" in template) return Object.fromEntries(Object.entries(template.struct).map(([key, field]) => [key, fill(scope, task, field, encode, span)]));
  if ("value" in template) {
    if (task.runs.kind === "leaf" && task.runs.entrypoint) return `{{$.hmc.value['${extraInput(scope, task, template.value, span)}']}}`;
    report(scope.build, "HMC4025", span, { version: scope.build.capabilities.version });
    return null;
  }
  return template.text.map((part) => (typeof part === "string" ? (encode(part) as string) : "context" in part ? contextText(scope, task, template, part.context, span) : placeholder(scope, task, part, span))).join("");
}

/** Where the text of a value goes. The launcher's own placeholder would break the JSON around it with a quotation mark. */
function placeholder(scope: Scope, task: Task, part: RunTimePart, span: Span): string {
  const name = extraInput(scope, task, part, span);
  return scope.build.real && task.runs.kind === "leaf" && task.runs.entrypoint ? `{{$.hmc.text['${name}']}}` : printPlaceholder({ placeholder: "inputValue", name });
}

/** A text of the run inside other text. The driver fills in only constants that are nothing else, except the path of the workspace (kfp-lowering 30). */
function contextText(scope: Scope, task: Task, template: Template, name: ContextName, span: Span): string {
  if (!scope.build.real || isInline(template)) return contextPlaceholders[name];
  const { runs } = task;
  if (runs.kind === "leaf" && runs.entrypoint) {
    return `{{$.hmc.text['${contextInput(task, name)}']}}`;
  }
  refuseContext(scope, name, span, `inside text for "${task.key}"`, "Pass it as an input of its own, and join the text there");
  return "";
}

/** The placeholder of a value that the driver must find as text: it makes text of what comes into such an input. */
export function textPlaceholder(scope: Scope, task: Task, part: RunTimePart, span: Span): string {
  const name = extraInput(scope, task, part, span, { kind: "parameter", spec: { parameterType: "STRING", isOptional: true } });
  return printPlaceholder({ placeholder: "inputValue", name });
}

/**
 * An input of its own for a value in a template or condition. The SDK does not declare it.
 *
 * @param declared how it is declared, where not as the value itself
 */
export function extraInput(scope: Scope, task: Task, part: RunTimePart, span: Span, declared: Port = part.selector === undefined ? inputPort(part.channel.port, true) : portOf(part.type)): string {
  if (!mayEnter(scope, part.channel, task, span)) return "";
  const wanted = channelPrefix + part.channel.name;
  const inputs = scope.build.real ? task.runs.inputs : undefined;
  const isOther = (name: string): boolean =>
    task.parameters.get(name)?.parameterExpressionSelector !== part.selector || (inputs !== undefined && JSON.stringify(inputs.get(name)) !== JSON.stringify(declared));
  let name = wanted;
  for (let count = 2; task.parameters.has(name) && isOther(name); count++) name = `${wanted}-${count}`;
  if (!task.parameters.has(name)) feed(task, name, part.channel, part.channel.port, part.selector);
  inputs?.set(name, declared);
  return name;
}
