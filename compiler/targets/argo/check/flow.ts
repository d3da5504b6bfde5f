/** The order of a template's tasks: who waits for whom, and who has surely succeeded when a task starts. */
import { parseDepends } from "../../../expressions/argo/depends-parser.ts";
import { dependencyNames, DependsSyntaxError, type Depends, type DependsResult } from "../../../expressions/argo/depends.ts";
import { evaluateDepends } from "../../../expressions/argo/depends-evaluate.ts";
import { filled, itemsOf, textOf } from "./json.ts";
import type { Task, Template } from "./model.ts";

export interface Flow {
  /** The tree of a task's `depends`, or of what its `dependencies` mean; undefined without either, or where it cannot be read. */
  depends(task: Task): Depends | undefined;
  /** What a task waits for, directly or through others: what it may read. */
  ancestors(name: string): ReadonlySet<string>;
  /** Those ancestors that have succeeded whenever the task starts. */
  succeeded(name: string): ReadonlySet<string>;
  /** Whether a task may end without outputs in a run in which nothing fails. */
  maySkip(name: string): boolean;
}

/** Whether a task has a condition that is not simply true. */
export function isConditional(task: Task): boolean {
  const when = filled(task.fields["when"]);
  return when !== undefined && when.trim() !== "true";
}

/** The tree of a `depends`, or the error that it cannot be read with. */
export function readDepends(text: string): Depends | DependsSyntaxError {
  try {
    return parseDepends(text);
  } catch (error) {
    if (error instanceof DependsSyntaxError) return error;
    throw error;
  }
}

export function flowOf(template: Template): Flow {
  const tasks = new Map(template.tasks.map((task) => [task.name, task]));
  return template.kind === "steps" ? flowOfSteps(template, tasks) : flowOfDag(tasks);
}

function flowOfSteps({ tasks: steps }: Template, tasks: ReadonlyMap<string, Task>): Flow {
  const earlier = (name: string): Task[] => {
    const group = tasks.get(name)?.group ?? 0;
    return steps.filter((step) => step.group < group);
  };
  const maySkip = (name: string): boolean => {
    const step = tasks.get(name);
    return step !== undefined && isConditional(step);
  };
  return {
    depends: () => undefined,
    ancestors: (name) => new Set(earlier(name).map((step) => step.name)),
    succeeded: (name) => new Set(earlier(name).filter((step) => !maySkip(step.name) && step.fields["continueOn"] === undefined).map((step) => step.name)),
    maySkip,
  };
}

function flowOfDag(tasks: ReadonlyMap<string, Task>): Flow {
  const trees = new Map<string, Depends | undefined>();
  const depends = (task: Task): Depends | undefined => {
    if (!trees.has(task.name)) trees.set(task.name, treeOf(task));
    return trees.get(task.name);
  };
  const treeOfName = (name: string): Depends | undefined => {
    const task = tasks.get(name);
    return task === undefined ? undefined : depends(task);
  };

  const ancestors = remembered<ReadonlySet<string>>(new Set(), (name, again) => {
    const tree = treeOfName(name);
    const all = new Set<string>();
    for (const dependency of tree === undefined ? [] : dependencyNames(tree)) {
      all.add(dependency);
      for (const further of again(dependency)) all.add(further);
    }
    all.delete(name);
    return all;
  });

  const maySkip = remembered(false, (name, again) => {
    const task = tasks.get(name);
    if (task === undefined) return false;
    if (isConditional(task)) return true;
    const tree = depends(task);
    return tree !== undefined && !evaluateDepends(tree, (dependency) => resultsOf(dependency, again(dependency)));
  });

  /** What a task comes to in a run in which nothing fails. */
  function resultsOf(name: string, isSkipped: boolean): ReadonlySet<DependsResult> {
    if (!isSkipped) return new Set(["Succeeded", "AnySucceeded", "Daemoned"]);
    const task = tasks.get(name);
    return new Set([task !== undefined && isConditional(task) ? "Skipped" : "Omitted"]);
  }

  const succeeded = remembered<ReadonlySet<string>>(new Set(), (name, again) => {
    const tree = treeOfName(name);
    return tree === undefined ? new Set() : surely(tree, again);
  });

  /** The tasks that have succeeded wherever a condition holds. */
  function surely(tree: Depends, again: (name: string) => ReadonlySet<string>): ReadonlySet<string> {
    switch (tree.kind) {
      case "and":
        return new Set([...surely(tree.left, again), ...surely(tree.right, again)]);
      case "or": {
        const right = surely(tree.right, again);
        return new Set([...surely(tree.left, again)].filter((name) => right.has(name)));
      }
      case "not":
        return new Set();
      case "task": {
        if (tree.result === "Omitted") return new Set();
        const isSure = tree.result === "Succeeded" || tree.result === "AnySucceeded" || tree.result === "Daemoned" || (tree.result === undefined && !maySkip(tree.task));
        return new Set([...again(tree.task), ...(isSure ? [tree.task] : [])]);
      }
    }
  }

  return { depends, ancestors, succeeded, maySkip };
}

/** The condition that `depends` or `dependencies` mean. */
function treeOf(task: Task): Depends | undefined {
  const text = filled(task.fields["depends"]);
  if (text !== undefined) {
    const tree = readDepends(text);
    return tree instanceof DependsSyntaxError ? undefined : tree;
  }
  return itemsOf(task.fields["dependencies"])
    .flatMap((name) => textOf(name) ?? [])
    .map((name): Depends => ({ kind: "task", task: name, start: 0, end: 0 }))
    .reduce<Depends | undefined>((left, right) => (left === undefined ? right : { kind: "and", left, right, start: 0, end: 0 }), undefined);
}

/** A function of names that is computed once a name; a name that is asked for while it is computed gives what is given here. */
function remembered<Result>(meanwhile: Result, compute: (name: string, again: (name: string) => Result) => Result): (name: string) => Result {
  const known = new Map<string, Result>();
  const ask = (name: string): Result => {
    if (known.has(name)) return known.get(name) as Result;
    known.set(name, meanwhile);
    const result = compute(name, ask);
    known.set(name, result);
    return result;
  };
  return ask;
}
