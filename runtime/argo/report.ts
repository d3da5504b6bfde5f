/** The result of a simulation. */
import { keyOf } from "./artifacts.ts";
import { active, type NodePhase, type NodeStatus, type NodeType } from "./nodes.ts";
import type { EnvironmentVariable, Outputs } from "./types.ts";
import type { RunState, WorkflowPhase } from "./state.ts";

export interface SimulatedNode {
  readonly name: string;
  readonly displayName: string;
  readonly type: NodeType;
  readonly phase: NodePhase;
  /** The name of the template; empty for one that is inline or of another document. */
  readonly template: string;
  readonly message: string;
  readonly inputs: SimulatedValues;
  readonly outputs: SimulatedValues;
  /** Standard output, where something reads it. */
  readonly result: string | undefined;
  readonly exitCode: string | undefined;
  /** Names of the nodes that come after this one. */
  readonly children: readonly string[];
}

/** Parameters with their values, artifacts with their keys: empty for those without one. */
export interface SimulatedValues {
  readonly parameters: { readonly [name: string]: string };
  readonly artifacts: { readonly [name: string]: string };
}

/** The main container of a pod. */
export interface SimulatedPod {
  readonly image: string | undefined;
  readonly command: readonly string[] | undefined;
  readonly args: readonly string[] | undefined;
  readonly env: { readonly [name: string]: string };
  readonly source: string | undefined;
}

export interface SimulatedRun {
  readonly phase: WorkflowPhase;
  readonly message: string;
  /** Whether the run never ends. */
  readonly hung: boolean;
  /** Of a run that never ends: what waits for what. */
  readonly waits: readonly { readonly node: string; readonly reason: string }[];
  readonly reconciliations: number;
  /** In the order of their names. */
  readonly nodes: readonly SimulatedNode[];
  /** By the names of their nodes. */
  readonly pods: { readonly [node: string]: SimulatedPod };
  /** Outputs with a global name: `workflow.outputs`. */
  readonly outputs: SimulatedValues;
}

/** The result of a run as it stands. */
export function reportOf(state: RunState, hung: boolean, reconciliations: number): SimulatedRun {
  const nodes = [...state.nodes.all()].sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  return {
    phase: state.phase,
    message: state.message,
    hung,
    waits: hung ? waitsOf(state, nodes) : [],
    reconciliations,
    nodes: nodes.map(nodeOf),
    pods: Object.fromEntries([...state.pods].map(([name, { request }]) => [name, podOf(request)])),
    outputs: valuesOf(state.outputs),
  };
}

function nodeOf(node: NodeStatus): SimulatedNode {
  const { name, displayName, type, phase, templateName, message, inputs, outputs, children } = node;
  return {
    name,
    displayName,
    type,
    phase,
    template: templateName,
    message,
    inputs: valuesOf(inputs),
    outputs: valuesOf(outputs),
    result: outputs?.result,
    exitCode: outputs?.exitCode,
    children: [...children],
  };
}

function valuesOf(values: Outputs | undefined): SimulatedValues {
  return {
    parameters: Object.fromEntries((values?.parameters ?? []).map(({ name, value = "" }) => [name, value])),
    artifacts: Object.fromEntries((values?.artifacts ?? []).map((artifact) => [artifact.name, keyOf(artifact)])),
  };
}

function podOf({ image, command, args, env, source }: Omit<SimulatedPod, "env"> & { env: readonly EnvironmentVariable[] }): SimulatedPod {
  return { image, command, args, env: Object.fromEntries(env.map(({ name, value = "" }) => [name, value])), source };
}

/** Why each part of a run that hangs does so. */
function waitsOf(state: RunState, nodes: readonly NodeStatus[]): SimulatedRun["waits"] {
  const waits = [...state.waits].map(([node, reason]) => ({ node, reason }));
  for (const node of nodes) {
    if (node.type === "Suspend" && node.phase === "Running") waits.push({ node: node.name, reason: "is suspended" });
    else if (active(node) && (node.waitsForLock !== undefined || (node.type === "Retry" && node.message !== ""))) waits.push({ node: node.name, reason: node.message });
  }
  if (waits.length > 0) return waits;
  const unreachable = nodes.filter((node) => node.type === "DAG" && active(node)).map((node) => ({ node: node.name, reason: "a task of the DAG is after a node that ended without being connected, so the DAG waits for it for ever" }));
  return unreachable;
}
