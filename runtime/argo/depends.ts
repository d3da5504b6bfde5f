/** Which tasks of a DAG wait for which, and whether one runs given what the others came to. */
import { dependsFailure } from "../../compiler/expressions/argo/depends-evaluate.ts";
import { type DependsResult, dependsResults } from "../../compiler/expressions/argo/depends.ts";
import { ControllerError } from "./errors.ts";
import { evaluateBooleanIn } from "./expressions.ts";
import type { Call } from "./types.ts";

/** What a task waits for. */
export interface Dependencies {
  readonly names: readonly string[];
  /** The condition, with results for bare names; empty where the task waits for nothing. */
  readonly logic: string;
}

const NAME = /([a-zA-Z0-9][-a-zA-Z0-9]*?\.[A-Z][a-zA-Z]+)|([a-zA-Z0-9][-a-zA-Z0-9]*)/g;

/** What a task waits for, by `depends` or `dependencies`. */
export function dependenciesOf({ depends, dependencies = [] }: Call, byName: ReadonlyMap<string, Call>): Dependencies {
  const text = depends ?? dependencies.map((name) => bare(name, byName.get(name))).join(" && ");
  const names = new Set<string>();
  const logic = text.replace(NAME, (whole, result: string | undefined) => {
    const name = result === undefined ? whole : (result.split(".")[0] as string);
    names.add(name);
    return result === undefined ? bare(whole, byName.get(whole)) : whole;
  });
  return { names: [...names], logic };
}

/** The results by which a bare name holds: also failures, where the task goes on after them. */
function bare(name: string, task: Call | undefined): string {
  const results = ["Succeeded", "Skipped", "Daemoned"];
  if (task?.continueOn?.error) results.push("Errored");
  if (task?.continueOn?.failed) results.push("Failed");
  return `(${results.map((result) => `${name}.${result}`).join(" || ")})`;
}

const KEPT = 10_000;
const failures = new Map<string, string | undefined>();

/**
 * Whether a task runs.
 *
 * @param results what each task that it waits for has come to
 * @throws ControllerError where the condition cannot be evaluated
 */
export function dependsHold(logic: string, results: ReadonlyMap<string, ReadonlySet<DependsResult>>): boolean {
  if (!failures.has(logic)) {
    if (failures.size >= KEPT) failures.clear();
    failures.set(logic, dependsFailure(logic));
  }
  const failure = failures.get(logic);
  if (failure !== undefined) throw new ControllerError(failure);
  const environment: { [task: string]: { [result: string]: boolean } } = {};
  for (const [task, had] of results) environment[task.replaceAll("-", "_")] = Object.fromEntries(dependsResults.map((result) => [result, had.has(result)]));
  return evaluateBooleanIn(logic.replaceAll("-", "_"), environment);
}
