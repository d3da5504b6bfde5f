/** Calls: the templates that they name exist, and get what they need (reference argo.md 4.1: r01–r03, r16, r29, r38, r51, r56). */
import { nearestName } from "../../../diagnostics/nearest.ts";
import type { Path } from "./document.ts";
import { fieldsOf, filled, isFields, isGiven, type Fields } from "./json.ts";
import { resolveCall, type Resolved } from "./library.ts";
import { allTemplates, callOfHook, portsOf, type Call, type Hook, type Named, type Ports, type Template } from "./model.ts";
import { artifactLocations } from "./ports.ts";
import type { Work } from "./work.ts";

/** Checks what a document starts, and every call in it. */
export function checkCalls(work: Work): void {
  checkStart(work);
  const missing = new Set<string>();
  for (const template of allTemplates(work.model)) {
    for (const task of template.tasks) {
      checkCall(work, task.call, task.arguments, `the ${template.kind === "steps" ? "step" : "task"} "${task.name}"`, missing);
      checkName(work, task.fields["onExit"], [...task.path, "onExit"]);
      checkHooks(work, task.hooks, missing);
    }
  }
  checkHooks(work, work.model.hooks, missing);
}

/** Entrypoint, exit handler and reference of the workflow itself. */
function checkStart(work: Work): void {
  const { model } = work;
  const { spec, specPath, kind } = model;
  const reference = spec["workflowTemplateRef"];
  if (isFields(reference)) {
    if (model.templates.length > 0) work.report("HMC8034", { path: [...specPath, "templates"], part: "key" }, {});
    const name = filled(reference["name"]);
    if (name === undefined) work.report("HMC8045", { path: [...specPath, "workflowTemplateRef"], part: "key" }, { problem: `refers to a WorkflowTemplate without a name`, advice: `Add "name"` });
    else if (!name.includes("{{") && work.library.find(name, reference["clusterScope"] === true, model.namespace) === undefined) reportMissing(work, reference, [...specPath, "workflowTemplateRef", "name"]);
  }
  const entrypoint = filled(spec["entrypoint"]);
  if (entrypoint === undefined) {
    if (kind !== "WorkflowTemplate" && kind !== "ClusterWorkflowTemplate" && !isFields(reference)) {
      work.report("HMC8011", { path: specPath, part: "key" }, { kind, suggestion: model.templates.length === 1 ? model.templates[0]?.name : model.templates.find(({ name }) => name === "main")?.name });
    }
  } else {
    const resolved = resolveCall({ template: entrypoint, path: specPath }, model, work.library, true);
    reportUndefined(work, resolved, [...specPath, "entrypoint"]);
    if (resolved.kind === "found" && (kind === "Workflow" || kind === "CronWorkflow")) checkEntryInputs(work, resolved.template, resolved.home.arguments);
  }
  checkName(work, spec["onExit"], [...specPath, "onExit"], true);
}

/** Argo gives the entrypoint the workflow's arguments of the same names. */
function checkEntryInputs(work: Work, template: Template, defaults: Ports): void {
  const given = (name: string, what: "parameters" | "artifacts"): boolean =>
    [...work.model.arguments[what], ...defaults[what]].some((argument) => argument.name === name && (what === "artifacts" || isGiven(argument.fields["value"]) || isGiven(argument.fields["valueFrom"])));
  for (const input of requiredInputs(template)) {
    if (!given(input.name, input.what)) work.report("HMC8106", { path: [...work.model.specPath, "entrypoint"] }, { input: input.name, template: template.name, giver: "the workflow" }, inputExtra(work, template, input.path));
  }
}

function inputExtra(work: Work, template: Template, path: Path): { related?: { message: string; place: { path: Path } }[] } {
  return work.model.templates.includes(template) ? { related: [{ message: "The input.", place: { path } }] } : {};
}

/** The inputs of a template that a caller must give. */
function requiredInputs(template: Template): { name: string; what: "parameters" | "artifacts"; path: Path }[] {
  const parameters = template.inputs.parameters.filter(({ fields }) => !isGiven(fields["value"]) && !isGiven(fields["default"]) && !isGiven(fieldsOf(fields["valueFrom"])["configMapKeyRef"]));
  const artifacts = template.inputs.artifacts.filter(({ fields }) => fields["optional"] !== true && artifactLocations(fields).length === 0);
  return [...parameters.map(({ name, path }) => ({ name, what: "parameters" as const, path })), ...artifacts.map(({ name, path }) => ({ name, what: "artifacts" as const, path }))];
}

/** A field that names a template: `onExit`. */
function checkName(work: Work, value: unknown, path: Path, isStart = false): void {
  const template = filled(value);
  if (template !== undefined) reportUndefined(work, resolveCall({ template, path }, work.model, work.library, isStart), path);
}

function checkCall(work: Work, call: Call, given: Ports, giver: string, missing: Set<string>): void {
  if (call.templateRef !== undefined) {
    const path = [...call.path, "templateRef"];
    if (call.template !== undefined) work.report("HMC8045", { path, part: "key" }, { problem: `has both "template" and "templateRef"`, advice: "Remove one of them" });
    for (const field of ["name", "template"]) {
      if (filled(call.templateRef[field]) === undefined) work.report("HMC8045", { path, part: "key" }, { problem: `refers to a template without "${field}"`, advice: "Add it" });
    }
    const name = filled(call.templateRef["name"]);
    const isCluster = call.templateRef["clusterScope"] === true;
    if (name !== undefined && !name.includes("{{") && work.library.find(name, isCluster, work.model.namespace) === undefined) {
      const key = `${isCluster} ${name}`;
      if (!missing.has(key)) reportMissing(work, call.templateRef, [...path, "name"]);
      missing.add(key);
      return;
    }
  } else if (call.template === undefined && call.inline === undefined) {
    work.report("HMC8045", { path: call.path, part: "value" }, { problem: "names no template", advice: `Add "template" with the name of one` });
    return;
  }
  const resolved = resolveCall(call, work.model, work.library);
  reportUndefined(work, resolved, call.templateRef === undefined ? [...call.path, "template"] : [...call.path, "templateRef", "template"]);
  if (resolved.kind === "found") checkArguments(work, resolved.template, given, giver, call);
}

function reportMissing(work: Work, reference: Fields, path: Path): void {
  work.report("HMC8013", { path }, { kind: reference["clusterScope"] === true ? "ClusterWorkflowTemplate" : "WorkflowTemplate", name: String(reference["name"]) });
}

function reportUndefined(work: Work, resolved: Resolved, path: Path): void {
  if (resolved.kind !== "undefined") return;
  const { name, home } = resolved;
  const where = home === work.model ? `the ${home.kind}` : `the ${home.kind} "${home.name}"`;
  work.report("HMC8012", { path }, { name, home: where, suggestion: nearestName(name, home.templates.map((template) => template.name)) });
}

function checkArguments(work: Work, template: Template, given: Ports, giver: string, call: Call): void {
  const at = call.templateRef === undefined ? (call.inline === undefined ? "template" : "inline") : "templateRef";
  const names = { parameters: new Set(given.parameters.map(({ name }) => name)), artifacts: new Set(given.artifacts.map(({ name }) => name)) };
  for (const input of requiredInputs(template)) {
    if (!names[input.what].has(input.name)) work.report("HMC8106", { path: [...call.path, at], part: at === "inline" ? "key" : "value" }, { input: input.name, template: template.name, giver }, inputExtra(work, template, input.path));
  }
  for (const what of ["parameters", "artifacts"] as const) {
    const inputs = template.inputs[what].map(({ name }) => name);
    for (const argument of given[what]) if (argument.name !== "" && !inputs.includes(argument.name)) reportSurplus(work, argument, template, inputs);
  }
}

function reportSurplus(work: Work, argument: Named, template: Template, inputs: readonly string[]): void {
  work.report("HMC8107", { path: [...argument.path, "name"] }, { argument: argument.name, template: template.name, suggestion: nearestName(argument.name, inputs) });
}

/** Hooks call templates as tasks do; all but "exit" need to say when. */
function checkHooks(work: Work, hooks: readonly Hook[], missing: Set<string>): void {
  for (const hook of hooks) {
    if (hook.name !== "exit" && filled(hook.fields["expression"]) === undefined) work.report("HMC8028", { path: hook.path, part: "key" }, { hook: hook.name });
    const call = callOfHook(hook);
    if (call.template === undefined && call.templateRef === undefined) {
      work.report("HMC8045", { path: hook.path, part: "key" }, { problem: "names no template", advice: `Add "template" with the name of one` });
      continue;
    }
    const given = hook.fields["arguments"];
    if (isGiven(given)) checkCall(work, call, portsOf(given, [...hook.path, "arguments"]), `the hook "${hook.name}"`, missing);
    else reportUndefined(work, resolveCall(call, work.model, work.library), [...hook.path, "template"]);
  }
}
