/** Retry nodes and their attempts. */
import type { NodeStatus, NodeTable } from "./nodes.ts";

/** The last attempt of a retry node, whose outputs stand for it. */
export function lastAttempt(nodes: NodeTable, node: NodeStatus): NodeStatus | undefined {
  if (node.type !== "Retry" || node.memoization?.hit) return undefined;
  return [...node.children].map((child) => nodes.get(child)).findLast((child) => child !== undefined && !child.hooked);
}

/** The attempts of a retry node, in order. */
export function attemptsOf(nodes: NodeTable, node: NodeStatus): NodeStatus[] {
  return [...node.children].map((child) => nodes.get(child)).filter((child) => child !== undefined).filter((child) => child.retried);
}
