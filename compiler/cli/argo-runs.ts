/** `hmc run`, `runs` and `explain` on Argo Workflows. */
import { resolve } from "node:path";
import { nearestName } from "../diagnostics/nearest.ts";
import { diagnostic } from "../diagnostics/diagnostic.ts";
import type { Host } from "../host.ts";
import { tasksOf } from "../ir/traverse.ts";
import type { Document, Span } from "../ir/types.ts";
import { namesTask } from "../deploy/kfp/runs.ts";
import { workflowArguments } from "../targets/argo/workflow-parameters.ts";
import { podLogs, podsOfWorkflow } from "../../runtime/remote/kubernetes/argo-logs.ts";
import { workflows } from "../../runtime/remote/kubernetes/argo-objects.ts";
import { findArgo } from "../../runtime/remote/kubernetes/argo-found.ts";
import { keptRevisions } from "../../runtime/remote/kubernetes/argo.ts";
import { uploadArgo } from "../../runtime/remote/kubernetes/argo-upload.ts";
import type { KubernetesClient } from "../../runtime/remote/kubernetes/client.ts";
import { hasEnded, listWorkflows, runState, submitArgo, waitForWorkflow, type RunNode, type RunState } from "../../runtime/remote/kubernetes/argo-run.ts";
import { duration } from "../../runtime/local/view.ts";
import { analysed, chosen } from "./analysed.ts";
import { objectLine, templateOf, withArgo } from "./argo-deliveries.ts";
import { compiledDelivery, deliveryToArgo } from "./delivery.ts";
import { exitCodes } from "./exit-codes.ts";
import { defaultFile } from "./project.ts";
import { reportDiagnostics } from "./report.ts";
import { table } from "./table.ts";
import type { OpenedTarget } from "./target-options.ts";
import type { TargetRunFlags, TargetRunsFlags } from "./target-runs.ts";
import type { Colors, Terminal } from "./terminal.ts";
import { userError } from "./user-error.ts";

/** Starts one run of what the source says, or of an earlier revision. What runs by itself stays as it is. */
export async function runOnArgo(host: Host, terminal: Terminal, given: string, opened: OpenedTarget, flags: TargetRunFlags): Promise<number> {
  const { target, tools } = opened;
  const compiled = await compiledDelivery(host, terminal, given, target, flags, "once");
  if (compiled === undefined) return exitCodes.failure;
  const { pipeline, parameters } = compiled;
  const stop = new AbortController();
  const onInterrupt = () => stop.abort();
  process.once("SIGINT", onInterrupt);
  try {
    const ended = await withArgo(host, terminal, opened, async (client) => {
      const template = templateOf(pipeline.id);
      const copy = flags.pipelineVersion === undefined ? (await uploadArgo(client, deliveryToArgo(compiled, target), { now: tools.now, onWrite: (plan) => terminal.err(`${objectLine(plan, terminal)}\n`) })).copy : await copyNamed(client, pipeline.id, flags.pipelineVersion);
      const { name } = await submitArgo(client, {
        template, copy, parameters: Object.fromEntries(workflowArguments(pipeline, parameters).map((one) => [one.name, one.value])),
        ...(flags.key === undefined ? {} : { key: flags.key }), ...(target.serviceAccount === undefined ? {} : { serviceAccount: target.serviceAccount }),
      });
      terminal.err(`${terminal.errColors.green("✓")} Started ${pipeline.id} on "${target.name}": ${terminal.errColors.bold(name)}\n`);
      if (flags.wait !== true) return { name };
      return waitForWorkflow(client, name, { sleep: tools.sleep, signal: stop.signal, onChange: changeReporter(terminal) });
    });
    if (ended === undefined) return exitCodes.failure;
    if (flags.json === true) terminal.out(`${JSON.stringify(ended, undefined, 2)}\n`);
    else if (flags.wait !== true) terminal.out(`${ended.name}\n`);
    if (!("phase" in ended) || ended.phase === "Succeeded") return exitCodes.success;
    return userError("HMC6249", { run: ended.name, state: ended.phase.toUpperCase(), target: target.name });
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    terminal.err("Waiting was stopped. The run goes on.\n");
    return exitCodes.interrupted;
  } finally {
    process.removeListener("SIGINT", onInterrupt);
  }
}

/** The name of the copy of a revision; ends the command where there is none. */
async function copyNamed(client: KubernetesClient, pipeline: string, wanted: string): Promise<string> {
  const known = keptRevisions(await findArgo(client, templateOf(pipeline)));
  const [only, ...others] = known.filter(({ id, commit }) => id.startsWith(wanted) || commit?.startsWith(wanted) === true);
  if (only !== undefined && others.length === 0) return only.name;
  const ids = known.map(({ id }) => id);
  return userError("HMC6247", { version: wanted, pipeline, known: ids, suggestion: nearestName(wanted, ids) });
}

/** The nodes that are pods: what stands for them in the graph comes twice else. */
function podsOf({ nodes }: RunState): RunNode[] {
  return nodes.filter(({ type }) => type === "Pod");
}

function changeReporter({ err, errColors }: Terminal): (state: RunState) => void {
  const shown = new Map<string, string>();
  return (state) => {
    for (const { id, displayName, phase } of podsOf(state)) {
      if (shown.get(id) === phase) continue;
      shown.set(id, phase);
      err(`  ${shownPhase(phase, errColors)} ${displayName}\n`);
    }
  };
}

function shownPhase(phase: string, colors: Colors): string {
  switch (phase) {
    case "Succeeded":
      return colors.green("✓ succeeded");
    case "Failed":
    case "Error":
      return colors.red(phase === "Failed" ? "✗ failed" : "✗ error");
    case "Skipped":
    case "Omitted":
      return colors.dim("○ skipped");
    case "Running":
      return colors.yellow("▸ running");
    default:
      return colors.dim("· waiting");
  }
}

/** The runs of the pipeline of the usual file, also those that its schedule has started. */
export async function runsOnArgo(host: Host, terminal: Terminal, opened: OpenedTarget, flags: TargetRunsFlags): Promise<number> {
  const found = analysed(host, terminal, defaultFile);
  const pipeline = found === undefined ? undefined : chosen(host, terminal, found.analysis, found.document, undefined);
  if (pipeline === undefined) return exitCodes.failure;
  const runs = await withArgo(host, terminal, opened, (client) => listWorkflows(client, templateOf(pipeline.id)));
  if (runs === undefined) return exitCodes.failure;
  const latest = runs.slice(0, flags.limit);
  if (flags.json === true) terminal.out(`${JSON.stringify(latest, undefined, 2)}\n`);
  else {
    const { bold, dim } = terminal.outColors;
    if (latest.length === 0) terminal.err(`${dim(`There are no runs on "${opened.target.name}" yet.`)}\n`);
    for (const line of table(latest.map((run) => [bold(run.name), shownPhase(run.phase, terminal.outColors), dim((run.startedAt ?? "").slice(0, 16).replace("T", " ")), dim(lasted(run)), dim(run.progress ?? "")]))) terminal.out(`${line}\n`);
  }
  return exitCodes.success;
}

function lasted({ startedAt, finishedAt }: RunState): string {
  const milliseconds = Date.parse(finishedAt ?? "") - Date.parse(startedAt ?? "");
  return milliseconds >= 0 ? duration(milliseconds) : "";
}

/** Lines of a log that are shown of a task that failed. */
const tailLines = 12;

/** What became of a run: the failed tasks at their lines, each with the end of its log. */
export async function explainOnArgo(host: Host, terminal: Terminal, source: string, opened: OpenedTarget, name: string): Promise<number> {
  const { out, outColors } = terminal;
  const { bold, dim } = outColors;
  const read = await withArgo(host, terminal, opened, async (client) => {
    const workflow = await client.get(workflows, name);
    if (workflow === undefined) return userError("HMC6250", { run: name, target: opened.target.name });
    const state = runState(workflow);
    const logs = new Map<string, string[]>();
    if (podsOf(state).some(isFailed)) await podLogs(client, podsOfWorkflow(name), { onLine: ({ node, text }) => void logs.set(node, [...(logs.get(node) ?? []).slice(1 - tailLines), text]) });
    return { state, logs };
  });
  if (read === undefined) return exitCodes.failure;
  const { state, logs } = read;
  out(`${bold(name)}  ${shownPhase(state.phase, outColors)} ${dim(state.message ?? "")}\n`);
  const failed = podsOf(state).filter(isFailed);
  if (failed.length === 0 || !hasEnded(state)) for (const line of table(podsOf(state).map(({ displayName, phase }) => [`  ${displayName}`, shownPhase(phase, outColors)]))) out(`${line}\n`);
  const found = host.fileExists(resolve(host.cwd(), source)) ? analysed(host, { ...terminal, err: () => undefined }, source) : undefined;
  for (const node of failed) {
    const place = found === undefined ? undefined : placeOf(node, found.document);
    const diagnostics = [diagnostic("HMC6254", place, { task: node.displayName, problem: node.message, pod: undefined })];
    reportDiagnostics(host, { ...terminal, err: out, errColors: outColors }, { root: found?.analysis.root ?? host.cwd(), texts: found?.analysis.texts ?? new Map(), diagnostics }, "frame", "err");
    for (const line of logs.get(node.name) ?? []) out(`  ${dim(line)}\n`);
  }
  return exitCodes.success;
}

function isFailed({ phase }: RunNode): boolean {
  return phase === "Failed" || phase === "Error";
}

/** A node is called like its task; one of a retry or a loop has a number in brackets after it. */
function placeOf({ displayName }: RunNode, document: Document): Span | undefined {
  const name = displayName.replace(/\(.*$/s, "");
  return Object.values(document.pipelines).flatMap(({ body }) => [...tasksOf(body)]).find(({ id }) => namesTask(id, name))?.span;
}
