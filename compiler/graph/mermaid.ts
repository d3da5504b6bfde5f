/** Mermaid flowcharts, as GitLab and GitHub show them in Markdown. */
import { isGroup, membersOf, type Graph, type GraphGroup, type GraphNode } from "./model.ts";

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

  const members = membersOf(graph);
  const children = (ids: readonly string[], indent: string): void => {
    for (const member of ids.flatMap((id) => members.get(id) ?? [])) {
      if (isGroup(member)) {
        lines.push(`${indent}subgraph ${name(member.id)}["${escape(member.label)}"]`);
        children(member.children, `${indent}  `);
        lines.push(`${indent}end`);
      } else {
        const [open, close] = shapes[member.kind];
        lines.push(`${indent}${name(member.id)}${open}"${escape(member.label)}"${close}`);
      }
    }
  };
  children(graph.roots, "  ");
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
