/** Tasks: calls of components, of pipelines and of `importArtifact`. */
import type { Expression, ImporterComponent, Json, Task } from "../../ir/types.ts";
import type { Body, Site } from "./body.ts";
import { literal, objectLiteral, property } from "./constants.ts";
import { expression, typed } from "./expressions.ts";
import { afterArguments } from "./fan-in.ts";
import { bracketed, group, ifBroken, indent, join, line, softLine, type Doc } from "./layout.ts";
import { artifactName, calledBy, calleeName, languageName, text } from "./module.ts";
import { taskOptions } from "./options.ts";
import { staticType } from "./static-types.ts";
import { quoted, templateText } from "./texts.ts";
import { propertyName } from "./types.ts";

/** The call that a task is, with `.after()`. Calls must be printed in order of the source: their automatic ids hang on it. */
export function taskCall(site: Site, task: Task): Doc {
  const { body } = site;
  const called = calledBy(body.module, task.target);
  const importer = "kind" in called && called.kind === "importer" ? called : undefined;
  const options = callOptions(site, task, importer === undefined ? task.target.id : "importer");
  const inputs = importer === undefined ? taskInputs(site, task, called.inputs) : importerInputs(site, task, importer);
  const callee: Doc = importer === undefined ? calleeName(body.module, task.target) : importerName(body, importer);
  const after = afterArguments(body, site.scope, body.uses.after.get(task.id) ?? []);
  return [callee, callArguments(inputs, options), after.length === 0 ? "" : bracketed(".after(", after, ")")];
}

/** One object stands between the parentheses as it is, two are broken onto lines of their own together. */
function callArguments(inputs: readonly Doc[], options: readonly Doc[]): Doc {
  if (options.length === 0) return inputs.length === 0 ? "()" : ["(", objectLiteral(inputs), ")"];
  if (inputs.length === 0) return ["({}, ", objectLiteral(options), ")"];
  return group("(", indent(softLine, join([",", line], [objectLiteral(inputs), objectLiteral(options)]), ifBroken(",")), softLine, ")");
}

function taskInputs(site: Site, task: Task, declared: ReturnType<typeof calledBy>["inputs"]): Doc[] {
  return Object.entries(task.inputs).map(([name, value]) => {
    const input = declared[name];
    if (input === undefined) return property(name, expression(site, value).doc);
    const optional = input.optional;
    if (optional && mayBeNothing(site, value)) site.body.module.mayGetNothing.add(`${task.target.kind}:${task.target.id}.${name}`);
    return property(name, typed(site, value, input.type, optional, name).doc);
  });
}

function mayBeNothing(site: Site, value: Expression): boolean {
  return staticType(site.body, value).optional;
}

function callOptions(site: Site, task: Task, base: string): Doc[] {
  const { body } = site;
  const options: Doc[] = [];
  if (automaticId(body, base) !== task.id) options.push(property("name", quoted(task.id)));
  body.taskIds.add(task.id);
  if (task.when !== undefined) options.push(property("when", expression(site, task.when).doc));
  if (task.ignoreUpstreamFailure) options.push(property("ignoreUpstreamFailure", "true"));
  return [...options, ...taskOptions(body.module, task.options, ({ expression: value }) => expression(site, value).doc)];
}

/** The id that the frontend gives to the next call of what has this id. */
function automaticId({ taskIds }: Body, base: string): string {
  let id = base;
  for (let count = 2; taskIds.has(id); count++) id = `${base}-${count}`;
  return id;
}

// ---------------------------------------------------------------------------------------------- importers

function importerName(body: Body, importer: ImporterComponent): Doc {
  const type = importer.outputs["artifact"]?.type;
  return [languageName(body.module, "importArtifact"), ...(type?.kind === "artifact" ? ["<", artifactName(body.module, type), ">"] : [])];
}

function importerInputs(site: Site, task: Task, importer: ImporterComponent): Doc[] {
  const { uri } = task.inputs;
  const metadata = inOrderOfInputs(Object.entries(importer.metadata));
  return [
    ...(uri === undefined ? [] : [property("uri", typed(site, uri, { kind: "string" }, false, "uri").doc)]),
    ...(importer.reimport ? [property("reimport", "true")] : []),
    ...(metadata.length === 0 ? [] : [property("metadata", objectLiteral(metadata.map(([key, value]) => metadataMember(site, task, key, value))))]),
    ...(importer.downloadToWorkspace ? [property("downloadToWorkspace", "true")] : []),
  ];
}

function metadataMember(site: Site, task: Task, key: string, value: Json): Doc {
  const name = withInputs(site, task, key);
  return [name === undefined ? propertyName(key) : ["[", name, "]"], ": ", metadataValue(site, task, key, value)];
}

function metadataValue(site: Site, task: Task, key: string, value: Json): Doc {
  if (typeof value === "string") return withInputs(site, task, value) ?? text(site.body.module, value, key);
  if (Array.isArray(value)) return bracketed("[", value.map((item) => metadataValue(site, task, key, item)), "]");
  if (value === null || typeof value !== "object") return literal(site.body.module, value, key);
  return objectLiteral(inOrderOfInputs(Object.entries(value)).map(([name, entry]) => metadataMember(site, task, name, entry)));
}

/** The members with those that hold inputs in the order of these: the inputs are numbered as they are written. */
function inOrderOfInputs(members: readonly [string, Json][]): [string, Json][] {
  const numberOf = (member: [string, Json]): number | undefined => {
    const [, name, number] = /\{\{\$\.inputs\.parameters\['(metadata(?:-(\d+))?)'\]\}\}/.exec(JSON.stringify(member)) ?? [];
    return name === undefined ? undefined : Number(number ?? 1);
  };
  const numbered = members.filter((member) => numberOf(member) !== undefined).sort((a, b) => (numberOf(a) ?? 0) - (numberOf(b) ?? 0));
  return members.map((member) => (numberOf(member) === undefined ? member : (numbered.shift() ?? member)));
}

/** A text in which `{{$.inputs.parameters['metadata']}}` stands for inputs of the importer; undefined where none does. */
function withInputs(site: Site, task: Task, value: string): Doc | undefined {
  const parts = value.split(/\{\{\$\.inputs\.parameters\['([^']*)'\]\}\}/);
  if (parts.length === 1 || parts.some((name, index) => index % 2 === 1 && task.inputs[name] === undefined)) return undefined;
  const inputAt = (name: string): Doc => {
    const input = task.inputs[name];
    return input === undefined ? "undefined" : expression(site, input).doc;
  };
  if (parts.length === 3 && parts[0] === "" && parts[2] === "") return inputAt(parts[1] ?? "");
  return ["`", parts.map((part, index): Doc => (index % 2 === 0 ? templateText(part, "escape") : ["${", inputAt(part), "}"])), "`"];
}
