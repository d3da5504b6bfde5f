/** Graphviz. */
import type { Graph, GraphNode } from "./model.ts";

const shapes: Record<GraphNode["kind"], string> = {
  op: 'shape=box, style="rounded,filled", fillcolor="#eef4ff"',
  container: 'shape=box, style=filled, fillcolor="#f3f3f3"',
  importer: 'shape=cylinder, style=filled, fillcolor="#fff7e0"',
  pipeline: 'shape=component, style=filled, fillcolor="#eefbea"',
};

/** The text of a directed graph with a cluster for each group. */
export function dot(graph: Graph): string {
  const isGroup = new Set(graph.groups.map((group) => group.id));
  const lines = [
    `digraph ${quote(graph.pipeline)} {`,
    "  compound=true;",
    '  graph [fontname="Helvetica", fontsize=11, nodesep=0.4, ranksep=0.5];',
    '  node [fontname="Helvetica", fontsize=11];',
    '  edge [fontname="Helvetica", fontsize=9, color="#555555"];',
  ];
  const children = (group: string | undefined, depth: number): void => {
    const indent = "  ".repeat(depth);
    for (const node of graph.nodes.filter((candidate) => candidate.group === group)) {
      lines.push(`${indent}${quote(node.id)} [label=${quote(node.label)}, ${shapes[node.kind]}];`);
    }
    for (const inner of graph.groups.filter((candidate) => candidate.group === group)) {
      lines.push(`${indent}subgraph ${quote(`cluster ${inner.id}`)} {`);
      lines.push(`${indent}  label=${quote(inner.label)}; labeljust=l; color="#999999"; style="${inner.kind === "catch" || inner.kind === "finally" ? "rounded,dashed" : "rounded"}";`);
      children(inner.id, depth + 1);
      lines.push(`${indent}}`);
    }
  };
  children(undefined, 1);

  /** Graphviz draws edges between nodes only; `lhead` and `ltail` cut them at the border of a cluster. */
  const inside = (id: string): string | undefined => {
    if (!isGroup.has(id)) return id;
    const node = graph.nodes.find((candidate) => candidate.group === id);
    if (node !== undefined) return node.id;
    return graph.groups.filter((candidate) => candidate.group === id).map((group) => inside(group.id)).find((found) => found !== undefined);
  };
  for (const { from, to, kind, label } of graph.edges) {
    const [tail, head] = [inside(from), inside(to)];
    if (tail === undefined || head === undefined) continue;
    const attributes = [
      ...(label === "" ? [] : [`label=${quote(label)}`]),
      ...(kind === "data" ? [] : ["style=dashed"]),
      ...(isGroup.has(from) ? [`ltail=${quote(`cluster ${from}`)}`] : []),
      ...(isGroup.has(to) ? [`lhead=${quote(`cluster ${to}`)}`] : []),
    ];
    lines.push(`  ${quote(tail)} -> ${quote(head)}${attributes.length === 0 ? "" : ` [${attributes.join(", ")}]`};`);
  }
  lines.push("}");
  return `${lines.join("\n")}\n`;
}

function quote(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n").replaceAll("\r", "")}"`;
}
