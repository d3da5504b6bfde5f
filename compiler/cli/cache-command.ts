/** `hmc cache gc` */
import { collectGarbage } from "../../runtime/local/collect-garbage.ts";
import type { Host } from "../host.ts";
import { exitCodes } from "./exit-codes.ts";
import { projectWithRuns } from "./project.ts";
import type { Terminal } from "./terminal.ts";

export interface CacheFlags {
  /** Milliseconds. */
  olderThan: number;
  keepRuns?: number;
  dryRun?: boolean;
}

/** Removes what no run and no result of the cache needs, in the project around the working directory. */
export function cacheCommand(host: Host, terminal: Terminal, flags: CacheFlags): number {
  const { runs, results, objects, bundles, bytes } = collectGarbage({
    root: projectWithRuns(host),
    olderThan: flags.olderThan,
    ...(flags.keepRuns === undefined ? {} : { keepRuns: flags.keepRuns }),
    dryRun: flags.dryRun === true,
    now: host.now(),
  });
  const parts = [plural(results, "result"), plural(objects, "artifact"), plural(bundles, "bundle"), plural(runs.length, "run")];
  terminal.out(`${flags.dryRun === true ? "Would remove" : "Removed"} ${parts.join(", ")}: ${(bytes / 1e6).toFixed(1)} MB${runs.length === 0 ? "" : " and what the runs hold"}.\n`);
  for (const run of runs) terminal.out(`  ${run}\n`);
  return exitCodes.success;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
