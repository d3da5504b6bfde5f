/** `hmc run --on`, `hmc runs --on` and `hmc explain <run> --on`: runs on a target. */
import { randomBytes } from "node:crypto";
import type { Target } from "../config/target.ts";
import { deliver } from "../deploy/kfp/deliver.ts";
import { find, type Found, type Version } from "../deploy/kfp/found.ts";
import { sameVersion, versionSteps, type Step } from "../deploy/kfp/plan.ts";
import { startRun, tasksOfRun, waitForRun, type StartedRun } from "../deploy/kfp/runs.ts";
import type { Wanted } from "../deploy/kfp/wanted.ts";
import type { Run, RuntimeState } from "../../runtime/remote/kfp/api-types.ts";
import { RequestError } from "../../runtime/remote/http/failure.ts";
import type { KfpClient } from "../../runtime/remote/kfp/client.ts";
import { duration } from "../../runtime/local/view.ts";
import { bug } from "../bug.ts";
import { nearestName } from "../diagnostics/nearest.ts";
import type { Host } from "../host.ts";
import { runOnArgo, runsOnArgo } from "./argo-runs.ts";
import { compiledDelivery, wantedOnKfp, type DeliveryFlags } from "./delivery.ts";
import { stepLine } from "./deploy-command.ts";
import { exitCodes } from "./exit-codes.ts";
import { withKfp } from "./kfp-server.ts";
import { openTarget, type TargetFlags } from "./target-options.ts";
import { table } from "./table.ts";
import type { Colors, Terminal } from "./terminal.ts";
import { userError } from "./user-error.ts";

export interface TargetRunFlags extends TargetFlags, DeliveryFlags {
  /** The name of a version that is there; else the source is uploaded first. */
  pipelineVersion?: string;
  /** The same key is the same run, however often it is started. Argo. */
  key?: string;
  wait?: boolean;
  json?: boolean;
}

/** Starts one run on a target, and with `--wait` waits for its end. */
export async function targetRun(host: Host, terminal: Terminal, given: string, flags: TargetRunFlags): Promise<number> {
  const opened = openTarget(host, terminal, flags);
  if (opened === undefined) return exitCodes.failure;
  const { target, tools } = opened;
  if (target.kind === "argo") return runOnArgo(host, terminal, given, opened, flags);
  const compiled = await compiledDelivery(host, terminal, given, target, flags, "once");
  if (compiled === undefined) return exitCodes.failure;
  const wanted = wantedOnKfp(compiled, target);
  const stop = new AbortController();
  const onInterrupt = () => stop.abort();
  process.once("SIGINT", onInterrupt);
  try {
    const ended = await withKfp(host, terminal, opened, async (client) => {
      const { found, version } = await ready(client, wanted, flags.pipelineVersion, terminal);
      const started = await start(client, wanted, found, version, host.now());
      terminal.err(`${terminal.errColors.green("✓")} Started ${started.display_name ?? ""} on "${target.name}": ${terminal.errColors.bold(started.run_id)}\n`);
      if (flags.wait !== true) return started;
      return waitForRun(client, started.run_id, { sleep: tools.sleep, signal: stop.signal, onChange: changeReporter(terminal) });
    });
    if (ended === undefined) return exitCodes.failure;
    if (flags.json === true) terminal.out(`${JSON.stringify(runSummary(ended), undefined, 2)}\n`);
    else if (flags.wait !== true) terminal.out(`${ended.run_id ?? ""}\n`);
    return flags.wait === true ? outcome(ended, target) : exitCodes.success;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    terminal.err("Waiting was stopped. The run goes on.\n");
    return exitCodes.interrupted;
  } finally {
    process.removeListener("SIGINT", onInterrupt);
  }
}

/** The version that runs: the one that is named, or the source, which is uploaded where it is not there. */
async function ready(client: KfpClient, wanted: Wanted, named: string | undefined, terminal: Terminal): Promise<{ found: Found; version: Version }> {
  const plan = (now: Wanted, there: Found): Step[] => [
    ...(named === undefined ? versionSteps(now, there) : []),
    ...(there.experiment === undefined ? [{ kind: "createExperiment", name: now.experiment } as const] : []),
  ];
  if (named !== undefined) {
    const there = await find(client, wanted);
    const known = there.versions.map(({ display_name }) => display_name);
    if (!known.includes(named)) userError("HMC6247", { version: named, pipeline: wanted.pipeline, known, suggestion: nearestName(named, known) });
  }
  const { found } = await deliver(wanted, plan, { client, onStep: (step) => terminal.err(`${stepLine(step, terminal)}\n`) });
  const version = named === undefined ? sameVersion(found, wanted.digest) : found.versions.find(({ display_name }) => display_name === named);
  return { found, version: version ?? bug("a run without its version") };
}

/** @param now for the name of the run, in which people look for the time */
function start(client: KfpClient, wanted: Wanted, { pipeline, experiment }: Found, version: Version, now: Date): Promise<StartedRun> {
  const { parameters, pipelineRoot, serviceAccount } = wanted;
  return startRun(client, {
    name: `${wanted.pipeline} ${now.toISOString().slice(0, 19).replace("T", " ")} ${randomBytes(3).toString("hex")}`,
    description: `Started by hmc: version ${version.display_name}`,
    pipelineId: pipeline?.pipeline_id ?? bug("a run without its pipeline"),
    versionId: version.pipeline_version_id,
    experimentId: experiment?.experiment_id ?? bug("a run without its experiment"),
    parameters,
    ...(pipelineRoot === undefined ? {} : { pipelineRoot }),
    ...(serviceAccount === undefined ? {} : { serviceAccount }),
  });
}

/** A line for every task whose state has changed. */
function changeReporter({ err, errColors }: Terminal): (run: Run) => void {
  const shown = new Map<string, RuntimeState | undefined>();
  return (run) => {
    for (const { name, state } of tasksOfRun(run)) {
      if (state === undefined || shown.get(name) === state) continue;
      shown.set(name, state);
      err(`  ${shownRunState(state, errColors)} ${name}\n`);
    }
  };
}

function outcome({ state, run_id = "", created_at, finished_at }: Run, { name }: Target): number {
  if (state === "SUCCEEDED" || state === "SKIPPED") return exitCodes.success;
  if (state === undefined || created_at === undefined || finished_at === undefined) return exitCodes.failure;
  return userError("HMC6249", { run: run_id, state, target: name });
}

export function shownRunState(state: RuntimeState | undefined, colors: Colors): string {
  switch (state) {
    case "SUCCEEDED":
      return colors.green("✓ succeeded");
    case "FAILED":
      return colors.red("✗ failed");
    case "CANCELED":
    case "CANCELING":
      return colors.yellow("■ canceled");
    case "SKIPPED":
      return colors.dim("○ skipped");
    case "RUNNING":
      return colors.yellow("▸ running");
    default:
      return colors.dim("· waiting");
  }
}

function runSummary(run: Run): object {
  const { run_id, display_name, state, created_at, finished_at, pipeline_version_reference, recurring_run_id, error } = run;
  return { id: run_id, name: display_name, state, createdAt: created_at, finishedAt: finished_at, versionId: pipeline_version_reference?.pipeline_version_id, recurringRunId: recurring_run_id, problem: error?.message, tasks: tasksOfRun(run) };
}

export interface TargetRunsFlags extends TargetFlags {
  limit: number;
  json?: boolean;
}

/** Lists the runs on a target, the latest first. */
export async function targetRuns(host: Host, terminal: Terminal, flags: TargetRunsFlags): Promise<number> {
  const opened = openTarget(host, terminal, flags);
  if (opened === undefined) return exitCodes.failure;
  if (opened.target.kind === "argo") return runsOnArgo(host, terminal, opened, flags);
  const runs = await withKfp(host, terminal, opened, (client) => client.runs({ sortBy: "created_at desc", most: flags.limit }));
  if (runs === undefined) return exitCodes.failure;
  if (flags.json === true) terminal.out(`${JSON.stringify(runs.map(runSummary), undefined, 2)}\n`);
  else {
    const { bold, dim } = terminal.outColors;
    if (runs.length === 0) terminal.err(`${dim(`There are no runs on "${opened.target.name}" yet.`)}\n`);
    for (const line of table(runs.map((run) => [bold(run.run_id ?? ""), shownRunState(run.state, terminal.outColors), dim((run.created_at ?? "").slice(0, 16).replace("T", " ")), dim(lasted(run)), run.display_name ?? ""]))) terminal.out(`${line}\n`);
  }
  return exitCodes.success;
}

/** KFP writes 1970 where there is no end. */
function lasted({ created_at, finished_at }: Run): string {
  const milliseconds = Date.parse(finished_at ?? "") - Date.parse(created_at ?? "");
  return milliseconds >= 0 ? duration(milliseconds) : "";
}

/** A run by its id; ends the command where there is none. */
export async function runNamed(client: KfpClient, id: string, target: string): Promise<Run> {
  try {
    return await client.run(id);
  } catch (error) {
    if (error instanceof RequestError && error.failure.kind === "notFound") return userError("HMC6250", { run: id, target });
    throw error;
  }
}
