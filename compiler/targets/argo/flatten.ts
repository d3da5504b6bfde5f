/**
 * A DAG template that holds one task and does nothing else costs a node at run time and a name for the reader: whoever calls it
 * calls its task instead (reference argo.md 2.13). Inputs that nothing reads go.
 */
import type { ExprNode } from "../../expressions/argo/expr.ts";
import type { Build } from "./build.ts";
import { keysOf, ofTask } from "./expr-build.ts";
import type { ArtifactArgument, Region, TaskDraft } from "./region.ts";
import { changeRegion, mapArtifact, replaced } from "./rewrite.ts";

/** Flattens all regions, inner ones first, and takes out the ones that nobody calls. */
export function flatten(build: Build): void {
  for (const region of [...build.regions].reverse()) {
    if (region.owner !== undefined && inline(region.owner, region)) build.regions.splice(build.regions.indexOf(region), 1);
  }
  for (const region of [...build.regions].reverse()) if (region.owner !== undefined) dropUnused(region, region.owner);
  hoistLoop(build);
}

/**
 * Puts the bounded loop that is the whole pipeline into the entry itself, where the option `failFast` asks that it stops at the first failure. Argo
 * does so by the field `failFast` of the template, and where another DAG is around that one it waits for ever for what did not start.
 */
function hoistLoop(build: Build): void {
  const { entry } = build;
  const [task, ...others] = entry?.tasks.values() ?? [];
  if (entry === undefined || task === undefined || others.length > 0 || !entry.failFast || entry.parallelism !== undefined || entry.retry !== undefined) return;
  const loop = task.calls;
  const isBounded = "tasks" in loop && loop.owner === task && loop.parallelism !== undefined;
  const isPlainCall = task.repetition === undefined && task.exit === undefined && task.when.length === 0 && task.artifacts.size === 0 && entry.outputs.size === 0;
  if (!isBounded || !isPlainCall || ![...task.parameters.values()].every((value) => keysOf(value)?.[0] === "workflow")) return;
  changeRegion(loop, (value) => replaced(value, (node) => {
    const keys = keysOf(node);
    return keys?.[0] === "inputs" && keys[1] === "parameters" && keys.length === 3 ? task.parameters.get(keys[2] ?? "") : undefined;
  }));
  for (const inner of loop.tasks.values()) inner.region = entry;
  entry.tasks = loop.tasks;
  if (loop.parallelism !== undefined) entry.parallelism = loop.parallelism;
  entry.stopsAtFailure = true;
  build.regions.splice(build.regions.indexOf(loop), 1);
}

/** Puts the only task of a region in the place of the task that calls it, where that is the same. */
function inline(caller: TaskDraft, region: Region): boolean {
  const [task, ...others] = region.tasks.values();
  if (task === undefined || others.length > 0 || (caller.exitOf === undefined && caller.region.tasks.get(caller.name) !== caller)) return false;
  if (task.repetition !== undefined || task.exit !== undefined || task.when.length > 0 || region.parallelism !== undefined || region.retry !== undefined) return false;
  const outputs = [...region.outputs.values()].map((output) => (output.kind === "parameter" ? output.value : output.from));
  if (!outputs.every((value) => isPlain(value, caller.repetition !== undefined))) return false;
  if ([...region.artifacts.values()].some(({ location }) => location !== undefined)) return false;
  const inward = (node: ExprNode): ExprNode => replaced(node, (inner) => fromCaller(inner, caller, task));
  const parameters = new Map([...task.parameters].map(([name, value]) => [name, inward(value)]));
  const artifacts = new Map([...task.artifacts].map(([name, argument]) => [name, artifactFromCaller(argument, caller, inward)]));
  const given = new Map([...region.outputs].map(([name, output]) => [`${output.kind === "parameter" ? "parameters" : "artifacts"} ${name}`, inward(output.kind === "parameter" ? output.value : output.from)]));
  caller.parameters = parameters;
  caller.artifacts = artifacts;
  caller.calls = task.calls;
  if ("tasks" in task.calls && task.calls.owner === task) task.calls.owner = caller;
  changeRegion(caller.region, (value) => replaced(value, (inner) => outputOf(inner, caller.name, given)));
  return true;
}

/** Whether an output passes on what the task gives; the results of repeated tasks come as a list, so nothing else will do there. */
function isPlain(output: ExprNode, isRepeated: boolean): boolean {
  return keysOf(output)?.[0] === "tasks" || (!isRepeated && output.kind === "string");
}

/** What an expression of the inner region is where its caller stands. */
function fromCaller(node: ExprNode, caller: TaskDraft, task: TaskDraft): ExprNode | undefined {
  const keys = keysOf(node);
  if (keys === undefined) return undefined;
  if (keys[0] === "inputs" && keys[1] === "parameters" && keys.length === 3) return caller.parameters.get(keys[2] ?? "");
  if (keys[0] === "tasks" && keys[1] === task.name) return ofTask(caller.name, ...keys.slice(2));
  return undefined;
}

function artifactFromCaller(argument: ArtifactArgument, caller: TaskDraft, inward: (node: ExprNode) => ExprNode): ArtifactArgument {
  const keys = "from" in argument ? keysOf(argument.from) : undefined;
  const passed = keys?.[0] === "inputs" && keys[1] === "artifacts" ? caller.artifacts.get(keys[2] ?? "") : undefined;
  return passed ?? mapArtifact(argument, inward);
}

function outputOf(node: ExprNode, task: string, given: ReadonlyMap<string, ExprNode>): ExprNode | undefined {
  const keys = keysOf(node);
  if (keys?.[0] !== "tasks" || keys[1] !== task || keys[2] !== "outputs" || keys.length !== 5) return undefined;
  return given.get(`${keys[3]} ${keys[4]}`);
}

/** Takes out inputs of a region that nothing in it reads; a region may also call itself. */
function dropUnused(region: Region, owner: TaskDraft): void {
  const callers = [owner, ...[...region.tasks.values()].filter(({ calls }) => calls === region)];
  const read = new Set<string>();
  changeRegion(region, (value) => replaced(value, (node) => {
    const keys = keysOf(node);
    if (keys?.[0] === "inputs" && keys.length >= 3) read.add(`${keys[1]} ${keys[2]}`);
    return undefined;
  }));
  for (const name of region.parameters.keys()) {
    if (read.has(`parameters ${name}`)) continue;
    region.parameters.delete(name);
    for (const caller of callers) caller.parameters.delete(name);
  }
  for (const name of region.artifacts.keys()) {
    if (read.has(`artifacts ${name}`)) continue;
    region.artifacts.delete(name);
    for (const caller of callers) caller.artifacts.delete(name);
  }
}
