/** What `depends` comes to when its tasks are done, and where the controller fails to run it. */
import { dependsResults, type Depends, type DependsResult } from "./depends.ts";
import { ExprSyntaxError } from "./expr.ts";
import { exprErrorText } from "./expr-error-text.ts";
import { parseExpr } from "./expr-parser.lazy.ts";

/** The results by which a bare name holds. */
const bareResults: readonly DependsResult[] = ["Succeeded", "Skipped", "Daemoned"];

/**
 * Whether a `depends` holds. A result that there is not never holds.
 *
 * @param results what each task has come to; a loop can have several results
 */
export function evaluateDepends(tree: Depends, results: (task: string) => ReadonlySet<DependsResult>): boolean {
  switch (tree.kind) {
    case "task": {
      const had: ReadonlySet<string> = results(tree.task);
      return tree.result === undefined ? bareResults.some((result) => had.has(result)) : had.has(tree.result);
    }
    case "not":
      return !evaluateDepends(tree.operand, results);
    case "and":
      return evaluateDepends(tree.left, results) && evaluateDepends(tree.right, results);
    case "or":
      return evaluateDepends(tree.left, results) || evaluateDepends(tree.right, results);
  }
}

/** The text that the controller gives to expr-lang for a `depends`. */
export function dependsLogic(text: string): string {
  const bare = /([a-zA-Z0-9][-a-zA-Z0-9]*?\.[A-Z][a-zA-Z]+)|([a-zA-Z0-9][-a-zA-Z0-9]*)/g;
  const expanded = text.replace(bare, (whole, _withResult: string | undefined, name: string | undefined) => (name === undefined ? whole : `(${bareResults.map((result) => `${name}.${result}`).join(" || ")})`));
  return expanded.replaceAll("-", "_");
}

/**
 * The message with which the controller fails on a `depends` that lint lets pass: a task that is called like a word
 * of expr-lang or begins with a digit (reference argo.md 2.0, rule 1), or a result that there is not.
 */
export function dependsFailure(text: string): string | undefined {
  const logic = dependsLogic(text);
  try {
    parseExpr(logic);
  } catch (error) {
    if (!(error instanceof ExprSyntaxError)) throw error;
    return `unable to evaluate expression '${logic}': ${exprErrorText(logic, error)}`;
  }
  const results: readonly string[] = dependsResults;
  const unknown = [...logic.matchAll(/\w+\.(\w+)/g)].find(([, result]) => !results.includes(result ?? ""));
  if (unknown === undefined) return undefined;
  const offset = unknown.index + unknown[0].length - (unknown[1] ?? "").length;
  return `unable to evaluate expression '${logic}': ${exprErrorText(logic, { message: `type controller.TaskResults has no field ${unknown[1] ?? ""}`, offset })}`;
}
