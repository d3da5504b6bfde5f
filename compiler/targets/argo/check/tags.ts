/** Simple tags: each stands for something where it stands (reference argo.md 4.1: r18–r20, r48, r71–r73). */
import { parseTags, tagName, TagSyntaxError, type Tag } from "../../../expressions/argo/tags.ts";
import { fieldsOf, isGiven } from "./json.ts";
import type { Named } from "./model.ts";
import { problemOf, type Problem } from "./names-in-scope.ts";
import type { Text } from "./places.ts";
import type { Place, Work } from "./work.ts";

/** The tags of a text; reports a tag that has no end. */
export function tagsOf(work: Work, { text, path }: Text): Tag[] {
  try {
    return parseTags(text).filter((part) => typeof part !== "string");
  } catch (error) {
    if (!(error instanceof TagSyntaxError)) throw error;
    const end = Math.min(text.length, error.offset + 30);
    work.report("HMC8117", { path, within: { start: error.offset, end } }, { text: text.slice(error.offset, end) });
    return [];
  }
}

/** Checks what a simple tag reads. */
export function checkTag(work: Work, text: Text, tag: Tag): void {
  const name = tagName(tag);
  if (!isName(name)) return;
  const parts = partsOf(name);
  const problem = problemOf(parts, text.scope, work.library, false);
  if (problem === undefined) return;
  const place: Place = { path: text.path, within: { start: tag.start, end: tag.end } };
  if (problem.kind === "unresolved") work.report("HMC8108", place, { tag: name, reason: problem.reason, suggestion: problem.suggestion === undefined ? undefined : `{{${problem.suggestion}}}` });
  else if (problem.kind === "unknown") work.report("HMC8116", place, { tag: name, suggestion: problem.suggestion === undefined ? undefined : `{{${[problem.suggestion, ...parts.slice(1)].join(".")}}}` });
  else reportShared(work, text, place, name, problem);
}

/** A name of letters, digits and signs, or what begins as one of Argo's; everything else in braces belongs to another language. */
function isName(text: string): boolean {
  return /^[A-Za-z_][-\w./[\]]*$/.test(text) || /^(?:item|steps|inputs|outputs|pod|workflow|tasks)\./.test(text);
}

/** `tasks.a.outputs.parameters.x`, and `item.[0]` of items that are lists. */
export function partsOf(name: string): string[] {
  return name.split(".");
}

/** The output that a text of a template belongs to. */
export function declarationAt({ path, scope }: Text): Named | undefined {
  const at = path.lastIndexOf("outputs");
  const [what, index] = [path[at + 1], path[at + 2]];
  if (at < 0 || (what !== "parameters" && what !== "artifacts") || typeof index !== "number") return undefined;
  return scope.template?.outputs[what][index];
}

/** Where a task beside the reader stands, for a remark. */
function placesOf({ scope }: Text, task: string, message: string): { message: string; place: Place }[] {
  const path = scope.siblings?.byName.get(task)?.path;
  return path === undefined ? [] : [{ message, place: { path: [...path, "name"] } }];
}

/** What is said of a name in the same way where a tag and where an expression reads it. */
export function reportShared(work: Work, text: Text, place: Place, name: string, problem: Exclude<Problem, { kind: "unresolved" | "unknown" }>): void {
  switch (problem.kind) {
    case "unordered":
      return work.report("HMC8109", place, { task: problem.task, reader: problem.reader, word: problem.isStep ? "comes after: put it into a later group" : "depends on" }, { related: placesOf(text, problem.task, "The task that is read.") });
    case "undeclared":
      return work.report("HMC8110", place, { output: problem.output, template: problem.template, suggestion: problem.suggestion });
    case "loop-artifact":
      return work.report("HMC8113", place, { task: problem.task, artifact: problem.artifact });
    case "conditional-loop":
      if (isGiven(fieldsOf(declarationAt(text)?.fields["valueFrom"])["default"])) return;
      return work.report("HMC8112", place, { task: problem.task });
    case "no-item":
      return work.report("HMC8115", place, { tag: name });
    case "item-field":
      return work.report("HMC8118", place, { tag: name, fields: problem.fields });
  }
}
