/** The run and the tasks that a command about runs is asked for. */
import { diagnostic } from "../diagnostics/diagnostic.ts";
import { nearestName } from "../diagnostics/nearest.ts";
import type { Host } from "../host.ts";
import { findRun } from "../../runtime/local/find-run.ts";
import { historyOf, matchingKeys, type RunHistory } from "../../runtime/local/history.ts";
import { projectWithRuns } from "./project.ts";
import { reportPlaceless } from "./report.ts";
import type { Terminal } from "./terminal.ts";

/** The history of a run by its id, the beginning of one, or `last`; undefined where that is reported. */
export function foundRun(host: Host, terminal: Terminal, given: string): RunHistory | undefined {
  const root = projectWithRuns(host);
  const found = findRun(root, given);
  if ("run" in found) return historyOf(root, found.run);
  reportPlaceless(host, terminal, [found.problem]);
  return undefined;
}

/** The keys of tasks that a text means; undefined where that is reported. */
export function foundTasks(host: Host, terminal: Terminal, { run, tasks }: RunHistory, given: string): string[] | undefined {
  const keys = tasks.map(({ key }) => key);
  const matching = matchingKeys(keys, given);
  if (matching.length > 0) return matching;
  reportPlaceless(host, terminal, [diagnostic("HMC6040", undefined, { task: given, run: run.id, names: keys.slice(0, 20), suggestion: nearestName(given, keys) })]);
  return undefined;
}
