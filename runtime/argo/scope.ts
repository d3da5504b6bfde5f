/** The variables that the tasks of a DAG and the steps of a template see of one another. */
import { escapeHtml, goJson, rfc3339 } from "./go.ts";
import { itemOf } from "./items.ts";
import type { NodeStatus } from "./nodes.ts";
import { lastAttempt } from "./retry-nodes.ts";
import type { RunState } from "./state.ts";
import { ControllerError } from "./errors.ts";
import type { Outputs, Template } from "./types.ts";
import { Variables } from "./variables.ts";

/** Whether variables are called `tasks.…` or `steps.…`. */
export type Prefix = "tasks" | "steps";

/** The variables of a template that stand before its members run: its inputs and the outputs of the workflow. */
export function scopeOf(state: RunState, template: Template | undefined, outputsOfWorkflow: boolean): Variables {
  const scope = new Variables();
  for (const { name, value } of template?.inputs.parameters ?? []) scope.set(`inputs.parameters.${name}`, value ?? "");
  for (const artifact of template?.inputs.artifacts ?? []) scope.set(`inputs.artifacts.${artifact.name}`, artifact);
  if (!outputsOfWorkflow) return scope;
  for (const { name, value } of state.outputs.parameters ?? []) if (value !== undefined) scope.set(`workflow.outputs.parameters.${name}`, value);
  for (const artifact of state.outputs.artifacts ?? []) scope.set(`workflow.outputs.artifacts.${artifact.name}`, artifact);
  return scope;
}

/** Adds what a node says of itself and gives. */
export function addNode(state: RunState, scope: Variables, prefix: Prefix, name: string, of: NodeStatus): void {
  const node = lastAttempt(state.nodes, of) ?? of;
  const key = `${prefix}.${name}`;
  scope.set(`${key}.id`, state.nodes.idOf(node.name));
  scope.set(`${key}.startedAt`, rfc3339(node.startedAt));
  if (node.finishedAt !== undefined) scope.set(`${key}.finishedAt`, rfc3339(node.finishedAt));
  if (node.phase !== "") scope.set(`${key}.status`, node.phase);
  addOutputs(scope, key, node.outputs);
}

function addOutputs(scope: Variables, key: string, outputs: Outputs | undefined): void {
  if (outputs?.result !== undefined) scope.set(`${key}.outputs.result`, outputs.result);
  if (outputs?.exitCode !== undefined) scope.set(`${key}.exitCode`, outputs.exitCode);
  for (const { name, value } of outputs?.parameters ?? []) if (value !== undefined) scope.set(`${key}.outputs.parameters.${name}`, value);
  for (const artifact of outputs?.artifacts ?? []) scope.set(`${key}.outputs.artifacts.${artifact.name}`, artifact);
}

/**
 * Adds the outputs that a skipped node would have had: their defaults, or that they are absent. Steps also get artifacts
 * without a location.
 */
export function addSkippedOutputs(state: RunState, scope: Variables, prefix: Prefix, name: string, node: NodeStatus, template: Template | undefined): void {
  const { skippedOutputs } = state.behaviour;
  if (skippedOutputs === "unknown" || node.outputs !== undefined || !template) return;
  if (node.phase !== "Skipped" && node.phase !== "Omitted") return;
  const key = `${prefix}.${name}.outputs`;
  for (const parameter of template.outputs.parameters ?? []) {
    const value = skippedOutputs === "empty" ? "" : parameter.valueFrom?.default;
    if (value === undefined) scope.setAbsent(`${key}.parameters.${parameter.name}`);
    else scope.set(`${key}.parameters.${parameter.name}`, value);
  }
  if (prefix === "steps") for (const artifact of template.outputs.artifacts ?? []) scope.set(`${key}.artifacts.${artifact.name}`, { name: "" });
  if (template.outputs.result !== undefined) scope.setAbsent(`${key}.result`);
}

/**
 * Adds the outputs of a loop's items, each as a JSON list in the order of the items: only of those that succeeded.
 *
 * @throws ControllerError where a result is no JSON
 */
export function addAggregates(state: RunState, scope: Variables, prefix: Prefix, name: string, items: readonly NodeStatus[]): void {
  if (items.length === 0) return;
  const ofRetries = state.behaviour.aggregatesOfRetries;
  const counted = items.filter((node) => !node.hooked && (!ofRetries || !node.retried)).map((node) => ({ node, index: indexOf(node, ofRetries) }));
  const lists = new Map<string, string[]>();
  const results: string[] = [];
  const all: { [name: string]: string }[] = [];
  for (const { node } of counted.sort((a, b) => a.index - b.index)) {
    if (!node.outputs || node.phase !== "Succeeded" || (!ofRetries && node.type === "Retry")) continue;
    const parameters = node.outputs.parameters ?? [];
    for (const parameter of parameters) {
      const list = lists.get(parameter.name);
      if (list) list.push(parameter.value ?? "");
      else lists.set(parameter.name, [parameter.value ?? ""]);
    }
    const sorted = [...parameters].sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
    if (parameters.length > 0) all.push(Object.fromEntries(sorted.map(({ name, value }) => [name, value ?? ""])));
    if (node.outputs.result !== undefined) results.push(resultItem(node.outputs.result));
  }
  const key = `${prefix}.${name}.outputs`;
  scope.set(`${key}.result`, `[${results.join(",")}]`);
  scope.set(`${key}.parameters`, goJson(all));
  for (const [parameter, values] of lists) scope.set(`${key}.parameters.${parameter}`, aggregate(values));
}

/** The index of a loop's item in the name of its node, such as `each(3:x)`. Attempts end with one more number in parentheses. */
function indexOf({ name, displayName }: NodeStatus, ofRetries: boolean): number {
  const rest = ofRetries ? name.slice(name.lastIndexOf("(") + 1) : displayName.slice(displayName.indexOf("(") + 1);
  return Number(/^(\d+)/.exec(rest)?.[1] ?? 0);
}

function resultItem(result: string): string {
  try {
    JSON.parse(result);
  } catch {
    throw new ControllerError(`invalid character '${result.trimStart().charAt(0)}' looking for beginning of value`);
  }
  return escapeHtml(itemOf(result).json);
}

/** A list of texts; where all of them are JSON objects or lists, a list of these (reference argo.md 2.6). */
function aggregate(values: string[]): string {
  const parsed: unknown[] = [];
  for (const value of values) {
    try {
      const json: unknown = JSON.parse(value);
      if (typeof json !== "object" || json === null) return goJson(values);
      parsed.push(json);
    } catch {
      return goJson(values);
    }
  }
  return goJson(parsed.map(sortKeys));
}

/** The same JSON, the keys of all objects in order, as Go writes maps. */
function sortKeys(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(sortKeys);
  if (typeof json !== "object" || json === null) return json;
  const keys = Object.keys(json).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return Object.fromEntries(keys.map((key) => [key, sortKeys((json as { [key: string]: unknown })[key])]));
}
