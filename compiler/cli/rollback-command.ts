/** `hmc rollback` and `hmc prune` */
import { bug } from "../bug.ts";
import { find } from "../deploy/kfp/found.ts";
import { planPrune, type Prune } from "../deploy/kfp/prune.ts";
import { planRollback } from "../deploy/kfp/rollback.ts";
import { changeRecurringRun, settle } from "../deploy/kfp/settle.ts";
import type { Host } from "../host.ts";
import { analysed, chosen } from "./analysed.ts";
import { pruneOnArgo, rollBackOnArgo } from "./argo-deliveries.ts";
import { exitCodes } from "./exit-codes.ts";
import { withKfp } from "./kfp-server.ts";
import { stepLine } from "./deploy-command.ts";
import { reportPlaceless } from "./report.ts";
import { openTarget, type TargetFlags } from "./target-options.ts";
import type { Terminal } from "./terminal.ts";

export interface RollbackFlags extends TargetFlags {
  pipeline?: string;
  /** The name of a version; else the one that ran before. */
  pipelineVersion?: string;
  dryRun?: boolean;
  force?: boolean;
}

/** Lets the version run by itself that ran before, with the settings that it had then. */
export async function rollbackCommand(host: Host, terminal: Terminal, given: string, flags: RollbackFlags): Promise<number> {
  const opened = openTarget(host, terminal, flags);
  const name = opened === undefined ? undefined : pipelineOf(host, terminal, given, flags.pipeline);
  if (opened === undefined || name === undefined) return exitCodes.failure;
  const { target } = opened;
  if (target.kind === "argo") return rollBackOnArgo(host, terminal, opened, name, flags);
  const exitCode = await withKfp(host, terminal, opened, async (client) => {
    const plan = planRollback(await find(client, { target: target.name, pipeline: name }), { pipeline: name, target: target.name }, flags.pipelineVersion);
    if ("diagnostic" in plan) {
      reportPlaceless(host, terminal, [plan.diagnostic]);
      return exitCodes.failure;
    }
    const { from, to } = plan;
    if (flags.dryRun === true || plan.steps.length === 0) {
      terminal.out(plan.steps.length === 0 ? `Nothing to do: ${to.display_name} runs already.\n` : plan.steps.map((step) => `${stepLine(step, { ...terminal, errColors: terminal.outColors })}\n`).join(""));
      return exitCodes.success;
    }
    await settle({
      look: () => find(client, { target: target.name, pipeline: name }),
      // What runs changes with the first step: from then on, the version to go back to is known by its name.
      plan: (found) => {
        const again = planRollback(found, { pipeline: name, target: target.name }, to.display_name);
        return "diagnostic" in again ? [] : again.steps;
      },
      carryOut: (step) => ("id" in step ? changeRecurringRun(step, client) : bug("a rollback makes something")),
      onStep: (step) => terminal.err(`${stepLine(step, terminal)}\n`),
    });
    terminal.err(`${terminal.errColors.green("✓")} Rolled ${name} back on "${target.name}", from ${from.display_name} to ${to.display_name}\n`);
    return exitCodes.success;
  });
  return exitCode ?? exitCodes.failure;
}

export interface PruneFlags extends TargetFlags {
  pipeline?: string;
  keep: number;
  yes?: boolean;
}

/** Deletes old versions and the recurring runs that used them; only with `--yes`. */
export async function pruneCommand(host: Host, terminal: Terminal, given: string, flags: PruneFlags): Promise<number> {
  const opened = openTarget(host, terminal, flags);
  const name = opened === undefined ? undefined : pipelineOf(host, terminal, given, flags.pipeline);
  if (opened === undefined || name === undefined) return exitCodes.failure;
  const { target } = opened;
  if (target.kind === "argo") return pruneOnArgo(host, terminal, opened, name, flags);
  const pruned = await withKfp(host, terminal, opened, async (client) => {
    const found = await find(client, { target: target.name, pipeline: name });
    const prune = planPrune(found, flags.keep);
    if (flags.yes === true) {
      // First what uses a version, then the version.
      for (const { recurring_run_id } of prune.recurringRuns) await client.deleteRecurringRun(recurring_run_id);
      for (const { pipeline_version_id } of prune.versions) await client.deleteVersion(found.pipeline?.pipeline_id ?? "", pipeline_version_id);
    }
    return prune;
  });
  if (pruned === undefined) return exitCodes.failure;
  terminal.out(shownPrune(pruned, terminal, flags.yes === true));
  return exitCodes.success;
}

function shownPrune({ recurringRuns, versions }: Prune, { outColors: { red, dim } }: Terminal, isDone: boolean): string {
  const lines = [...recurringRuns.map(({ display_name }) => `the recurring run "${display_name}"`), ...versions.map(({ display_name }) => `the version "${display_name}"`)];
  if (lines.length === 0) return "Nothing is old enough to go.\n";
  return `${lines.map((line) => `  ${red("-")} ${line}\n`).join("")}${isDone ? "" : dim('"--yes" deletes them. Runs stay.\n')}`;
}

/** The id of the pipeline of a file. */
function pipelineOf(host: Host, terminal: Terminal, given: string, name: string | undefined): string | undefined {
  const found = analysed(host, terminal, given);
  return found === undefined ? undefined : chosen(host, terminal, found.analysis, found.document, name)?.id;
}
