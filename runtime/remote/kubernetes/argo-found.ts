/** What a namespace holds of one pipeline. */
import { annotations, cronWorkflows, labels, workflowTemplates, type CronWorkflow, type WorkflowTemplate } from "./argo-objects.ts";
import type { KubernetesClient } from "./client.ts";
import { ClusterUnusable } from "./failure.ts";
import { isNotFound, type Stored } from "./objects.ts";

/** That a revision has come to run. */
export interface HistoryEntry {
  revision: string;
  /** ISO 8601. */
  at: string;
  commit?: string;
}

export interface ArgoFound {
  /** The template that runs, whoever has made it. */
  live: Stored<WorkflowTemplate> | undefined;
  /** Schedules that hmc has made for it. */
  schedules: Stored<CronWorkflow>[];
  /** Kept copies by the id of their revision. */
  copies: ReadonlyMap<string, Stored<WorkflowTemplate>>;
  libraries: Stored<WorkflowTemplate>[];
  /** Which revisions have run, oldest first; each once, where it ran last. */
  history: HistoryEntry[];
  /** The id of the revision that runs. */
  running: string | undefined;
}

/** Reads what there is. Throws a `RequestError`, and `ClusterUnusable` where there is no Argo. */
export async function findArgo(client: KubernetesClient, template: string, signal?: AbortSignal): Promise<ArgoFound> {
  const options = { labels: `${labels.template}=${template}`, signal };
  let templates: Stored<WorkflowTemplate>[];
  try {
    templates = await client.list(workflowTemplates, options);
  } catch (error) {
    // A list of a kind that is there is never missing: it is empty.
    throw isNotFound(error) ? new ClusterUnusable({ kind: "noArgo", server: client.http.base }) : error;
  }
  const schedules = await client.list(cronWorkflows, options);
  const live = await client.get(workflowTemplates, template, signal);
  const ofRole = (role: string): Stored<WorkflowTemplate>[] => templates.filter(({ metadata }) => metadata.labels?.[labels.role] === role);
  return {
    live,
    schedules,
    copies: new Map(ofRole("revision").map((copy) => [copy.metadata.labels?.[labels.revision] ?? "", copy])),
    libraries: ofRole("library"),
    history: historyOf(live),
    running: live?.metadata.labels?.[labels.revision],
  };
}

/** What is not a history is none: annotations can be written by anyone. */
function historyOf(live: Stored<WorkflowTemplate> | undefined): HistoryEntry[] {
  try {
    const entries = JSON.parse(live?.metadata.annotations?.[annotations.history] ?? "[]") as unknown;
    return Array.isArray(entries) ? entries.filter((entry): entry is HistoryEntry => typeof entry === "object" && entry !== null && typeof (entry as HistoryEntry).revision === "string") : [];
  } catch {
    return [];
  }
}
