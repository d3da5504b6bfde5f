/** What is drawn together: the links between the members of a group, and the parts that no link joins. */
import type { Item, Link } from "./layers.ts";
import type { Graph } from "./model.ts";

/** The edges between what stands directly in a group; the ends of an edge are lifted to it. */
export function linksIn(graph: Graph, members: ReadonlySet<string>): Link[] {
  const parents = new Map([...graph.nodes, ...graph.groups].map((child) => [child.id, child.group]));
  const lift = (id: string): string | undefined => {
    let at: string | undefined = id;
    while (at !== undefined && !members.has(at)) at = parents.get(at);
    return at;
  };
  const links = new Map<string, Link>();
  for (const { from, to, kind } of graph.edges) {
    const [start, end] = [lift(from), lift(to)];
    if (start === undefined || end === undefined || start === end) continue;
    const key = `${start} ${end}`;
    const isDashed = kind === "order";
    if (links.get(key)?.isDashed !== false) links.set(key, { from: start, to: end, isDashed });
  }
  return [...links.values()];
}

/** The items in parts without links between them, in order of their first item. */
export function connected(items: readonly Item[], links: readonly Link[]): Item[][] {
  const partOf = new Map(items.map((item) => [item.id, item.id]));
  const root = (id: string): string => {
    let at = id;
    for (let parent = partOf.get(at); parent !== undefined && parent !== at; parent = partOf.get(at)) at = parent;
    return at;
  };
  for (const { from, to } of links) partOf.set(root(to), root(from));
  const parts = new Map<string, Item[]>();
  for (const item of items) parts.set(root(item.id), [...(parts.get(root(item.id)) ?? []), item]);
  return [...parts.values()];
}
