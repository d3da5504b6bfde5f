/** The graph as an indented list, for graphs that are too wide for boxes. */
import { isGroup, membersOf, type Graph } from "./model.ts";

/** One line a task, in order of the source, with what it waits for. */
export function outline(graph: Graph): string {
  const incoming = new Map<string, string[]>();
  for (const { from, to, kind, label } of graph.edges) {
    const text = kind === "order" ? `after ${from}` : kind === "condition" ? undefined : `${from}.${label.replaceAll(", ", `, ${from}.`)}`;
    if (text !== undefined) incoming.set(to, [...(incoming.get(to) ?? []), text]);
  }
  const members = membersOf(graph);
  const rows: { left: string; waits: string[] }[] = [];
  const children = (ids: readonly string[], prefix: string, isTop: boolean): void => {
    for (const [index, id] of ids.entries()) {
      const member = members.get(id);
      if (member === undefined) continue;
      const isLast = index === ids.length - 1;
      const [branch, next] = isTop ? ["", ""] : isLast ? ["└─ ", "   "] : ["├─ ", "│  "];
      if (isGroup(member)) {
        rows.push({ left: `${prefix}${branch}${member.label}`, waits: [] });
        children(member.children, `${prefix}${next}`, false);
      } else {
        const kind = member.kind === "op" ? "" : ` (${member.kind})`;
        rows.push({ left: `${prefix}${branch}${member.label}${kind}`, waits: incoming.get(id) ?? [] });
      }
    }
  };
  children(graph.roots, "", true);
  const width = Math.max(0, ...rows.filter((row) => row.waits.length > 0).map((row) => row.left.length));
  return `${rows.map(({ left, waits }) => (waits.length === 0 ? left : `${left.padEnd(width)}  ← ${waits.join(", ")}`)).join("\n")}\n`;
}
