/**
 * `depends` of a DAG task: a tree and its text. The controller replaces each bare name by
 * `(name.Succeeded || name.Skipped || name.Daemoned)`, each `-` by `_`, and runs the text as expr-lang.
 */

/** What a dependency can have come to. `AnySucceeded` and `AllFailed` only tell of loops. */
export const dependsResults = ["Succeeded", "Failed", "Errored", "Skipped", "Omitted", "Daemoned", "AnySucceeded", "AllFailed"] as const;

export type DependsResult = (typeof dependsResults)[number];

export interface DependsSpan {
  start: number;
  end: number;
}

/** A `result` that is none of `dependsResults` is read, too: who checks can say where it stands. */
export type Depends = DependsSpan &
  ({ kind: "task"; task: string; result?: string } | { kind: "not"; operand: Depends } | { kind: "and" | "or"; left: Depends; right: Depends });

/** A `depends` that cannot be read. */
export class DependsSyntaxError extends Error {
  override name = "DependsSyntaxError";
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

const strength = { or: 1, and: 2, not: 3, task: 4 } as const;

/** The text of a tree, with the fewest parentheses. Reading the text gives the same tree. */
export function printDepends(tree: Depends): string {
  return print(tree, strength.or);
}

function print(tree: Depends, place: number): string {
  const own = strength[tree.kind];
  const text = printBare(tree, own);
  return own < place ? `(${text})` : text;
}

function printBare(tree: Depends, own: number): string {
  switch (tree.kind) {
    case "task":
      return tree.result === undefined ? tree.task : `${tree.task}.${tree.result}`;
    case "not":
      return `!${print(tree.operand, own)}`;
    case "and":
    case "or":
      return `${print(tree.left, own)} ${tree.kind === "and" ? "&&" : "||"} ${print(tree.right, own + 1)}`;
  }
}

/** The leaves of a tree: what it says of which task, in the order of the text. */
export function dependsLeaves(tree: Depends): (Depends & { kind: "task" })[] {
  switch (tree.kind) {
    case "task":
      return [tree];
    case "not":
      return dependsLeaves(tree.operand);
    case "and":
    case "or":
      return [...dependsLeaves(tree.left), ...dependsLeaves(tree.right)];
  }
}

/** The tasks that a tree names, each once, in the order of the text. */
export function dependencyNames(tree: Depends): string[] {
  return [...new Set(dependsLeaves(tree).map(({ task }) => task))];
}
