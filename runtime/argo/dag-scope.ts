/** What a task of a DAG sees: its inputs' template and the tasks it waits for. */
import type { Dag } from "./dag.ts";
import { templateOf } from "./dag.ts";
import { ancestorsOf } from "./dag-plan.ts";
import { ControllerError } from "./errors.ts";
import { addAggregates, addNode, addSkippedOutputs, scopeOf } from "./scope.ts";
import type { RunState } from "./state.ts";
import type { Call } from "./types.ts";
import type { Variables } from "./variables.ts";

/**
 * The variables that a task sees.
 *
 * @throws ControllerError where a task that it waits for has no node, or aggregates cannot be made
 */
export function scopeOfTask(state: RunState, dag: Dag, task: Call): Variables {
  const scope = scopeOf(state, dag.template, true);
  for (const name of ancestorsOf(dag.plan.dependencies, task.name)) {
    const node = state.nodes.get(dag.nodeName(name));
    if (!node) throw new ControllerError(`Ancestor task node ${name} not found`);
    if (node.type === "TaskGroup") {
      const items = state.nodes.members(dag.boundary).filter((member) => member.name.startsWith(`${node.name}(`));
      addAggregates(state, scope, "tasks", name, items);
      if (!state.behaviour.groupsHaveStatus) continue;
    }
    addNode(state, scope, "tasks", name, node);
    addSkippedOutputs(state, scope, "tasks", name, node, templateOf(state, dag, dag.plan.tasks.get(name) as Call));
  }
  return scope;
}
