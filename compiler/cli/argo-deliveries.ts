/** `hmc deploy`, `plan`, `rollback` and `prune` on Argo Workflows. */
import { clusterDiagnostic, connectArgo } from "../deploy/argo/connect.ts";
import { deliveryProblems, describeObject } from "../deploy/argo/outcome.ts";
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Host } from "../host.ts";
import { objectName } from "../targets/argo/documents.ts";
import { argoLimits } from "../targets/argo/versions.ts";
import { applyArgo, planArgo, rollbackArgo, type Delivered } from "../../runtime/remote/kubernetes/argo.ts";
import type { ObjectPlan } from "../../runtime/remote/kubernetes/argo-plan.ts";
import { uploadArgo } from "../../runtime/remote/kubernetes/argo-upload.ts";
import { planPrune, pruneArgo } from "../../runtime/remote/kubernetes/argo-prune.ts";
import type { KubernetesClient } from "../../runtime/remote/kubernetes/client.ts";
import type { DeployFlags } from "./deploy-command.ts";
import { compiledDelivery, deliveryToArgo } from "./delivery.ts";
import { exitCodes } from "./exit-codes.ts";
import { reportPlaceless } from "./report.ts";
import type { PruneFlags, RollbackFlags } from "./rollback-command.ts";
import { withServer, type OpenedTarget } from "./target-options.ts";
import type { TargetPlanFlags } from "./target-plan.ts";
import type { Terminal } from "./terminal.ts";
import { nearestName } from "../diagnostics/nearest.ts";

/** Opens the cluster of a target, does something with it, and closes it. Undefined where the way to it is wrong, which is reported. */
export async function withArgo<T>(host: Host, terminal: Terminal, { target, tools }: OpenedTarget, act: (client: KubernetesClient) => Promise<T>): Promise<T | undefined> {
  return withServer(async () => {
    try {
      const connection = await connectArgo(target, tools);
      if ("diagnostics" in connection) return said(host, terminal, connection.diagnostics);
      return await act(connection.client).finally(() => connection.client.http.close());
    } catch (error) {
      const found = clusterDiagnostic(error);
      if (found === undefined) throw error;
      return said(host, terminal, [found]);
    }
  });
}

function said(host: Host, terminal: Terminal, diagnostics: Diagnostic[]): undefined {
  reportPlaceless(host, terminal, diagnostics);
  return undefined;
}

/** The name of the template that a pipeline is. */
export function templateOf(pipeline: string): string {
  return objectName(pipeline, argoLimits.workflowName);
}

export async function deployToArgo(host: Host, terminal: Terminal, given: string, opened: OpenedTarget, flags: DeployFlags): Promise<number> {
  const { target, tools } = opened;
  const compiled = await compiledDelivery(host, terminal, given, target, flags, "schedule");
  if (compiled === undefined) return exitCodes.failure;
  const result = await withArgo(host, terminal, opened, (client) => applyArgo(client, deliveryToArgo(compiled, target), {
    now: tools.now, force: flags.force === true, onWrite: (plan) => terminal.err(`${objectLine(plan, terminal)}\n`),
  }));
  if (result === undefined || !isDelivered(host, terminal, result)) return exitCodes.failure;
  if (flags.json === true) terminal.out(`${JSON.stringify({ target: target.name, pipeline: compiled.pipeline.id, template: result.template, revision: result.revision, written: result.written }, undefined, 2)}\n`);
  else {
    const suspended = result.schedules.filter(({ isSuspended }) => isSuspended === true).map(({ name }) => name);
    const note = suspended.length === 0 || !compiled.isScheduled ? "" : `; the schedule ${suspended.join(", ")} is suspended`;
    terminal.err(`${terminal.errColors.green("✓")} ${result.written.length === 0 ? `Nothing to do: "${target.name}" has ${compiled.pipeline.id} already` : `Deployed ${compiled.pipeline.id} to "${target.name}"`}, as the revision ${result.revision}${note}\n`);
  }
  return exitCodes.success;
}

/** Writes the copy of the revision, without touching what runs. */
export async function uploadToArgo(host: Host, terminal: Terminal, given: string, opened: OpenedTarget, flags: DeployFlags): Promise<number> {
  const { target, tools } = opened;
  const compiled = await compiledDelivery(host, terminal, given, target, flags, "schedule");
  if (compiled === undefined) return exitCodes.failure;
  const result = await withArgo(host, terminal, opened, (client) => uploadArgo(client, deliveryToArgo(compiled, target), { now: tools.now, onWrite: (plan) => terminal.err(`${objectLine(plan, terminal)}\n`) }));
  if (result === undefined) return exitCodes.failure;
  if (flags.json === true) terminal.out(`${JSON.stringify({ target: target.name, pipeline: compiled.pipeline.id, ...result }, undefined, 2)}\n`);
  else terminal.err(`${terminal.errColors.green("✓")} ${result.written.length === 0 ? `Nothing to do: "${target.name}" has` : `Uploaded ${compiled.pipeline.id} to "${target.name}", as`} the revision ${result.revision}\n`);
  return exitCodes.success;
}

/** Whether a delivery has come to its end; says why not. */
function isDelivered(host: Host, terminal: Terminal, result: Delivered): result is Delivered & { kind: "delivered" } {
  said(host, terminal, deliveryProblems(result));
  return result.kind === "delivered";
}

export async function planOnArgo(host: Host, terminal: Terminal, given: string, opened: OpenedTarget, flags: TargetPlanFlags): Promise<number> {
  const { target, tools } = opened;
  const compiled = await compiledDelivery(host, terminal, given, target, flags, "schedule");
  if (compiled === undefined) return exitCodes.failure;
  const plan = await withArgo(host, terminal, opened, (client) => planArgo(client, deliveryToArgo(compiled, target), { now: tools.now }));
  if (plan === undefined) return exitCodes.failure;
  const changes = plan.plans.filter(({ change }) => change !== "same");
  if (flags.format === "json") terminal.out(`${JSON.stringify({ target: target.name, pipeline: compiled.pipeline.id, ...plan }, undefined, 2)}\n`);
  else if (flags.format === "markdown") terminal.out(`### ${compiled.pipeline.id} → ${target.name}\n\n${changes.length === 0 ? "Nothing to do.\n" : changes.map((one) => `- **${one.change}** ${describeObject(one)}\n`).join("")}`);
  else {
    const { bold } = terminal.outColors;
    const lines = changes.map((one) => `${objectLine(one, { ...terminal, errColors: terminal.outColors })}\n`);
    terminal.out(`${bold(compiled.pipeline.id)} → ${bold(target.name)}\n${lines.length === 0 ? "  Nothing to do.\n" : lines.join("")}`);
  }
  return flags.exitCode === true && changes.length > 0 ? exitCodes.failure : exitCodes.success;
}

const signs = { create: "+", update: "~", suspend: "~", same: " " } as const;

export function objectLine(plan: ObjectPlan, { errColors: { green, yellow, dim } }: Terminal): string {
  return `  ${{ create: green, update: yellow, suspend: yellow, same: dim }[plan.change](signs[plan.change])} ${describeObject(plan)}`;
}

export async function rollBackOnArgo(host: Host, terminal: Terminal, opened: OpenedTarget, pipeline: string, flags: RollbackFlags): Promise<number> {
  const { target, tools } = opened;
  const options = { now: tools.now, force: flags.force === true, onWrite: (plan: ObjectPlan) => terminal.err(`${objectLine(plan, terminal)}\n`) };
  const result = await withArgo(host, terminal, opened, (client) => rollbackArgo(client, templateOf(pipeline), flags.pipelineVersion, options));
  if (result === undefined) return exitCodes.failure;
  switch (result.kind) {
    case "notDelivered":
      said(host, terminal, [diagnostic("HMC6245", undefined, { pipeline, target: target.name })]);
      return exitCodes.failure;
    case "noEarlier":
      said(host, terminal, [diagnostic("HMC6246", undefined, { pipeline, target: target.name })]);
      return exitCodes.failure;
    case "unknownRevision": {
      const [version, known] = [flags.pipelineVersion ?? "", result.known.map(({ id }) => id)];
      said(host, terminal, [diagnostic("HMC6247", undefined, { version, pipeline, known, suggestion: nearestName(version, known) })]);
      return exitCodes.failure;
    }
    case "rolledBack":
      if (!isDelivered(host, terminal, result.result)) return exitCodes.failure;
      terminal.err(`${terminal.errColors.green("✓")} ${result.result.written.length === 0 ? `Nothing to do: ${result.result.revision} runs already` : `Rolled ${pipeline} back on "${target.name}", from ${result.from ?? "nothing"} to ${result.result.revision}`}\n`);
      return exitCodes.success;
  }
}

export async function pruneOnArgo(host: Host, terminal: Terminal, opened: OpenedTarget, pipeline: string, { keep, yes }: PruneFlags): Promise<number> {
  const { now } = opened.tools;
  const prune = await withArgo(host, terminal, opened, (client) => (yes === true ? pruneArgo : planPrune)(client, templateOf(pipeline), keep, { now }));
  if (prune === undefined) return exitCodes.failure;
  const { red, dim } = terminal.outColors;
  const lines = prune.templates.map(({ metadata }) => `  ${red("-")} the WorkflowTemplate "${metadata.name}"\n`);
  const used = prune.used.length === 0 ? "" : dim(`Still used: ${prune.used.join(", ")}\n`);
  terminal.out(`${lines.length === 0 ? "Nothing is old enough to go.\n" : `${lines.join("")}${yes === true ? "" : dim('"--yes" deletes them. Runs stay.\n')}`}${used}`);
  return exitCodes.success;
}
