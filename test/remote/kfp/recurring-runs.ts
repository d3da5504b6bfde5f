/** The service of recurring runs. Source: job_server.go, `toModelJob` in api_converter.go, `CreateJob` in resource_manager.go, job_store.go. */
import { randomUUID } from "node:crypto";
import type { RecurringRun, Trigger } from "../../../runtime/remote/kfp/api-types.ts";
import { cronProblem } from "./cron.ts";
import { experimentFor, ofExperiment } from "./experiments.ts";
import { checkParameters } from "./pipeline-spec.ts";
import { referredVersion, sourceOf } from "./pipelines.ts";
import { attempting, internally, invalid, notFound, Refusal } from "./refusal.ts";
import { shownConfig, sourceFor, usualServiceAccount } from "./runs.ts";
import { listed, nowOf, shown, type Query, type Store } from "./state.ts";

/** Where KFP itself runs, and all that runs in it where there is one user. Source: `GetPodNamespace` in backend/src/apiserver/common/config.go. */
const ownNamespace = "kubeflow";

const mostConcurrent = 10;

/** Makes one more, whatever its name: no names are taken here. */
export function createRecurringRun(store: Store, given: RecurringRun): RecurringRun {
  const { display_name = "", description, no_catchup, mode = "MODE_UNSPECIFIED", trigger = {}, plugins_input } = given;
  internally("Failed to convert a API recurring run to its internal representation", () => {
    if (display_name === "") throw invalid("Recurring run's name cannot be empty");
  });
  checkConcurrency(given);
  checkTrigger(trigger);
  const experiment = attempting("Failed to create a recurring run due to invalid experimentId and namespace combination", () => experimentFor(store, given.experiment_id));
  const now = nowOf(store);
  const recurringRun = shown({
    recurring_run_id: randomUUID(),
    display_name,
    description,
    ...madeOf(store, given),
    runtime_config: shownConfig(given.runtime_config),
    max_concurrency: String(given.max_concurrency),
    trigger: shownTrigger(trigger),
    mode: mode === "ENABLE" ? "ENABLE" : "DISABLE",
    created_at: now,
    updated_at: now,
    status: mode === "ENABLE" ? "ENABLED" : "DISABLED",
    no_catchup,
    namespace: experiment.namespace ?? ownNamespace,
    experiment_id: experiment.experiment_id,
    plugins_input,
  } as RecurringRun);
  store.state.recurringRuns.push(recurringRun);
  return recurringRun;
}

export function listRecurringRuns(store: Store, query: Query): object {
  return listed(store, "recurringRuns", "recurringRuns", ofExperiment(store, store.state.recurringRuns, query, "a recurring run"), query);
}

export function recurringRunOf({ state }: Store, id: string): RecurringRun {
  const found = state.recurringRuns.find(({ recurring_run_id }) => recurring_run_id === id);
  if (found === undefined) throw notFound("Job", id);
  return found;
}

/** To enable what is enabled changes nothing. */
export function setEnabled(store: Store, id: string, isEnabled: boolean): object {
  const recurringRun = attempting(`Failed to change recurring run's mode to enable:${isEnabled}. Check if recurring run ${id} exists`, () => recurringRunOf(store, id));
  const mode = isEnabled ? "ENABLE" : "DISABLE";
  if (recurringRun.mode !== mode) Object.assign(recurringRun, { mode, status: isEnabled ? "ENABLED" : "DISABLED", updated_at: nowOf(store) });
  return {};
}

/** A pipeline without a version stays so: each run takes what is the latest then. Its parameters are checked with the latest of now. */
function madeOf(store: Store, given: RecurringRun): Partial<RecurringRun> {
  const { pipeline_id = "", pipeline_version_id = "" } = given.pipeline_version_reference ?? {};
  const parameters = given.runtime_config?.parameters ?? {};
  if (pipeline_version_id !== "" || given.pipeline_spec !== undefined) {
    const { source, shownAs } = internally("Failed to create a recurring run with an invalid pipeline spec manifest", () => sourceFor(store, given));
    attempting("Failed to create a recurring run during scheduled workflow creation: invalid pipeline job inputs", () => checkParameters(source, parameters));
    return { ...shownAs, service_account: given.service_account ?? usualServiceAccount };
  }
  // An error without a code becomes an internal one.
  if (pipeline_id === "") throw new Refusal("Internal", "Internal error: Cannot create a job with an empty pipeline ID");
  attempting("Failed to validate the input parameters on the latest pipeline version", () => checkParameters(sourceOf(store, referredVersion(store, pipeline_id, "")), parameters));
  return { pipeline_version_reference: { pipeline_id }, ...(given.service_account === undefined ? {} : { service_account: given.service_account }) };
}

function checkConcurrency({ max_concurrency = "0" }: RecurringRun): void {
  if (Number(max_concurrency) < 1 || Number(max_concurrency) > mostConcurrent) {
    throw invalid(`Max concurrency of a recurring run must be at least 1 and at most ${mostConcurrent}. Received ${max_concurrency}`);
  }
}

function checkTrigger({ cron_schedule, periodic_schedule }: Trigger): void {
  const problem = cron_schedule === undefined ? undefined : cronProblem(cron_schedule.cron ?? "");
  if (problem !== undefined) throw invalid(`Schedule cron is not a supported format(https://godoc.org/github.com/robfig/cron). Error: ${problem}`);
  const seconds = Number(periodic_schedule?.interval_second ?? 0);
  if (periodic_schedule !== undefined && seconds < 1) throw invalid(`Found invalid period schedule interval ${seconds}. Set at interval to least 1 second`);
}

/** Times are kept in whole seconds, numbers shown as texts. Without a schedule it is empty, and never runs. */
function shownTrigger({ cron_schedule, periodic_schedule }: Trigger): Trigger {
  const times = ({ start_time, end_time }: { start_time?: string; end_time?: string }) => ({ ...(start_time === undefined ? {} : { start_time: wholeSeconds(start_time) }), ...(end_time === undefined ? {} : { end_time: wholeSeconds(end_time) }) });
  if (cron_schedule !== undefined) return { cron_schedule: { ...times(cron_schedule), cron: cron_schedule.cron ?? "" } };
  if (periodic_schedule !== undefined) return { periodic_schedule: { ...times(periodic_schedule), interval_second: String(periodic_schedule.interval_second) } };
  return {};
}

function wholeSeconds(time: string): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
