/** Makes what a delivery needs on a KFP server. */
import type { RecurringRun } from "../../../runtime/remote/kfp/api-types.ts";
import type { KfpClient } from "../../../runtime/remote/kfp/client.ts";
import { bug } from "../../bug.ts";
import { find, identified, type Found } from "./found.ts";
import { sameVersion, type Step } from "./plan.ts";
import { changeRecurringRun, settle, type Settled } from "./settle.ts";
import type { Wanted } from "./wanted.ts";

export interface Deliverer {
  client: KfpClient;
  /** Told of each step before it is done. */
  onStep: (step: Step) => void;
  signal?: AbortSignal;
}

/**
 * Brings a target to what is wanted.
 *
 * @param plan what is to be done: `planDelivery`, or a part of it
 */
export function deliver(wanted: Wanted, plan: (wanted: Wanted, found: Found) => Step[], { client, onStep, signal }: Deliverer): Promise<Settled> {
  return settle({ look: () => find(client, wanted, signal), plan: (found) => plan(wanted, found), carryOut: (step, found) => carryOut(step, wanted, found, client, signal), onStep });
}

/** Does one step, and keeps in `found` what the next ones need. */
async function carryOut(step: Step, wanted: Wanted, found: Found, client: KfpClient, signal: AbortSignal | undefined): Promise<void> {
  switch (step.kind) {
    case "createPipeline":
      found.pipeline = identified(await client.createPipeline(wanted.pipeline, wanted.description, signal), "pipeline_id");
      return;
    case "uploadVersion": {
      const upload = { pipelineId: idOfPipeline(found), name: step.name, description: wanted.versionDescription, yaml: wanted.yaml };
      const version = identified(await client.uploadVersion(upload, signal), "pipeline_version_id", "created_at");
      found.versions.unshift({ ...version, display_name: step.name, digest: wanted.digest });
      return;
    }
    case "createExperiment":
      found.experiment = identified(await client.createExperiment(step.name, signal), "experiment_id");
      return;
    case "createRecurringRun":
      await client.createRecurringRun(recurringRunOf(wanted, found), signal);
      return;
    default:
      return changeRecurringRun(step, client, signal);
  }
}

function idOfPipeline({ pipeline }: Found): string {
  return pipeline?.pipeline_id ?? bug("a version is uploaded before its pipeline is there");
}

function recurringRunOf(wanted: Wanted, found: Found): RecurringRun {
  const { name, description, cron, maxConcurrency, catchUp } = wanted.recurringRun ?? bug("a recurring run without a schedule");
  return {
    display_name: name,
    description,
    pipeline_version_reference: { pipeline_id: idOfPipeline(found), pipeline_version_id: sameVersion(found, wanted.digest)?.pipeline_version_id ?? bug("a recurring run before its version") },
    experiment_id: found.experiment?.experiment_id ?? bug("a recurring run before its experiment"),
    runtime_config: runtimeConfig(wanted),
    trigger: { cron_schedule: { cron } },
    max_concurrency: String(maxConcurrency),
    no_catchup: !catchUp,
    mode: "ENABLE",
    ...(wanted.serviceAccount === undefined ? {} : { service_account: wanted.serviceAccount }),
  };
}

export function runtimeConfig({ parameters, pipelineRoot }: Pick<Wanted, "parameters" | "pipelineRoot">): NonNullable<RecurringRun["runtime_config"]> {
  return { parameters, ...(pipelineRoot === undefined ? {} : { pipeline_root: pipelineRoot }) };
}
