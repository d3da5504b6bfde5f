/** Puts boxes in layers from top to bottom, after Sugiyama: a box stands below everything that it waits for. */

export interface Item {
  id: string;
  width: number;
  height: number;
}

export interface Link {
  from: string;
  to: string;
  isDashed: boolean;
}

/** A box, or a point through which a line passes the layer. */
export interface Slot {
  /** Missing for a point of a line. */
  item?: Item;
  /** The line that passes. */
  net?: Net;
  x: number;
  width: number;
  layer: number;
}

/** The lines of one kind that leave one box; they share a trunk. */
export interface Net {
  id: number;
  isDashed: boolean;
  source: Slot;
  /** In the layer below the source or below one of the passing points, by layer: what the net reaches from there. */
  hops: { from: Slot; to: Slot[] }[];
}

export interface Layout {
  layers: Slot[][];
  nets: Net[];
}

const gap = 2;

/** Layers, the order in each of them, and the columns. Links that would make a cycle are left out. */
export function layOut(items: readonly Item[], links: readonly Link[]): Layout {
  const layerOf = longestPaths(items, links);
  const slots = new Map(items.map((item): [string, Slot] => [item.id, { item, x: 0, width: item.width, layer: layerOf.get(item.id) ?? 0 }]));
  const layers: Slot[][] = [];
  const put = (slot: Slot): Slot => {
    (layers[slot.layer] ??= []).push(slot);
    return slot;
  };
  for (const slot of slots.values()) put(slot);
  for (let layer = 0; layer < layers.length; layer++) layers[layer] ??= [];

  const nets: Net[] = [];
  for (const source of slots.values()) {
    for (const isDashed of [false, true]) {
      const targets = new Set(links.filter((link) => link.from === source.item?.id && link.isDashed === isDashed).flatMap((link) => slots.get(link.to) ?? []));
      const below = [...targets].filter((target) => target.layer > source.layer);
      if (below.length === 0) continue;
      const net: Net = { id: nets.length + 1, isDashed, source, hops: [] };
      nets.push(net);
      const last = Math.max(...below.map((target) => target.layer));
      let from = source;
      for (let layer = source.layer + 1; layer <= last; layer++) {
        const to = below.filter((target) => target.layer === layer);
        const passing = layer < last ? put({ net, x: 0, width: 1, layer }) : undefined;
        if (passing !== undefined) to.push(passing);
        net.hops.push({ from, to });
        if (passing === undefined) break;
        from = passing;
      }
    }
  }
  const neighbours = neighboursOf(nets);
  order(layers, neighbours);
  place(layers, neighbours);
  return { layers, nets };
}

function longestPaths(items: readonly Item[], links: readonly Link[]): Map<string, number> {
  const sources = new Map<string, string[]>();
  for (const { from, to } of links) sources.set(to, [...(sources.get(to) ?? []), from]);
  const layers = new Map<string, number>();
  const open = new Set<string>();
  const visit = (id: string): number => {
    const known = layers.get(id);
    if (known !== undefined) return known;
    if (open.has(id)) return -1;
    open.add(id);
    const layer = Math.max(-1, ...(sources.get(id) ?? []).map(visit)) + 1;
    open.delete(id);
    layers.set(id, layer);
    return layer;
  };
  for (const { id } of items) visit(id);
  return layers;
}

interface Neighbours {
  above: Map<Slot, Slot[]>;
  below: Map<Slot, Slot[]>;
}

function neighboursOf(nets: readonly Net[]): Neighbours {
  const above = new Map<Slot, Slot[]>();
  const below = new Map<Slot, Slot[]>();
  const add = (map: Map<Slot, Slot[]>, key: Slot, value: Slot) => map.set(key, [...(map.get(key) ?? []), value]);
  for (const { from, to } of nets.flatMap((net) => net.hops)) {
    for (const target of to) {
      add(below, from, target);
      add(above, target, from);
    }
  }
  return { above, below };
}

/** Orders each layer by the mean place of its neighbours, up and down, and keeps the order with the fewest crossings. */
function order(layers: Slot[][], { above, below }: Neighbours): void {
  let best = layers.map((layer) => [...layer]);
  let fewest = crossings(layers, below);
  for (let sweep = 0; sweep < 8 && fewest > 0; sweep++) {
    const downwards = sweep % 2 === 0;
    const neighbours = downwards ? above : below;
    for (const layer of downwards ? layers : [...layers].reverse()) {
      const wanted = new Map(layer.map((slot, index) => {
        const places = (neighbours.get(slot) ?? []).map((other) => (layers[other.layer] ?? []).indexOf(other));
        return [slot, places.length === 0 ? index : places.reduce((sum, at) => sum + at, 0) / places.length];
      }));
      layer.sort((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0));
    }
    const count = crossings(layers, below);
    if (count < fewest) [best, fewest] = [layers.map((layer) => [...layer]), count];
  }
  for (const [index, layer] of best.entries()) layers[index] = layer;
}

function crossings(layers: readonly Slot[][], below: Map<Slot, Slot[]>): number {
  let count = 0;
  for (const [index, layer] of layers.entries()) {
    const places = new Map((layers[index + 1] ?? []).map((slot, at) => [slot, at]));
    const ends = layer.flatMap((slot) => (below.get(slot) ?? []).map((target) => places.get(target) ?? 0).sort((a, b) => a - b));
    for (const [first, a] of ends.entries()) for (const b of ends.slice(first + 1)) if (a > b) count++;
  }
  return count;
}

/** Columns: each slot as near as possible below or above the middle of its neighbours. */
function place(layers: readonly Slot[][], { above, below }: Neighbours): void {
  const middle = (slot: Slot) => slot.x + (slot.width - 1) / 2;
  for (const layer of layers) settle(layer, layer.map(() => 0));
  for (let pass = 0; pass < 7; pass++) {
    const downwards = pass % 2 === 0;
    for (const layer of downwards ? layers : [...layers].reverse()) {
      settle(layer, layer.map((slot) => {
        const others = (downwards ? above : below).get(slot) ?? [];
        if (others.length === 0) return slot.x;
        return others.reduce((sum, other) => sum + middle(other), 0) / others.length - (slot.width - 1) / 2;
      }));
    }
  }
  const start = Math.min(...layers.flat().map((slot) => slot.x));
  for (const slot of layers.flat()) slot.x -= start;
}

/** The columns nearest to the wanted ones in the sense of least squares, in the given order and without overlap (pool adjacent violators). */
function settle(layer: readonly Slot[], wanted: readonly number[]): void {
  const offsets: number[] = [];
  let offset = 0;
  for (const slot of layer) {
    offsets.push(offset);
    offset += slot.width + gap;
  }
  const pools: { sum: number; count: number }[] = [];
  for (const [index, x] of wanted.entries()) {
    pools.push({ sum: x - (offsets[index] ?? 0), count: 1 });
    for (let last = pools.at(-1), before = pools.at(-2); last !== undefined && before !== undefined && before.sum / before.count > last.sum / last.count; last = pools.at(-1), before = pools.at(-2)) {
      pools.splice(-2, 2, { sum: before.sum + last.sum, count: before.count + last.count });
    }
  }
  let index = 0;
  for (const { sum, count } of pools) {
    for (let member = 0; member < count; member++, index++) {
      const slot = layer[index];
      if (slot !== undefined) slot.x = Math.round(sum / count) + (offsets[index] ?? 0);
    }
  }
}
