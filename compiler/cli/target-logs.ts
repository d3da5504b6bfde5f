/** `hmc logs <run> --on`: what the pods of a run on a target have written. */
import type { Host } from "../host.ts";
import { followLogs, podLogs, podsOfKfpRun, podsOfWorkflow, type LogLine } from "../../runtime/remote/kubernetes/argo-logs.ts";
import { workflows } from "../../runtime/remote/kubernetes/argo-objects.ts";
import { hasEnded, waitForWorkflow } from "../../runtime/remote/kubernetes/argo-run.ts";
import { taskOfNode } from "../deploy/kfp/pods.ts";
import { waitForRun } from "../deploy/kfp/runs.ts";
import { withArgo } from "./argo-deliveries.ts";
import { exitCodes } from "./exit-codes.ts";
import { withKfp } from "./kfp-server.ts";
import { runNamed } from "./target-runs.ts";
import { openTarget, type OpenedTarget, type TargetFlags } from "./target-options.ts";
import type { Terminal } from "./terminal.ts";
import { userError } from "./user-error.ts";

export interface TargetLogsFlags extends TargetFlags {
  /** Go on until the run has ended. */
  follow?: boolean;
}

/** @param task only the logs of this task */
export async function targetLogs(host: Host, terminal: Terminal, run: string, task: string | undefined, flags: TargetLogsFlags): Promise<number> {
  const opened = openTarget(host, terminal, flags);
  if (opened === undefined) return exitCodes.failure;
  const isKfp = opened.target.kind === "kfp";
  const onLine = printer(terminal, task, isKfp);
  const done = isKfp ? await kfpLogs(host, terminal, opened, run, onLine, flags.follow === true) : await argoLogs(host, terminal, opened, run, onLine, flags.follow === true);
  return done === undefined ? exitCodes.failure : exitCodes.success;
}

/** Prints lines under the tasks that they are of. What prepares a task in KFP is left out. */
function printer(terminal: Terminal, wanted: string | undefined, isKfp: boolean): (line: LogLine) => void {
  let headed: string | undefined;
  return ({ node, text }) => {
    const { task, isDriver } = taskOfNode(node);
    if ((isKfp && isDriver) || (wanted !== undefined && task !== wanted)) return;
    if (headed !== task && wanted === undefined) terminal.out(`${terminal.outColors.bold(`== ${task}`)}\n`);
    headed = task;
    terminal.out(`${text}\n`);
  };
}

type OnLine = (line: LogLine) => void;

async function argoLogs(host: Host, terminal: Terminal, opened: OpenedTarget, run: string, onLine: OnLine, isFollowing: boolean): Promise<boolean | undefined> {
  const { sleep } = opened.tools;
  return withArgo(host, terminal, opened, async (client) => {
    if ((await client.get(workflows, run)) === undefined) return userError("HMC6250", { run, target: opened.target.name });
    if (!isFollowing) await podLogs(client, podsOfWorkflow(run), { onLine });
    else await followed((signal) => followLogs(client, podsOfWorkflow(run), { onLine, ended: signal, sleep }), async () => hasEnded(await waitForWorkflow(client, run, { sleep })));
    return true;
  });
}

/** The API of KFP has no logs: they are read from the cluster, which the kubeconfig of the target names. */
async function kfpLogs(host: Host, terminal: Terminal, opened: OpenedTarget, run: string, onLine: OnLine, isFollowing: boolean): Promise<boolean | undefined> {
  const { sleep } = opened.tools;
  return withKfp(host, terminal, opened, async (kfp) => {
    await runNamed(kfp, run, opened.target.name);
    return withArgo(host, terminal, clusterOf(opened), async (client) => {
      if (!isFollowing) await podLogs(client, podsOfKfpRun(run), { onLine });
      else await followed((signal) => followLogs(client, podsOfKfpRun(run), { onLine, ended: signal, sleep }), () => waitForRun(kfp, run, { sleep, onChange: () => undefined }));
      return true;
    });
  });
}

/** Follows until the run has ended. */
async function followed(follow: (ended: AbortSignal) => Promise<void>, end: () => Promise<unknown>): Promise<void> {
  const ended = new AbortController();
  const following = follow(ended.signal);
  await Promise.race([end(), following]);
  ended.abort();
  await following;
}

/** The cluster that a KFP target runs in: its API is not that of Kubernetes, so neither its host nor its credentials count. */
export function clusterOf({ target, tools, file }: OpenedTarget): OpenedTarget {
  const { host: _, ...rest } = target;
  return { target: { ...rest, auth: { type: "none" }, tls: {} }, tools, file };
}
