/** What the phases of a DAG's nodes say of the DAG. */
import type { Dag } from "./dag.ts";
import { continuesOn } from "./calls.ts";
import { completed, failedOrError, fulfilled, type NodePhase, type NodeStatus } from "./nodes.ts";
import type { RunState } from "./state.ts";

export interface DagPhase {
  readonly phase: "Running" | "Succeeded" | "Failed" | "Error";
  /** Loops that are still marked as running although all their items have ended. */
  readonly groups: readonly { readonly name: string; readonly phase: NodePhase }[];
}

/**
 * The phase of a DAG: that of its targets. A target that was omitted takes over the phase of the tasks before it, rather a
 * failure than a success. A target that no node leads to is waited for, for ever if need be (reference argo.md 2.0 rule 6).
 */
export function assessDag(state: RunState, dag: Dag): DagPhase {
  const phases = new Map<string, NodePhase>(dag.plan.targets.map((task) => [dag.nodeName(task), ""]));
  const groups: { name: string; phase: NodePhase }[] = [];
  const seen = new Map<NodePhase, Set<string>>();
  const queue: { name: string; phase: NodePhase }[] = [];
  const add = (names: Iterable<string>, phase: NodePhase): void => {
    let known = seen.get(phase);
    if (!known) seen.set(phase, (known = new Set()));
    for (const name of names) {
      if (known.has(name)) continue;
      known.add(name);
      queue.push({ name, phase });
    }
  };
  add(state.nodes.get(dag.boundary)?.children ?? [], "Succeeded");
  for (let at = 0; at < queue.length; at++) {
    const { name, phase: inherited } = queue[at] as { name: string; phase: NodePhase };
    const node = state.nodes.get(name);
    if (!node) return { phase: "Running", groups };
    let phase = inherited;
    if (!fulfilled(node)) {
      const completable = state.behaviour.completesGroups ? groupPhase(state, node) : undefined;
      if (completable === undefined) return { phase: "Running", groups };
      groups.push({ name, phase: completable });
      phase = completable;
    } else if (completed(node)) phase = node.phase;
    const before = phases.get(name);
    if (before !== undefined && before !== "Failed" && before !== "Error") phases.set(name, phase);
    add(node.type === "Retry" ? afterRetry(state, node) : node.children, phase);
  }
  return { phase: phaseOfTargets(dag, phases), groups };
}

function phaseOfTargets({ plan, failFast, nodeName }: Dag, phases: ReadonlyMap<string, NodePhase>): DagPhase["phase"] {
  let result: DagPhase["phase"] = "Succeeded";
  for (const target of plan.targets) {
    const phase = phases.get(nodeName(target));
    if (phase === "") {
      result = "Running";
      if (!failFast) break;
    } else if (phase === "Failed" || phase === "Error") {
      if (continuesOn(plan.tasks.get(target) ?? {}, phase)) continue;
      result = phase;
      if (failFast) break;
    }
  }
  return result;
}

/** The phase of a loop's group, all items of which have ended. */
function groupPhase(state: RunState, node: NodeStatus): NodePhase | undefined {
  if (node.type !== "TaskGroup" || node.children.size === 0) return undefined;
  let phase: NodePhase = "Succeeded";
  for (const name of node.children) {
    const child = state.nodes.get(name);
    if (!child || !fulfilled(child)) return undefined;
    if (failedOrError(child)) phase = child.phase;
  }
  return phase;
}

/** What comes after a retry node: its hooks, and what comes after its attempts. */
function afterRetry(state: RunState, node: NodeStatus): string[] {
  return [...node.children].reverse().flatMap((name) => {
    const child = state.nodes.get(name);
    if (!child) return [];
    return child.hooked ? [name] : [...child.children];
  });
}
