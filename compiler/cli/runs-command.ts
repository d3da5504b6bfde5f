/** `hmc runs` */
import type { Host } from "../host.ts";
import { countsOf, describeCounts, histories, type RunStanding } from "../../runtime/local/history.ts";
import { duration } from "../../runtime/local/view.ts";
import { exitCodes } from "./exit-codes.ts";
import { projectWithRuns } from "./project.ts";
import { table } from "./table.ts";
import type { Colors, Terminal } from "./terminal.ts";

export interface RunsFlags {
  /** How many of the latest runs. */
  limit: number;
  json?: boolean;
}

/** Lists the runs of the project, the latest first. */
export function runsCommand(host: Host, terminal: Terminal, { limit, json }: RunsFlags): number {
  const found = histories(projectWithRuns(host)).slice(0, limit);
  if (json === true) {
    const rows = found.map(({ run, folder, standing, tasks, milliseconds }) => ({ id: run.id, pipeline: run.pipeline, state: standing, startedAt: run.startedAt, milliseconds, folder, tasks: countsOf(tasks) }));
    terminal.out(`${JSON.stringify(rows, undefined, 2)}\n`);
    return exitCodes.success;
  }
  const { dim, bold } = terminal.outColors;
  if (found.length === 0) terminal.err(`${dim('There are no runs yet. "hmc run pipeline.ts" makes one.')}\n`);
  const rows = found.map(({ run, standing, tasks, milliseconds }) => [bold(run.id), shownState(standing, terminal.outColors), dim(run.startedAt.slice(0, 16).replace("T", " ")), duration(milliseconds), dim(describeCounts(countsOf(tasks)))]);
  for (const line of table(rows)) terminal.out(`${line}\n`);
  return exitCodes.success;
}

/** The state of a run in its colour. */
export function shownState(state: RunStanding, colors: Colors): string {
  switch (state) {
    case "succeeded":
      return colors.green("✓ succeeded");
    case "failed":
      return colors.red("✗ failed");
    case "stopped":
      return colors.yellow("■ stopped");
    case "crashed":
      return colors.red("✗ crashed");
    case "running":
      return colors.yellow("▸ running");
  }
}
