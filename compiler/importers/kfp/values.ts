/** Where the inputs of tasks get their values from, as expressions. */
import type { Expression, Json, ParameterType, RunTime, Span, ValueType } from "../../ir/types.ts";
import { parsePlaceholders } from "../../expressions/placeholders.ts";
import { printPlaceholder, type Placeholder } from "../../expressions/placeholder-text.ts";
import { raiseSelector } from "./cel.ts";
import { report, reportUnknown, type DagScope, type Path, type TaskPlace } from "./raising.ts";
import type { TaskInputArtifactSpec, TaskInputParameterSpec } from "./spec.ts";
import { typeOfJson } from "./types.ts";

/**
 * The value of a parameter.
 *
 * @param task whose inputs placeholders in a constant name
 * @param wanted the type of what receives it
 * @returns undefined where nothing is given
 */
export function parameterValue(dag: DagScope, task: TaskPlace, source: TaskInputParameterSpec, wanted: ValueType, path: Path): Expression | undefined {
  const { raising } = dag.pipeline;
  const span = raising.file.locate(path);
  const value = sourceValue(dag, task, source, wanted, path, span);
  if (value === undefined || source.parameterExpressionSelector === undefined) return value;
  return raiseSelector(raising, source.parameterExpressionSelector, value, wanted, [...path, "parameterExpressionSelector"]);
}

function sourceValue(dag: DagScope, task: TaskPlace, source: TaskInputParameterSpec, wanted: ValueType, path: Path, span: Span): Expression | undefined {
  const { taskOutputParameter, componentInputParameter, runtimeValue, taskFinalStatus } = source;
  if (taskOutputParameter !== undefined) return dag.tasks.get(taskOutputParameter.producerTask ?? "")?.output(taskOutputParameter.outputParameterKey ?? "", false);
  if (componentInputParameter !== undefined) return dag.inputs.get(componentInputParameter);
  if (taskFinalStatus !== undefined) return dag.tasks.get(taskFinalStatus.producerTask ?? "")?.status(wanted, span);
  if (runtimeValue?.constant !== undefined) return constantValue(dag, task, runtimeValue.constant, wanted, path);
  return undefined;
}

export function artifactValue(dag: DagScope, source: TaskInputArtifactSpec): Expression | undefined {
  const { taskOutputArtifact, componentInputArtifact } = source;
  if (taskOutputArtifact !== undefined) return dag.tasks.get(taskOutputArtifact.producerTask ?? "")?.output(taskOutputArtifact.outputArtifactKey ?? "", true);
  return componentInputArtifact === undefined ? undefined : dag.inputs.get(componentInputArtifact);
}

function constant(value: Json, type: ValueType, span: Span): Expression {
  return { kind: "constant", value, type, span };
}

/** A constant; text in it may hold placeholders, which are the run-time values of a template. */
export function constantValue(dag: DagScope, task: TaskPlace, value: Json, wanted: ValueType, path: Path): Expression {
  const span = dag.pipeline.raising.file.locate(path);
  const built = builtValue(dag, task, value, path, span);
  return built ?? constant(value, wanted.kind === "json" ? typeOfJson(value) : wanted, span);
}

/** The expression of a value with placeholders in it; undefined where it has none. */
function builtValue(dag: DagScope, task: TaskPlace, value: Json, path: Path, span: Span): Expression | undefined {
  if (typeof value === "string") return templateValue(dag, task, value, path, span);
  if (Array.isArray(value)) {
    const items = value.map((item) => builtValue(dag, task, item, path, span));
    if (items.every((item) => item === undefined)) return undefined;
    const all = items.map((item, index) => item ?? constant(value[index] ?? null, typeOfJson(value[index] ?? null), span));
    return { kind: "list", items: all, type: { kind: "list", items: { kind: "json" } }, span };
  }
  if (value === null || typeof value !== "object") return undefined;
  const fields = Object.entries(value).map(([key, field]) => [key, field, builtValue(dag, task, field, path, span)] as const);
  if (fields.every(([, , field]) => field === undefined)) return undefined;
  const all = Object.fromEntries(fields.map(([key, plain, field]) => [key, field ?? constant(plain, typeOfJson(plain), span)]));
  const properties = Object.fromEntries(Object.entries(all).map(([key, field]) => [key, { type: field.type as ParameterType, optional: false }]));
  return { kind: "struct", fields: all, type: { kind: "struct", properties }, span };
}

/** Text with placeholders as a template; undefined where it has none that names a value. */
function templateValue(dag: DagScope, task: TaskPlace, text: string, path: Path, span: Span): Expression | undefined {
  if (!text.includes("{{$")) return undefined;
  const read = parsePlaceholders(text);
  reportUnknown(dag.pipeline.raising, read.unknown, path);
  const parts = read.parts.map((part) => (typeof part === "string" ? part : (placeholderValue(dag, task, part, span) ?? printPlaceholder(part))));
  if (parts.every((part) => typeof part === "string")) return undefined;
  const [only] = parts;
  if (parts.length === 1 && typeof only === "object" && only.kind === "context") return only;
  const joined: Expression[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (typeof part !== "string") joined.push(part);
    else if (last?.kind === "constant" && typeof last.value === "string") joined[joined.length - 1] = { ...last, value: last.value + part };
    else if (part !== "") joined.push(constant(part, { kind: "string" }, span));
  }
  return { kind: "template", parts: joined, type: { kind: "string" }, span };
}

/** What a placeholder stands for: an input of the task, or what the run knows of itself. */
function placeholderValue(dag: DagScope, task: TaskPlace, placeholder: Placeholder, span: Span): Expression | undefined {
  if (placeholder.placeholder === "context") return { kind: "context", name: placeholder.name, type: { kind: "string" }, span };
  if (placeholder.placeholder !== "inputValue") return undefined;
  const source = task.spec.inputs?.parameters?.[placeholder.name];
  if (source === undefined) return undefined;
  const declared = task.component.inputDefinitions?.parameters?.[placeholder.name];
  // A placeholder in a constant that an input of its own feeds would go round in circles.
  if (source.runtimeValue !== undefined && declared !== undefined) return undefined;
  return parameterValue(dag, task, source, { kind: "string" }, [...task.path, "inputs", "parameters", placeholder.name]);
}

/** An option that may hold one placeholder. */
export function optionText(dag: DagScope, task: TaskPlace, text: string, path: Path): string | RunTime {
  const expression = templateValue(dag, task, text, path, dag.pipeline.raising.file.locate(path));
  if (expression === undefined) return text;
  return { expression: withoutTemplate(expression) };
}

/** The value of a text that is nothing but one value. */
function withoutTemplate(expression: Expression): Expression {
  const [only, ...others] = expression.kind === "template" ? expression.parts : [];
  return only !== undefined && others.length === 0 ? withoutTemplate(only) : expression;
}

/** A name in a Kubernetes setting: constant, or from an input or task of the DAG. */
export function settingValue(dag: DagScope, task: TaskPlace, source: TaskInputParameterSpec, wanted: ParameterType, path: Path): Json | RunTime | undefined {
  const value = parameterValue(dag, task, source, wanted, path);
  if (value === undefined) return report(dag.pipeline.raising, "HMC7030", path, { task: task.key });
  return value.kind === "constant" ? value.value : { expression: value };
}
