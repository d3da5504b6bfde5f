/** What templates are, and what their kind allows (reference argo.md 4.1: r05, r06, r31–r34, r37, r49, r64, r68). */
import { fieldsOf, filled, isGiven, itemsOf, looseText, type Fields } from "./json.ts";
import { allTemplates, isLeaf, makesPod, namedOf, type Template } from "./model.ts";
import type { Work } from "./work.ts";

/** Checks every template of a document by itself. */
export function checkTemplates(work: Work): void {
  for (const template of allTemplates(work.model)) {
    if (template.kinds.length !== 1) work.report("HMC8014", { path: template.path, part: "value" }, { template: template.name, kinds: template.kinds }, { related: template.kinds.map((kind) => ({ message: "One kind.", place: { path: [...template.path, kind], part: "key" } })) });
    checkTasks(work, template);
    checkFieldsOfKind(work, template);
    checkImage(work, template);
    checkContainerNames(work, template);
  }
}

function checkTasks(work: Work, template: Template): void {
  if ((template.kind === "dag" || template.kind === "steps") && template.tasks.length === 0) {
    const path = [...template.path, template.kind];
    work.report("HMC8018", { path, part: "key" }, { what: template.name, part: template.kind === "dag" ? "tasks" : "steps" });
  }
  if (!template.isInline) return;
  for (const task of template.tasks) if (task.call.inline !== undefined) work.report("HMC8037", { path: [...task.path, "inline"], part: "key" }, { task: task.name });
}

function checkFieldsOfKind(work: Work, template: Template): void {
  const { fields, path, kind, name } = template;
  if (kind === undefined) return;
  const refuse = (field: string, advice: string): void => {
    if (isGiven(fields[field]) && fields[field] !== "") work.report("HMC8020", { path: [...path, field], part: "key" }, { field, template: name, kind, advice });
  };
  const isGroup = kind === "dag" || kind === "steps";
  if (!isLeaf(template)) {
    refuse("timeout", "Set it on the templates that it calls");
    refuse("pendingTimeout", "Set it on the templates that it calls");
  }
  if (isGroup) refuse("activeDeadlineSeconds", "Set it on the templates that it calls, or on the workflow");
  else refuse("parallelism", "Set it on the DAG that calls the template, or on the workflow");
  if (!makesPod(template) && itemsOf(fields["resourceClaims"]).length > 0) refuse("resourceClaims", "It makes no pod; set them on the templates that it calls");
  if (kind === "http" || kind === "plugin") refuse("podResources", "It runs in a pod of Argo's own");
  checkPodResources(work, fields["podResources"], [...path, "podResources"]);
}

/** `podResources` of a template or workflow: only what Kubernetes takes for whole pods. */
export function checkPodResources(work: Work, value: unknown, path: readonly (string | number)[]): void {
  const resources = fieldsOf(value);
  for (const list of ["limits", "requests"]) {
    for (const resource of Object.keys(fieldsOf(resources[list]))) {
      if (resource !== "cpu" && resource !== "memory" && !resource.startsWith("hugepages-")) work.report("HMC8046", { path: [...path, list, resource], part: "key" }, { resource });
    }
  }
  if (itemsOf(resources["claims"]).length > 0) work.report("HMC8046", { path: [...path, "claims"], part: "key" }, { resource: "claims" });
}

function checkImage(work: Work, template: Template): void {
  const { kind } = template;
  if (kind !== "container" && kind !== "script") return;
  const own = fieldsOf(template.fields[kind]);
  const defaults = fieldsOf(fieldsOf(work.model.spec["templateDefaults"])[kind]);
  if (filled(own["image"]) !== undefined || filled(defaults["image"]) !== undefined) return;
  const path = [...template.path, kind];
  const place = own["image"] === undefined ? ({ path, part: "key" } as const) : { path: [...path, "image"] };
  work.report("HMC8026", place, { template: template.name });
}

/** Names that only the containers of Argo itself have. */
function isReserved(name: string): boolean {
  return name === "wait" || name === "supervisor" || name.startsWith("artifact-plugin-");
}

function checkContainerNames(work: Work, template: Template): void {
  const lists: [unknown, (string | number)[]][] = [
    [template.fields["sidecars"], ["sidecars"]],
    [fieldsOf(template.fields["containerSet"])["containers"], ["containerSet", "containers"]],
  ];
  for (const [list, path] of lists) {
    for (const container of namedOf(list, [...template.path, ...path])) {
      if (isReserved(container.name)) work.report("HMC8027", { path: [...container.path, "name"] }, { name: container.name });
    }
  }
}

/** What a number or a tag may be: undefined where it is neither. */
export function wholeNumber(value: unknown): number | "tag" | undefined {
  const text = looseText(value);
  if (text === undefined) return undefined;
  if (text.includes("{{")) return "tag";
  return /^[+-]?\d+$/.test(text) ? Number(text) : undefined;
}

/** The members of a map that are given, by name. */
export function givenFields(fields: Fields, names: readonly string[]): string[] {
  return names.filter((name) => isGiven(fields[name]) && fields[name] !== "");
}
