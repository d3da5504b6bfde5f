/** What the DAG of a task is: a group that control flow made, or a pipeline that is called. */
import { componentOf, executorOf, type Raising, type TaskPlace } from "./raising.ts";
import type { ComponentSpec } from "./spec.ts";

export type TaskRole =
  | { kind: "container" }
  | { kind: "importer" }
  /** A pipeline that is called. */
  | { kind: "call" }
  | { kind: "loop" }
  /** A lone condition. */
  | { kind: "condition" }
  /** Conditions of which at most one holds, in the order of their arms. */
  | { kind: "branches"; arms: string[] }
  /** The body of a `try`; `exit` runs when it has ended. */
  | { kind: "body"; exit: string | undefined };

/** The role of each task of a DAG. */
export function rolesOf(raising: Raising, places: ReadonlyMap<string, TaskPlace>): Map<string, TaskRole> {
  const roles = new Map<string, TaskRole>();
  for (const place of places.values()) roles.set(place.key, roleOf(raising, place, places));
  return roles;
}

function roleOf(raising: Raising, place: TaskPlace, siblings: ReadonlyMap<string, TaskPlace>): TaskRole {
  const { spec, component } = place;
  if (component.dag === undefined) return executorOf(raising, component.executorLabel ?? "")?.importer === undefined ? { kind: "container" } : { kind: "importer" };
  if (spec.parameterIterator !== undefined || spec.artifactIterator !== undefined) return { kind: "loop" };
  if (spec.triggerPolicy?.condition !== undefined && spec.cachingOptions === undefined) return { kind: "condition" };
  // The SDK gives caching options to pipelines that are called, and to no group (kfp-lowering 26).
  if (spec.cachingOptions !== undefined || spec.triggerPolicy !== undefined || spec.retryPolicy !== undefined) return { kind: "call" };
  const exit = exitTaskOf(place.key, siblings);
  if (exit !== undefined || /^exit-handler-\d+$/.test(place.key)) return { kind: "body", exit };
  const arms = armsOf(raising, component);
  return arms === undefined ? { kind: "call" } : { kind: "branches", arms };
}

/** The task that runs when the group has ended, and waits for nothing else. */
function exitTaskOf(key: string, siblings: ReadonlyMap<string, TaskPlace>): string | undefined {
  for (const { key: other, spec } of siblings.values()) {
    if (spec.triggerPolicy?.strategy === "ALL_UPSTREAM_TASKS_COMPLETED" && spec.dependentTasks?.length === 1 && spec.dependentTasks[0] === key) return other;
  }
  return undefined;
}

/** The tasks of a DAG in which every task is a condition, in the order in which the SDK numbered them; undefined where it is something else. */
function armsOf(raising: Raising, component: ComponentSpec): string[] | undefined {
  const tasks = Object.entries(component.dag?.tasks ?? {});
  const isArm = ([, spec]: (typeof tasks)[number]): boolean =>
    spec.triggerPolicy?.condition !== undefined && spec.triggerPolicy.strategy === undefined && spec.cachingOptions === undefined && spec.parameterIterator === undefined && spec.artifactIterator === undefined && componentOf(raising, spec.componentRef?.name ?? "")?.dag !== undefined;
  if (tasks.length === 0 || !tasks.every(isArm)) return undefined;
  return tasks.map(([key]) => key).sort((a, b) => (groupNumber(a) ?? 0) - (groupNumber(b) ?? 0));
}

/** The number that the SDK gave to a group, from its key. */
export function groupNumber(key: string): number | undefined {
  const number = /^(?:condition|condition-branches|for-loop|exit-handler)-(\d+)$/.exec(key)?.[1];
  return number === undefined ? undefined : Number(number);
}
