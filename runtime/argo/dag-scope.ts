/** What a task of a DAG sees: its inputs' template and the tasks it waits for. */
import type { Dag } from "./dag.ts";
import { templateOf } from "./dag.ts";
import { ancestorsOf } from "./dag-plan.ts";
import { ControllerError } from "./errors.ts";
import { addAggregates, addNode, addSkippedOutputs, scopeOf } from "./scope.ts";
import type { RunState } from "./state.ts";
import type { Call } from "./types.ts";
import { Variables } from "./variables.ts";

/**
 * The variables that a task sees. Those of the tasks before it are made when they are read, but for loops, whose outputs may be
 * wrong.
 *
 * @throws ControllerError where a task that it waits for has no node, or outputs of a loop cannot be put together
 */
export function scopeOfTask(state: RunState, dag: Dag, task: Call): Variables {
  const scope = scopeOf(state, dag.template, true);
  let known: ReadonlySet<string> | undefined;
  const ancestors = (): ReadonlySet<string> => (known ??= ancestorsOf(dag.plan.dependencies, task.name));
  const made = new Map<string, Variables>();
  const of = (name: string): Variables | undefined => {
    if (!dag.plan.dependencies.get(task.name)?.names.includes(name) && !ancestors().has(name)) return undefined;
    let variables = made.get(name);
    if (!variables) made.set(name, (variables = variablesOf(state, dag, name)));
    return variables;
  };
  for (const name of dag.plan.hasLoops ? ancestors() : []) if (state.nodes.get(dag.nodeName(name))?.type === "TaskGroup") of(name);
  scope.setMembers({ prefix: "tasks", names: () => [...ancestors()], of });
  return scope;
}

function variablesOf(state: RunState, dag: Dag, name: string): Variables {
  const variables = new Variables();
  const node = state.nodes.get(dag.nodeName(name));
  if (!node) throw new ControllerError(`Ancestor task node ${name} not found`);
  if (node.type === "TaskGroup") {
    const items = state.nodes.members(dag.boundary).filter((member) => member.name.startsWith(`${node.name}(`));
    addAggregates(state, variables, "tasks", name, items);
    if (!state.behaviour.groupsHaveStatus) return variables;
  }
  addNode(state, variables, "tasks", name, node);
  addSkippedOutputs(state, variables, "tasks", name, node, templateOf(state, dag, dag.plan.tasks.get(name) as Call));
  return variables;
}
