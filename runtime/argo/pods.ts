/** Pods: what the controller would create, and what becomes of their nodes when they end. */
import { ControllerError } from "./errors.ts";
import { addRunning, type Run } from "./execute.ts";
import { memoize } from "./memoize.ts";
import type { NodeStatus } from "./nodes.ts";
import type { PodOutcome, PodRequest } from "./options.ts";
import { publish } from "./outputs.ts";
import type { PodState, RunState } from "./state.ts";
import { kindOf, templateOfBoundary } from "./templates.ts";
import { substitute } from "./substitute.ts";
import type { Artifact, Container, Outputs, Parameter, Template } from "./types.ts";
import { Variables } from "./variables.ts";

const SCRIPT = "/argo/staging/script";

/**
 * The node of a template that runs as a pod, and the pod if there is none yet.
 *
 * @throws ControllerError where the pod cannot be made
 */
export function createPod(state: RunState, run: Run): NodeStatus {
  const { name, template } = run;
  const node = state.nodes.get(name) ?? addRunning(state, run, kindOf(template) === "http" ? "HTTP" : "Pod", "Pending");
  if (state.pods.has(name)) return node;
  const capturesResult = readsResult(state, run);
  checkVolumes(state, template);
  checkServiceAccount(state, template);
  const request = podRequest(state, run, node, capturesResult);
  state.pods.set(name, { request, outcome: undefined });
  state.created.push(request);
  state.activePods++;
  state.nodes.changes++;
  return node;
}

function podRequest(state: RunState, { name, template, onExit }: Run, node: NodeStatus, capturesResult: boolean): PodRequest {
  const kind = kindOf(template) as PodRequest["kind"];
  const container = substitutedOnceMore(state, template, name);
  const source = template.script && container?.source;
  const args = source ? [...(container?.args ?? []), SCRIPT] : container?.args;
  return {
    node: name,
    displayName: node.displayName,
    template: template.name ?? "",
    kind,
    podName: state.nodes.podNameOf(name, template.name ?? ""),
    image: container?.image,
    command: container?.command,
    args,
    env: container?.env ?? [],
    source,
    parameters: Object.fromEntries((template.inputs.parameters ?? []).map((parameter) => [parameter.name, parameter.value ?? ""])),
    artifacts: template.inputs.artifacts ?? [],
    outputs: template.outputs,
    capturesResult,
    onExit,
    container,
    resolved: template,
  };
}

/** The main container. Variables in it are replaced a last time, those that came in with values among them. */
function substitutedOnceMore(state: RunState, template: Template, node: string): Container | undefined {
  const container: Container | undefined = template.container ?? template.script;
  if (!container) return undefined;
  const variables = new Variables(state.globals);
  for (const { name, value = "" } of template.inputs.parameters ?? []) variables.set(`inputs.parameters.${name}`, value);
  variables.set("pod.name", state.nodes.podNameOf(node, template.name ?? ""));
  // In the pod braces follow the container, so a tag that has no end in the container finds one.
  return substitute({ spec: { containers: [container] }, status: {} }, variables, "lenient", state.behaviour).spec.containers[0];
}

/** Whether the template around a node reads the result of the node's task or step. */
function readsResult(state: RunState, { name, boundary }: Run): boolean {
  const around = boundary === "" ? undefined : templateOfBoundary(state, boundary);
  if (!around) return false;
  const prefix = kindOf(around) === "dag" ? "tasks" : kindOf(around) === "steps" ? "steps" : "";
  const called = taskOf(name);
  const text = resultReferences(state, around);
  return text.includes(`${prefix}.${called}.outputs.result`) || text.includes(`${prefix}['${called}'].outputs.result`);
}

/** The JSON of a template, where it reads any result at all. */
function resultReferences(state: RunState, template: Template): string {
  let text = state.caches.texts.get(template);
  if (text === undefined) {
    text = JSON.stringify(template);
    if (!text.includes("outputs.result")) text = "";
    state.caches.texts.set(template, text);
  }
  return text;
}

/** The name of the task or step of a node: without indices of loops and attempts. */
function taskOf(node: string): string {
  let end = node.length;
  let opener = "";
  for (let at = end - 1; at >= 0; at--) {
    const character = node[at] as string;
    if (character === opener) opener = "";
    else if (opener === "" && (character === ")" || character === "]")) opener = character === ")" ? "(" : "[";
    else if (opener === "") {
      end = at + 1;
      break;
    }
  }
  return node.slice(node.lastIndexOf(".", end - 1) + 1, end);
}

function checkVolumes(state: RunState, template: Template): void {
  const { spec } = state;
  const claims = (spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata?.name);
  const known = new Set([...(template.volumes ?? []), ...(spec.volumes ?? [])].map((volume): string | undefined => volume.name).concat(claims));
  const container = template.container ?? template.script;
  for (const { name } of container?.volumeMounts ?? []) if (!known.has(name)) throw new ControllerError(`volume '${name}' not found in workflow spec`);
}

function checkServiceAccount(state: RunState, template: Template): void {
  const name = template.executor?.serviceAccountName ?? state.spec.executor?.serviceAccountName;
  const known = state.options.cluster?.serviceAccounts;
  if (name !== undefined && known && !known.includes(name)) throw new ControllerError(`serviceaccounts "${name}" not found`);
}

/** Gives the nodes of pods that ended their phase, message and outputs. */
export function applyOutcomes(state: RunState, ended: readonly { pod: PodState; outcome: PodOutcome }[]): void {
  for (const { pod, outcome } of ended) {
    pod.outcome = outcome;
    const node = state.nodes.get(pod.request.node);
    if (!node || node.phase === "Failed" || node.phase === "Error" || node.phase === "Succeeded") continue;
    const { phase, message, outputs } = resultOf(pod.request, outcome);
    if (outputs) node.outputs = outputs;
    publish(state, outputs);
    state.nodes.mark(node.name, phase, message ?? (phase === "Succeeded" ? "" : node.message));
    if (phase === "Succeeded") memoize(state, node);
  }
}

/** The end of a pod: one that succeeded but lacks an output that has no default is an error. */
function resultOf(request: PodRequest, outcome: PodOutcome): { phase: PodOutcome["phase"]; message?: string; outputs: Outputs | undefined } {
  const parameters: Parameter[] = [];
  let missing: string | undefined;
  for (const parameter of request.outputs.parameters ?? []) {
    const value = outcome.params?.[parameter.name] ?? parameter.valueFrom?.default;
    if (value !== undefined) parameters.push({ ...parameter, value });
    else missing ??= parameter.name;
  }
  const artifacts = (request.outputs.artifacts ?? []).flatMap((artifact) => located(artifact, outcome.artifacts?.[artifact.name]) ?? []);
  const outputs: Outputs = {
    ...(parameters.length > 0 && { parameters }),
    ...(artifacts.length > 0 && { artifacts }),
    ...(outcome.result !== undefined && request.capturesResult && { result: outcome.result }),
    ...(outcome.exitCode !== undefined && { exitCode: String(outcome.exitCode) }),
  };
  const given = Object.keys(outputs).length > 0 ? outputs : undefined;
  if (outcome.phase === "Succeeded" && missing !== undefined) return { phase: "Error", message: `output parameter ${missing} was not written`, outputs: given };
  return { phase: outcome.phase, ...(outcome.message !== undefined && { message: outcome.message }), outputs: given };
}

function located(artifact: Artifact, at: NonNullable<PodOutcome["artifacts"]>[string] | undefined): Artifact | undefined {
  if (at === undefined) return undefined;
  return typeof at === "string" ? { ...artifact, s3: { key: at } } : { ...artifact, ...at };
}
