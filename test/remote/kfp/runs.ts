/** The service of runs. Source: run_server.go, `CreateRun` and `TerminateRun` in resource_manager.go, run_store.go. */
import { randomUUID } from "node:crypto";
import type { PipelineVersionReference, Run, RuntimeConfig, RuntimeState } from "../../../runtime/remote/kfp/api-types.ts";
import { experimentFor, ofExperiment } from "./experiments.ts";
import { checkParameters, pipelineOfRequest, shownPipeline, type PipelineSource } from "./pipeline-spec.ts";
import { referredVersion, sourceOf } from "./pipelines.ts";
import { attempting, internally, invalid, notFound } from "./refusal.ts";
import { listed, never, nowOf, shown, type Query, type Store } from "./state.ts";

/** Who runs what names nobody. Source: `DefaultPipelineRunnerServiceAccount` in backend/src/apiserver/common/const.go. */
export const usualServiceAccount = "pipeline-runner";

const liveStates: ReadonlySet<RuntimeState> = new Set<RuntimeState>(["RUNTIME_STATE_UNSPECIFIED", "PENDING", "RUNNING", "PAUSED"]);
const endStates: ReadonlySet<RuntimeState> = new Set<RuntimeState>(["SUCCEEDED", "SKIPPED", "FAILED", "CANCELED"]);

/** What a run or a recurring run is made of, as it is asked for and as it is shown. */
interface Sourced {
  pipeline_spec?: Record<string, unknown>;
  pipeline_version_reference?: PipelineVersionReference;
}

export function createRun(store: Store, given: Run): Run {
  const { display_name = "", description, recurring_run_id, service_account, plugins_input } = given;
  internally("Failed to convert a API run detail to its internal representation", () => {
    if (display_name === "") throw invalid("Run name cannot be empty");
  });
  const experiment = attempting("Failed to create a run due to invalid experimentId and namespace combination", () => experimentFor(store, given.experiment_id));
  // A recurring run makes one run of each name, however often it asks.
  const earlier = recurring_run_id === undefined ? undefined : store.state.runs.find((run) => run.recurring_run_id === recurring_run_id && run.display_name === display_name);
  if (earlier !== undefined) return earlier;
  // A version that is not there is an internal error.
  const { source, shownAs } = internally("Failed to create a run due to error fetching manifest", () => sourceFor(store, given));
  attempting("Failed to generate the ExecutionSpec", () => checkParameters(source, given.runtime_config?.parameters ?? {}));
  if (recurring_run_id !== undefined && !store.state.recurringRuns.some((other) => other.recurring_run_id === recurring_run_id)) {
    internally("Failed to create a run due to invalid recurring run id", () => {
      throw invalid(`RecurringRunId doesn't exist: ${recurring_run_id}`);
    });
  }
  const now = nowOf(store);
  const run = shown({
    experiment_id: experiment.experiment_id,
    run_id: randomUUID(),
    display_name,
    storage_state: "AVAILABLE",
    description,
    ...shownAs,
    runtime_config: shownConfig(given.runtime_config),
    service_account: service_account ?? usualServiceAccount,
    created_at: now,
    scheduled_at: now,
    finished_at: never,
    state: "PENDING",
    recurring_run_id,
    state_history: [{ update_time: now, state: "PENDING" }],
    plugins_input,
  } as Run);
  store.state.runs.push(run);
  experiment.last_run_created_at = now;
  return run;
}

export function listRuns(store: Store, query: Query): object {
  return listed(store, "runs", "runs", ofExperiment(store, store.state.runs, query, "A run"), query);
}

export function runOf({ state }: Store, id: string): Run {
  const found = state.runs.find(({ run_id }) => run_id === id);
  if (found === undefined) throw notFound("Run", id);
  return found;
}

/** A run is only told to end: it is CANCELED when its workflow has ended. */
export function terminateRun(store: Store, id: string): object {
  const run = attempting(`Failed to terminate run ${id} due to error fetching the run`, () => runOf(store, id));
  if (!liveStates.has(run.state ?? "RUNTIME_STATE_UNSPECIFIED")) throw invalid(`Failed to terminate a run ${id}. Row not found`);
  run.state = "CANCELING";
  return {};
}

/** Moves a run on, as its workflow does: a state comes into the history, the last one has a time. */
export function moveRun(store: Store, id: string, change: Partial<Run>): void {
  const run = runOf(store, id);
  const { state } = change;
  const now = nowOf(store);
  const isNew = state !== undefined && state !== run.state_history?.at(-1)?.state;
  Object.assign(run, isNew ? { state_history: [...(run.state_history ?? []), { update_time: now, state }] } : {}, state !== undefined && endStates.has(state) ? { finished_at: now } : {}, change);
}

/** Reads what a run or a recurring run is made of, and how it is shown. Source: `fetchTemplateFromPipelineSpec` in resource_manager.go. */
export function sourceFor(store: Store, { pipeline_spec, pipeline_version_reference = {} }: Sourced): { source: PipelineSource; shownAs: Sourced } {
  const { pipeline_id = "", pipeline_version_id = "" } = pipeline_version_reference;
  if (pipeline_id === "" && pipeline_version_id === "") {
    if (pipeline_spec === undefined) throw invalid("Failed to fetch a template with an empty pipeline spec manifest");
    const source = attempting("Failed to fetch a template with an invalid pipeline spec manifest", () => pipelineOfRequest(pipeline_spec));
    return { source, shownAs: { pipeline_spec: shownPipeline(source) } };
  }
  const version = attempting("Failed to fetch a template due to error retrieving pipeline version", () => referredVersion(store, pipeline_id, pipeline_version_id));
  return { source: sourceOf(store, version), shownAs: { pipeline_version_reference: { pipeline_id: version.pipeline_id ?? "", pipeline_version_id: version.pipeline_version_id ?? "" } } };
}

/** What says nothing is not shown. */
export function shownConfig({ parameters = {}, pipeline_root = "" }: RuntimeConfig = {}): RuntimeConfig | undefined {
  if (Object.keys(parameters).length === 0 && pipeline_root === "") return undefined;
  return { ...(Object.keys(parameters).length === 0 ? {} : { parameters }), ...(pipeline_root === "" ? {} : { pipeline_root }) };
}
