/** Which tasks an earlier run does not stand for: what `hmc plan` would find, without a run. It follows what the fingerprint of a task is made of. */
import { expressionTree, tasksOf } from "../ir/traverse.ts";
import type { Expression, Task } from "../ir/types.ts";
import type { Change, Reason, Rerun } from "./change.ts";
import { hasOtherCode, hasOtherOutputs, hasOtherProgram } from "./components.ts";
import { nodesReadBy } from "./nodes.ts";
import { otherDefaults } from "./parameters.ts";
import type { PipelinePair } from "./pipeline-pair.ts";
import type { Program } from "./side.ts";
import { inputChanges } from "./tasks.ts";

/** The tasks of some pipelines that call each other, in order of the source. What only follows from another task is found last. */
export function rerunsOf(pairs: readonly PipelinePair[], before: Program, after: Program, changes: readonly Change[]): Rerun[] {
  const found = new Map<string, Set<Reason>>();
  const key = (pipeline: string, task: string) => `${pipeline}\n${task}`;
  const add = (pipeline: string, task: string, reason: Reason): boolean => {
    const reasons = found.get(key(pipeline, task)) ?? new Set();
    const isNew = !reasons.has(reason);
    found.set(key(pipeline, task), reasons.add(reason));
    return isNew;
  };
  for (const pair of pairs) {
    for (const task of tasksOf(pair.after.pipeline.body)) for (const reason of ownReasons(pair, task, before, after, changes)) add(pair.after.pipeline.id, task.id, reason);
  }
  for (let isGrowing = true; isGrowing; ) {
    isGrowing = false;
    for (const pair of pairs) {
      const { id, body } = pair.after.pipeline;
      for (const task of tasksOf(body)) {
        const upstream = [...readBy(pair, Object.values(task.inputs))].some((other) => found.has(key(id, other)) || isInside(pairs, pair, other, found, key));
        if (upstream && !isOnlyNew(found.get(key(id, task.id))) && add(id, task.id, "upstream")) isGrowing = true;
        if (task.target.kind === "pipeline" && passOn(pairs, pair, task, found.get(key(id, task.id)), add)) isGrowing = true;
      }
    }
  }
  return pairs.flatMap((pair) => [...tasksOf(pair.after.pipeline.body)].flatMap((task): Rerun[] => {
    const reasons = found.get(key(pair.after.pipeline.id, task.id));
    if (reasons === undefined || task.target.kind === "pipeline") return [];
    const because = [...reasons].filter((reason) => reason !== "upstream" || reasons.size === 1);
    return [{ pipeline: pair.after.pipeline.id, task: task.id, because, certain: because.some((reason) => reason !== "upstream" && reason !== "default") }];
  }));
}

function isOnlyNew(reasons: Set<Reason> | undefined): boolean {
  return reasons !== undefined && reasons.has("new");
}

/** The tasks that expressions read. */
function readBy(pair: PipelinePair, expressions: readonly Expression[]): Set<string> {
  return new Set(expressions.flatMap((expression) => [...nodesReadBy(expression, pair.after.nodes)]));
}

/** Whether a node is a call of a pipeline of which an output comes from a task that runs again. */
function isInside(pairs: readonly PipelinePair[], pair: PipelinePair, node: string, found: ReadonlyMap<string, unknown>, key: (pipeline: string, task: string) => string, visited: ReadonlySet<PipelinePair> = new Set()): boolean {
  const call = pair.after.nodes.byId.get(node)?.node;
  if (call?.kind !== "task" || call.target.kind !== "pipeline") return false;
  const called = pairs.find(({ after }) => after.pipeline.id === call.target.id);
  if (called === undefined || visited.has(called)) return false;
  const { id, outputs } = called.after.pipeline;
  const inner = readBy(called, Object.values(outputs).map(({ value }) => value));
  return [...inner].some((task) => found.has(key(id, task)) || isInside(pairs, called, task, found, key, new Set([...visited, called])));
}

/** What the call of a pipeline is given anew goes on to the tasks that read it. */
function passOn(pairs: readonly PipelinePair[], pair: PipelinePair, call: Task, reasons: Set<Reason> | undefined, add: (pipeline: string, task: string, reason: Reason) => boolean): boolean {
  if (reasons === undefined) return false;
  const called = pairs.find(({ after }) => after.pipeline.id === call.target.id);
  if (called === undefined) return false;
  const first = pair.before.nodes.byId.get(pair.nodes.toBefore(call.id) ?? "")?.node;
  const changed = reasons.has("new") ? Object.keys(called.after.pipeline.inputs) : first?.kind === "task" ? inputChanges(pair, first, call).flatMap(({ name }) => name ?? []) : [];
  const rest = reasons.has("upstream") || reasons.has("default") ? Object.keys(call.inputs) : [];
  let isGrowing = false;
  for (const task of tasksOf(called.after.pipeline.body)) {
    const names = parametersReadBy(task);
    if (changed.some((name) => names.has(name))) isGrowing = add(called.after.pipeline.id, task.id, "inputs") || isGrowing;
    else if (rest.some((name) => names.has(name))) isGrowing = add(called.after.pipeline.id, task.id, "upstream") || isGrowing;
  }
  return isGrowing;
}

function parametersReadBy(task: Task): Set<string> {
  return new Set(Object.values(task.inputs).flatMap((value) => [...expressionTree(value)].flatMap((inner) => (inner.kind === "input" ? [inner.name] : []))));
}

/** Why a task itself is another than before. */
function ownReasons(pair: PipelinePair, task: Task, before: Program, after: Program, changes: readonly Change[]): Reason[] {
  const { id } = pair.after.pipeline;
  const first = pair.before.nodes.byId.get(pair.nodes.toBefore(task.id) ?? "")?.node;
  if (first?.kind !== "task") return ["new"];
  const reasons: Reason[] = [];
  const options = new Set(changes.flatMap(({ subject, pipeline, node, name }) => (subject === "option" && pipeline === id && node === task.id && name !== undefined ? [name] : [])));
  const isComponent = first.target.kind === "component" && task.target.kind === "component";
  const keyBefore = first.options.cache?.key;
  const isKeyed = keyBefore !== undefined && keyBefore === task.options.cache?.key;
  const isImporter = pair.after.document.components[task.target.id]?.kind === "importer";
  if (isImporter && [...options].some((name) => name === "artifact" || name.startsWith("metadata."))) reasons.push("outputs");
  if (isComponent && !isImporter) {
    const [from, to] = [first.target.id, task.target.id];
    if (from !== to) reasons.push(pair.isSameTarget(first, task) ? "name" : "code");
    if (!isKeyed && (hasOtherCode(before, after, from, to) || hasOtherProgram(pair.before.document, pair.after.document, from, to)) && !reasons.includes("code")) reasons.push("code");
    if (hasOtherOutputs(pair.before.document, pair.after.document, from, to)) reasons.push("outputs");
  }
  if (keyBefore !== task.options.cache?.key) reasons.push("cache");
  if (isKeyed) return reasons;
  if (inputChanges(pair, first, task).length > 0) reasons.push("inputs");
  if (options.has("image")) reasons.push("image");
  if ([...options].some((name) => name.startsWith("env."))) reasons.push("env");
  const defaults = new Set(otherDefaults(pair.before.pipeline, pair.after.pipeline, pair.parameters));
  if ([...parametersReadBy(task)].some((name) => defaults.has(name))) reasons.push("default");
  return reasons;
}
