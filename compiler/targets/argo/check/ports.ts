/** Arguments, inputs and outputs by themselves (reference argo.md 4.1: r17, r24–r28, r36, r39, r50, r62, r65, r66, r70). */
import { nearestName } from "../../../diagnostics/nearest.ts";
import { fieldsOf, filled, isGiven, itemsOf, looseText, type Fields } from "./json.ts";
import { allTemplates, isLeaf, portsOf, type Named, type Ports, type Template } from "./model.ts";
import { givenFields } from "./templates.ts";
import type { Work } from "./work.ts";

const locations = ["s3", "git", "http", "artifactory", "hdfs", "raw", "oss", "gcs", "azure", "plugin"];

/** The locations that an artifact has. */
export function artifactLocations(fields: Fields): string[] {
  return locations.filter((location) => isGiven(fields[location]));
}

/** Checks every list of parameters and artifacts. */
export function checkPorts(work: Work): void {
  const { model } = work;
  const mayBeEmpty = model.kind !== "CronWorkflow";
  checkArguments(work, model.arguments, mayBeEmpty);
  for (const template of allTemplates(model)) {
    for (const task of template.tasks) {
      checkArguments(work, task.arguments, false);
      for (const hook of task.hooks) checkArguments(work, portsOf(hook.fields["arguments"], [...hook.path, "arguments"]), false);
    }
    checkInputs(work, template);
    checkOutputs(work, template);
    checkLocations(work, { name: "archiveLocation", fields: fieldsOf(template.fields["archiveLocation"]), path: [...template.path, "archiveLocation"] });
  }
}

function checkArguments(work: Work, given: Ports, mayBeEmpty: boolean): void {
  for (const parameter of given.parameters) {
    const { name, fields, path } = parameter;
    if (!isGiven(fields["value"]) && !isGiven(fields["valueFrom"])) {
      if (!mayBeEmpty) work.report("HMC8038", { path, part: "value" }, { what: "argument", name, advice: `Add "value"` });
    } else if (isGiven(fields["valueFrom"])) checkArgumentSource(work, parameter);
    checkEnum(work, parameter);
  }
  for (const artifact of given.artifacts) {
    const { name, fields, path } = artifact;
    const isFrom = filled(fields["from"]) !== undefined;
    if (!isFrom && artifactLocations(fields).length === 0) {
      const place = isGiven(fields["fromExpression"]) ? { path: [...path, "fromExpression"], part: "key" as const } : { path };
      work.report("HMC8038", place, { what: "artifact", name, advice: `Add "from" or a location; "fromExpression" is possible only in outputs` });
    }
    checkLocations(work, artifact);
  }
}

/** What `valueFrom` of an argument may hold: only what comes from outside the workflow. */
function checkArgumentSource(work: Work, { name, fields, path }: Named): void {
  const source = fieldsOf(fields["valueFrom"]);
  const [wrong] = givenFields(source, ["path", "jsonPath", "jqFilter", "parameter", "expression"]);
  const advice = wrong === "expression" ? `Write "value: '{{= … }}'"` : wrong === "parameter" ? `Write the tag into "value"` : `Write "value", or one of "configMapKeyRef", "supplied" and "event"`;
  if (wrong !== undefined) work.report("HMC8039", { path: [...path, "valueFrom", wrong], part: "key" }, { name, source: wrong, advice });
  else if (!isGiven(source["configMapKeyRef"]) && !isGiven(source["supplied"]) && filled(source["event"]) === undefined) work.report("HMC8039", { path: [...path, "valueFrom"], part: "key" }, { name, source: "", advice });
}

function checkEnum(work: Work, { name, fields, path }: Named): void {
  if (!Array.isArray(fields["enum"])) return;
  const choices = itemsOf(fields["enum"]).flatMap((choice) => looseText(choice) ?? []);
  if (choices.length === 0) return work.report("HMC8018", { path: [...path, "enum"], part: "key" }, { what: "enum", part: "values" });
  const value = looseText(fields["value"]);
  if (value === undefined || choices.includes(value)) return;
  work.report("HMC8040", { path: [...path, "value"] }, { name, value, choices, suggestion: nearestName(value, choices) });
}

function checkInputs(work: Work, template: Template): void {
  for (const artifact of template.inputs.artifacts) {
    checkPath(work, template, artifact);
    checkLocations(work, artifact);
    for (const field of givenFields(artifact.fields, ["from", "fromExpression"])) {
      work.report("HMC8023", { path: [...artifact.path, field], part: "key" }, { artifact: artifact.name, field, reason: "an input comes from the arguments of a caller", advice: "Write it there, and remove it here" });
    }
  }
  for (const parameter of template.inputs.parameters) checkEnum(work, parameter);
}

function checkPath(work: Work, template: Template, { name, fields, path }: Named): void {
  if (template.kind === undefined) return;
  const value = filled(fields["path"]);
  if (!isLeaf(template)) {
    if (value !== undefined) work.report("HMC8023", { path: [...path, "path"], part: "key" }, { artifact: name, field: "path", reason: `a "${template.kind}" template has no container`, advice: "Remove it; the templates that it calls say where they have the artifact" });
  } else if (value === undefined) work.report("HMC8022", { path, part: "value" }, { artifact: name });
  else if (leavesFolder(value)) work.report("HMC8024", { path: [...path, "path"] }, { artifact: name, path: value });
}

/** Whether a path leads by ".." out of the folder that stands before it. */
function leavesFolder(path: string): boolean {
  const cut = /\/\.\.(?:\/|$)/.exec(path);
  if (cut === null || cut.index === 0) return false;
  const safe = `${path.slice(0, cut.index)}/`;
  const clean: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") clean.pop();
    else if (part !== "" && part !== ".") clean.push(part);
  }
  const cleaned = `${path.startsWith("/") ? "/" : ""}${clean.join("/")}`;
  return !cleaned.startsWith(safe) || cleaned.length <= safe.length;
}

function checkLocations(work: Work, { name, fields, path }: Named): void {
  const given = artifactLocations(fields);
  const [, second] = given;
  if (second !== undefined) work.report("HMC8030", { path: [...path, second], part: "key" }, { artifact: name, locations: given });
}

const sources = ["path", "jqFilter", "jsonPath", "parameter", "expression", "supplied"];

function checkOutputs(work: Work, template: Template): void {
  for (const artifact of template.outputs.artifacts) {
    checkPath(work, template, artifact);
    checkLocations(work, artifact);
  }
  for (const parameter of template.outputs.parameters) checkOutputParameter(work, template, parameter);
}

function checkOutputParameter(work: Work, template: Template, { name, fields, path }: Named): void {
  const refuse = (at: readonly string[], problem: string, advice: string): void => work.report("HMC8021", { path: [...path, ...at], part: at.length === 0 ? "value" : "key" }, { output: name, problem, advice });
  const hasValue = isGiven(fields["value"]);
  if (!isGiven(fields["valueFrom"])) {
    if (!hasValue) refuse([], `has neither "valueFrom" nor "value"`, `Add "valueFrom"`);
    return;
  }
  if (hasValue) return refuse(["valueFrom"], `has both "valueFrom" and "value"`, "Remove one of them");
  const source = fieldsOf(fields["valueFrom"]);
  const given = givenFields(source, sources);
  const wanted = sourcesOf(template);
  const [second] = given.slice(1);
  const advice = wanted.length === 0 ? "Give one" : `Give ${wanted.map((field) => `"${field}"`).join(" or ")}`;
  if (second !== undefined) return refuse(["valueFrom", second], `has ${given.map((field) => `"${field}"`).join(" and ")}`, "Remove all but one of them");
  if (given.length === 0) return refuse(["valueFrom"], "says not where its value comes from", advice);
  if (wanted.length > 0 && !wanted.some((field) => given.includes(field))) refuse(["valueFrom", given[0] ?? ""], `has "${given[0]}", which a "${template.kind}" template does not have`, advice);
}

/** Where the output parameters of a template come from. */
function sourcesOf({ kind }: Template): string[] {
  if (kind === "container" || kind === "containerSet" || kind === "script") return ["path"];
  if (kind === "resource") return ["jqFilter", "jsonPath"];
  return kind === "dag" || kind === "steps" ? ["parameter", "expression"] : [];
}
