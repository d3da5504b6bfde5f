/**
 * Loops: a task that is repeated, and the DAG template of its body. What the iterations give is put together by a wrapper
 * around the task, which also bounds how many run at once (reference argo.md 2.6, 2.7).
 */
import type { ExprNode } from "../../expressions/argo/expr.ts";
import { expressionsOf, expressionTree, nodesOf, tasksOf } from "../../ir/traverse.ts";
import type { Expression, Json, Loop, Pipeline } from "../../ir/types.ts";
import { onlyTask } from "./branches.ts";
import { report } from "./build.ts";
import { call, index, joined, name, number, path, text } from "./expr-build.ts";
import { needsPrefix } from "./keys.ts";
import { lowerBlock } from "./lower.ts";
import { addRegion, metaName, type Channel, type LocationDraft, type Region, type TaskDraft } from "./region.ts";
import type { Handle, Reader, Scope } from "./scope.ts";
import { constantText, decoded } from "./translate.ts";
import { artifactFor, depthOf, metaOf, textFor, valueFor } from "./values.ts";

/** Adds a loop. */
export function lowerLoop(scope: Scope, region: Region, node: Loop): Handle {
  const needsWrapper = node.parallelism !== undefined || isCollected(scope, node);
  const wrapped = needsWrapper ? addRegion(region, node.id, node.span) : undefined;
  const host = wrapped?.region ?? region;
  if (wrapped !== undefined && node.parallelism !== undefined) wrapped.region.parallelism = node.parallelism;
  const { task, region: body } = addRegion(host, wrapped === undefined ? (onlyTask(node.body) ?? node.id) : "each", node.span, `${node.id}-body`);
  const state = { loop: node, wrapper: host, body, task, item: itemChannel(node, body), index: indexChannel(body), collected: new Map<string, Channel>() };
  scope.loops.set(node.id, state);
  if (node.itemType.kind === "artifact") repeatArtifacts({ scope, region: host, task }, node, state.item, body);
  else repeat({ scope, region: host, task }, node, wrapped?.task, body);
  lowerBlock(scope, body, node.body);
  const outer = wrapped?.task ?? task;
  return { region, requirements: [{ alternatives: [{ task: outer, results: outer.repetition === undefined ? ["Succeeded"] : ["Succeeded", "Skipped"] }] }] };
}

const item = name("item");

function itemChannel(node: Loop, body: Region): Channel {
  const isArtifact = node.itemType.kind === "artifact";
  return { kind: isArtifact ? "artifact" : "parameter", name: "item", type: node.itemType, home: body, value: path("inputs", isArtifact ? "artifacts" : "parameters", "item"), optional: false };
}

function indexChannel(body: Region): Channel {
  body.parameters.set("index", { optional: false });
  return { kind: "parameter", name: "index", type: { kind: "integer" }, home: body, value: path("inputs", "parameters", "index"), optional: false };
}

/** Repeats a task for each item of a list of values. */
function repeat(reader: Reader, node: Loop, wrapper: TaskDraft | undefined, body: Region): void {
  const task = reader.task as TaskDraft;
  const { items } = node;
  body.parameters.set("item", { optional: false });
  const constants = items.kind === "constant" && Array.isArray(items.value) ? items.value : undefined;
  if (constants !== undefined && constants.length > 0 && constants.every(isPlain) && !readsIndex(reader.scope, node)) {
    task.repetition = { kind: "items", items: constants as (string | number | boolean)[] };
    task.parameters.set("item", item);
    return;
  }
  task.parameters.set("index", item);
  if (items.kind === "range") {
    task.repetition = { kind: "sequence", count: countOf(reader, node, wrapper) };
    task.parameters.set("item", item);
    return;
  }
  const list = constants === undefined ? listOf(reader, node, wrapper) : call("fromJSON", text(constantText(constants)));
  task.repetition = { kind: "sequence", count: constants === undefined ? call("len", list) : number(constants.length) };
  task.parameters.set("item", itemText(node, index(list, call("asInt", item))));
}

/** How an item of a decoded list is written as a parameter. */
function itemText(node: Loop, element: ExprNode): ExprNode {
  return node.itemType.kind === "string" ? element : call("toJson", element);
}

/** The list where the repeated task reads it: an input of the wrapper, if there is one. */
function listOf(reader: Reader, node: Loop, wrapper: TaskDraft | undefined): ExprNode {
  if (wrapper === undefined) return valueFor(reader, node.items);
  return decoded({ kind: "json" }, inputOf(reader, wrapper, "items", textFor({ scope: reader.scope, region: wrapper.region, task: wrapper }, node.items)));
}

function countOf(reader: Reader, node: Loop, wrapper: TaskDraft | undefined): ExprNode {
  if (node.items.kind !== "range") return number(0);
  const outer: Reader = wrapper === undefined ? reader : { scope: reader.scope, region: wrapper.region, task: wrapper };
  const count = textFor(outer, node.items.count);
  return wrapper === undefined ? count : inputOf(reader, wrapper, "count", count);
}

function inputOf({ region }: Reader, wrapper: TaskDraft, input: string, value: ExprNode): ExprNode {
  region.parameters.set(input, { optional: false });
  wrapper.parameters.set(input, value);
  return path("inputs", "parameters", input);
}

/** Repeats a task for each artifact of a collected list. Each lies in the directory of the list under its index. */
function repeatArtifacts(reader: Reader, node: Loop, channel: Channel, body: Region): void {
  const task = reader.task as TaskDraft;
  const list = artifactFor(reader, node.items);
  if (list === undefined) return;
  if (list.location === undefined || depthOf({ ...reader, task: undefined }, list) !== undefined) {
    report(reader.scope.build, "HMC4102", node.items.span, { construct: "A loop over this list of artifacts" });
    return;
  }
  const metas = call("fromJSON", metaOf(reader, list));
  task.repetition = { kind: "sequence", count: call("len", metas) };
  task.parameters.set("index", item);
  const meta = metaName("item");
  body.artifacts.set("item", { optional: false });
  body.parameters.set(meta, { optional: false });
  task.parameters.set(meta, call("toJson", index(metas, call("asInt", item))));
  const fields = Object.fromEntries(Object.entries(list.location.fields).map(([field, value]) => [field, typeof value === "boolean" ? value : joined([value, text("/"), item])]));
  const location: LocationDraft = { ...list.location, fields };
  task.artifacts.set("item", { location, optional: false });
  channel.meta = { kind: "parameter", name: meta, type: { kind: "string" }, home: body, value: path("inputs", "parameters", meta), optional: false };
}

/** Scalars that Argo passes on as they are, and that look well in the names of nodes. */
function isPlain(value: Json): boolean {
  return typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value) && Math.abs(value) < 1e15) || (typeof value === "string" && /^[A-Za-z0-9_./@-]+(?: [A-Za-z0-9_./@-]+)*$/.test(value));
}

/** Whether anything needs to know which iteration it is: a value, or the place of an artifact, also one that a called pipeline collects. */
function readsIndex({ build, keys, pipeline }: Scope, node: Loop): boolean {
  if ([...keys.outputs.values()].some((outputs) => [...outputs.values()].some((key) => !("of" in key) && key.loops.includes(node.id)))) return true;
  for (const { target } of tasksOf(node.body)) if (target.kind === "pipeline" && needsPrefix(build.document, target.id)) return true;
  return allExpressions(pipeline).some((expression) => [...expressionTree(expression)].some((part) => part.kind === "index" && part.loop === node.id));
}

/** Whether anything outside the loop reads what its iterations give. */
function isCollected({ pipeline }: Scope, node: Loop): boolean {
  return allExpressions(pipeline).some((expression) => [...expressionTree(expression)].some((part) => part.kind === "collect" && part.loop === node.id));
}

function allExpressions({ body, outputs }: Pipeline): Expression[] {
  return [...Object.values(outputs).map(({ value }) => value), ...[...nodesOf(body)].flatMap((inner) => [...expressionsOf(inner)])];
}
