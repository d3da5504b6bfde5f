/** Removing revisions that nobody goes back to any more. */
import { findArgo, type ArgoFound } from "./argo-found.ts";
import { cronWorkflows, referencesIn, workflows, workflowTemplates, type WorkflowTemplate } from "./argo-objects.ts";
import type { KubernetesClient } from "./client.ts";
import type { Stored } from "./objects.ts";

export interface ArgoPrune {
  /** What is deleted, in this order: copies before the libraries that they refer to. */
  templates: Stored<WorkflowTemplate>[];
  /** Names of what is old, but used by something else: runs that have not ended, schedules or templates. */
  used: string[];
}

export interface PruneOptions {
  /** Milliseconds since 1970. */
  now: () => number;
  signal?: AbortSignal | undefined;
}

/** What is younger than this may be of a delivery that is on its way. Milliseconds. */
const youth = 60 * 60 * 1000;

/**
 * What may go: all but the newest revisions and the one that runs, and libraries that no other template needs. Runs that have ended stay: they have a copy of
 * what they ran.
 *
 * @param keep how many revisions stay, beside the one that runs
 */
export async function planPrune(client: KubernetesClient, template: string, keep: number, { now, signal }: PruneOptions): Promise<ArgoPrune> {
  const found = await findArgo(client, template, signal);
  const old = oldCopies(found, keep, (one) => now() - Date.parse(one.metadata.creationTimestamp) < youth);
  const candidates = new Map([...old, ...found.libraries.filter(({ metadata }) => now() - Date.parse(metadata.creationTimestamp) >= youth)].map((one) => [one.metadata.name, one]));
  if (candidates.size === 0) return { templates: [], used: [] };
  const templates = await client.list(workflowTemplates, { signal });
  const users = [...(await client.list(workflows, { labels: "workflows.argoproj.io/completed!=true", signal })), ...(await client.list(cronWorkflows, { signal })), ...templates.filter(({ metadata }) => !candidates.has(metadata.name))];
  const needed = new Set(users.flatMap(referencesIn));
  const references = new Map([...candidates].map(([name, one]) => [name, referencesIn(one)]));
  // What something needed needs is needed, too.
  for (const name of needed) for (const other of references.get(name) ?? []) needed.add(other);
  const isNeeded = ({ metadata }: Stored<WorkflowTemplate>): boolean => needed.has(metadata.name);
  const libraries = [...candidates.values()].filter((one) => !old.includes(one));
  return { templates: [...old, ...libraries].filter((one) => !isNeeded(one)), used: old.filter(isNeeded).map(({ metadata }) => metadata.name) };
}

/** Deletes what may go, and says what that was. */
export async function pruneArgo(client: KubernetesClient, template: string, keep: number, options: PruneOptions): Promise<ArgoPrune> {
  const prune = await planPrune(client, template, keep, options);
  for (const one of prune.templates) await client.delete(workflowTemplates, one, options.signal);
  return prune;
}

function oldCopies({ copies, history, running }: ArgoFound, keep: number, isYoung: (one: Stored<WorkflowTemplate>) => boolean): Stored<WorkflowTemplate>[] {
  const ran = history.map(({ revision }) => revision).filter((id) => copies.has(id) && id !== running);
  const newest = new Set(ran.slice(Math.max(0, ran.length - keep)));
  return [...copies].filter(([id, one]) => id !== running && !newest.has(id) && (ran.includes(id) || !isYoung(one))).map(([, one]) => one);
}
