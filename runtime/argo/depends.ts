/** Which tasks of a DAG wait for which, and whether one runs given what the others came to. */
import { dependsFailure, evaluateDepends } from "../../compiler/expressions/argo/depends-evaluate.ts";
import { parseDepends } from "../../compiler/expressions/argo/depends-parser.ts";
import { type Depends, DependsSyntaxError, type DependsResult } from "../../compiler/expressions/argo/depends.ts";
import { ControllerError } from "./errors.ts";
import { evaluateBooleanOf } from "./expressions.ts";
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

type Condition = { readonly tree: Depends } | { readonly failure: string } | { readonly expression: string };

const KEPT = 10_000;
const known = new Map<string, Condition>();

/**
 * Whether a task runs.
 *
 * @throws ControllerError where the condition cannot be evaluated
 */
export function dependsHold(logic: string, results: (task: string) => ReadonlySet<DependsResult>, names: readonly string[]): boolean {
  let condition = known.get(logic);
  if (!condition) {
    if (known.size >= KEPT) known.clear();
    known.set(logic, (condition = conditionOf(logic)));
  }
  if ("failure" in condition) throw new ControllerError(condition.failure);
  if ("tree" in condition) return evaluateDepends(condition.tree, results);
  return evaluateBooleanOf(condition.expression, Object.fromEntries(names.map((name) => [name.replaceAll("-", "_"), resultsAsObject(results(name))])));
}

function conditionOf(logic: string): Condition {
  const failure = dependsFailure(logic);
  if (failure !== undefined) return { failure };
  try {
    return { tree: parseDepends(logic) };
  } catch (error) {
    if (error instanceof DependsSyntaxError) return { expression: logic.replaceAll("-", "_") };
    throw error;
  }
}

function resultsAsObject(had: ReadonlySet<DependsResult>): { [result: string]: boolean } {
  const all: DependsResult[] = ["Succeeded", "Failed", "Errored", "Skipped", "Omitted", "Daemoned", "AnySucceeded", "AllFailed"];
  return Object.fromEntries(all.map((result) => [result, had.has(result)]));
}
