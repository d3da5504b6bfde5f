/** Mermaid flowcharts, as GitLab and GitHub show them in Markdown. */
import type { Graph, GraphGroup, GraphNode } from "./model.ts";

const shapes: Record<GraphNode["kind"], [open: string, close: string]> = {
  op: ["[", "]"],
  container: ["[[", "]]"],
  importer: ["[(", ")]"],
  pipeline: ["[/", "/]"],
};

/** The text of a flowchart, from top to bottom. Edges that only give an order, or decide whether a group runs, are dotted. */
export function mermaid(graph: Graph): string {
  const names = new Map<string, string>();
  for (const { id } of [...graph.nodes, ...graph.groups]) names.set(id, `n${names.size + 1}`);
  const name = (id: string) => names.get(id) ?? id;
  const lines = ["flowchart TD"];

  const children = (group: string | undefined, depth: number): void => {
    const indent = "  ".repeat(depth);
    for (const node of graph.nodes.filter((candidate) => candidate.group === group)) {
      const [open, close] = shapes[node.kind];
      lines.push(`${indent}${name(node.id)}${open}"${escape(node.label)}"${close}`);
    }
    for (const inner of graph.groups.filter((candidate) => candidate.group === group)) {
      lines.push(`${indent}subgraph ${name(inner.id)}["${escape(inner.label)}"]`);
      children(inner.id, depth + 1);
      lines.push(`${indent}end`);
    }
  };
  children(undefined, 1);
  for (const { from, to, kind, label } of graph.edges) {
    const arrow = kind === "data" ? "-->" : "-.->";
    lines.push(`  ${name(from)} ${arrow}${label === "" ? "" : `|"${escape(label)}"|`} ${name(to)}`);
  }
  const styled = (kind: GraphGroup["kind"]) => graph.groups.filter((group) => group.kind === kind).map((group) => name(group.id));
  const exits = [...styled("catch"), ...styled("finally")];
  if (exits.length > 0) lines.push("  classDef exit stroke-dasharray: 4 3", `  class ${exits.join(",")} exit`);
  return `${lines.join("\n")}\n`;
}

/** Text inside double quotes: Mermaid knows entities with a number sign, and takes Markdown and HTML as such. */
function escape(text: string): string {
  return text.replace(/[&"<>#`\\*_~[\]{}|\n\r;]/g, (character) => `#${character.codePointAt(0) ?? 0};`);
}
