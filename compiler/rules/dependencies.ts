/** Which nodes wait for which, as both engines run a graph: a region is one node to everything outside it. */
import { bug } from "../bug.ts";
import { blocksOf, expressionsOf, expressionTree, nodesOf } from "../ir/traverse.ts";
import type { Block, Node, Pipeline, Span } from "../ir/types.ts";

/** One node waits for another; both stand in the same block. */
export interface Edge {
  from: Node;
  to: Node;
  /** The nodes that were written: `from` and `to` themselves, or nodes inside them. */
  written: { from: Node; to: Node };
  reason: "data" | "order" | "try";
  span: Span;
}

interface Place {
  node: Node;
  block: Block;
  parent: Place | undefined;
  depth: number;
}

/** Where each node of a pipeline stands, by id. Of several nodes with the same id the first counts. */
function placesOf(pipeline: Pipeline): Map<string, Place> {
  const places = new Map<string, Place>();
  const visit = (block: Block, parent: Place | undefined): void => {
    for (const node of block.nodes) {
      const place: Place = { node, block, parent, depth: (parent?.depth ?? -1) + 1 };
      if (!places.has(node.id)) places.set(node.id, place);
      for (const inner of blocksOf(node)) visit(inner, place);
    }
  };
  visit(pipeline.body, undefined);
  return places;
}

/** The ids of the nodes whose values a node reads. The status of a try is no edge: its `finally` waits for the body anyway. */
export function* producersOf(node: Node): Generator<string> {
  for (const root of expressionsOf(node)) {
    for (const expression of expressionTree(root)) {
      if (expression.kind === "output" || expression.kind === "taskStatus") yield expression.task;
      else if (expression.kind === "select") yield expression.branch;
      else if (expression.kind === "collect" || expression.kind === "final") yield expression.loop;
    }
  }
}

/**
 * Every edge of a pipeline, lifted to the block where both sides have a common region: data, `.after()`, and the
 * order that a try gives. A task that waits for itself, or a region for what is inside it, is an edge from a node to itself.
 */
export function edgesOf(pipeline: Pipeline): Edge[] {
  const places = placesOf(pipeline);
  const edges: Edge[] = [];
  const add = (from: Place, id: string, reason: "data" | "order"): void => {
    const to = places.get(id);
    if (to === undefined) bug(`The node "${from.node.id}" of "${pipeline.id}" waits for "${id}", which is not there.`);
    const lifted = lift(from, to);
    edges.push({ from: lifted.from.node, to: lifted.to.node, written: { from: from.node, to: to.node }, reason, span: from.node.span });
    if (lifted.reversedTry) edges.push({ from: lifted.to.node, to: lifted.from.node, written: { from: to.node, to: from.node }, reason: "try", span: to.node.span });
  };
  for (const node of nodesOf(pipeline.body)) {
    const place = places.get(node.id);
    if (place === undefined || place.node !== node) continue;
    for (const producer of producersOf(node)) {
      const given = places.get(producer);
      // `finally` may read what the `try` around it gives: it waits for that anyway.
      const isOwnTry = given?.node.kind === "try" && isInside(place, given);
      if (!isInside(given, place) && !isOwnTry) add(place, producer, "data");
    }
    if (node.kind === "task") for (const id of node.after) add(place, id, "order");
  }
  return edges;
}

function isInside(inner: Place | undefined, outer: Place): boolean {
  for (let place = inner; place !== undefined; place = place.parent) if (place === outer) return true;
  return false;
}

/** The ancestors-or-selves of two places that are siblings, or the region that is one of them and holds the other. */
function lift(from: Place, to: Place): { from: Place; to: Place; reversedTry: boolean } {
  let left = from;
  let right = to;
  while (left.depth > right.depth && left.parent !== undefined) left = left.parent;
  while (right.depth > left.depth && right.parent !== undefined) right = right.parent;
  while (left !== right && left.parent !== right.parent && left.parent !== undefined && right.parent !== undefined) {
    left = left.parent;
    right = right.parent;
  }
  const region = left.parent?.node;
  const reversedTry = left !== right && region?.kind === "try" && blocksOf(region).indexOf(left.block) < blocksOf(region).indexOf(right.block);
  return { from: left, to: right, reversedTry };
}

/** How a node is called in messages. */
export function nameOf(node: Node): string {
  switch (node.kind) {
    case "task":
      return `"${node.id}"`;
    case "branch":
      return `the condition "${node.id}"`;
    case "loop":
    case "while":
      return `the loop "${node.id}"`;
    case "try":
      return `the try "${node.id}"`;
  }
}
