/** Names: unique, short enough, of the right letters (reference argo.md 4.1: r07–r09, r21, r40, r61; 2.0 rule 1). */
import { argoLimits } from "../versions.ts";
import type { Path } from "./document.ts";
import { textOf } from "./json.ts";
import { allTemplates, namedOf, type Named, type Template } from "./model.ts";
import type { Work } from "./work.ts";

/** Checks the names of a document and of what is in it. The letters of most names stand in the schema. */
export function checkNames(work: Work): void {
  checkDocumentName(work);
  const { model } = work;
  checkUnique(work, model.templates, "templates", `the ${model.kind}`);
  checkPorts(work, model.arguments.parameters, model.arguments.artifacts, "the workflow's arguments");
  for (const template of allTemplates(model)) {
    const where = `the template "${template.name}"`;
    checkPorts(work, template.inputs.parameters, template.inputs.artifacts, `the inputs of ${where}`);
    checkPorts(work, template.outputs.parameters, template.outputs.artifacts, `the outputs of ${where}`);
    checkUnique(work, template.tasks, template.kind === "steps" ? "steps" : "tasks", where);
    checkUnique(work, namedOf(template.fields["volumes"], [...template.path, "volumes"]), "volumes", where);
    for (const task of template.tasks) checkPorts(work, task.arguments.parameters, task.arguments.artifacts, `the arguments of "${task.name}"`);
    checkStepNames(work, template);
    checkGlobalNames(work, template);
  }
}

function checkDocumentName(work: Work): void {
  const { kind, metadata } = work.model;
  const limit = kind === "CronWorkflow" ? argoLimits.cronWorkflowName : argoLimits.workflowName;
  const name = textOf(metadata["name"]) ?? "";
  if (name.length > limit) work.report("HMC8402", { path: ["metadata", "name"] }, { what: `name of the ${kind}`, name, length: name.length, limit });
}

function checkPorts(work: Work, parameters: readonly Named[], artifacts: readonly Named[], where: string): void {
  checkUnique(work, parameters, "parameters", where);
  checkUnique(work, artifacts, "artifacts", where);
}

function checkUnique(work: Work, named: readonly { name: string; path: Path }[], what: string, where: string): void {
  const first = new Map<string, Path>();
  for (const { name, path } of named) {
    if (name === "") continue;
    const before = first.get(name);
    if (before === undefined) first.set(name, path);
    else work.report("HMC8015", { path: [...path, "name"] }, { what, name, where }, { related: [{ message: "The first one.", place: { path: [...before, "name"] } }] });
  }
}

/** Names of steps may hold tags; what else they hold must be as in other names. */
function checkStepNames(work: Work, template: Template): void {
  if (template.kind !== "steps") return;
  for (const { name, path } of template.tasks) {
    if (name === "") work.report("HMC8007", { path, part: "value" }, { holder: "a step", field: "name" });
    else if (!/^[a-zA-Z0-9][-a-zA-Z0-9]*$/.test(name.replace(/\{\{.*?\}\}/gs, "x"))) work.report("HMC8016", { path: [...path, "name"] }, { name, grammar: `letters, digits and "-", beginning with a letter or digit` });
    else if (name.length > argoLimits.name) work.report("HMC8402", { path: [...path, "name"] }, { what: "name of a step", name, length: name.length, limit: argoLimits.name });
  }
}

function checkGlobalNames(work: Work, template: Template): void {
  for (const { fields, path } of [...template.outputs.parameters, ...template.outputs.artifacts]) {
    const name = textOf(fields["globalName"]);
    if (name === undefined || name === "" || name.includes("{{") || /^[-a-zA-Z0-9_]+$/.test(name)) continue;
    work.report("HMC8016", { path: [...path, "globalName"] }, { name, grammar: `letters, digits, "-" and "_"` });
  }
}
