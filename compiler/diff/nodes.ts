/** The nodes of a pipeline with the place of each. */
import { blocksOf, expressionTree, expressionsOf, nodesOf, selectsOf } from "../ir/traverse.ts";
import type { Block, Expression, Node, Pipeline, Select } from "../ir/types.ts";

export interface Placed {
  id: string;
  node: Node;
  /** The group directly around it, and the number of its block in that group; missing at the top. */
  place?: { group: string; block: number };
}

export interface Nodes {
  pipeline: Pipeline;
  all: Placed[];
  byId: ReadonlyMap<string, Placed>;
}

export function nodesIn(pipeline: Pipeline): Nodes {
  const all: Placed[] = [];
  const visit = (block: Block, place: Placed["place"]): void => {
    for (const node of block.nodes) {
      all.push({ id: node.id, node, ...(place === undefined ? {} : { place }) });
      blocksOf(node).forEach((inner, index) => visit(inner, { group: node.id, block: blockNumber(node, index) }));
    }
  };
  visit(pipeline.body, undefined);
  return { pipeline, all, byId: new Map(all.map((placed) => [placed.id, placed])) };
}

/** The `finally` of a `try` is block 2, whether or not there is a `catch`. */
function blockNumber(node: Node, index: number): number {
  return node.kind === "try" && index === 1 && node.catch === undefined ? 2 : index;
}

/** The one-of value behind a variable of a branch or `try`. */
export function selectIn({ byId }: Nodes, branch: string, name: string): Select | undefined {
  const node = byId.get(branch)?.node;
  return node === undefined ? undefined : selectsOf(node).find((select) => select.name === name);
}

/** The ids of the nodes that an expression reads, directly or through one-of values; also from a task of another arm. */
export function nodesReadBy(expression: Expression, nodes: Nodes): Set<string> {
  const found = new Set<string>();
  const visit = (outer: Expression): void => {
    for (const inner of expressionTree(outer)) {
      switch (inner.kind) {
        case "output":
        case "taskStatus":
          found.add(inner.task);
          break;
        case "item":
        case "index":
        case "collect":
        case "carried":
        case "final":
          found.add(inner.loop);
          break;
        case "status":
          found.add(inner.try);
          break;
        case "select":
          found.add(inner.branch);
          for (const value of selectIn(nodes, inner.branch, inner.name)?.values ?? []) visit(value);
          break;
        default:
          break;
      }
    }
  };
  visit(expression);
  return found;
}

/** What a node reads of other nodes, with what makes one such edge differ from another. */
export function edgesOf({ node, place }: Placed, nodes: Nodes): { to: string; role: string }[] {
  const edges: { to: string; role: string }[] = [];
  const add = (role: string, expression: Expression): void => {
    for (const to of nodesReadBy(expression, nodes)) edges.push({ to, role });
  };
  if (node.kind === "task") {
    for (const [name, value] of Object.entries(node.inputs)) add(`input ${name}`, value);
    if (node.when !== undefined) add("when", node.when);
    for (const to of node.after) edges.push({ to, role: "after" });
  } else {
    const own = node.kind === "branch" ? node.arms.flatMap(({ condition }) => condition ?? []) : node.kind === "try" ? [] : expressionsOf(node);
    own.forEach((expression, index) => add(`value ${index}`, expression));
  }
  if (place !== undefined) edges.push({ to: place.group, role: `in ${place.block}` });
  return edges;
}

/** A node that another one reads (`→`), or that reads it (`←`), and as what. */
export interface Neighbour {
  role: string;
  id: string;
}

/** The neighbours of each node, by its id. */
export function neighboursOf(nodes: Nodes): ReadonlyMap<string, Neighbour[]> {
  const found = new Map<string, Neighbour[]>(nodes.all.map(({ id }) => [id, []]));
  for (const placed of nodes.all) {
    for (const { to, role } of edgesOf(placed, nodes)) {
      found.get(placed.id)?.push({ role: `→ ${role}`, id: to });
      found.get(to)?.push({ role: `← ${role}`, id: placed.id });
    }
  }
  return found;
}

/** The ids of the tasks inside a node, at any depth. */
export function tasksWithin(node: Node): string[] {
  return node.kind === "task" ? [node.id] : blocksOf(node).flatMap((block) => [...nodesOf(block)].filter(({ kind }) => kind === "task").map(({ id }) => id));
}
