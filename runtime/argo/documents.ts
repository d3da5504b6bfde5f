/** Reads the documents of a simulation: which workflow runs, and the templates that it may reference. */
import { SimulationError } from "./errors.ts";
import { isRecord, read } from "./read.ts";
import type { SimulationOptions } from "./options.ts";
import type { Metadata, Resource, WorkflowSpec } from "./types.ts";

export interface Documents {
  readonly workflow: Resource;
  /** WorkflowTemplates and ClusterWorkflowTemplates by kind and name, such as `WorkflowTemplate/lib`. */
  readonly library: ReadonlyMap<string, Resource>;
}

/**
 * The workflow and the templates of documents. A CronWorkflow counts as the workflow that it starts; where there is no workflow,
 * a single WorkflowTemplate is submitted.
 *
 * @param documents parsed YAML or JSON documents
 * @throws SimulationError where they hold no workflow, or several and no name says which, or fields that Argo does not have
 */
export function readDocuments(documents: readonly unknown[], { workflow: wanted, parameters }: Pick<SimulationOptions, "workflow" | "parameters">): Documents {
  const resources = documents.filter((document) => document !== null && document !== undefined).map(readResource);
  const library = new Map(resources.filter(({ kind }) => kind !== "Workflow").map((resource) => [`${resource.kind}/${resource.metadata.name}`, resource]));
  const workflows = resources.filter(({ kind }) => kind === "Workflow");
  const candidates = workflows.length > 0 ? workflows : resources;
  const named = wanted === undefined ? candidates : resources.filter(({ metadata }) => metadata.name === wanted);
  const [found, another] = named.some(({ kind }) => kind === "Workflow") ? named.filter(({ kind }) => kind === "Workflow") : named;
  if (!found) throw new SimulationError("documents", wanted === undefined ? "there is no Workflow" : `there is no Workflow "${wanted}"`);
  if (another) throw new SimulationError("documents", "there are several workflows: name the one to run");
  return { workflow: withParameters(found.kind === "Workflow" ? found : submission(found), parameters ?? {}), library };
}

function readResource(document: unknown, index: number): Resource {
  const path = `documents[${index}]`;
  if (!isRecord(document)) throw new SimulationError(path, "is no object");
  const { kind, spec } = document;
  const metadata = readMetadata(document["metadata"], `${path}.metadata`);
  const cronSpec = kind === "CronWorkflow" && isRecord(spec) ? spec["workflowSpec"] : undefined;
  switch (kind) {
    case "Workflow":
    case "WorkflowTemplate":
    case "ClusterWorkflowTemplate":
      return { kind, metadata, spec: read<WorkflowSpec>("WorkflowSpec", spec ?? {}, "spec") };
    case "CronWorkflow":
      return { kind: "Workflow", metadata, spec: read<WorkflowSpec>("WorkflowSpec", cronSpec ?? {}, "spec.workflowSpec") };
    default:
      throw new SimulationError(`${path}.kind`, `the simulator runs workflows, not a ${typeof kind === "string" ? kind : "document without kind"}`);
  }
}

function readMetadata(metadata: unknown, path: string): Metadata {
  if (!isRecord(metadata)) throw new SimulationError(path, "must be an object");
  const { name, generateName } = metadata;
  const given = typeof name === "string" && name !== "" ? name : typeof generateName === "string" ? generateName.replace(/-$/, "") : "";
  if (given === "") throw new SimulationError(path, "has neither name nor generateName");
  return { name: given, labels: texts(metadata["labels"]), annotations: texts(metadata["annotations"]) };
}

function texts(map: unknown): { [name: string]: string } {
  return Object.fromEntries(Object.entries(isRecord(map) ? map : {}).map(([name, value]) => [name, String(value)]));
}

/** The workflow that `argo submit --from` makes of a template. */
function submission({ kind, metadata }: Resource): Resource {
  const clusterScope = kind === "ClusterWorkflowTemplate";
  return { kind: "Workflow", metadata: { ...metadata, annotations: {}, labels: {} }, spec: { arguments: {}, workflowTemplateRef: { name: metadata.name, clusterScope } } };
}

function withParameters(resource: Resource, values: { readonly [name: string]: string }): Resource {
  const names = Object.keys(values);
  if (names.length === 0) return resource;
  const given = resource.spec.arguments;
  const kept = (given.parameters ?? []).map((parameter) => (values[parameter.name] === undefined ? parameter : { ...parameter, value: values[parameter.name] as string }));
  const added = names.filter((name) => !kept.some((parameter) => parameter.name === name)).map((name) => ({ name, value: values[name] as string }));
  return { ...resource, spec: { ...resource.spec, arguments: { ...given, parameters: [...kept, ...added] } } };
}
