/** What can be said of the tasks of a DAG without running it. */
import { type Dependencies, dependenciesOf } from "./depends.ts";
import type { Call } from "./types.ts";

export interface DagPlan {
  readonly tasks: ReadonlyMap<string, Call>;
  readonly dependencies: ReadonlyMap<string, Dependencies>;
  /** The tasks whose end is the end of the DAG: those that no other one waits for, unless `target` names them. */
  readonly targets: readonly string[];
}

const plans = new WeakMap<readonly Call[], DagPlan>();

/** The plan of a DAG, worked out once for the same list of tasks. */
export function planOf({ tasks, target }: { tasks: readonly Call[]; target?: string }): DagPlan {
  let plan = plans.get(tasks);
  if (!plan) plans.set(tasks, (plan = makePlan(tasks, target)));
  return plan;
}

function makePlan(tasks: readonly Call[], target: string | undefined): DagPlan {
  const byName = new Map(tasks.map((task) => [task.name, task]));
  const dependencies = new Map(tasks.map((task) => [task.name, dependenciesOf(task, byName)]));
  const needed = new Set([...dependencies.values()].flatMap(({ names }) => names));
  const leaves = [...byName.keys()].filter((name) => !needed.has(name)).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return { tasks: byName, dependencies, targets: target === undefined ? leaves : target.split(" ") };
}

/** The tasks that a task waits for, directly or not. */
export function ancestorsOf(dependencies: DagPlan["dependencies"], task: string): ReadonlySet<string> {
  const seen = new Set<string>([task]);
  const open = [task];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const name of dependencies.get(next)?.names ?? []) {
      if (seen.has(name)) continue;
      seen.add(name);
      open.push(name);
    }
  }
  seen.delete(task);
  return seen;
}
