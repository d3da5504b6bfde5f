/** Loops of tasks (reference argo.md 4.1: r22, r23). */
import { fieldsOf, filled, isFields, isGiven, itemsOf } from "./json.ts";
import { allTemplates, type Task } from "./model.ts";
import { wholeNumber } from "./templates.ts";
import type { Work } from "./work.ts";

/** Checks what tasks loop over. */
export function checkLoops(work: Work): void {
  for (const { tasks } of allTemplates(work.model)) for (const task of tasks) checkLoop(work, task);
}

function checkLoop(work: Work, task: Task): void {
  const [, second] = task.loops;
  if (second !== undefined) work.report("HMC8035", { path: [...task.path, second], part: "key" }, { task: task.name, fields: task.loops });
  checkList(work, task);
  if (isFields(task.fields["withSequence"])) checkSequence(work, task);
}

/** A list that is written out must be one: only tags bring it later. */
function checkList(work: Work, task: Task): void {
  const text = filled(task.fields["withParam"]);
  if (text === undefined || text.includes("{{")) return;
  const problem = problemOf(text);
  if (problem !== undefined) work.report("HMC8306", { path: [...task.path, "withParam"] }, { value: text.length > 60 ? `${text.slice(0, 59)}…` : text, problem });
}

function problemOf(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? undefined : "is no list";
  } catch {
    return "is no JSON";
  }
}

function checkSequence(work: Work, task: Task): void {
  const sequence = fieldsOf(task.fields["withSequence"]);
  const path = [...task.path, "withSequence"];
  if (isGiven(sequence["count"]) && isGiven(sequence["end"])) work.report("HMC8035", { path: [...path, "end"], part: "key" }, { task: task.name, fields: ["count", "end"] });
  if (!isGiven(sequence["count"]) && !isGiven(sequence["end"])) work.report("HMC8007", { path, part: "key" }, { holder: `"withSequence"`, field: "count" });
  for (const field of ["count", "start", "end"]) {
    if (isGiven(sequence[field]) && wholeNumber(sequence[field]) === undefined) work.report("HMC8307", { path: [...path, field] }, { field, value: String(sequence[field]), expected: "a whole number, or a tag" });
  }
}

/** What tags on the item of a task's loop can read: undefined where only the run can tell. */
export function itemFields(task: Task): { isWhole: boolean; fields: string[] } | undefined {
  const items = itemsOf(task.fields["withItems"]);
  if (items.length === 0) return task.loops.includes("withSequence") ? { isWhole: true, fields: [] } : undefined;
  const fields = new Set<string>();
  for (const item of items) {
    if (Array.isArray(item)) for (const index of item.keys()) fields.add(`[${index}]`);
    else if (isFields(item)) for (const key of Object.keys(item)) fields.add(key);
  }
  return { isWhole: true, fields: [...fields] };
}
