/** The parts of a document that rules speak of, each with its path. */
import type { ArgoDocument, Path } from "./document.ts";
import { fieldsOf, filled, isFields, isGiven, itemsOf, textOf, type Fields } from "./json.ts";

export const documentKinds = ["Workflow", "WorkflowTemplate", "ClusterWorkflowTemplate", "CronWorkflow"] as const;
export type DocumentKind = (typeof documentKinds)[number];

/** The fields of a template of which it has exactly one. */
export const templateKinds = ["container", "script", "dag", "steps", "resource", "suspend", "containerSet", "data", "http", "plugin"] as const;
export type TemplateKind = (typeof templateKinds)[number];

/** A list item that has a name: a parameter, an artifact, a volume. */
export interface Named {
  name: string;
  path: Path;
  fields: Fields;
}

export interface Ports {
  parameters: Named[];
  artifacts: Named[];
  path: Path;
}

export interface Hook {
  name: string;
  path: Path;
  fields: Fields;
}

/** A call of a template by name, by reference to another document, or of one that is written in place. */
export interface Call {
  template?: string;
  templateRef?: Fields;
  inline?: Template;
  path: Path;
}

export interface Task {
  name: string;
  path: Path;
  fields: Fields;
  call: Call;
  arguments: Ports;
  hooks: Hook[];
  /** Which loop fields it has. */
  loops: ("withItems" | "withParam" | "withSequence")[];
  /** Of steps: the number of the group that it belongs to. */
  group: number;
}

export interface Template {
  name: string;
  path: Path;
  fields: Fields;
  kinds: TemplateKind[];
  /** The kind, where there is exactly one. */
  kind: TemplateKind | undefined;
  inputs: Ports;
  outputs: Ports;
  /** Tasks of a DAG, or steps. */
  tasks: Task[];
  /** Whether it stands within a task. */
  isInline: boolean;
}

export interface DocumentModel {
  document: ArgoDocument;
  kind: DocumentKind;
  /** "" where it has none, or is to be generated. */
  name: string;
  namespace: string;
  metadata: Fields;
  /** Of a CronWorkflow: its own, which holds the schedule. */
  outer: Fields;
  spec: Fields;
  specPath: Path;
  arguments: Ports;
  templates: Template[];
  hooks: Hook[];
}

/** The model of a document; undefined where it is none of Argo's kinds. */
export function modelOf(document: ArgoDocument): DocumentModel | undefined {
  const root = fieldsOf(document.value);
  const kind = documentKinds.find((known) => known === root["kind"]);
  if (kind === undefined) return undefined;
  const metadata = fieldsOf(root["metadata"]);
  const outer = fieldsOf(root["spec"]);
  const specPath: Path = kind === "CronWorkflow" ? ["spec", "workflowSpec"] : ["spec"];
  const spec = kind === "CronWorkflow" ? fieldsOf(outer["workflowSpec"]) : outer;
  return {
    document,
    kind,
    name: textOf(metadata["name"]) ?? "",
    namespace: textOf(metadata["namespace"]) ?? "",
    metadata,
    outer,
    spec,
    specPath,
    arguments: portsOf(spec["arguments"], [...specPath, "arguments"]),
    templates: itemsOf(spec["templates"]).map((template, index) => templateOf(template, [...specPath, "templates", index], undefined)),
    hooks: hooksOf(spec["hooks"], [...specPath, "hooks"]),
  };
}

function templateOf(value: unknown, path: Path, inlineIn: string | undefined): Template {
  const fields = fieldsOf(value);
  const kinds = templateKinds.filter((kind) => isGiven(fields[kind]));
  return {
    name: inlineIn ?? textOf(fields["name"]) ?? "",
    path,
    fields,
    kinds,
    kind: kinds.length === 1 ? kinds[0] : undefined,
    inputs: portsOf(fields["inputs"], [...path, "inputs"]),
    outputs: portsOf(fields["outputs"], [...path, "outputs"]),
    tasks: [...tasksOf(fields, path), ...stepsOf(fields, path)],
    isInline: inlineIn !== undefined,
  };
}

function tasksOf(fields: Fields, path: Path): Task[] {
  return itemsOf(fieldsOf(fields["dag"])["tasks"]).map((task, index) => taskOf(task, [...path, "dag", "tasks", index], 0));
}

function stepsOf(fields: Fields, path: Path): Task[] {
  return itemsOf(fields["steps"]).flatMap((group, index) =>
    Array.isArray(group) ? group.map((step, place) => taskOf(step, [...path, "steps", index, place], index)) : isFields(group) ? [taskOf(group, [...path, "steps", index], index)] : [],
  );
}

function taskOf(value: unknown, path: Path, group: number): Task {
  const fields = fieldsOf(value);
  const name = textOf(fields["name"]) ?? "";
  return {
    name,
    path,
    fields,
    call: callOf(fields, path, name),
    arguments: portsOf(fields["arguments"], [...path, "arguments"]),
    hooks: hooksOf(fields["hooks"], [...path, "hooks"]),
    loops: (["withItems", "withParam", "withSequence"] as const).filter((loop) => (loop === "withItems" ? itemsOf(fields[loop]).length > 0 : isGiven(fields[loop]) && fields[loop] !== "")),
    group,
  };
}

function callOf(fields: Fields, path: Path, name: string): Call {
  const template = filled(fields["template"]);
  return {
    ...(template === undefined ? {} : { template }),
    ...(isFields(fields["templateRef"]) ? { templateRef: fields["templateRef"] } : {}),
    ...(isFields(fields["inline"]) ? { inline: templateOf(fields["inline"], [...path, "inline"], name) } : {}),
    path,
  };
}

/** The call that a hook makes. */
export function callOfHook(hook: Hook): Call {
  return callOf(hook.fields, hook.path, hook.name);
}

function hooksOf(value: unknown, path: Path): Hook[] {
  return Object.entries(fieldsOf(value)).map(([name, hook]) => ({ name, path: [...path, name], fields: fieldsOf(hook) }));
}

export function portsOf(value: unknown, path: Path): Ports {
  const fields = fieldsOf(value);
  return { parameters: namedOf(fields["parameters"], [...path, "parameters"]), artifacts: namedOf(fields["artifacts"], [...path, "artifacts"]), path };
}

/** The named items of a list. */
export function namedOf(value: unknown, path: Path): Named[] {
  return itemsOf(value).map((item, index) => {
    const fields = fieldsOf(item);
    return { name: textOf(fields["name"]) ?? "", path: [...path, index], fields };
  });
}

/** Every template of a document, with those that are written within tasks. */
export function allTemplates(model: DocumentModel): Template[] {
  const all: Template[] = [];
  const visit = (template: Template): void => {
    all.push(template);
    for (const { call } of template.tasks) if (call.inline !== undefined) visit(call.inline);
  };
  for (const template of model.templates) visit(template);
  return all;
}

/** Whether a template runs by itself, rather than calling others (Argo's `IsLeaf`; suspend is neither). */
export function isLeaf({ kind }: Template): boolean {
  return kind !== undefined && kind !== "dag" && kind !== "steps" && kind !== "suspend";
}

/** Whether a template makes a pod of its own. */
export function makesPod({ kind }: Template): boolean {
  return kind === "container" || kind === "script" || kind === "containerSet" || kind === "resource" || kind === "data";
}

/** Whether a template has `outputs.result` and an exit code. */
export function hasResult({ kind, fields }: Template): boolean {
  if (kind === "containerSet") return itemsOf(fieldsOf(fields["containerSet"])["containers"]).some((container) => fieldsOf(container)["name"] === "main");
  return kind === "container" || kind === "script" || kind === "data" || kind === "http" || kind === "plugin";
}
