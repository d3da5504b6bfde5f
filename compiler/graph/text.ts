/** A picture of the graph for terminals: boxes from top to bottom, or an outline where they would be too wide. */
import { Canvas } from "./canvas.ts";
import { layOut, type Item, type Link } from "./layers.ts";
import { isGroup, membersOf, type Graph, type GraphGroup, type GraphNode } from "./model.ts";
import { outline } from "./outline.ts";
import { connected, linksIn } from "./parts.ts";
import { routesOf } from "./routes.ts";

/** Pictures of more tasks are slower to read than the outline. */
const mostTasks = 80;

/** @param width columns of the screen */
export function graphText(graph: Graph, width: number): string {
  if (graph.nodes.length <= mostTasks) {
    const lines = inside(graph, graph.roots, width);
    if (lines.every((line) => line.length <= width)) return `${lines.join("\n")}\n`;
  }
  return outline(graph);
}

/** The picture of some members of one group: separate parts side by side, as many as fit. */
function inside(graph: Graph, ids: readonly string[], width: number): string[] {
  const pictures = new Map<string, string[]>();
  const byId = membersOf(graph);
  const members = ids.flatMap((id) => byId.get(id) ?? []);
  const links = linksIn(graph, new Set(ids));
  for (const member of members) {
    const arriving = links.filter((link) => link.to === member.id).length;
    pictures.set(member.id, isGroup(member) ? groupBox(member, inside(graph, member.children, width - 4)) : nodeBox(member, arriving));
  }
  const items = [...pictures].map(([id, lines]): Item => ({ id, width: Math.max(...lines.map((line) => line.length)), height: lines.length }));
  const rows: string[][] = [];
  for (const part of connected(items, links)) {
    const drawn = draw(part, links, pictures);
    const last = rows.at(-1);
    const beside = last === undefined ? undefined : sideBySide(last, drawn);
    if (beside === undefined || beside.some((line) => line.length > width)) rows.push(drawn);
    else rows[rows.length - 1] = beside;
  }
  return rows.flatMap((row, index) => (index === 0 ? row : ["", ...row]));
}

function draw(items: readonly Item[], links: readonly Link[], pictures: ReadonlyMap<string, string[]>): string[] {
  const own = new Set(items.map((item) => item.id));
  const layout = layOut(items, links.filter((link) => own.has(link.from)));
  const channels = routesOf(layout);
  const canvas = new Canvas();
  const ports: { x: number; y: number }[] = [];
  let top = 0;
  for (const [index, layer] of layout.layers.entries()) {
    const height = Math.max(1, ...layer.map((slot) => slot.item?.height ?? 1));
    for (const slot of layer) {
      if (slot.item !== undefined) for (const [row, line] of (pictures.get(slot.item.id) ?? []).entries()) canvas.text(slot.x, top + row, line);
      else if (slot.net !== undefined) canvas.line(slot.net.id, slot.net.isDashed, { x: slot.x, y: top - 1 }, { x: slot.x, y: top + height });
    }
    const channel = channels[index];
    if (channel === undefined) break;
    const below = top + height;
    const arrows = below + channel.tracks;
    for (const { net, from, to, track } of channel.routes) {
      const start = sourceBottom(layer, from, top, height);
      if (start.isBox) ports.push({ x: from, y: start.y });
      const turn = track === undefined ? undefined : below + track;
      canvas.line(net.id, net.isDashed, { x: from, y: start.y }, { x: from, y: turn ?? arrows });
      for (const { slot, x } of to) {
        if (turn !== undefined) {
          if (x !== from) canvas.line(net.id, net.isDashed, { x: from, y: turn }, { x, y: turn });
          canvas.line(net.id, net.isDashed, { x, y: turn }, { x, y: arrows });
        }
        if (slot.item !== undefined) canvas.text(x, arrows, "▼");
      }
    }
    top = arrows + 1;
  }
  for (const { x, y } of ports) canvas.text(x, y, "┬");
  return canvas.lines();
}

/** The last row of the slot from which a line leaves. */
function sourceBottom(layer: readonly { item?: Item; x: number; width: number }[], column: number, top: number, height: number): { y: number; isBox: boolean } {
  const slot = layer.find((candidate) => candidate.x <= column && column < candidate.x + candidate.width);
  return slot?.item === undefined ? { y: top + height - 1, isBox: false } : { y: top + slot.item.height - 1, isBox: true };
}

/** @param arriving how many lines need room on the upper border */
function nodeBox(node: GraphNode, arriving: number): string[] {
  const lines = [node.label, ...(node.kind === "op" ? [] : [node.kind === "pipeline" ? `pipeline ${node.runs}` : node.kind])];
  const width = Math.max(2 * arriving - 3, ...lines.map((line) => line.length));
  return [`┌${"─".repeat(width + 2)}┐`, ...lines.map((line) => `│ ${line.padEnd(width)} │`), `└${"─".repeat(width + 2)}┘`];
}

function groupBox(group: GraphGroup, content: readonly string[]): string[] {
  const label = group.label.length > 60 ? `${group.label.slice(0, 59)}…` : group.label;
  const inner = Math.max(0, ...content.map((line) => line.length));
  const width = Math.max(label.length + 2, inner);
  const indent = Math.floor((width - inner) / 2);
  return [
    `╭─ ${label} ${"─".repeat(width - label.length - 1)}╮`,
    ...content.map((line) => `│ ${`${" ".repeat(indent)}${line}`.padEnd(width)} │`),
    `╰${"─".repeat(width + 2)}╯`,
  ];
}

function sideBySide(left: readonly string[], right: readonly string[]): string[] {
  const width = Math.max(...left.map((line) => line.length));
  return Array.from({ length: Math.max(left.length, right.length) }, (_, row) => `${(left[row] ?? "").padEnd(width)}   ${right[row] ?? ""}`.trimEnd());
}
