/** What can be said of the tasks of a DAG without running it. */
import { isLoop } from "./calls.ts";
import { ControllerError } from "./errors.ts";
import { type Dependencies, dependenciesOf } from "./depends.ts";
import type { Call } from "./types.ts";

export interface DagPlan {
  readonly tasks: ReadonlyMap<string, Call>;
  readonly dependencies: ReadonlyMap<string, Dependencies>;
  readonly hasLoops: boolean;
  /** The targets and what they wait for, each after those that it waits for. */
  readonly order: readonly Call[];
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
  const targets = target === undefined ? leaves : target.split(" ");
  const unknown = targets.find((name) => !byName.has(name));
  if (unknown !== undefined) throw new ControllerError(`target ${unknown} does not exist`);
  const order = inOrder(targets, dependencies).map((name) => byName.get(name) as Call);
  return { tasks: byName, dependencies, hasLoops: tasks.some(isLoop), order, targets };
}

/** Tasks, each after those that it waits for. */
function inOrder(targets: readonly string[], dependencies: DagPlan["dependencies"]): string[] {
  const order: string[] = [];
  const entered = new Set<string>();
  const stack: { name: string; names: readonly string[]; next: number }[] = [];
  const enter = (name: string): void => {
    if (entered.has(name) || !dependencies.has(name)) return;
    entered.add(name);
    stack.push({ name, names: dependencies.get(name)?.names ?? [], next: 0 });
  };
  for (const target of targets) {
    enter(target);
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const dependency = top.names[top.next++];
      if (dependency !== undefined) enter(dependency);
      else order.push((stack.pop() as { name: string }).name);
    }
  }
  return order;
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
