/** Resolves a name that a tag or an expression reads: `inputs.parameters.x`, `tasks.a.outputs.result`. */
import { nearestName } from "../../../diagnostics/nearest.ts";
import { isConditional } from "./flow.ts";
import { fieldsOf, isGiven } from "./json.ts";
import { resolveCall, type Library } from "./library.ts";
import { itemFields } from "./loops.ts";
import { hasResult, isLeaf, makesPod, type DocumentModel, type Named, type Task, type Template } from "./model.ts";
import type { Scope } from "./scope.ts";
import { globalProblem } from "./workflow-names.ts";

/** Why a name cannot be read. */
export type Problem =
  | { kind: "unresolved"; reason: string; suggestion?: string | undefined }
  | { kind: "unordered"; task: string; reader: string; isStep: boolean }
  | { kind: "undeclared"; output: string; template: string; suggestion?: string | undefined }
  | { kind: "loop-artifact"; task: string; artifact: string }
  | { kind: "conditional-loop"; task: string }
  | { kind: "no-item" }
  | { kind: "item-field"; fields: string[] }
  | { kind: "unknown"; suggestion?: string | undefined };

/** Which task's output a name reads, if it reads one. */
export interface Reading {
  task: Task;
  template: Template | undefined;
  what: "parameter" | "artifact" | "result" | "other";
  output: string;
}

/**
 * What is wrong with a name, in parts, in a scope; undefined where nothing is.
 *
 * @param isExpression where whole objects may be read, too: `tasks.a`
 */
export function problemOf(parts: readonly string[], scope: Scope, library: Library, isExpression: boolean): Problem | undefined {
  const [root = ""] = parts;
  switch (root) {
    case "inputs":
      return inputProblem(parts, scope, isExpression);
    case "outputs":
      return outputProblem(parts, scope);
    case "workflow":
      return globalProblem(parts, scope, isExpression);
    case "tasks":
    case "steps":
      return siblingProblem(root, parts, scope, library, isExpression);
    case "item":
      return itemProblem(parts, scope, isExpression);
    case "pod":
      if (parts[1] !== "name" || parts.length > 2) return unresolved(`a pod has only a "name"`, "pod.name");
      return scope.template !== undefined && !makesPod(scope.template) ? unresolved(`only templates that make a pod know its name`) : undefined;
    case "node":
      return undefined;
    case "retries":
    case "lastRetry":
      return retryProblem(scope);
    case "duration":
    case "status":
    case "exitCode":
    case "resourcesDuration":
      return scope.isMetric ? undefined : { kind: "unknown" };
    case "cronworkflow":
      return scope.home.kind === "CronWorkflow" ? undefined : { kind: "unknown" };
    default:
      return { kind: "unknown", suggestion: nearestName(root, ["inputs", "outputs", "workflow", "tasks", "steps", "item"]) };
  }
}

function unresolved(reason: string, suggestion?: string): Problem {
  return { kind: "unresolved", reason, suggestion };
}

function inputProblem(parts: readonly string[], { template }: Scope, isExpression: boolean): Problem | undefined {
  const [, what, name] = parts;
  if (template === undefined) return unresolved("the workflow itself has no inputs");
  if (what === undefined) return isExpression ? undefined : unresolved(`"inputs" is no value`);
  if (what !== "parameters" && what !== "artifacts") return unresolved(`inputs have "parameters" and "artifacts"`);
  const inputs = template.inputs[what];
  const kind = what === "parameters" ? "input parameter" : "input artifact";
  if (name === undefined) {
    if (what === "artifacts") return isExpression ? undefined : unresolved(`"inputs.artifacts" is no value`);
    return inputs.length > 0 || isExpression ? undefined : unresolved(`the template "${template.name}" has no input parameters`);
  }
  if (!inputs.some((input) => input.name === name)) return unresolved(`the template "${template.name}" has no ${kind} "${name}"`, near(`inputs.${what}`, name, inputs));
  if (what === "artifacts" && parts[3] === "path" && !isLeaf(template)) return unresolved(`a "${template.kind}" template has no container that the artifact would lie in`);
  return undefined;
}

function near(prefix: string, name: string, candidates: readonly { name: string }[]): string | undefined {
  const nearest = nearestName(name, candidates.map((candidate) => candidate.name));
  return nearest === undefined ? undefined : `${prefix}.${nearest}`;
}

/** A template's own outputs: their paths in its container, and their values in its metrics. */
function outputProblem(parts: readonly string[], { template }: Scope): Problem | undefined {
  const [, what, name] = parts;
  if (template === undefined || (what !== "parameters" && what !== "artifacts") || name === undefined) return undefined;
  const outputs = template.outputs[what];
  return outputs.some((output) => output.name === name) ? undefined : { kind: "undeclared", output: name, template: template.name, suggestion: nearestName(name, outputs.map((output) => output.name)) };
}

function itemProblem(parts: readonly string[], { loop }: Scope, isExpression: boolean): Problem | undefined {
  if (loop === undefined || loop.loops.length === 0) return { kind: "no-item" };
  const [, field] = parts;
  const known = itemFields(loop);
  if (field === undefined || known === undefined || isExpression || known.fields.includes(field)) return undefined;
  return { kind: "item-field", fields: known.fields };
}

function retryProblem({ template, home }: Scope): Problem | undefined {
  if (template === undefined || isGiven(template.fields["retryStrategy"]) || isGiven(home.spec["retryStrategy"]) || isGiven(fieldsOf(home.spec["templateDefaults"])["retryStrategy"])) return undefined;
  return home.kind === "WorkflowTemplate" || home.kind === "ClusterWorkflowTemplate" ? undefined : unresolved(`the template "${template.name}" has no "retryStrategy"`);
}

function siblingProblem(root: "tasks" | "steps", parts: readonly string[], scope: Scope, library: Library, isExpression: boolean): Problem | undefined {
  const [, name] = parts;
  const { siblings } = scope;
  if (name === "name" && parts.length === 2) return undefined;
  if (name === undefined) return isExpression ? undefined : unresolved(`"${root}" is no value`);
  if (siblings === undefined) return unresolved(`only a ${root === "tasks" ? "DAG" : "template of steps"} and its ${root} can read ${root}`);
  if (siblings.root !== root) return unresolved(`this template has ${siblings.root}, not ${root}`, siblings.byName.has(name) ? [siblings.root, ...parts.slice(1)].join(".") : undefined);
  const task = siblings.byName.get(name);
  const one = root === "tasks" ? "task" : "step";
  if (task === undefined) return unresolved(`there is no ${one} "${name}" beside it`, near(root, name, [...siblings.byName.values()]));
  const { reader, flow } = siblings;
  if (reader !== undefined && !(siblings.seesItself && reader.name === name) && !flow.ancestors(reader.name).has(name)) return { kind: "unordered", task: name, reader: reader.name, isStep: root === "steps" };
  return memberProblem(parts.slice(2), task, scope.home, library, isExpression);
}

const nodeFacts = ["id", "startedAt", "finishedAt", "hostNodeName", "status", "exitCode", "ip"];

/** What is wrong with what is read of a task. */
function memberProblem(members: readonly string[], task: Task, home: DocumentModel, library: Library, isExpression: boolean): Problem | undefined {
  const [first, what, name] = members;
  if (first === undefined) return isExpression ? undefined : unresolved(`a task itself is no value`);
  if (first !== "outputs") {
    const suggestion = nearestName(first, [...nodeFacts, "outputs"]);
    return nodeFacts.includes(first) ? undefined : unresolved(`a task has no "${first}"`, suggestion === undefined ? undefined : `…${suggestion}`);
  }
  if (what === undefined) return isExpression ? undefined : unresolved(`"outputs" is no value`);
  const template = templateOf(task, home, library);
  if (what !== "result" && what !== "parameters" && what !== "artifacts") return unresolved(`outputs have "parameters", "artifacts" and "result"`);
  const isLoop = task.loops.length > 0;
  if (isLoop && what === "artifacts" && name !== undefined) return { kind: "loop-artifact", task: task.name, artifact: name };
  if (!isLoop && name === undefined && what !== "result") return isExpression ? undefined : unresolved(`only loops have all their ${what} in one`);
  const undeclared = template === undefined ? undefined : undeclaredProblem(template, what, name);
  if (undeclared !== undefined) return undeclared;
  const isCollected = isLoop && what !== "artifacts" && (what === "result" || name !== undefined || !isExpression);
  return isCollected && isConditional(task) ? { kind: "conditional-loop", task: task.name } : undefined;
}

function undeclaredProblem(template: Template, what: "result" | "parameters" | "artifacts", name: string | undefined): Problem | undefined {
  if (what === "result") return hasResult(template) ? undefined : { kind: "undeclared", output: "result", template: template.name };
  if (name === undefined || template.outputs[what].some((output) => output.name === name)) return undefined;
  return { kind: "undeclared", output: name, template: template.name, suggestion: nearestName(name, template.outputs[what].map((output) => output.name)) };
}

/** The template that a task runs, where it is at hand. */
export function templateOf(task: Task, home: DocumentModel, library: Library): Template | undefined {
  const resolved = resolveCall(task.call, home, library);
  return resolved.kind === "found" ? resolved.template : undefined;
}

/** The output of a sibling that a name reads; undefined where it reads something else, or a sibling that does not exist. */
export function readingOf(parts: readonly string[], scope: Scope, library: Library): Reading | undefined {
  const [root, name, first, what, output = ""] = parts;
  if ((root !== "tasks" && root !== "steps") || name === undefined || first !== "outputs") return undefined;
  const task = scope.siblings?.root === root ? scope.siblings.byName.get(name) : undefined;
  if (task === undefined) return undefined;
  const kind = what === "parameters" ? "parameter" : what === "artifacts" ? "artifact" : what === "result" ? "result" : "other";
  return { task, template: templateOf(task, scope.home, library), what: kind, output };
}

/** The declaration of the output that is read. */
export function outputOf({ template, what, output }: Reading): Named | undefined {
  if (what !== "parameter" && what !== "artifact") return undefined;
  return template?.outputs[what === "parameter" ? "parameters" : "artifacts"].find(({ name }) => name === output);
}
