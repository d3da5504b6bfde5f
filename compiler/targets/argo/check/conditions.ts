/** `when`: what is left of it when its tags are filled in can be read, and is true or false (reference argo.md 2.3, 4.2: r47). */
import { soleTag, type Tag } from "../../../expressions/argo/tags.ts";
import { evaluateWhen } from "../../../expressions/argo/when-evaluate.ts";
import { parseWhen } from "../../../expressions/argo/when-parser.ts";
import { WhenError } from "../../../expressions/argo/when.ts";
import { describeType, typeOf } from "./expression-types.ts";
import type { Expression } from "./expressions.ts";
import type { Text } from "./places.ts";
import type { Work } from "./work.ts";

/** Checks the condition of a task. */
export function checkConditionText(work: Work, { text, path }: Text, tags: readonly Tag[], expressions: readonly Expression[]): void {
  if (text.trim() === "") return;
  const only = soleTag(text.trim());
  const [expression] = expressions;
  if (only !== undefined) {
    const type = only.kind === "expression" && expression !== undefined ? typeOf(expression.tree) : undefined;
    if (type !== undefined && type !== "truth" && type !== "text") work.report("HMC8208", { path }, { text, type: describeType(type) });
    return;
  }
  const problem = problemOf(tags.length === 0 ? () => evaluateWhen(text) : () => parseWhen(filledIn(text, tags)));
  if (problem !== undefined) work.report("HMC8205", { path }, { text, problem: plain(problem) });
}

/** The text with a word in the place of each simple tag, and a truth value for each expression. */
function filledIn(text: string, tags: readonly Tag[]): string {
  let result = "";
  let position = 0;
  for (const { start, end, kind } of tags) {
    result += `${text.slice(position, start)}${kind === "expression" ? "true" : "word"}`;
    position = end;
  }
  return result + text.slice(position);
}

function problemOf(attempt: () => unknown): WhenError | undefined {
  try {
    attempt();
    return undefined;
  } catch (error) {
    if (error instanceof WhenError) return error;
    throw error;
  }
}

/** The message without the condition that it repeats. */
function plain({ message }: WhenError): string {
  return message.replace(/^(?:Invalid|Failed to (?:parse|evaluate)) 'when' expres{1,2}ion '.*?': /s, "").replace(/\.$/, "");
}
