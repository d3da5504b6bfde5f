/** Single runs on a KFP target. */
import type { Run, RuntimeState } from "../../../runtime/remote/kfp/api-types.ts";
import { equals, type KfpClient } from "../../../runtime/remote/kfp/client.ts";
import { isPassing, RequestError } from "../../../runtime/remote/http/failure.ts";
import { runtimeConfig } from "./deliver.ts";
import type { Identified } from "./found.ts";
import type { Wanted } from "./wanted.ts";

export type StartedRun = Identified<Run, "run_id">;

export interface RunRequest extends Pick<Wanted, "parameters" | "pipelineRoot" | "serviceAccount"> {
  /** It tells this run from all others: by it a run is found whose answer was lost. */
  name: string;
  description: string;
  pipelineId: string;
  versionId: string;
  experimentId: string;
}

/** How often a run is asked for that does not appear. */
const mostTries = 4;

/** Starts one run, exactly one: where it is not known whether the server has acted, the run is looked for by its name before it is asked for again. */
export async function startRun(client: KfpClient, request: RunRequest, signal?: AbortSignal): Promise<StartedRun> {
  const { name, description, pipelineId, versionId, experimentId, serviceAccount } = request;
  for (let attempt = 1; ; attempt++) {
    try {
      await client.createRun({
        display_name: name,
        description,
        experiment_id: experimentId,
        pipeline_version_reference: { pipeline_id: pipelineId, pipeline_version_id: versionId },
        runtime_config: runtimeConfig(request),
        ...(serviceAccount === undefined ? {} : { service_account: serviceAccount }),
      }, signal);
    } catch (error) {
      if (!(error instanceof RequestError) || !isPassing(error.failure) || attempt === mostTries) throw error;
    }
    const [first, ...doubles] = (await client.runs({ predicates: [equals("name", name)], experimentId, sortBy: "created_at asc", signal })).filter((run): run is StartedRun => run.display_name === name && run.run_id !== undefined);
    // A proxy may have sent the request twice: the second is ended before it does much.
    for (const { run_id } of doubles) await client.terminateRun(run_id, signal);
    if (first !== undefined) return first;
  }
}

const endStates = new Set<RuntimeState | undefined>(["SUCCEEDED", "FAILED", "SKIPPED", "CANCELED"]);

export function hasEnded({ state }: Run): boolean {
  return endStates.has(state);
}

/** Milliseconds between two looks at a run: at first often, then less. */
const [firstPause, longestPause] = [1000, 10_000];

export interface Waiter {
  sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** Told whenever the run or one of its tasks has changed. */
  onChange: (run: Run) => void;
  signal?: AbortSignal;
}

/** Waits for the end of a run. */
export async function waitForRun(client: KfpClient, runId: string, { sleep, onChange, signal }: Waiter): Promise<Run> {
  let shown = "";
  for (let pause = firstPause; ; pause = Math.min(pause * 1.5, longestPause)) {
    const run = await client.run(runId, signal);
    const now = JSON.stringify([run.state, tasksOfRun(run)]);
    if (now !== shown) onChange(run);
    shown = now;
    if (hasEnded(run)) return run;
    await sleep(pause, signal);
    signal?.throwIfAborted();
  }
}

export interface TaskState {
  name: string;
  state: RuntimeState | undefined;
  /** Why it failed; KFP leaves it empty for most. */
  problem: string | undefined;
  pod: string | undefined;
}

/** The tasks of a run, without its drivers, in order of their start. */
export function tasksOfRun({ run_details }: Run): TaskState[] {
  return (run_details?.task_details ?? [])
    .filter(({ display_name }) => display_name !== undefined && !/(?:^|-)(?:driver|executor)$|^root$/.test(display_name))
    .sort((one, other) => Date.parse(one.start_time ?? one.create_time ?? "") - Date.parse(other.start_time ?? other.create_time ?? ""))
    .map(({ display_name = "", state, error, child_tasks, pod_name }) => ({ name: display_name, state, problem: error?.message, pod: pod_name ?? child_tasks?.find(({ pod_name: pod }) => pod !== undefined)?.pod_name }));
}

/** Whether an id of the document is the task of a run that has this name: KFP writes names in small letters with dashes. */
export function namesTask(id: string, name: string): boolean {
  return id.toLowerCase().replace(/[^a-z0-9]+/g, "-") === name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
}
