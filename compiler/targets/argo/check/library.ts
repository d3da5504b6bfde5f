/** The WorkflowTemplates that calls of other documents can refer to. */
import { filled, fieldsOf, type Fields } from "./json.ts";
import type { Call, DocumentModel, Template } from "./model.ts";

export interface Library {
  /** The WorkflowTemplate of a name and namespace; undefined where it is not among the files. */
  find(name: string, isCluster: boolean, namespace: string): DocumentModel | undefined;
  names(isCluster: boolean): string[];
}

export function openLibrary(models: readonly DocumentModel[]): Library {
  const key = (isCluster: boolean, namespace: string, name: string): string => (isCluster ? `/${name}` : `${namespace}/${name}`);
  const byName = new Map<string, DocumentModel>();
  for (const model of models) {
    if (model.kind === "WorkflowTemplate") byName.set(key(false, model.namespace, model.name), model);
    else if (model.kind === "ClusterWorkflowTemplate") byName.set(`cluster${key(true, "", model.name)}`, model);
  }
  return {
    find: (name, isCluster, namespace) => (isCluster ? byName.get(`cluster/${name}`) : (byName.get(key(false, namespace, name)) ?? byName.get(key(false, "", name)))),
    names: (isCluster) => [...byName.values()].filter(({ kind }) => (kind === "ClusterWorkflowTemplate") === isCluster).map(({ name }) => name),
  };
}

/** What a call comes to. */
export type Resolved =
  | { kind: "found"; template: Template; home: DocumentModel }
  /** The name holds a tag, or the call is of a document that is not at hand. */
  | { kind: "unknown" }
  | { kind: "undefined"; name: string; home: DocumentModel };

/**
 * Finds the template of a call that stands in a document.
 *
 * @param isStart whether it is what the workflow itself names, in which no tags are filled in
 */
export function resolveCall(call: Call, home: DocumentModel, library: Library, isStart = false): Resolved {
  if (call.inline !== undefined) return { kind: "found", template: call.inline, home };
  if (call.templateRef !== undefined) return resolveReference(call.templateRef, home, library);
  if (call.template === undefined || (call.template.includes("{{") && !isStart)) return { kind: "unknown" };
  const reference = fieldsOf(home.spec["workflowTemplateRef"]);
  const referred = filled(reference["name"]);
  const holder = referred === undefined ? home : library.find(referred, reference["clusterScope"] === true, home.namespace);
  if (holder === undefined) return { kind: "unknown" };
  return inDocument(call.template, holder);
}

function resolveReference(reference: Fields, home: DocumentModel, library: Library): Resolved {
  const [name, template] = [filled(reference["name"]), filled(reference["template"])];
  if (name === undefined || template === undefined || name.includes("{{") || template.includes("{{")) return { kind: "unknown" };
  const holder = library.find(name, reference["clusterScope"] === true, home.namespace);
  return holder === undefined ? { kind: "unknown" } : inDocument(template, holder);
}

function inDocument(name: string, home: DocumentModel): Resolved {
  const template = home.templates.find((candidate) => candidate.name === name);
  return template === undefined ? { kind: "undefined", name, home } : { kind: "found", template, home };
}
