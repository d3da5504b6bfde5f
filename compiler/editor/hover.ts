/** What is shown over a name: Markdown. */
import { graphText } from "../graph/text.ts";
import { mermaid } from "../graph/mermaid.ts";
import { graphOf } from "../graph/model.ts";
import { describeExpression, describeType } from "../ir/describe.ts";
import { resolveOptions } from "../ir/options.ts";
import { isRunTime } from "../ir/traverse.ts";
import type { Component, Document, Input, Output, Pipeline, Task } from "../ir/types.ts";
import { nextFires } from "../rules/next-fires.ts";
import { currentDocument, placeAt } from "./places.ts";
import type { Answers } from "./service.ts";

/** Columns of the text picture: what the hover of a usual editor shows without wrapping. */
const pictureWidth = 76;

/** A pipeline with more tasks has no picture in its hover. */
const pictureLimit = 40;

const layers = { project: "project", pipeline: "defaults of the pipeline", op: "op", call: "this call" } as const;

/**
 * @param offset UTF-16 units
 * @returns undefined where hmc has nothing to say of the place: TypeScript has
 */
export function hover(service: Answers, path: string, offset: number): string | undefined {
  const known = currentDocument(service, path);
  const place = known === undefined ? undefined : placeAt(service, known, path, offset);
  if (known === undefined || place === undefined) return undefined;
  switch (place.kind) {
    case "task":
      return taskHover(known.document, place.pipeline, place.task, limitsAt(service, path, place.task));
    case "component":
      return componentHover(place.component);
    case "pipeline":
      return pipelineHover(known.document, place.pipeline, service.now());
  }
}

function taskHover(document: Document, pipeline: Pipeline, task: Task, limits: string[]): string {
  const runs = task.target.kind === "pipeline" ? document.pipelines[task.target.id] : document.components[task.target.id];
  const kind = task.target.kind === "pipeline" ? "pipeline" : (document.components[task.target.id]?.kind ?? "op");
  const parts = [`**task** \`${task.id}\` of ${kind} \`${runs?.name ?? task.target.id}\``];
  if (runs?.description !== undefined) parts.push(runs.description);
  parts.push(...list("Inputs", Object.entries(runs?.inputs ?? {}).map(([name, input]) => `\`${name}\`: ${describeType(input.type)} ${given(task, name, input)}`)));
  parts.push(...list("Outputs", Object.entries(runs?.outputs ?? {}).map(([name, output]) => `\`${name}\`: ${describeType(output.type)}`)));
  if (task.after.length > 0) parts.push(...list("After", task.after.map((id) => `\`${id}\``)));
  if (task.target.kind === "component") {
    const { options, origins } = resolveOptions(document, pipeline, task);
    parts.push(...list("Options", Object.entries(origins).map(([name, layer]) => `\`${name}\` = \`${shown(valueAt(options, name))}\` (${layers[layer]})`)));
  }
  parts.push(...list("Limits of the targets", limits));
  return parts.join("\n\n");
}

/** What a target cannot do of this task. */
function limitsAt(service: Answers, path: string, task: Task): string[] {
  const found = service.diagnostics(path, "whole") ?? [];
  return found.map(({ diagnostic }) => diagnostic).filter(({ code, span }) => code.startsWith("HMC4") && span !== undefined && task.span.start <= span.start && span.end <= task.span.end).map(({ code, message }) => `${code}: ${message}`);
}

function componentHover(component: Component): string {
  const parts = [`**${component.kind}** \`${component.name}\``];
  if (component.description !== undefined) parts.push(component.description);
  parts.push(...list("Inputs", Object.entries(component.inputs).map(([name, input]) => declared(name, input))));
  parts.push(...list("Outputs", Object.entries(component.outputs).map(([name, output]: [string, Output]) => `\`${name}\`: ${describeType(output.type)}`)));
  if (component.kind !== "importer") parts.push(...list("Options", Object.entries(component.options).filter(([name]) => name !== "spans").map(([name, value]) => `\`${name}\` = \`${shown(value)}\``)));
  return parts.join("\n\n");
}

function pipelineHover(document: Document, pipeline: Pipeline, now: Date): string {
  const parts = [`**pipeline** \`${pipeline.id}\``];
  if (pipeline.description !== undefined) parts.push(pipeline.description);
  const { schedule, timezone } = pipeline.options;
  if (schedule !== undefined) {
    const fires = nextFires(schedule, timezone, now, 3).map((fire) => inZone(fire, timezone ?? "UTC"));
    parts.push(...list(`Schedule \`${schedule}\` (${timezone ?? "UTC"})`, fires.map((fire, index) => (index === 0 ? `next: ${fire}` : fire))));
  }
  parts.push(...list("Parameters", Object.entries(pipeline.inputs).map(([name, input]) => declared(name, input))));
  parts.push(...list("Outputs", Object.entries(pipeline.outputs).map(([name, output]) => `\`${name}\` ← ${describeExpression(output.value)}`)));
  const graph = graphOf(document, pipeline);
  if (graph.nodes.length <= pictureLimit) parts.push(fence("", graphText(graph, pictureWidth)), fence("mermaid", mermaid(graph)));
  else parts.push(`${graph.nodes.length} tasks: \`hmc graph\` draws them.`);
  return parts.join("\n\n");
}

function declared(name: string, input: Input): string {
  return `\`${name}\`: ${describeType(input.type)}${input.default === undefined ? (input.optional ? ", optional" : "") : ` = \`${JSON.stringify(input.default)}\``}${input.description === undefined ? "" : ` — ${input.description}`}`;
}

function given(task: Task, name: string, input: Input): string {
  const value = task.inputs[name];
  if (value !== undefined) return value.kind === "constant" ? `= \`${describeExpression(value)}\`` : `← \`${describeExpression(value)}\``;
  return input.default === undefined ? "(not given)" : `= \`${JSON.stringify(input.default)}\` (its default)`;
}

function list(title: string, rows: string[]): string[] {
  return rows.length === 0 ? [] : [`${title}:\n${rows.map((row) => `- ${row}`).join("\n")}`];
}

/** The option of an origin: `memory`, `env.TOKEN`. */
function valueAt(options: object, name: string): unknown {
  const [option = "", ...rest] = name.split(".");
  const value = (options as Record<string, unknown>)[option];
  return rest.length === 0 || typeof value !== "object" || value === null ? value : (value as Record<string, unknown>)[rest.join(".")];
}

function shown(value: unknown): string {
  if (typeof value === "string") return value;
  return JSON.stringify(value, (_, inner: unknown) => (isRunTime(inner) ? describeExpression(inner.expression) : inner)) ?? "";
}

function fence(language: string, text: string): string {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
}

/** `2026-11-27 00:00` */
function inZone(time: Date, timeZone: string): string {
  return new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" }).format(time);
}
