/** Graphviz. */
import { isGroup, membersOf, type Graph, type GraphNode } from "./model.ts";

const shapes: Record<GraphNode["kind"], string> = {
  op: 'shape=box, style="rounded,filled", fillcolor="#eef4ff"',
  container: 'shape=box, style=filled, fillcolor="#f3f3f3"',
  importer: 'shape=cylinder, style=filled, fillcolor="#fff7e0"',
  pipeline: 'shape=component, style=filled, fillcolor="#eefbea"',
};

/** The text of a directed graph with a cluster for each group. */
export function dot(graph: Graph): string {
  const members = membersOf(graph);
  const lines = [
    `digraph ${quote(graph.pipeline)} {`,
    "  compound=true;",
    '  graph [fontname="Helvetica", fontsize=11, nodesep=0.4, ranksep=0.5];',
    '  node [fontname="Helvetica", fontsize=11];',
    '  edge [fontname="Helvetica", fontsize=9, color="#555555"];',
  ];
  const children = (ids: readonly string[], indent: string): void => {
    for (const member of ids.flatMap((id) => members.get(id) ?? [])) {
      if (isGroup(member)) {
        const style = member.kind === "catch" || member.kind === "finally" ? "rounded,dashed" : "rounded";
        lines.push(`${indent}subgraph ${quote(cluster(member.id))} {`);
        lines.push(`${indent}  label=${quote(member.label)}; labeljust=l; color="#999999"; style=${quote(style)};`);
        children(member.children, `${indent}  `);
        lines.push(`${indent}}`);
      } else lines.push(`${indent}${quote(member.id)} [label=${quote(member.label)}, ${shapes[member.kind]}];`);
    }
  };
  children(graph.roots, "  ");

  /** Graphviz draws edges between nodes only; `lhead` and `ltail` cut them at the border of a cluster. */
  const inside = (id: string): { node: string; cluster?: string } | undefined => {
    const member = members.get(id);
    if (member === undefined) return undefined;
    if (!isGroup(member)) return { node: id };
    const node = member.children.map(inside).find((found) => found !== undefined)?.node;
    return node === undefined ? undefined : { node, cluster: cluster(id) };
  };
  for (const { from, to, kind, label } of graph.edges) {
    const [tail, head] = [inside(from), inside(to)];
    if (tail === undefined || head === undefined) continue;
    const attributes = [
      ...(label === "" ? [] : [`label=${quote(label)}`]),
      ...(kind === "data" ? [] : ["style=dashed"]),
      ...(tail.cluster === undefined ? [] : [`ltail=${quote(tail.cluster)}`]),
      ...(head.cluster === undefined ? [] : [`lhead=${quote(head.cluster)}`]),
    ];
    lines.push(`  ${quote(tail.node)} -> ${quote(head.node)}${attributes.length === 0 ? "" : ` [${attributes.join(", ")}]`};`);
  }
  lines.push("}");
  return `${lines.join("\n")}\n`;
}

function cluster(group: string): string {
  return `cluster ${group}`;
}

function quote(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n").replaceAll("\r", "")}"`;
}
