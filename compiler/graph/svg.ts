/** The graph as an SVG: boxes from top to bottom, groups around what they hold. Colours follow the page, or the theme of the system. */
import { layOut, type Item, type Link, type Slot } from "./layers.ts";
import { isGroup, membersOf, type Graph, type GraphGroup, type GraphNode } from "./model.ts";
import { connected, linksIn } from "./parts.ts";

/** Pixels. A column is one character of a label, at 13 pixels of a monospaced font. */
const column = 8;
const nodeHeight = 36;
const lineHeight = 15;
const padding = 16;
const titleHeight = 22;
/** Between two layers. */
const layerGap = 40;
const partGap = 24;
const margin = 12;
/** Parts stand side by side up to here. */
const mostWidth = 1100;
const longestLabel = 60;

/** A picture with its own origin. */
interface Drawing {
  width: number;
  height: number;
  /** The SVG of the picture, moved. */
  at: (x: number, y: number) => string;
}

/** The text of an SVG file. Each box has the id of its task or group in `data-id`. */
export function svg(graph: Graph): string {
  const picture = inside(graph, graph.roots);
  const [width, height] = [Math.ceil(picture.width + 2 * margin), Math.ceil(picture.height + 2 * margin)];
  return `<svg xmlns="http://www.w3.org/2000/svg" class="hmc-graph" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(`The tasks of ${graph.pipeline}`)}">
${style}
<defs><marker id="hmc-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="hmc-head" d="M0 0L8 4L0 8z"/></marker></defs>
${picture.at(margin, margin)}</svg>
`;
}

/** A page that shows the picture may set the variables; alone it is light or dark as the system is. */
const style = `<style>
.hmc-graph { --fg: var(--hmc-fg, #1f2328); --line: var(--hmc-line, #8c959f); --node: var(--hmc-node, #ffffff); --group: var(--hmc-group, #8c959f14); --accent: var(--hmc-accent, #0969da); font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
@media (prefers-color-scheme: dark) { .hmc-graph { --fg: var(--hmc-fg, #e6edf3); --line: var(--hmc-line, #7d8590); --node: var(--hmc-node, #161b22); --group: var(--hmc-group, #7d859020); --accent: var(--hmc-accent, #4493f8); } }
.hmc-graph text { fill: var(--fg); }
.hmc-graph .hmc-runs, .hmc-graph .hmc-title { fill: var(--line); font-size: 12px; }
.hmc-graph .hmc-box { fill: var(--node); stroke: var(--line); stroke-width: 1.2; }
.hmc-graph .hmc-around { fill: var(--group); stroke: var(--line); stroke-width: 1; stroke-dasharray: none; }
.hmc-graph .hmc-edge { fill: none; stroke: var(--line); stroke-width: 1.2; }
.hmc-graph .hmc-order { stroke-dasharray: 4 3; }
.hmc-graph .hmc-head { fill: var(--line); }
.hmc-graph .hmc-current > .hmc-box, .hmc-graph .hmc-current > .hmc-around { stroke: var(--accent); stroke-width: 2.4; }
</style>`;

/** What stands directly in a group, or in none. */
function inside(graph: Graph, ids: readonly string[]): Drawing {
  const byId = membersOf(graph);
  const links = linksIn(graph, new Set(ids));
  const drawings = new Map(ids.flatMap((id): [string, Drawing][] => {
    const member = byId.get(id);
    return member === undefined ? [] : [[id, isGroup(member) ? groupOf(member, inside(graph, member.children)) : nodeOf(member)]];
  }));
  const items = [...drawings].map(([id, { width, height }]): Item => ({ id, width: Math.ceil(width / column), height }));
  const rows: Drawing[][] = [];
  for (const part of connected(items, links).map((members) => layered(members, links, drawings))) {
    const row = rows.at(-1);
    const used = row?.reduce((sum, { width }) => sum + width + partGap, 0) ?? 0;
    if (row === undefined || used + part.width > mostWidth) rows.push([part]);
    else row.push(part);
  }
  return stacked(rows);
}

function stacked(rows: readonly Drawing[][]): Drawing {
  const heights = rows.map((row) => Math.max(0, ...row.map(({ height }) => height)));
  const widths = rows.map((row) => row.reduce((sum, { width }) => sum + width + partGap, -partGap));
  return {
    width: Math.max(0, ...widths),
    height: heights.reduce((sum, height) => sum + height + partGap, -partGap),
    at: (x, y) => rows.map((row, index) => {
      const top = y + heights.slice(0, index).reduce((sum, height) => sum + height + partGap, 0);
      return row.map((drawing, place) => drawing.at(x + row.slice(0, place).reduce((sum, { width }) => sum + width + partGap, 0), top)).join("");
    }).join(""),
  };
}

/** One connected part, in layers. */
function layered(items: readonly Item[], links: readonly Link[], drawings: ReadonlyMap<string, Drawing>): Drawing {
  const own = new Set(items.map(({ id }) => id));
  const { layers, nets } = layOut(items, links.filter(({ from }) => own.has(from)));
  const heights = layers.map((layer) => Math.max(0, ...layer.map(({ item }) => item?.height ?? 0)));
  const topOf = (layer: number): number => heights.slice(0, layer).reduce((sum, height) => sum + height + layerGap, 0);
  const middle = ({ x, width }: Slot): number => (x + width / 2) * column;
  const right = Math.max(0, ...layers.flat().map((slot) => slot.x * column + (slot.item === undefined ? column : (drawings.get(slot.item.id)?.width ?? 0))));
  return {
    width: right,
    height: Math.max(0, topOf(layers.length) - layerGap),
    at: (x, y) => {
      const edges = nets.flatMap(({ hops, isDashed }) => hops.flatMap(({ from, to }) => to.map((target) => {
        const startX = x + middle(from);
        const leaves = y + topOf(from.layer) + (from.item?.height ?? heights[from.layer] ?? 0);
        // Past the boxes of its layer that are higher, then to the next one.
        const startY = y + topOf(from.layer) + (heights[from.layer] ?? 0);
        const [endX, endY] = [x + middle(target), y + topOf(target.layer)];
        // A line that passes a layer goes straight through it.
        const through = target.item === undefined ? `V${number(endY + (heights[target.layer] ?? 0))}` : "";
        const bend = (startY + endY) / 2;
        const arrow = target.item === undefined ? "" : ' marker-end="url(#hmc-arrow)"';
        return `<path class="hmc-edge${isDashed ? " hmc-order" : ""}" d="M${number(startX)} ${number(leaves)}V${number(startY)}C${number(startX)} ${number(bend)} ${number(endX)} ${number(bend)} ${number(endX)} ${number(endY)}${through}"${arrow}/>\n`;
      })));
      const boxes = layers.flat().map((slot) => (slot.item === undefined ? "" : (drawings.get(slot.item.id)?.at(x + slot.x * column, y + topOf(slot.layer)) ?? "")));
      return [...edges, ...boxes].join("");
    },
  };
}

function nodeOf({ id, label, kind, runs }: GraphNode): Drawing {
  const below = kind === "op" ? "" : kind === "pipeline" ? `pipeline ${runs}` : kind;
  const width = (Math.max(shortened(label).length, below.length) + 4) * column;
  const height = below === "" ? nodeHeight : nodeHeight + lineHeight;
  return {
    width,
    height,
    at: (x, y) => {
      const text = (shown: string, name: string, row: number): string => `<text class="${name}" x="${number(x + width / 2)}" y="${number(y + row)}" text-anchor="middle">${escaped(shown)}</text>`;
      const lines = [text(shortened(label), "hmc-label", 23), ...(below === "" ? [] : [text(below, "hmc-runs", 23 + lineHeight)])];
      return `<g class="hmc-node hmc-${kind}" data-id="${escaped(id)}" tabindex="0"><title>${escaped(runs === label ? label : `${label}: ${runs}`)}</title><rect class="hmc-box" x="${number(x)}" y="${number(y)}" width="${number(width)}" height="${height}" rx="6"/>${lines.join("")}</g>\n`;
    },
  };
}

function groupOf({ id, kind, label }: GraphGroup, content: Drawing): Drawing {
  const title = shortened(label);
  const width = Math.max(content.width, title.length * column) + 2 * padding;
  const height = content.height + titleHeight + 2 * padding;
  return {
    width,
    height,
    at: (x, y) => {
      const box = `<rect class="hmc-around" x="${number(x)}" y="${number(y)}" width="${number(width)}" height="${number(height)}" rx="10"/>`;
      const text = `<text class="hmc-title" x="${number(x + padding)}" y="${number(y + padding + 6)}">${escaped(title)}</text>`;
      return `<g class="hmc-group hmc-${kind}" data-id="${escaped(id)}">${box}${text}</g>\n${content.at(x + (width - content.width) / 2, y + titleHeight + padding)}`;
    },
  };
}

function shortened(label: string): string {
  return label.length > longestLabel ? `${label.slice(0, longestLabel - 1)}…` : label;
}

function number(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[character] ?? character);
}
