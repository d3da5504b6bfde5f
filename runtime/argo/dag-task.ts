/** Tasks of a DAG: each starts as soon as those that it waits for are done. */
import type { DependsResult } from "../../compiler/expressions/argo/depends.ts";
import { processArguments } from "./arguments.ts";
import { exitHook, holderOf, isLoop } from "./calls.ts";
import { shouldExecute } from "./conditions.ts";
import type { Dag } from "./dag.ts";
import { scopeOfTask } from "./dag-scope.ts";
import { dependsHold, type Dependencies } from "./depends.ts";
import { controllerError } from "./errors.ts";
import { execute } from "./execute.ts";
import { hooksFulfilled, runExitHook, runHooks } from "./hooks.ts";
import { expand } from "./loops.ts";
import { completed, failedOrError, fulfilled, type NodePhase, type NodeStatus } from "./nodes.ts";
import { outboundOf } from "./outbound.ts";
import { resolveReferences } from "./references.ts";
import type { RunState } from "./state.ts";
import { made, resolveTemplate } from "./templates.ts";
import type { Call } from "./types.ts";
import { Variables } from "./variables.ts";

const NONE: Dependencies = { names: [], logic: "" };

/**
 * Runs the tasks that the targets of a DAG wait for, and these, as far as they go: each after those that it waits for.
 */
export function runTasks(state: RunState, dag: Dag): void {
  const open = state.caches.open.get(dag.boundary) ?? dag.plan.order;
  const left = open.filter((task) => {
    const name = dag.nodeName(task.name);
    if (!settle(state, dag, task) && isReady(state, dag, task)) start(state, dag, task);
    return !state.caches.settled.has(name);
  });
  state.caches.open.set(dag.boundary, left);
}

/** Whether the tasks that a task waits for have ended. */
function isReady(state: RunState, dag: Dag, task: Call): boolean {
  for (const name of dag.plan.dependencies.get(task.name)?.names ?? []) {
    const node = state.nodes.get(dag.nodeName(name));
    if (!node || !fulfilled(node)) return false;
  }
  return true;
}

/** Runs the hooks of a task that has a node. Whether that is all there is to do for now. */
function settle(state: RunState, dag: Dag, task: Call): boolean {
  const node = state.nodes.get(dag.nodeName(task.name));
  if (!node) return false;
  const isDone = fulfilled(node);
  const hasHooks = task.hooks !== undefined || task.onExit !== undefined;
  if (hasHooks && (isDone || node.phase === "Running")) {
    try {
      if (!runHooks(state, task.hooks, hookedTask(state, dag, task, node))) return true;
    } catch (error) {
      state.nodes.mark(node.name, "Error", controllerError(error).message);
      return true;
    }
  }
  if (!isDone) return false;
  try {
    const { template } = resolveTemplate(state, holderOf(task, "task"), dag.base);
    const { synchronization } = processArguments(state, template, task.arguments, {}, true);
    if (state.locks.release(synchronization, node.name)) state.nodes.changes++;
  } catch (error) {
    state.nodes.mark(node.name, "Error", controllerError(error).message);
  }
  if (!hasHooks) state.caches.settled.add(node.name);
  else if (completed(node)) runExitHook(state, exitHook(task, state.spec.arguments), hookedTask(state, dag, task, node));
  return true;
}

function hookedTask(state: RunState, dag: Dag, task: Call, node: NodeStatus): Parameters<typeof runHooks>[2] {
  const scope = scopeOfTask(state, dag, task);
  scope.set(`tasks.${task.name}.status`, node.phase);
  return { node, name: task.name, prefix: "tasks", boundary: dag.boundary, base: dag.base, scope };
}

/** Starts a task that is not done, if those that it waits for are. */
function start(state: RunState, dag: Dag, task: Call): void {
  const name = dag.nodeName(task.name);
  const existing = state.nodes.get(name);
  const dependencies = dag.plan.dependencies.get(task.name) ?? NONE;
  const group = existing?.type === "TaskGroup" ? existing : undefined;
  const end = (phase: NodePhase, message: string): void => {
    state.nodes.add({ name, type: "Skipped", phase, holder: holderOf(task, "task"), base: dag.base, boundary: dag.boundary, message });
    connect(state, dag, name, dependencies, group);
  };
  let calls: Call[];
  try {
    if (dependencies.logic !== "") {
      const held = existing ? true : dependenciesHold(state, dag, dependencies);
      if (held === undefined) return;
      if (!held) return end("Omitted", "omitted: depends condition not met");
    }
    calls = made(state, state.caches.calls, name, [task], () => {
      const scope = scopeOfTask(state, dag, task);
      const resolved = resolveReferences(state, task, scope, name, "tasks");
      return expand(state, resolved, new Variables(scope, state.globals));
    });
  } catch (error) {
    const failure = controllerError(error);
    return failure.postponed === "requeue" ? undefined : end("Error", failure.message);
  }
  if (isLoop(task) && calls.length === 0) return end("Skipped", "Skipped, empty params");
  const groupNode = isLoop(task) ? (group ?? addGroup(state, dag, task, dependencies)) : undefined;
  for (const call of calls) if (!startCall(state, dag, task, call, dependencies, groupNode)) return;
  if (groupNode) endGroup(state, dag, groupNode, calls);
}

/** Whether the condition of a task holds; undefined where those that it waits for are not done. */
function dependenciesHold(state: RunState, dag: Dag, { names, logic }: Dependencies): boolean | undefined {
  const nodes: NodeStatus[] = [];
  for (const name of names) {
    const node = state.nodes.get(dag.nodeName(name));
    if (!node || !fulfilled(node) || !hooksFulfilled(state, node)) return undefined;
    nodes.push(node);
  }
  return dependsHold(logic, new Map(nodes.map((node, index) => [names[index] as string, resultsOf(state, node)])));
}

const RESULT: { [phase: string]: DependsResult } = { Succeeded: "Succeeded", Failed: "Failed", Error: "Errored", Skipped: "Skipped", Omitted: "Omitted" };

function resultsOf(state: RunState, node: NodeStatus): Set<DependsResult> {
  const results = new Set<DependsResult>();
  const result = RESULT[node.phase];
  if (result) results.add(result);
  if (node.type !== "TaskGroup") return results;
  const phases = [...node.children].map((child) => state.nodes.get(child)?.phase);
  if (phases.includes("Succeeded")) results.add("AnySucceeded");
  if (phases.length > 0 && phases.every((phase) => phase === "Failed")) results.add("AllFailed");
  return results;
}

function addGroup(state: RunState, dag: Dag, task: Call, dependencies: Dependencies): NodeStatus {
  const name = dag.nodeName(task.name);
  connect(state, dag, name, dependencies, undefined);
  return state.nodes.add({ name, type: "TaskGroup", phase: "Running", holder: holderOf(task, "task"), base: dag.base, boundary: dag.boundary });
}

/** Makes a node one of those after the nodes it waits for, or of its group, or of the DAG. */
function connect(state: RunState, dag: Dag, name: string, { names }: Dependencies, group: NodeStatus | undefined): void {
  if (group) return state.nodes.addChild(group.name, name);
  if (names.length === 0) return state.nodes.addChild(dag.boundary, name);
  for (const dependency of names) for (const before of outboundOf(state, dag.nodeName(dependency))) state.nodes.addChild(before, name);
}

/** Starts a task or one item of a loop. Whether the next one may start. */
function startCall(state: RunState, dag: Dag, task: Call, call: Call, dependencies: Dependencies, group: NodeStatus | undefined): boolean {
  const name = dag.nodeName(call.name);
  if (!state.nodes.get(name)) {
    connect(state, dag, name, dependencies, group);
    const end = (phase: NodePhase, message: string): true => {
      state.nodes.add({ name, type: "Skipped", phase, holder: holderOf(task, "task"), base: dag.base, boundary: dag.boundary, message });
      return true;
    };
    try {
      if (!shouldExecute(call.when)) return end("Skipped", `when '${call.when ?? ""}' evaluated false`);
    } catch (error) {
      return end("Error", controllerError(error).message);
    }
  }
  const { node, error } = execute(state, name, holderOf(call, "task"), dag.base, call.arguments, { boundary: dag.boundary, onExit: dag.onExit });
  if (error?.postponed === "timeout") state.nodes.mark(name, "Failed", error.message);
  else if (error && error.postponed === undefined) state.nodes.mark(name, "Error", `task '${name}' errored: ${error.message}`);
  if (error && error.postponed !== "parallelism" && error.postponed !== "depth") return false;
  if (!node) return false;
  if (!completed(node) || (task.hooks === undefined && task.onExit === undefined)) return true;
  const executed = runExitHook(state, exitHook(task, state.spec.arguments), hookedTask(state, dag, task, node));
  return !executed || (executed.error === undefined && executed.node !== undefined && fulfilled(executed.node));
}

/** Marks a loop as done when all its items are. */
function endGroup(state: RunState, dag: Dag, group: NodeStatus, calls: readonly Call[]): void {
  let phase: NodePhase = "Succeeded";
  for (const call of calls) {
    const node = state.nodes.get(dag.nodeName(call.name));
    if (!node || !fulfilled(node)) return;
    if (failedOrError(node)) phase = node.phase;
  }
  state.nodes.mark(group.name, phase);
}

