/** Checks of the finished graph that no single node can make, and the removal of groups in which nothing runs. */
import type { Dag, Task } from "./graph.ts";
import { report, type Build } from "./scope.ts";

/** Removes groups without tasks, and the edges to them. */
export function prune(dag: Dag): void {
  const gone = new Set<string>();
  for (const task of dag.tasks.values()) {
    if (task.runs.kind !== "dag") continue;
    prune(task.runs);
    if (task.runs.tasks.size > 0 || task.runs.pipeline) continue;
    gone.add(task.key);
  }
  if (gone.size === 0) return;
  for (const key of gone) dag.tasks.delete(key);
  for (const task of dag.tasks.values()) {
    for (const key of gone) task.dependsOn.delete(key);
    if (task.exit && task.dependsOn.size === 0) task.exit = false;
  }
}

/** Tasks that run a pod or a DAG, in a DAG and those inside it. */
export function countTasks(dag: Dag): number {
  return [...dag.tasks.values()].reduce((sum, { runs }) => sum + (runs.kind === "dag" ? countTasks(runs) : 0), dag.tasks.size);
}

/** Reports what the back end does not do with exit tasks (kfp-real 6). */
export function checkGraph(build: Build, dag: Dag): void {
  const { version } = build.capabilities;
  const exits = new Map<string, Task>();
  const hooks = new Map<string, Task>();
  for (const task of dag.tasks.values()) if (task.exit) exits.set(task.key, task);
  for (const task of dag.tasks.values()) {
    if (task.runs.kind === "dag") checkGraph(build, task.runs);
    if (!build.real || exits.size === 0) continue;
    for (const key of task.dependsOn) {
      if (exits.has(key)) report(build, "HMC4010", task.span, { task: task.key, exit: key, version });
      if (!task.exit) continue;
      const other = hooks.get(key);
      if (other !== undefined) report(build, "HMC4032", task.span, { tasks: [other.key, task.key], upstream: key, version });
      hooks.set(key, task);
    }
    if (task.exit && task.dependsOn.size > 1) report(build, "HMC4011", task.span, { task: task.key, upstream: [...task.dependsOn].sort(), version });
  }
}
