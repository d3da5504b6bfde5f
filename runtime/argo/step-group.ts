/** Groups of steps. */
import { continuesOn, exitHook, holderOf, isLoop } from "./calls.ts";
import { shouldExecute } from "./conditions.ts";
import { ControllerError, controllerError } from "./errors.ts";
import { execute } from "./execute.ts";
import { runExitHook, runHooks } from "./hooks.ts";
import { expand } from "./loops.ts";
import { completed, failedOrError, fulfilled, type NodePhase, type NodeStatus } from "./nodes.ts";
import { publish } from "./outputs.ts";
import { resolveReferences } from "./references.ts";
import { childrenFulfilled } from "./retry.ts";
import type { RunState } from "./state.ts";
import type { Steps } from "./steps.ts";
import type { Call } from "./types.ts";
import { Variables } from "./variables.ts";

type Group = Pick<NodeStatus, "name" | "phase" | "message">;

/**
 * Runs the steps of a group as far as they go.
 *
 * @returns the node of the group, as it stands
 * @throws ControllerError where the group cannot go on
 */
export function runGroup(state: RunState, group: readonly Call[], name: string, steps: Steps): Group {
  const node = state.nodes.get(name) as NodeStatus;
  if (fulfilled(node) && (!state.behaviour.waitsForChildren || childrenFulfilled(state, node, new Map()))) return node;
  let calls: Call[];
  try {
    calls = expandGroup(state, group, name, steps);
  } catch (error) {
    const failure = controllerError(error);
    return failure.postponed === "requeue" ? node : state.nodes.mark(name, "Error", failure.message);
  }
  const started = new Map<string, Call>();
  for (const call of calls) {
    const stopped = startStep(state, call, name, steps, started);
    if (stopped) return stopped;
  }
  return endGroup(state, node, started, steps);
}

/** The steps of a group with references replaced, each loop as the calls it stands for. */
function expandGroup(state: RunState, group: readonly Call[], name: string, steps: Steps): Call[] {
  const { scope } = steps;
  let resolved: Call[];
  try {
    resolved = group.map((step) => resolveReferences(state, step, scope, `${name}.${step.name}`, "steps"));
  } catch (error) {
    const failure = controllerError(error);
    throw failure.postponed ? failure : new ControllerError(`failed to resolve references: ${failure.message}`);
  }
  const variables = new Variables(scope, state.globals);
  return resolved.flatMap((step) => {
    const calls = expand(state, step, variables);
    const child = `${name}.${step.name}`;
    if (isLoop(step) && calls.length === 0 && !state.nodes.get(child)) addSkipped(state, step, child, name, steps, "Skipped", "Skipped, empty params");
    return calls;
  });
}

function addSkipped(state: RunState, call: Call, child: string, name: string, { run }: Steps, phase: NodePhase, message: string): void {
  state.nodes.add({ name: child, type: "Skipped", phase, holder: holderOf(call, "step"), base: run.inner, boundary: run.name, message });
  state.nodes.addChild(name, child);
}

/** Starts a step. The group, where it stops with this step. */
function startStep(state: RunState, call: Call, name: string, steps: Steps, started: Map<string, Call>): Group | undefined {
  const { run } = steps;
  const child = `${name}.${call.name}`;
  try {
    if (!shouldExecute(call.when)) {
      if (!state.nodes.get(child)) addSkipped(state, call, child, name, steps, "Skipped", `when '${call.when ?? ""}' evaluated false`);
      return undefined;
    }
  } catch (error) {
    const { message } = controllerError(error);
    addSkipped(state, call, child, name, steps, "Error", message);
    return state.nodes.mark(name, "Error", message);
  }
  const { node, error } = execute(state, child, holderOf(call, "step"), run.inner, call.arguments, { boundary: run.name, onExit: run.onExit });
  if (error?.postponed === "timeout") return state.nodes.mark(name, "Failed", error.message);
  if (error && error.postponed === undefined) {
    state.nodes.addChild(name, child);
    return state.nodes.mark(name, "Error", `step group deemed errored due to child ${child} error: ${error.message}`);
  }
  if (node) {
    started.set(child, call);
    state.nodes.addChild(name, child);
  }
  return undefined;
}

/** Runs the hooks of the steps, and marks the group as done when all its steps are. */
function endGroup(state: RunState, node: NodeStatus, started: ReadonlyMap<string, Call>, steps: Steps): Group {
  let done = true;
  for (const name of node.children) {
    const child = state.nodes.get(name);
    if (!child) throw new ControllerError(`was unable to obtain childNode for ${state.nodes.idOf(name)}`);
    const step = started.get(name);
    steps.scope.set(`steps.${child.displayName}.status`, child.phase);
    const { run } = steps;
    const on = { node: child, name: step?.name ?? "", prefix: "steps", boundary: run.name, base: run.inner, scope: steps.scope } as const;
    const before = { name: node.name, phase: node.phase, message: node.message };
    try {
      if (!runHooks(state, step?.hooks, on)) return node;
    } catch (error) {
      state.nodes.mark(node.name, "Error", controllerError(error).message);
      return before;
    }
    if (!fulfilled(child)) done = false;
    else if (completed(child)) {
      const executed = runExitHook(state, exitHook(step ?? {}, state.spec.arguments), on);
      if (executed?.error) throw executed.error;
      if (executed && !(executed.node && fulfilled(executed.node))) done = false;
    }
  }
  if (!done) return fulfilled(node) ? state.nodes.mark(node.name, "Running") : node;
  publish(state, node.outputs);
  for (const name of node.children) {
    const child = state.nodes.get(name) as NodeStatus;
    if (failedOrError(child) && !continuesOn(started.get(name) ?? {}, child.phase)) {
      return state.nodes.mark(node.name, "Failed", `child '${state.nodes.idOf(name)}' failed`);
    }
  }
  return state.nodes.mark(node.name, "Succeeded");
}
