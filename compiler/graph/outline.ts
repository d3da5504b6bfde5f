/** The graph as an indented list, for graphs that are too wide for boxes. */
import type { Graph } from "./model.ts";

/** One line a task, in order of the source, with what it waits for. */
export function outline(graph: Graph): string {
  const width = Math.min(40, Math.max(0, ...graph.nodes.map((node) => node.label.length)));
  const incoming = new Map<string, string[]>();
  for (const { from, to, kind, label } of graph.edges) {
    const text = kind === "order" ? `after ${from}` : kind === "condition" ? undefined : `${from}.${label.replaceAll(", ", `, ${from}.`)}`;
    if (text !== undefined) incoming.set(to, [...(incoming.get(to) ?? []), text]);
  }
  const byGroup = <T extends { group?: string }>(members: readonly T[]) => {
    const map = new Map<string | undefined, T[]>();
    for (const member of members) map.set(member.group, [...(map.get(member.group) ?? []), member]);
    return map;
  };
  const nodes = byGroup(graph.nodes);
  const groups = byGroup(graph.groups);
  const lines: string[] = [];
  const children = (group: string | undefined, prefix: string): void => {
    const members = [...(nodes.get(group) ?? []).map((node) => ({ node })), ...(groups.get(group) ?? []).map((inner) => ({ inner }))];
    for (const [index, member] of members.entries()) {
      const isLast = index === members.length - 1;
      const branch = group === undefined ? "" : isLast ? "└─ " : "├─ ";
      const next = group === undefined ? "" : isLast ? "   " : "│  ";
      if ("node" in member) {
        const { node } = member;
        const waits = incoming.get(node.id) ?? [];
        const kind = node.kind === "op" ? "" : ` (${node.kind})`;
        lines.push(`${prefix}${branch}${`${node.label}${kind}`.padEnd(width)}${waits.length === 0 ? "" : `  ← ${waits.join(", ")}`}`.trimEnd());
      } else {
        lines.push(`${prefix}${branch}${member.inner.label}`);
        children(member.inner.id, `${prefix}${next}`);
      }
    }
  };
  children(undefined, "");
  return `${lines.join("\n")}\n`;
}
