/** What a KFP target holds of one pipeline. */
import type { Experiment, Pipeline, PipelineVersion, RecurringRun } from "../../../runtime/remote/kfp/api-types.ts";
import { RequestError } from "../../../runtime/remote/http/failure.ts";
import type { KfpClient } from "../../../runtime/remote/kfp/client.ts";
import { digestOfVersion, ownerMark } from "./wanted.ts";

/** What the server has given an id. */
export type Identified<T, Key extends keyof T> = T & Required<Pick<T, Key>>;

export interface Version extends Identified<PipelineVersion, "pipeline_version_id" | "display_name" | "created_at"> {
  /** SHA-256 of its content, of what hmc has made. */
  digest: string | undefined;
}

export interface OwnRecurringRun extends Identified<RecurringRun, "recurring_run_id" | "display_name"> {
  isEnabled: boolean;
}

export interface Found {
  pipeline?: Identified<Pipeline, "pipeline_id">;
  /** Newest first. */
  versions: Version[];
  experiment?: Identified<Experiment, "experiment_id">;
  /** What hmc has made for this target, oldest first. */
  own: OwnRecurringRun[];
  /** Enabled recurring runs of this pipeline that someone else has made. */
  others: RecurringRun[];
}

/** Reads what there is. Throws a `RequestError`. */
export async function find(client: KfpClient, { target, pipeline: name, experiment: experimentName }: { target: string; pipeline: string; experiment?: string }, signal?: AbortSignal): Promise<Found> {
  const pipeline = await client.pipelineNamed(name, signal);
  const experiment = experimentName === undefined ? undefined : await client.experimentNamed(experimentName, signal);
  const found: Found = { versions: [], own: [], others: [], ...(experiment === undefined ? {} : { experiment: identified(experiment, "experiment_id") }) };
  if (pipeline === undefined) return found;
  found.pipeline = identified(pipeline, "pipeline_id");
  const id = found.pipeline.pipeline_id;
  found.versions = (await client.versions(id, { signal })).map((version) => ({ ...identified(version, "pipeline_version_id", "display_name", "created_at"), digest: digestOfVersion(version) }));
  found.versions.sort(newestFirst);
  for (const recurringRun of await client.recurringRuns({ signal })) {
    if (recurringRun.pipeline_version_reference?.pipeline_id !== id) continue;
    if (recurringRun.description?.startsWith(ownerMark(target)) === true) found.own.push({ ...identified(recurringRun, "recurring_run_id", "display_name"), isEnabled: isEnabled(recurringRun) });
    else if (isEnabled(recurringRun)) found.others.push(recurringRun);
  }
  found.own.sort((one, other) => timeOf(one) - timeOf(other) || compare(one.recurring_run_id, other.recurring_run_id));
  return found;
}

function isEnabled({ status, mode }: RecurringRun): boolean {
  return status === "ENABLED" || mode === "ENABLE";
}

/** Names decide where the server's clock has given two things one time, so that the order is the same each time. */
function newestFirst(one: Version, other: Version): number {
  return timeOf(other) - timeOf(one) || compare(one.pipeline_version_id, other.pipeline_version_id);
}

function timeOf({ created_at }: { created_at?: string }): number {
  return created_at === undefined ? 0 : Date.parse(created_at);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** Something of an answer with what every answer has. Throws a `RequestError` where it is not there: then this is no KFP. */
export function identified<T, Key extends keyof T>(value: T, ...keys: Key[]): Identified<T, Key> {
  for (const key of keys) if (value[key] === undefined) throw new RequestError({ kind: "otherServer", problem: `it answers with something that has no "${String(key)}"` }, "reading an answer");
  return value as Identified<T, Key>;
}

/** The version that runs by itself: that of the recurring run that is enabled. */
export function runningVersion({ own, versions }: Found): Version | undefined {
  const enabled = own.filter(({ isEnabled }) => isEnabled).at(-1);
  return versions.find(({ pipeline_version_id }) => pipeline_version_id === enabled?.pipeline_version_reference?.pipeline_version_id);
}
