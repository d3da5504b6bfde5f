/** Options that only a run knows: placeholders in the container of a task, sources of its Kubernetes settings. */
import { printPlaceholder } from "../../expressions/placeholder-text.ts";
import { isRunTime } from "../../ir/traverse.ts";
import type { RunTime, Span } from "../../ir/types.ts";
import { connect, deliver, inputPort, parameterSource } from "./channels.ts";
import type { ContainerInput, OptionValues } from "./constant-options.ts";
import { channelPrefix, type Task } from "./graph.ts";
import { outputChannelName } from "./names.ts";
import { portOf } from "./ports.ts";
import { relayBound } from "./relay.ts";
import { contextPlaceholders } from "./run-context.ts";
import type { Scope } from "./scope.ts";
import type { ParameterSource, Port } from "./spec.ts";
import { mayEnter, textPlaceholder } from "./supply.ts";
import { bind, type Bound } from "./values.ts";

/** Of a task whose inputs have been supplied. Values from outside its DAG come in, and edges are added. */
export function optionValues(scope: Scope, task: Task, span: Span): OptionValues {
  return {
    text: (value, input) => (isRunTime(value) ? containerText(scope, task, value, input, span) : String(value)),
    source: (value) => (isRunTime(value) ? sourceOf(scope, task, value, span) : { runtimeValue: { constant: value } }),
  };
}

const text: Port = { kind: "parameter", spec: { parameterType: "STRING" } };

/** The driver takes the one parameter that is named, and drops any text around it (kfp-ir 1). */
function containerText(scope: Scope, task: Task, { expression }: RunTime, input: ContainerInput, span: Span): string {
  const bound = bind(scope, expression);
  if (bound === undefined || bound.kind === "absent") return "";
  if (bound.kind === "constant") return typeof bound.value === "string" ? bound.value : JSON.stringify(bound.value);
  const written = writtenText(scope, task, bound, expression.span) ?? printPlaceholder({ placeholder: "inputValue", name: relayed(scope, task, bound, text, expression.span) });
  // The SDK writes the text into an input, too, which nobody reads.
  if (!scope.build.real && !task.runs.inputs.has(input)) task.parameters.set(input, { runtimeValue: { constant: written } });
  return written;
}

/** The text with its placeholders; undefined where a task must make it first. */
function writtenText(scope: Scope, task: Task, bound: Exclude<Bound, { kind: "constant" | "absent" }>, span: Span): string | undefined {
  if (bound.kind === "channel") {
    const { channel, selector, fallback } = bound;
    return fallback === undefined ? textPlaceholder(scope, task, { channel, type: { kind: "string" }, ...(selector === undefined ? {} : { selector }) }, span) : undefined;
  }
  if (scope.build.real) return undefined;
  if (bound.kind === "context") return contextPlaceholders[bound.name];
  if (!("text" in bound.template)) return undefined;
  return bound.template.text.map((part) => (typeof part === "string" ? part : "context" in part ? contextPlaceholders[part.context] : textPlaceholder(scope, task, part, span))).join("");
}

/** The input through which the output of a helper task comes in. */
function relayed(scope: Scope, task: Task, bound: Bound, port: Port, span: Span): string {
  const { task: producer, output } = relay(scope, task, bound, port, span);
  const input = channelPrefix + outputChannelName(producer.key, output);
  connect(task, input, { task: producer.key, output }, port);
  if (scope.build.real) task.runs.inputs.set(input, inputPort(port));
  return input;
}

function relay(scope: Scope, task: Task, bound: Bound, port: Port, span: Span): ReturnType<typeof relayBound> {
  return relayBound(scope, task.dag, "value", bound, port, `for an option of "${task.key}", which must be computed first`, span, false);
}

/** The driver reads these as they are: it applies no expression to them (source of the driver, `resolveK8sJsonParameter` and others). */
function sourceOf(scope: Scope, task: Task, { expression }: RunTime, span: Span): ParameterSource | undefined {
  const bound = bind(scope, expression);
  if (bound === undefined || bound.kind === "absent") return undefined;
  if (bound.kind === "constant") return { runtimeValue: { constant: bound.value } };
  if (bound.kind === "channel" && bound.fallback === undefined && (bound.selector === undefined || !scope.build.real)) {
    if (!mayEnter(scope, bound.channel, task, expression.span)) return undefined;
    const source = deliver(bound.channel, task.dag);
    if ("task" in source) task.dependsOn.add(source.task);
    return { ...parameterSource(source), ...(bound.selector === undefined ? {} : { parameterExpressionSelector: bound.selector }) };
  }
  const { task: producer, output } = relay(scope, task, bound, portOf(expression.type), expression.span);
  task.dependsOn.add(producer.key);
  return parameterSource({ task: producer.key, output });
}
