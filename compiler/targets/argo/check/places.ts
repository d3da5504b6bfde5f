/** The texts of a document in which tags are filled in, each with what it can read. */
import type { Path } from "./document.ts";
import { flowOf } from "./flow.ts";
import { isFields, type Fields } from "./json.ts";
import { allTemplates, type DocumentModel, type Task, type Template } from "./model.ts";
import { scopeOfTemplate, type Scope, type Siblings } from "./scope.ts";

/** A text, and where it stands. */
export interface Text {
  text: string;
  path: Path;
  scope: Scope;
  /** The field that holds it, or the nearest named one around it. */
  field: string;
  /** The argument, output or other named thing that it belongs to. */
  role: "when" | "argument" | "output" | "expression" | "other";
}

/** Fields whose whole text is an expression, without a tag, by their holder. */
const bareExpressions: Readonly<Record<string, readonly string[]>> = {
  valueFrom: ["expression"],
  artifacts: ["fromExpression"],
  hooks: ["expression"],
  retryStrategy: ["expression"],
  transformation: ["expression"],
  labelsFrom: ["expression"],
  http: ["successCondition"],
  stopStrategy: ["expression"],
};

/** Every text of a document that Argo fills in or evaluates. */
export function textsOf(model: DocumentModel): Text[] {
  const found: Text[] = [];
  for (const template of allTemplates(model)) collectTemplate(model, template, found);
  const global: Scope = { home: model, template: undefined, siblings: undefined, loop: undefined, isMetric: false };
  for (const hook of model.hooks) collect(hook.fields, hook.path, global, found, "hooks", ["template", "templateRef"]);
  collect(model.spec["workflowMetadata"], [...model.specPath, "workflowMetadata"], global, found, "workflowMetadata");
  if (model.kind === "CronWorkflow") {
    for (const field of ["when", "stopStrategy"]) collect(model.outer[field], ["spec", field], global, found, field);
  }
  return found;
}

/** Fields of a template that hold tasks: these have scopes of their own. */
const groupFields = ["dag", "steps"];
/** Fields that are only for readers. */
const silentFields = ["name", "description", "annotations"];

function collectTemplate(model: DocumentModel, template: Template, found: Text[]): void {
  const isGroup = template.kind === "dag" || template.kind === "steps";
  const siblings: Siblings | undefined = isGroup
    ? { root: template.kind === "steps" ? "steps" : "tasks", byName: new Map(template.tasks.map((task) => [task.name, task])), flow: flowOf(template), reader: undefined, seesItself: false }
    : undefined;
  const scope = scopeOfTemplate(model, template, siblings);
  for (const [field, value] of Object.entries(template.fields)) {
    if (groupFields.includes(field) || silentFields.includes(field)) continue;
    collect(value, [...template.path, field], { ...scope, isMetric: field === "metrics" }, found, field);
  }
  if (siblings !== undefined) for (const task of template.tasks) collectTask(scope, siblings, task, found);
}

function collectTask(scope: Scope, siblings: Siblings, task: Task, found: Text[]): void {
  const own: Scope = { ...scope, siblings: { ...siblings, reader: task }, loop: task };
  // What a loop runs over is read before there is an item.
  const before: Scope = { ...own, loop: undefined };
  const inHook: Scope = { ...own, siblings: { ...siblings, reader: task, seesItself: true } };
  for (const [field, value] of Object.entries(task.fields)) {
    const path = [...task.path, field];
    if (field === "inline" || field === "depends" || field === "dependencies" || field === "name") continue;
    if (field === "hooks") {
      for (const hook of task.hooks) collect(hook.fields, hook.path, inHook, found, "hooks", ["template"]);
    } else collect(value, path, field === "withItems" || field === "withParam" || field === "withSequence" ? before : own, found, field);
  }
}

function collect(value: unknown, path: Path, scope: Scope, found: Text[], field: string, skipped: readonly string[] = []): void {
  if (typeof value === "string") {
    const last = path.at(-1);
    const key = typeof last === "string" ? last : field;
    const isBare = (bareExpressions[field] ?? bareExpressions[holderOf(path)])?.includes(key) === true;
    if (isBare || value.includes("{{") || key === "when") found.push({ text: value, path, scope, field: key, role: isBare ? "expression" : roleOf(path, key) });
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) collect(item, [...path, index], scope, found, field);
  } else if (isFields(value)) {
    for (const [key, member] of Object.entries(value as Fields)) if (!skipped.includes(key) && !(key === "description" && field !== "raw")) collect(member, [...path, key], scope, found, Array.isArray(member) || isFields(member) ? key : field);
  }
}

/** The nearest named field that holds the last one of a path. */
function holderOf(path: Path): string {
  const holder = path.slice(0, -1).findLast((step) => typeof step === "string");
  return String(holder ?? "");
}

function roleOf(path: Path, key: string): Text["role"] {
  if (key === "when") return "when";
  if (path.includes("arguments")) return "argument";
  return path.includes("outputs") ? "output" : "other";
}
