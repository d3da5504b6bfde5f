/** What has changed in a task: its name, what it runs, its place, inputs, order, condition, options. */
import type { Expression, Task } from "../ir/types.ts";
import { canonicalExpression } from "./canonical.ts";
import type { Change } from "./change.ts";
import { isNamed } from "./match-nodes.ts";
import type { Placed } from "./nodes.ts";
import { optionChanges, taskOptions } from "./options.ts";
import type { PipelinePair } from "./pipeline-pair.ts";
import { placeText, valueText } from "./place.ts";

/** The changes of a task that both sides have. */
export function taskChanges(pair: PipelinePair, before: Placed & { node: Task }, after: Placed & { node: Task }): Change[] {
  const at = { pipeline: pair.after.pipeline.id, node: after.id };
  const [from, to] = [before.node, after.node];
  const changes: Change[] = [];
  if (from.id !== to.id && (isNamed(from) || isNamed(to))) changes.push({ subject: "task", action: "renamed", ...at, before: from.id, after: to.id });
  if (!pair.isSameTarget(from, to)) changes.push({ subject: "target", action: "changed", ...at, before: from.target.id, after: to.target.id });
  if (pair.placeOf(before) !== pair.ownPlaceOf(after)) changes.push({ subject: "task", action: "moved", ...at, before: placeText(pair.before.nodes, before), after: placeText(pair.after.nodes, after) });
  changes.push(...inputChanges(pair, from, to));
  changes.push(...orderChanges(pair, from, to));
  const condition = valueChange(pair, from.when, to.when);
  if (condition !== undefined) changes.push({ subject: "condition", ...condition, action: condition.action === "rewired" ? "changed" : condition.action, ...at });
  if (from.ignoreUpstreamFailure !== to.ignoreUpstreamFailure) {
    changes.push({ subject: "option", action: to.ignoreUpstreamFailure ? "added" : "removed", ...at, name: "ignoreUpstreamFailure", ...(to.ignoreUpstreamFailure ? { after: "true" } : { before: "true" }) });
  }
  changes.push(...optionChanges(taskOptions(pair.before.document, pair.before.pipeline, from, pair.naming.before), taskOptions(pair.after.document, pair.after.pipeline, to, pair.naming.after), at));
  return changes;
}

/** The inputs of a task that say something else. What a sub-pipeline calls its parameters does not count where it was renamed. */
export function inputChanges(pair: PipelinePair, from: Task, to: Task): Change[] {
  const at = { pipeline: pair.after.pipeline.id, node: to.id };
  const changes: Change[] = [];
  const left = new Map(Object.entries(from.inputs).map(([name, value]) => [pair.inputName(from, name), value]));
  for (const [name, value] of Object.entries(to.inputs)) {
    const change = valueChange(pair, left.get(name), value);
    if (change !== undefined) changes.push({ subject: "input", ...change, ...at, name });
    left.delete(name);
  }
  for (const [name, value] of left) changes.push({ subject: "input", action: "removed", ...at, name, before: valueText(value, pair.before.nodes) });
  return changes;
}

/** How a value has changed; undefined where it says the same. */
export function valueChange(pair: PipelinePair, from: Expression | undefined, to: Expression | undefined): Pick<Change, "action" | "before" | "after"> | undefined {
  if (from === undefined || to === undefined) {
    if (from !== undefined) return { action: "removed", before: valueText(from, pair.before.nodes) };
    return to === undefined ? undefined : { action: "added", after: valueText(to, pair.after.nodes) };
  }
  if (canonicalExpression(from, pair.naming.before) === canonicalExpression(to, pair.naming.after)) return undefined;
  const isLiteral = from.kind === "constant" && to.kind === "constant";
  return { action: isLiteral ? "changed" : "rewired", before: valueText(from, pair.before.nodes), after: valueText(to, pair.after.nodes) };
}

function orderChanges(pair: PipelinePair, from: Task, to: Task): Change[] {
  const at = { pipeline: pair.after.pipeline.id, node: to.id };
  const before = new Set(from.after.map((id) => pair.nodes.toAfter(id) ?? `before ${id}`));
  const after = new Set(to.after);
  return [
    ...to.after.filter((id) => !before.has(id)).map((id): Change => ({ subject: "order", action: "added", ...at, name: id })),
    ...from.after.filter((id) => !after.has(pair.nodes.toAfter(id) ?? `before ${id}`)).map((id): Change => ({ subject: "order", action: "removed", ...at, name: pair.nodes.toAfter(id) ?? id })),
  ];
}
