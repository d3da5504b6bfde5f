/** Which old versions and recurring runs may go. */
import { runningVersion, type Found, type OwnRecurringRun, type Version } from "./found.ts";

export interface Prune {
  recurringRuns: OwnRecurringRun[];
  versions: Version[];
}

/**
 * What is older than the newest versions: of what hmc has made, and of that only what no recurring run uses, its own or one of someone else. Runs stay: they have
 * a copy of what they ran.
 *
 * @param keep how many versions stay, beside the one that runs
 */
export function planPrune(found: Found, keep: number): Prune {
  const running = runningVersion(found);
  const old = found.versions.filter(({ digest }) => digest !== undefined).slice(keep).filter((version) => version !== running);
  const isOld = ({ pipeline_version_reference }: { pipeline_version_reference?: { pipeline_version_id?: string } }) => old.some(({ pipeline_version_id }) => pipeline_version_id === pipeline_version_reference?.pipeline_version_id);
  const recurringRuns = found.own.filter((own) => !own.isEnabled && isOld(own));
  const staying = [...found.own.filter((own) => !recurringRuns.includes(own)), ...found.others];
  const isUsed = ({ pipeline_version_id }: Version) => staying.some(({ pipeline_version_reference }) => pipeline_version_reference?.pipeline_version_id === pipeline_version_id);
  return { recurringRuns, versions: old.filter((version) => !isUsed(version)) };
}
