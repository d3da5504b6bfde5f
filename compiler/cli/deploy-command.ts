/** `hmc deploy` and `hmc upload` */
import { bug } from "../bug.ts";
import type { Target } from "../config/target.ts";
import { deliver } from "../deploy/kfp/deliver.ts";
import { describeStep, planDelivery, sameVersion, versionSteps, type Step } from "../deploy/kfp/plan.ts";
import type { Wanted } from "../deploy/kfp/wanted.ts";
import type { Settled } from "../deploy/kfp/settle.ts";
import { diagnostic } from "../diagnostics/diagnostic.ts";
import type { Host } from "../host.ts";
import type { KfpClient } from "../../runtime/remote/kfp/client.ts";
import { nextFires } from "../rules/next-fires.ts";
import { deployToArgo, uploadToArgo } from "./argo-deliveries.ts";
import { compiledDelivery, wantedOnKfp, type CompiledDelivery, type DeliveryFlags } from "./delivery.ts";
import { exitCodes } from "./exit-codes.ts";
import { withKfp } from "./kfp-server.ts";
import { reportPlaceless } from "./report.ts";
import { targetPlan } from "./target-plan.ts";
import { openTarget, type TargetFlags } from "./target-options.ts";
import type { Terminal } from "./terminal.ts";

export interface DeployFlags extends TargetFlags, DeliveryFlags {
  dryRun?: boolean;
  /** Takes fields of Argo's objects that others hold. */
  force?: boolean;
  json?: boolean;
}

/** Brings a target to what the source says: a version, and its schedule. Where all is so already, nothing is written. */
export async function deployCommand(host: Host, terminal: Terminal, given: string, flags: DeployFlags): Promise<number> {
  if (flags.dryRun === true) return targetPlan(host, terminal, given, { ...flags, format: flags.json === true ? "json" : "text" });
  return delivered(host, terminal, given, flags, "deploy");
}

/** Only makes the version; what runs by itself stays as it is. */
export async function uploadCommand(host: Host, terminal: Terminal, given: string, flags: DeployFlags): Promise<number> {
  return delivered(host, terminal, given, flags, "upload");
}

async function delivered(host: Host, terminal: Terminal, given: string, flags: DeployFlags, what: "deploy" | "upload"): Promise<number> {
  const opened = openTarget(host, terminal, flags);
  if (opened === undefined) return exitCodes.failure;
  const { target } = opened;
  if (target.kind === "argo") return (what === "deploy" ? deployToArgo : uploadToArgo)(host, terminal, given, opened, flags);
  const compiled = await compiledDelivery(host, terminal, given, what === "deploy" ? target : { ...target, hasSchedule: false }, flags, "schedule");
  if (compiled === undefined) return exitCodes.failure;
  const wanted = wantedOnKfp(compiled, target);
  const result = await withKfp(host, terminal, opened, (client) => sent(host, terminal, client, wanted, what));
  if (result === undefined) return exitCodes.failure;
  if (flags.json === true) terminal.out(`${JSON.stringify(summary(wanted, target, result), undefined, 2)}\n`);
  else terminal.err(`${terminal.errColors.green("✓")} ${sentence(host, compiled, wanted, target, result, what)}\n`);
  return exitCodes.success;
}

async function sent(host: Host, terminal: Terminal, client: KfpClient, wanted: Wanted, what: "deploy" | "upload"): Promise<Settled | undefined> {
  const result = await deliver(wanted, what === "deploy" ? planDelivery : versionSteps, { client, onStep: (step) => terminal.err(`${stepLine(step, terminal)}\n`) });
  if (result.left.length === 0) return result;
  const left = result.left.map((step) => describeStep(step).text);
  reportPlaceless(host, terminal, [diagnostic("HMC6252", undefined, { left })]);
  return undefined;
}

const signs = { create: "+", change: "~", delete: "-" } as const;

/** `+ the version "1a2b3c4-…"` */
export function stepLine(step: Step, { errColors: { green, yellow, red } }: Terminal): string {
  const { action, text } = describeStep(step);
  return `  ${{ create: green, change: yellow, delete: red }[action](signs[action])} ${text}`;
}

function sentence(host: Host, { pipeline }: CompiledDelivery, wanted: Wanted, target: Target, { steps, found }: Settled, what: "deploy" | "upload"): string {
  const version = sameVersion(found, wanted.digest)?.display_name ?? bug("a delivery without its version");
  const [next] = wanted.schedule === undefined ? [] : nextFires(pipeline.options.schedule ?? "", pipeline.options.timezone, host.now(), 1);
  const schedule = next === undefined ? "" : `, next run ${next.toISOString().slice(0, 16).replace("T", " ")} UTC`;
  if (steps.length === 0) return `Nothing to do: "${target.name}" has ${pipeline.id} already, as the version ${version}${schedule}`;
  return `${what === "deploy" ? "Deployed" : "Uploaded"} ${pipeline.id} to "${target.name}", as the version ${version}${schedule}`;
}

function summary(wanted: Wanted, target: Target, { steps, found }: Settled): object {
  const version = sameVersion(found, wanted.digest);
  return {
    target: target.name,
    pipeline: wanted.pipeline,
    pipelineId: found.pipeline?.pipeline_id,
    version: version?.display_name,
    versionId: version?.pipeline_version_id,
    digest: wanted.digest,
    recurringRun: wanted.recurringRun === undefined ? undefined : found.own.find(({ display_name, isEnabled }) => isEnabled && display_name === wanted.recurringRun?.name)?.recurring_run_id,
    steps: steps.map((step) => ({ kind: step.kind, name: step.name })),
  };
}
