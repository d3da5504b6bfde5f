/** What is to be done so that a revision runs: asked of the server, which writes nothing. */
import { annotations, cronWorkflows, labels, workflowTemplates, type ArgoManifest, type CronWorkflow, type WorkflowTemplate } from "./argo-objects.ts";
import type { ArgoFound, HistoryEntry } from "./argo-found.ts";
import type { Named, Revision } from "./argo-revision.ts";
import type { KubernetesClient } from "./client.ts";
import { canonicalJson } from "../digest.ts";
import { fieldConflicts, type FieldConflict, type Resource, type Stored } from "./objects.ts";

/** An object, and what becomes of it. */
export interface ObjectPlan {
  role: "library" | "revision" | "template" | "schedule";
  kind: "WorkflowTemplate" | "CronWorkflow";
  name: string;
  /** `suspend`: a schedule that is no longer wanted stays, and starts nothing. */
  change: "create" | "update" | "suspend" | "same";
  /** What an update changes, e.g. `.spec.entrypoint`; sorted. */
  fields: string[];
  /** What others hold: without force nothing is written. */
  conflicts: FieldConflict[];
  /** On a schedule: it starts nothing. Another one may have suspended it, which a delivery does not undo. */
  isSuspended?: boolean;
}

/** A plan, with what carries it out. */
export interface Step extends ObjectPlan {
  write: (signal?: AbortSignal) => Promise<unknown>;
}

export interface PlanOptions {
  /** Takes fields that others hold. */
  force?: boolean;
  /** Milliseconds since 1970. */
  now: () => number;
  signal?: AbortSignal | undefined;
}

/** How many entries of a history stay: they are kept in an annotation. */
const longestHistory = 200;

/**
 * The steps, in their order: what is new comes before what refers to it, and the template that runs changes in one write, together with its history. So wherever
 * a delivery breaks off, what runs is whole, and the same plan, made again, has what is left.
 *
 * @param isNew whether this is a delivery, which is written into the history; else it is a return to a revision of it
 */
export async function planRevision(client: KubernetesClient, revision: Revision, found: ArgoFound, isNew: boolean, options: PlanOptions): Promise<Step[]> {
  const steps: Step[] = [];
  const has = new Map([...found.libraries, ...found.copies.values()].map((stored) => [stored.metadata.name, stored]));
  const plan = (role: ObjectPlan["role"], object: Named<WorkflowTemplate>): Promise<Step> => planObject(client, workflowTemplates, role, object, has.get(object.metadata.name), options);
  for (const library of revision.libraries) steps.push(await plan("library", library));
  // What a rollback goes back to is there.
  if (isNew) steps.push(await plan("revision", withCommitOf(revision.copy, found.copies.get(revision.id))));
  steps.push(await planObject(client, workflowTemplates, "template", liveOf(revision, found, isNew, options.now), found.live, options));
  const { schedule } = revision;
  if (schedule !== undefined) {
    const stored = found.schedules.find(({ metadata }) => metadata.name === schedule.metadata.name) ?? (await client.get(cronWorkflows, schedule.metadata.name, options.signal));
    steps.push(await planObject(client, cronWorkflows, "schedule", withCommitOf(schedule, stored), stored, options));
  }
  for (const stored of found.schedules) {
    if (stored.metadata.name === schedule?.metadata.name) continue;
    const step = await planObject(client, cronWorkflows, "schedule", suspended(stored), stored, options);
    steps.push(step.change === "update" ? { ...step, change: "suspend" } : step);
  }
  return steps;
}

/** What was delivered before keeps the commit that it came with, so that the same content is the same from any commit. */
function withCommitOf<T extends WorkflowTemplate | CronWorkflow>(object: Named<T>, stored: Stored<T> | undefined): Named<T> {
  if (stored?.metadata.labels?.[labels.revision] !== object.metadata.labels?.[labels.revision]) return object;
  const { [annotations.commit]: _, ...others } = object.metadata.annotations ?? {};
  const commit = stored?.metadata.annotations?.[annotations.commit];
  const metadata = { ...object.metadata, name: object.metadata.name, annotations: { ...others, ...(commit === undefined ? {} : { [annotations.commit]: commit }) } };
  return { ...object, metadata };
}

function liveOf({ id, commit, live: plain }: Revision, found: ArgoFound, isNew: boolean, now: () => number): Named<WorkflowTemplate> {
  const live = withCommitOf(plain, found.live);
  const isKnown = found.history.some(({ revision }) => revision === id);
  const entry: HistoryEntry = { revision: id, at: new Date(now()).toISOString(), ...(commit === undefined ? {} : { commit }) };
  const history = isKnown && (!isNew || found.running === id) ? found.history : [...found.history.filter(({ revision }) => revision !== id), entry].slice(-longestHistory);
  return {
    ...live,
    metadata: {
      ...live.metadata,
      annotations: { ...live.metadata.annotations, [annotations.history]: JSON.stringify(history) },
    },
  };
}

/** A schedule as it is, but that it starts nothing. */
function suspended({ apiVersion, kind, metadata: { name, labels: marks, annotations: others }, spec }: Stored<CronWorkflow>): Named<CronWorkflow> {
  return { apiVersion, kind, metadata: { name, ...(marks === undefined ? {} : { labels: marks }), ...(others === undefined ? {} : { annotations: others }) }, spec: { ...spec, suspend: true } };
}

/** What several revisions write carries the version that was seen, so that the server refuses where another one has written meanwhile, and the plan is made anew. */
async function planObject<T extends WorkflowTemplate | CronWorkflow>(client: KubernetesClient, resource: Resource<T>, role: ObjectPlan["role"], wanted: Named<T>, found: Stored<T> | undefined, { force = false, signal }: PlanOptions): Promise<Step> {
  const isShared = role === "template" || role === "schedule";
  const object = isShared && found !== undefined ? { ...wanted, metadata: { ...wanted.metadata, resourceVersion: found.metadata.resourceVersion } } : wanted;
  const base = { role, kind: object.kind, name: object.metadata.name, write: (now?: AbortSignal) => client.apply(resource, object, { force, signal: now }) };
  try {
    const after = await client.apply(resource, object, { isDryRun: true, force, signal });
    const fields = found === undefined ? [] : changedFields(essence(found), essence(after)).sort();
    const isSuspended = after.spec["suspend"] === true;
    return { ...base, change: found === undefined ? "create" : fields.length === 0 ? "same" : "update", fields, conflicts: [], ...(resource.kind === "CronWorkflow" ? { isSuspended } : {}) };
  } catch (error) {
    const conflicts = fieldConflicts(error);
    if (conflicts === undefined) throw error;
    return { ...base, change: found === undefined ? "create" : "update", fields: conflicts.map(({ field }) => field).sort(), conflicts };
  }
}

/** What is someone's to write. */
function essence({ metadata, spec }: Stored<ArgoManifest>): unknown {
  return { metadata: { labels: metadata.labels ?? {}, annotations: metadata.annotations ?? {} }, spec };
}

/** Where two values differ, down to fields; a list differs as a whole where its length does. */
function changedFields(one: unknown, other: unknown, path = ""): string[] {
  if (canonicalJson(one) === canonicalJson(other)) return [];
  if (Array.isArray(one) && Array.isArray(other)) return one.length === other.length ? one.flatMap((item, index) => changedFields(item, other[index], `${path}[${index}]`)) : [path];
  if (isMap(one) && isMap(other)) return [...new Set([...Object.keys(one), ...Object.keys(other)])].flatMap((key) => changedFields(one[key], other[key], /^[A-Za-z_]\w*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`));
  return [path];
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
