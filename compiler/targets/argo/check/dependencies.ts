/** The order of DAGs (reference argo.md 4.1: r10–r15, r41, r52, r69). */
import { dependsLeaves, dependsResults, DependsSyntaxError } from "../../../expressions/argo/depends.ts";
import { exprKeywords } from "../../../expressions/argo/expr.ts";
import { nearestName } from "../../../diagnostics/nearest.ts";
import type { Path } from "./document.ts";
import { readDepends } from "./flow.ts";
import { fieldsOf, filled, isGiven, itemsOf, textOf } from "./json.ts";
import { allTemplates, type Task, type Template } from "./model.ts";
import { cycleIn } from "./resources.ts";
import type { Work } from "./work.ts";

/** Something that a task waits for, and where it says so. */
interface Edge {
  task: string;
  result?: string;
  path: Path;
  within?: { start: number; end: number };
}

/** Checks the order of every DAG of a document. */
export function checkDependencies(work: Work): void {
  for (const template of allTemplates(work.model)) if (template.kind === "dag") checkDag(work, template);
}

function checkDag(work: Work, template: Template): void {
  const isModern = template.tasks.some((task) => filled(task.fields["depends"]) !== undefined);
  const tasks = new Map(template.tasks.map((task) => [task.name, task]));
  const edges = new Map<Task, Edge[]>();
  const reserved = new Set<string>();
  for (const task of template.tasks) {
    if (isModern) checkMixture(work, template, task);
    const own = edgesOf(work, task);
    edges.set(task, own);
    for (const edge of own) checkEdge(work, task, edge, tasks, reserved);
    if (/^\d/.test(task.name) && (isModern || own.length > 0)) reserved.add(task.name);
  }
  for (const task of template.tasks) {
    if (!reserved.has(task.name)) continue;
    const reason = /^\d/.test(task.name) ? "begins with a digit" : "is a word of the language of conditions";
    work.report("HMC8017", { path: [...task.path, "name"] }, { name: task.name, reason });
  }
  const cycle = cycleIn(new Map([...edges].map(([{ name }, list]) => [name, list.map((edge) => edge.task)])));
  if (cycle !== undefined) {
    const task = tasks.get(cycle[0] ?? "");
    const edge = task === undefined ? undefined : edges.get(task)?.find((candidate) => candidate.task === cycle[1]);
    work.report("HMC8102", edge ?? { path: template.path }, { path: cycle.join(" → ") });
  }
  checkTarget(work, template, tasks);
}

function checkMixture(work: Work, template: Template, task: Task): void {
  const refuse = (second: string, advice: string): void => {
    if (isGiven(task.fields[second])) work.report("HMC8036", { path: [...task.path, second], part: "key" }, { template: template.name, first: "depends", second, advice });
  };
  if (itemsOf(task.fields["dependencies"]).length > 0) refuse("dependencies", `Write "depends" for all its tasks`);
  refuse("continueOn", `Write ".Failed" or ".Errored" in the "depends" of the tasks that follow`);
}

function edgesOf(work: Work, task: Task): Edge[] {
  const text = filled(task.fields["depends"]);
  if (text === undefined) {
    return itemsOf(task.fields["dependencies"]).flatMap((name, index) => {
      const dependency = textOf(name);
      return dependency === undefined ? [] : [{ task: dependency, path: [...task.path, "dependencies", index] }];
    });
  }
  const path = [...task.path, "depends"];
  const tree = readDepends(text);
  if (tree instanceof DependsSyntaxError) {
    const problem = text.includes("{{") ? "no tags are filled in here" : tree.message;
    work.report("HMC8105", { path, within: { start: tree.offset, end: Math.min(tree.offset + 1, text.length) } }, { text, problem });
    return [];
  }
  return dependsLeaves(tree).map((leaf) => ({ task: leaf.task, ...(leaf.result === undefined ? {} : { result: leaf.result }), path, within: { start: leaf.start, end: leaf.end } }));
}

function checkEdge(work: Work, task: Task, edge: Edge, tasks: ReadonlyMap<string, Task>, reserved: Set<string>): void {
  const dependency = tasks.get(edge.task);
  if (exprKeywords.has(edge.task) || ["true", "false", "nil"].includes(edge.task)) reserved.add(edge.task);
  if (dependency === undefined) {
    const suggestion = nearestName(edge.task, [...tasks.keys()].filter((name) => name !== task.name));
    return work.report("HMC8101", edge, { task: task.name, dependency: edge.task, suggestion });
  }
  if (edge.result === undefined) return;
  const names: readonly string[] = dependsResults;
  const place = edge.within === undefined ? edge : { path: edge.path, within: { start: edge.within.end - edge.result.length, end: edge.within.end } };
  if (!names.includes(edge.result)) work.report("HMC8103", place, { result: edge.result, task: edge.task, names, suggestion: nearestName(edge.result, names) });
  else if ((edge.result === "AnySucceeded" || edge.result === "AllFailed") && dependency.loops.length === 0) {
    const newText = edge.result === "AllFailed" ? "Failed" : "Succeeded";
    work.report("HMC8104", place, { task: edge.task, result: edge.result }, { fix: { title: `Write "${newText}"`, place, newText } });
  }
}

function checkTarget(work: Work, template: Template, tasks: ReadonlyMap<string, Task>): void {
  const target = filled(fieldsOf(template.fields["dag"])["target"]);
  if (target === undefined || target.includes("{{")) return;
  for (const name of target.split(" ").filter((part) => part !== "")) {
    if (!tasks.has(name)) work.report("HMC8019", { path: [...template.path, "dag", "target"] }, { target: name, suggestion: nearestName(name, tasks.keys()) });
  }
}
