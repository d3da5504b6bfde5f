/** `hmc explain --on`: a target with where its values come from, and what became of a run there. */
import { resolve } from "node:path";
import type { Settings } from "../config/config.ts";
import type { Target } from "../config/target.ts";
import { namesTask, tasksOfRun, type TaskState } from "../deploy/kfp/runs.ts";
import { causesIn, taskOfNode } from "../deploy/kfp/pods.ts";
import { podLogs, podsOfKfpRun } from "../../runtime/remote/kubernetes/argo-logs.ts";
import { diagnostic } from "../diagnostics/diagnostic.ts";
import type { Host } from "../host.ts";
import { tasksOf } from "../ir/traverse.ts";
import type { Document, Span } from "../ir/types.ts";
import type { Run } from "../../runtime/remote/kfp/api-types.ts";
import { analysed } from "./analysed.ts";
import { withArgo } from "./argo-deliveries.ts";
import { explainOnArgo } from "./argo-runs.ts";
import { exitCodes } from "./exit-codes.ts";
import { explainCommand } from "./explain-command.ts";
import { withKfp } from "./kfp-server.ts";
import { reportDiagnostics } from "./report.ts";
import { runNamed, shownRunState } from "./target-runs.ts";
import { clusterOf } from "./target-logs.ts";
import { openTarget, type OpenedTarget, type TargetFlags } from "./target-options.ts";
import { table } from "./table.ts";
import type { Colors, Terminal } from "./terminal.ts";

export interface ExplainTargetFlags extends TargetFlags {
  pipeline?: string;
}

/** @param name a run of the target, or a task of the file; undefined for the pipeline and the target */
export async function explainTarget(host: Host, terminal: Terminal, source: string, name: string | undefined, flags: ExplainTargetFlags): Promise<number> {
  const opened = openTarget(host, terminal, flags);
  if (opened === undefined) return exitCodes.failure;
  const { target, file } = opened;
  if (target.kind === "argo" && name !== undefined && isWorkflow(host, source, name)) return explainOnArgo(host, terminal, source, opened, name);
  if (name === undefined || !isRunId(name)) {
    const exitCode = explainCommand(host, terminal, source, name, flags);
    if (exitCode === exitCodes.success && name === undefined) terminal.out(`\n${shownTarget(target, file, terminal.outColors)}`);
    return exitCode;
  }
  const run = await withKfp(host, terminal, opened, (client) => runNamed(client, name, target.name));
  if (run === undefined) return exitCodes.failure;
  const logs = run.state === "FAILED" ? await failureLogs(host, terminal, opened, name) : new Map<string, PodLog>();
  explainRun(host, terminal, source, run, logs);
  return exitCodes.success;
}

/** What the pods of a task have said last, and what its driver says is wrong. */
interface PodLog {
  causes: string[];
  tail: string[];
}

/** Lines of a log that are shown of a task that failed. */
const tailLines = 12;

/** The logs of a run by task, where the target names its cluster: the API of KFP has none. */
async function failureLogs(host: Host, terminal: Terminal, opened: OpenedTarget, run: string): Promise<Map<string, PodLog>> {
  const { kubeconfig } = opened.target;
  const lines = new Map<string, { driver: string[]; own: string[] }>();
  if (kubeconfig.file === undefined && kubeconfig.context === undefined) return new Map();
  await withArgo(host, terminal, clusterOf(opened), (client) => podLogs(client, podsOfKfpRun(run), {
    onLine: ({ node, text }) => {
      const { task, isDriver } = taskOfNode(node);
      const known = lines.get(task) ?? { driver: [], own: [] };
      lines.set(task, known);
      known[isDriver ? "driver" : "own"].push(text);
    },
  }));
  return new Map([...lines].map(([task, { driver, own }]) => [task, { causes: causesIn(driver), tail: own.slice(-tailLines) }]));
}

/** Ids of KFP are UUIDs. */
function isRunId(name: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(name);
}

/** Runs on Argo are called by their template and a hash; where that is no task of the file, it is a run. */
function isWorkflow(host: Host, source: string, name: string): boolean {
  return /-[0-9a-z]{5,}$/.test(name) && !(host.fileExists(resolve(host.cwd(), source)) && new RegExp(`\\b${name}\\b`).test(new TextDecoder().decode(host.readFile(resolve(host.cwd(), source)))));
}

/** Every value of a target, and where it was set. Secrets are named, never shown. */
function shownTarget(target: Target, file: string | undefined, { bold, dim, cyan }: Colors): string {
  const { name, origins, hasSchedule, timeout } = target;
  const origin = (key: keyof Settings): string => {
    const where = origins[key];
    return where === undefined ? "built in" : /^(?:--|HMC_)/.test(where) ? where : `${where} in ${file ?? "hmc.yaml"}`;
  };
  const shown: [key: keyof Settings, value: unknown][] = [
    ["kind", target.kind], ["version", target.version], ["host", target.host], ["namespace", target.namespace], ["auth", shownAuth(target.auth)], ["tls", target.tls], ["kubeconfig", target.kubeconfig],
    ["experiment", target.experiment], ["serviceAccount", target.serviceAccount], ["pipelineRoot", target.pipelineRoot], ["image", target.image], ["entrypoint", target.entrypoint],
    ["artifactRepository", target.artifactRepository], ["params", target.params], ["schedule", hasSchedule ? "on" : "off"], ["timeout", `${timeout / 1000} s`],
  ];
  const rows = shown.flatMap(([key, value]) => (value === undefined || (typeof value === "object" && value !== null && Object.keys(value).length === 0) ? [] : [[cyan(key), typeof value === "string" ? value : JSON.stringify(value), dim(origin(key))]]));
  return `${bold(`Target ${name}`)}\n${table(rows).map((row) => `  ${row}\n`).join("")}`;
}

function shownAuth(auth: Target["auth"]): string {
  const { type, ...rest } = auth;
  const told = Object.entries(rest).map(([key, value]) => `${key} ${String(value)}`);
  return [type, ...told].join(", ");
}

/** What became of a run, and the line of the source that each failed task stands at. */
function explainRun(host: Host, terminal: Terminal, source: string, run: Run, logs: ReadonlyMap<string, PodLog>): void {
  const { out, outColors } = terminal;
  const { bold, dim } = outColors;
  out(`${bold(run.run_id ?? "")}  ${shownRunState(run.state, outColors)} ${dim(run.display_name ?? "")}\n`);
  for (const [name, value] of Object.entries(run.runtime_config?.parameters ?? {})) out(`${dim("parameter")}   ${name} = ${JSON.stringify(value)}\n`);
  const tasks = tasksOfRun(run);
  const failed = tasks.filter(({ state }) => state === "FAILED");
  if (failed.length === 0) {
    for (const line of table(tasks.map(({ name, state }) => [`  ${name}`, shownRunState(state, outColors)]))) out(`${line}\n`);
    return;
  }
  // Without its source, or with one that no longer compiles, a run is told without places.
  const found = host.fileExists(resolve(host.cwd(), source)) ? analysed(host, { ...terminal, err: () => undefined }, source) : undefined;
  for (const task of failed) {
    const log = [...logs].find(([name]) => namesTask(name, task.name))?.[1];
    const last = log?.tail.findLast((line) => line.trim() !== "");
    const reason = task.problem ?? log?.causes.at(-1) ?? (last === undefined ? undefined : `its log ends with "${last.trim()}"`);
    const diagnostics = [diagnostic("HMC6254", found === undefined ? undefined : placeOf(task, found.document), { task: task.name, problem: reason, pod: task.pod })];
    reportDiagnostics(host, { ...terminal, err: out, errColors: outColors }, { root: found?.analysis.root ?? host.cwd(), texts: found?.analysis.texts ?? new Map(), diagnostics }, "frame", "err");
    for (const line of log?.tail ?? []) out(`  ${dim(line)}\n`);
  }
}

/** KFP's names of tasks are those of the document, with a number after the second of a name. */
function placeOf({ name }: TaskState, document: Document): Span | undefined {
  const all = Object.values(document.pipelines).flatMap(({ body }) => [...tasksOf(body)]);
  return (all.find(({ id }) => namesTask(id, name)) ?? all.find(({ id }) => namesTask(id, name.replace(/-\d+$/, ""))))?.span;
}
