/** Going back to a version that ran before. */
import { diagnostic, type Diagnostic } from "../../diagnostics/diagnostic.ts";
import { nearestName } from "../../diagnostics/nearest.ts";
import { runningVersion, type Found, type OwnRecurringRun, type Version } from "./found.ts";
import { disable, type Step } from "./plan.ts";

export interface Rollback {
  from: Version;
  to: Version;
  /** Nothing where the version runs already. */
  steps: Step[];
}

/**
 * What a rollback does: the latest recurring run of the earlier version is enabled, as it was then, and the others are disabled. Nothing is uploaded or
 * deleted, so a delivery brings the newest back.
 *
 * @param wanted the name of a version; undefined for the one that ran before
 */
export function planRollback(found: Found, { pipeline, target }: { pipeline: string; target: string }, wanted: string | undefined): Rollback | { diagnostic: Diagnostic } {
  if (found.pipeline === undefined) return { diagnostic: diagnostic("HMC6245", undefined, { pipeline, target }) };
  const from = runningVersion(found);
  const named = wanted === undefined ? undefined : found.versions.find(({ display_name }) => display_name === wanted);
  if (wanted !== undefined && named === undefined) {
    const known = found.versions.map(({ display_name }) => display_name);
    return { diagnostic: diagnostic("HMC6247", undefined, { version: wanted, pipeline, known, suggestion: nearestName(wanted, known) }) };
  }
  if (from === undefined) return { diagnostic: diagnostic("HMC6248", undefined, { pipeline, target, version: (named ?? found.versions[1])?.display_name }) };
  // In the order in which they came to run: a version that a rollback has brought back ran before as well.
  const ran = [...new Set(found.own.map((own) => versionOf(own, found)))].filter((version) => version !== undefined);
  const to = named ?? ran[ran.indexOf(from) - 1];
  const again = found.own.filter((own) => versionOf(own, found) === to).at(-1);
  if (to === undefined || again === undefined) return { diagnostic: diagnostic("HMC6246", undefined, { pipeline, target }) };
  const steps: Step[] = [];
  if (!again.isEnabled) steps.push({ kind: "enableRecurringRun", name: again.display_name, id: again.recurring_run_id });
  steps.push(...found.own.filter((own) => own.isEnabled && own !== again).map(disable));
  return { from, to, steps };
}

function versionOf({ pipeline_version_reference }: OwnRecurringRun, { versions }: Found): Version | undefined {
  return versions.find(({ pipeline_version_id }) => pipeline_version_id === pipeline_version_reference?.pipeline_version_id);
}
