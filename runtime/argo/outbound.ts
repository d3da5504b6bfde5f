/** The nodes at the end of a node: those after which its dependents come. */
import { ControllerPanic } from "./errors.ts";
import type { NodeStatus } from "./nodes.ts";
import type { RunState } from "./state.ts";

/** The names of the nodes at the end of the named node. */
export function outboundOf(state: RunState, name: string): string[] {
  const node = state.nodes.get(name);
  if (!node) throw new ControllerPanic("was unable to obtain node");
  switch (node.type) {
    case "Pod":
    case "Skipped":
    case "Suspend":
    case "HTTP":
      return [node.name];
    case "Container":
    case "TaskGroup":
      return node.children.size === 0 ? [node.name] : [...node.children].flatMap((child) => outboundOf(state, child));
    case "Retry":
      return node.children.size > 0 ? [[...node.children].at(-1) as string] : ends(state, node);
    case "DAG":
    case "Steps":
      return node.memoization?.hit ? [node.name] : ends(state, node);
    default:
      return ends(state, node);
  }
}

function ends(state: RunState, node: NodeStatus): string[] {
  return node.outbound.flatMap((name) => outboundOf(state, name));
}
