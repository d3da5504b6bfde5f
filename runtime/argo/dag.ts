/** DAG templates. */
import { addRunning, type Executed, type Run } from "./execute.ts";
import { assessDag } from "./dag-phase.ts";
import { type DagPlan, planOf } from "./dag-plan.ts";
import { scopeOfTask } from "./dag-scope.ts";
import { runTasks } from "./dag-task.ts";
import { ControllerError, controllerError } from "./errors.ts";
import { runHooks } from "./hooks.ts";
import { memoize } from "./memoize.ts";
import type { Base, NodeStatus } from "./nodes.ts";
import { outboundOf } from "./outbound.ts";
import { outputsOf, publish } from "./outputs.ts";
import { addAggregates, addNode, addSkippedOutputs, scopeOf } from "./scope.ts";
import type { RunState } from "./state.ts";
import { resolveTemplate } from "./templates.ts";
import { holderOf } from "./calls.ts";
import type { Call, Template } from "./types.ts";

/** A DAG in one reconciliation. */
export interface Dag {
  /** The name of the DAG's node. */
  readonly boundary: string;
  readonly template: Template;
  readonly base: Base;
  readonly plan: DagPlan;
  readonly failFast: boolean;
  readonly onExit: boolean;
  readonly nodeName: (task: string) => string;
}

/** Runs a DAG as far as it goes. */
export function executeDag(state: RunState, run: Run): Executed {
  const node = state.nodes.get(run.name) ?? addRunning(state, run, "DAG", "Running");
  const { dag: { tasks = [], target, failFast } = {} } = run.template;
  const dag: Dag = {
    boundary: run.name,
    template: run.template,
    base: run.inner,
    plan: planOf({ tasks, ...(target !== undefined && { target }) }),
    failFast: failFast ?? true,
    onExit: run.onExit,
    nodeName: nodeNames(state, run.name),
  };
  runTasks(state, dag);
  for (const task of dag.plan.targets) {
    const error = runHooksOfTarget(state, dag, task);
    if (error) return { node: state.nodes.mark(run.name, "Error", error.message), error };
  }
  const { phase, groups } = assessDag(state, dag);
  for (const group of groups) state.nodes.mark(group.name, group.phase);
  if (phase === "Running") return { node };
  if (phase !== "Succeeded") {
    connectTargets(state, dag, node);
    return { node: state.nodes.mark(run.name, phase) };
  }
  try {
    finish(state, dag, node);
  } catch (error) {
    return { node, error: controllerError(error) };
  }
  return { node: state.nodes.mark(run.name, "Succeeded") };
}

/** The names of the nodes of tasks, each made once: looking a node up by a new text takes longer. */
function nodeNames(state: RunState, boundary: string): (task: string) => string {
  let names = state.caches.nodeNames.get(boundary);
  if (!names) state.caches.nodeNames.set(boundary, (names = new Map()));
  const known = names;
  return (task) => {
    let name = known.get(task);
    if (name === undefined) known.set(task, (name = `${boundary}.${task}`));
    return name;
  };
}

/** Runs the hooks of a target, which nothing visits again once the DAG has ended. */
function runHooksOfTarget(state: RunState, dag: Dag, name: string): ControllerError | undefined {
  const task = dag.plan.tasks.get(name) as Call;
  const node = state.nodes.get(dag.nodeName(name));
  if (!node || task.hooks === undefined) return undefined;
  try {
    const scope = scopeOfTask(state, dag, task);
    scope.set(`tasks.${name}.status`, node.phase);
    runHooks(state, task.hooks, { node, name, prefix: "tasks", boundary: dag.boundary, base: dag.base, scope });
    return undefined;
  } catch (error) {
    return controllerError(error);
  }
}

/** The end of a DAG that succeeded: its outputs, and the nodes after which its dependents come. */
function finish(state: RunState, dag: Dag, node: NodeStatus): void {
  const scope = scopeOf(state, dag.template, false);
  for (const [name, task] of dag.plan.tasks) {
    const member = state.nodes.get(dag.nodeName(name));
    if (!member) continue;
    if (member.type === "TaskGroup") {
      const items = [...member.children].map((child) => state.nodes.get(child)).filter((child) => child !== undefined);
      if (items.length < member.children.size) throw new ControllerError("critical error; unable to find a node");
      addAggregates(state, scope, "tasks", name, items);
    }
    addNode(state, scope, "tasks", name, member);
    addSkippedOutputs(state, scope, "tasks", name, member, templateOf(state, dag, task));
    publish(state, member.outputs);
  }
  const outputs = outputsOf(state, dag.template, scope);
  if (outputs) node.outputs = outputs;
  memoize(state, node);
  connectTargets(state, dag, node);
}

/** The template of a task, or undefined where it cannot be found. */
export function templateOf(state: RunState, dag: Dag, task: Call): Template | undefined {
  try {
    return resolveTemplate(state, holderOf(task, "task"), dag.base).template;
  } catch (error) {
    if (error instanceof ControllerError) return undefined;
    throw error;
  }
}

function connectTargets(state: RunState, dag: Dag, node: NodeStatus): void {
  node.outbound = dag.plan.targets.flatMap((task) => {
    const name = dag.nodeName(task);
    return state.nodes.get(name) ? outboundOf(state, name) : [];
  });
}
