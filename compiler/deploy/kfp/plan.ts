/** From what is there to what should be there: steps, in the order in which they are safe. */
import type { Found, OwnRecurringRun, Version } from "./found.ts";
import type { Wanted } from "./wanted.ts";

export type Step =
  | { kind: "createPipeline"; name: string }
  | { kind: "uploadVersion"; name: string }
  | { kind: "createExperiment"; name: string }
  | { kind: "createRecurringRun"; name: string; cron: string }
  | { kind: "enableRecurringRun"; name: string; id: string }
  | { kind: "disableRecurringRun"; name: string; id: string }
  /** One that is the same as another: a request that arrived twice. */
  | { kind: "deleteDuplicate"; name: string; id: string };

/**
 * What is to be done; nothing where all is as it should be. A step may need the result of the one before it, so after some steps one looks again: that also
 * finishes what an earlier delivery has begun.
 *
 * What should run is enabled before what should not is disabled: a schedule never has a gap.
 */
export function planDelivery(wanted: Wanted, found: Found): Step[] {
  return [...versionSteps(wanted, found), ...scheduleSteps(wanted, found)];
}

/** Only the pipeline and its version. */
export function versionSteps({ pipeline, versionName, digest }: Wanted, found: Found): Step[] {
  const steps: Step[] = [];
  if (found.pipeline === undefined) steps.push({ kind: "createPipeline", name: pipeline });
  if (sameVersion(found, digest) === undefined) steps.push({ kind: "uploadVersion", name: versionName });
  return steps;
}

/** The version with a content; the newest, should there be several. */
export function sameVersion({ versions }: Found, digest: string): Version | undefined {
  return versions.find((version) => version.digest === digest);
}

function scheduleSteps({ experiment, recurringRun, digest }: Wanted, found: Found): Step[] {
  if (recurringRun === undefined) return found.own.filter(({ isEnabled }) => isEnabled).map(disable);
  const steps: Step[] = [];
  if (found.experiment === undefined) steps.push({ kind: "createExperiment", name: experiment });
  const version = sameVersion(found, digest);
  const same = found.own.filter((own) => own.display_name === recurringRun.name && own.pipeline_version_reference?.pipeline_version_id === version?.pipeline_version_id && own.experiment_id === found.experiment?.experiment_id);
  const [kept, ...doubles] = same;
  if (kept === undefined) steps.push({ kind: "createRecurringRun", name: recurringRun.name, cron: recurringRun.cron });
  else if (!kept.isEnabled) steps.push({ kind: "enableRecurringRun", name: kept.display_name, id: kept.recurring_run_id });
  steps.push(...doubles.map((own): Step => ({ kind: "deleteDuplicate", name: own.display_name, id: own.recurring_run_id })));
  steps.push(...found.own.filter((own) => own.isEnabled && !same.includes(own)).map(disable));
  return steps;
}

export function disable({ display_name, recurring_run_id }: OwnRecurringRun): Step {
  return { kind: "disableRecurringRun", name: display_name, id: recurring_run_id };
}

/** A step as people read it before it is done. */
export function describeStep(step: Step): { action: "create" | "change" | "delete"; text: string } {
  switch (step.kind) {
    case "createPipeline":
      return { action: "create", text: `the pipeline "${step.name}"` };
    case "uploadVersion":
      return { action: "create", text: `the version "${step.name}"` };
    case "createExperiment":
      return { action: "create", text: `the experiment "${step.name}"` };
    case "createRecurringRun":
      return { action: "create", text: `the recurring run "${step.name}", ${step.cron}` };
    case "enableRecurringRun":
      return { action: "change", text: `the recurring run "${step.name}" is enabled again` };
    case "disableRecurringRun":
      return { action: "change", text: `the recurring run "${step.name}" is disabled` };
    case "deleteDuplicate":
      return { action: "delete", text: `the recurring run "${step.name}", which is there twice` };
  }
}
