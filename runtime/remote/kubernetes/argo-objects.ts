/** The objects of Argo Workflows that hmc delivers and reads, and the marks that it leaves on them. */
import type { KubernetesObject, ObjectMeta, Resource } from "./objects.ts";

const apiVersion = "argoproj.io/v1alpha1";

/** What `hmc compile` makes of a pipeline for Argo. */
export interface ArgoManifest extends KubernetesObject {
  spec: Record<string, unknown>;
}

export interface WorkflowTemplate extends ArgoManifest {
  kind: "WorkflowTemplate";
}

export interface CronWorkflow extends ArgoManifest {
  kind: "CronWorkflow";
}

export interface Workflow extends ArgoManifest {
  kind: "Workflow";
  status?: WorkflowStatus;
}

/** Source: `WorkflowStatus` of Argo's v1alpha1. */
export interface WorkflowStatus {
  phase?: string;
  message?: string;
  progress?: string;
  startedAt?: string | null;
  finishedAt?: string | null;
  nodes?: Record<string, StatusNode>;
  /** The nodes, as JSON that is packed with gzip and written in base64, where they are too large. */
  compressedNodes?: string;
  /** Set where the nodes are in a database. */
  offloadNodeStatusVersion?: string;
}

export interface StatusNode {
  id: string;
  name: string;
  displayName?: string;
  type: string;
  phase?: string;
  templateName?: string;
  message?: string;
  startedAt?: string | null;
  finishedAt?: string | null;
}

export interface Pod extends KubernetesObject {
  kind: "Pod";
  status?: { phase?: string; containerStatuses?: { name: string; state?: { waiting?: unknown; terminated?: unknown } }[] };
}

export const workflowTemplates: Resource<WorkflowTemplate> = { apiVersion, kind: "WorkflowTemplate", plural: "workflowtemplates" };
export const cronWorkflows: Resource<CronWorkflow> = { apiVersion, kind: "CronWorkflow", plural: "cronworkflows" };
export const workflows: Resource<Workflow> = { apiVersion, kind: "Workflow", plural: "workflows" };
export const pods: Resource<Pod> = { apiVersion: "v1", kind: "Pod", plural: "pods" };

export const labels = {
  managedBy: "app.kubernetes.io/managed-by",
  /** The name of the template that runs: on it, on all that belongs to it, and on its runs. */
  template: "hmc.dev/template",
  /** What an object is to that template. */
  role: "hmc.dev/role",
  /** The revision, on templates and on their runs. */
  revision: "hmc.dev/revision",
} as const;

export const annotations = {
  /** `sha256:` and the hash of what was compiled. */
  contentHash: "hmc.dev/content-hash",
  commit: "hmc.dev/commit",
  /** On a revision: the CronWorkflow that belongs to it, as JSON. */
  schedule: "hmc.dev/schedule",
  /** On the template that runs: which revisions have run, as JSON, oldest first. */
  history: "hmc.dev/history",
  /** On a run: the hash of what was submitted. */
  submission: "hmc.dev/submission",
} as const;

/** The most characters of a name: Argo puts names of templates and runs into labels. */
export const longestName = 63;

/** A name with something at its end, shortened before that. */
export function nameWith(name: string, end: string): string {
  return `${name.slice(0, longestName - end.length - 1).replace(/[-.]+$/, "")}-${end}`;
}

/** The names in all references to templates, however deep: `templateRef` and `workflowTemplateRef`. */
export function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const name = (key === "templateRef" || key === "workflowTemplateRef") && typeof item === "object" && item !== null ? (item as { name?: unknown }).name : undefined;
    return typeof name === "string" ? [name] : referencesIn(item);
  });
}

/** The same metadata, with more labels and annotations. */
export function marked(metadata: ObjectMeta, more: { labels: Record<string, string>; annotations: Record<string, string | undefined> }): ObjectMeta {
  const kept = Object.fromEntries(Object.entries(more.annotations).filter((entry): entry is [string, string] => entry[1] !== undefined));
  return { ...metadata, labels: { ...metadata.labels, ...more.labels }, annotations: { ...metadata.annotations, ...kept } };
}
