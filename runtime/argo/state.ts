/** The state of a run between reconciliations. */
import { ControllerError } from "./errors.ts";
import type { Locks } from "./locks.ts";
import type { NodeStatus, NodeTable } from "./nodes.ts";
import type { PodOutcome, PodRequest, SimulationOptions } from "./options.ts";
import type { Caches } from "./templates.ts";
import type { Outputs, Resource, WorkflowSpec } from "./types.ts";
import type { Variables } from "./variables.ts";
import type { Behaviour } from "./versions.ts";

export type WorkflowPhase = "" | "Pending" | "Running" | "Succeeded" | "Failed" | "Error";

export interface PodState {
  readonly request: PodRequest;
  outcome: PodOutcome | undefined;
}

/** All that a reconciliation reads and changes. */
export interface RunState {
  readonly options: SimulationOptions;
  readonly behaviour: Behaviour;
  readonly workflow: Resource;
  readonly library: ReadonlyMap<string, Resource>;
  /** The specification that runs: the workflow's, joined with that of its `workflowTemplateRef`, before substitution. */
  readonly joined: WorkflowSpec;
  /** The same with global variables substituted, of the current reconciliation. */
  spec: WorkflowSpec;
  readonly nodes: NodeTable;
  globals: Variables;
  /** Tells apart sets of global variables: equal where they are. */
  globalsKey: string;
  phase: WorkflowPhase;
  message: string;
  /** Labels that the workflow got when it began. */
  readonly labels: { [name: string]: string };
  /** Outputs with a global name. */
  readonly outputs: Outputs;
  /** Pods by the name of their node. */
  readonly pods: Map<string, PodState>;
  /** Pods created in this reconciliation, not yet started. */
  readonly created: PodRequest[];
  /** Suspended nodes that are new in this reconciliation. */
  readonly suspended: NodeStatus[];
  /** Why each task that waits for a reference does so. */
  readonly waits: Map<string, string>;
  /** Points in time at which something goes on. */
  readonly alarms: Set<number>;
  now: number;
  /** How deep templates are nested at the moment. */
  depth: number;
  /** How many pods are pending or running; only counted where `spec.parallelism` limits them. */
  activePods: number;
  readonly locks: Locks;
  readonly memo: Map<string, Outputs>;
  readonly caches: Caches;
}

/** Notes that global variables may have changed. */
export function noteGlobals(state: RunState): void {
  const { globals, outputs, now } = state;
  state.globalsKey = JSON.stringify([globals.get("workflow.status"), globals.get("workflow.failures"), outputs, now]);
}

/** Lets a task wait for a reference; the next reconciliation tries again. */
export function waitFor(state: RunState, node: string, reason: string): ControllerError {
  state.waits.set(node, reason);
  return new ControllerError(reason, "requeue");
}
