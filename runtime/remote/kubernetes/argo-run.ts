/** Runs of templates: submitting one, waiting for it, and which there are. */
import { randomUUID } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { RequestError } from "../http/failure.ts";
import { annotations, labels, nameWith, workflows, type StatusNode, type Workflow, type WorkflowStatus } from "./argo-objects.ts";
import type { KubernetesClient } from "./client.ts";
import { digestOf, shortHash } from "../digest.ts";
import { isThereAlready, type Stored } from "./objects.ts";

export interface Submission {
  /** The name of a WorkflowTemplate. */
  template: string;
  /** The template that the run is made of, where it is the copy of a revision. */
  copy?: string;
  /** What Argo takes: texts. */
  parameters: Readonly<Record<string, string>>;
  /** The same key is the same run, however often it is submitted; without one each call is another run. */
  key?: string;
  serviceAccount?: string;
  signal?: AbortSignal | undefined;
}

export interface Submitted {
  /** The name of the Workflow. */
  name: string;
  /** False where it was there: an earlier call with this key, or one whose answer was lost, has made it. */
  isNew: boolean;
}

/** Starts a run. Throws a `RequestError`; its kind is `conflict` where the key belongs to a run with other parameters. */
export async function submitArgo(client: KubernetesClient, { template, copy = template, parameters, key, serviceAccount, signal }: Submission): Promise<Submitted> {
  const name = nameWith(template, digestOf([template, key ?? randomUUID()]).slice(0, shortHash));
  const spec = {
    workflowTemplateRef: { name: copy },
    ...(Object.keys(parameters).length === 0 ? {} : { arguments: { parameters: Object.entries(parameters).map(([parameter, value]) => ({ name: parameter, value })) } }),
    ...(serviceAccount === undefined ? {} : { serviceAccountName: serviceAccount }),
  };
  const submission = digestOf(spec);
  // The second label is the one by which Argo's own tools find the runs of a template.
  const marks = { [labels.managedBy]: "hmc", [labels.template]: template, "workflows.argoproj.io/workflow-template": template };
  const workflow = { apiVersion: workflows.apiVersion, kind: workflows.kind, metadata: { name, labels: marks, annotations: { [annotations.submission]: submission } }, spec };
  try {
    await client.create(workflows, workflow, signal);
    return { name, isNew: true };
  } catch (error) {
    if (!isThereAlready(error)) throw error;
    const there = await client.get(workflows, name, signal);
    if (there?.metadata.annotations?.[annotations.submission] === submission) return { name, isNew: false };
    throw new RequestError({ kind: "conflict", problem: there === undefined ? `the run "${name}" was there, and is gone` : `the run "${name}" has this key, but other parameters` }, `submitting "${template}"`);
  }
}

export type RunPhase = "Pending" | "Running" | "Succeeded" | "Failed" | "Error";

/** How a run stands. */
export interface RunState {
  name: string;
  phase: RunPhase;
  message: string | undefined;
  /** Finished and all tasks, e.g. `3/5`. */
  progress: string | undefined;
  startedAt: string | undefined;
  finishedAt: string | undefined;
  /** In the order in which they began. */
  nodes: RunNode[];
  /** The nodes are in a database, which only Argo's server reads. */
  areNodesElsewhere: boolean;
}

export interface RunNode extends Pick<StatusNode, "id" | "name" | "type" | "templateName" | "message"> {
  displayName: string;
  phase: string;
  startedAt: string | undefined;
  finishedAt: string | undefined;
}

export interface WaitOptions {
  signal?: AbortSignal | undefined;
  /** Told of each state that differs from the one before. */
  onChange?: (state: RunState) => void;
  sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** How often it is looked at. Milliseconds. */
  interval?: number;
}

/** Waits until a run has ended, and gives its last state. Throws a `RequestError`, also where the run is deleted, and the reason of the signal. */
export async function waitForWorkflow(client: KubernetesClient, name: string, { signal, onChange, sleep, interval = 2000 }: WaitOptions): Promise<RunState> {
  let last = "";
  for (;;) {
    const workflow = await client.get(workflows, name, signal);
    if (workflow === undefined) throw new RequestError({ kind: "notFound", problem: `there is no run "${name}"` }, `waiting for "${name}"`);
    const state = runState(workflow);
    const text = JSON.stringify(state);
    if (text !== last) onChange?.(state);
    last = text;
    if (hasEnded(state)) return state;
    await sleep(interval, signal);
    signal?.throwIfAborted();
  }
}

export function hasEnded({ phase }: RunState): boolean {
  return phase === "Succeeded" || phase === "Failed" || phase === "Error";
}

/** The runs of a template, newest first; also those that its schedules have started. */
export async function listWorkflows(client: KubernetesClient, template: string, signal?: AbortSignal): Promise<RunState[]> {
  const found = await client.list(workflows, { labels: `${labels.template}=${template}`, signal });
  return found.sort((one, other) => Date.parse(other.metadata.creationTimestamp) - Date.parse(one.metadata.creationTimestamp)).map(runState);
}

/** What the object says of its run. */
export function runState({ metadata: { name }, status = {} }: Stored<Workflow>): RunState {
  const { phase, message, progress, startedAt, finishedAt } = status;
  const nodes = nodesOf(status).map(
    ({ id, name: nodeName, displayName = nodeName, type, phase: nodePhase = "Pending", templateName, message: said, startedAt: began, finishedAt: ended }): RunNode => ({
      id,
      name: nodeName,
      displayName,
      type,
      phase: nodePhase,
      startedAt: began ?? undefined,
      finishedAt: ended ?? undefined,
      ...(templateName === undefined ? {} : { templateName }),
      ...(said === undefined ? {} : { message: said }),
    }),
  );
  return {
    name,
    phase: (phase === undefined || phase === "" ? "Pending" : phase) as RunPhase,
    message,
    progress,
    startedAt: startedAt ?? undefined,
    finishedAt: finishedAt ?? undefined,
    nodes: nodes.sort((one, other) => compare(one.startedAt ?? "~", other.startedAt ?? "~") || compare(one.name, other.name)),
    areNodesElsewhere: (status.offloadNodeStatusVersion ?? "") !== "",
  };
}

function nodesOf({ nodes, compressedNodes }: WorkflowStatus): StatusNode[] {
  const packed = compressedNodes === undefined || compressedNodes === "" ? undefined : (JSON.parse(gunzipSync(Buffer.from(compressedNodes, "base64")).toString()) as Record<string, StatusNode>);
  return Object.values(packed ?? nodes ?? {});
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
