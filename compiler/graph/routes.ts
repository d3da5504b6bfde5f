/** The lines between two layers: at which columns they leave and arrive, and in which row each of them runs sideways. */
import type { Layout, Net, Slot } from "./layers.ts";

export interface Route {
  net: Net;
  /** The column in which it leaves the layer above. */
  from: number;
  /** Where it arrives in the layer below. */
  to: { slot: Slot; x: number }[];
  /** The row between the layers, from 0; missing where it runs straight down. */
  track?: number;
}

export interface Channel {
  routes: Route[];
  tracks: number;
}

/** The lines below each layer. */
export function routesOf(layout: Layout): Channel[] {
  const leaves = leavingColumns(layout);
  return layout.layers.slice(0, -1).map((_, layer) => {
    const hops = layout.nets.flatMap((net) => net.hops.filter((hop) => hop.from.layer === layer).map((hop) => ({ net, hop })));
    const routes = hops.map(({ net, hop }): Route => ({ net, from: hop.from.item === undefined ? hop.from.x : (leaves.get(net) ?? hop.from.x), to: hop.to.map((slot) => ({ slot, x: slot.x })) }));
    arrive(routes);
    return { routes, tracks: assignTracks(routes) };
  });
}

/** Where each net leaves its box: in the middle, or spread where there are two. */
function leavingColumns(layout: Layout): Map<Net, number> {
  const columns = new Map<Net, number>();
  const bySource = new Map<Slot, Net[]>();
  for (const net of layout.nets) bySource.set(net.source, [...(bySource.get(net.source) ?? []), net]);
  for (const [source, nets] of bySource) {
    for (const [index, net] of nets.entries()) columns.set(net, source.x + Math.floor(((index + 1) * source.width) / (nets.length + 1)));
  }
  return columns;
}

/** Spreads the lines that arrive at one box over its width, in the order from which they come; straight down where that is possible. */
function arrive(routes: Route[]): void {
  const leaving = new Set(routes.map((route) => route.from));
  const arriving = new Map<Slot, { route: Route; end: { slot: Slot; x: number } }[]>();
  for (const route of routes) for (const end of route.to) arriving.set(end.slot, [...(arriving.get(end.slot) ?? []), { route, end }]);
  for (const [slot, ends] of arriving) {
    if (slot.item === undefined) continue;
    const inner = Array.from({ length: Math.max(1, slot.width - 2) }, (_, index) => slot.x + 1 + index);
    const free = new Set(inner);
    const take = (end: { x: number }, wanted: number, own: number) => {
      const candidates = [...free].filter((x) => x === own || !leaving.has(x));
      const pool = candidates.length > 0 ? candidates : free.size > 0 ? [...free] : inner;
      end.x = pool.reduce((best, x) => (Math.abs(x - wanted) < Math.abs(best - wanted) ? x : best), pool[0] ?? slot.x);
      free.delete(end.x);
    };
    ends.sort((a, b) => a.route.from - b.route.from);
    const rest = ends.filter(({ route, end }) => {
      if (!free.has(route.from)) return true;
      take(end, route.from, route.from);
      return false;
    });
    for (const { route, end } of rest) {
      const index = ends.findIndex((other) => other.end === end);
      take(end, slot.x + Math.floor(((index + 1) * slot.width) / (ends.length + 1)), route.from);
    }
  }
}

/** Gives each line that runs sideways a row of its own where it would touch another one. Returns the number of rows. */
function assignTracks(routes: Route[]): number {
  const columns = (route: Route) => [route.from, ...route.to.map((end) => end.x)];
  const sideways = routes.filter((route) => columns(route).some((x) => x !== route.from));
  /** In a column that one line leaves and another one arrives in, the first must turn above the second. */
  const above = (route: Route) => sideways.filter((other) => other !== route && route.to.some((end) => end.x === other.from));
  const rows: Route[][] = [];
  const open = new Set<Route>();
  const done = new Set<Route>();
  const assign = (route: Route): void => {
    if (done.has(route) || open.has(route)) return;
    open.add(route);
    let lowest = 0;
    for (const other of above(route)) {
      assign(other);
      if (other.track !== undefined) lowest = Math.max(lowest, other.track + 1);
    }
    const [start, end] = [Math.min(...columns(route)), Math.max(...columns(route))];
    const touches = (other: Route) => Math.min(...columns(other)) <= end + 1 && start <= Math.max(...columns(other)) + 1;
    let track = lowest;
    while (rows[track]?.some(touches) === true) track++;
    while (rows.length <= track) rows.push([]);
    rows[track]?.push(route);
    route.track = track;
    done.add(route);
  };
  for (const route of [...sideways].sort((a, b) => Math.max(...columns(a)) - Math.min(...columns(a)) - (Math.max(...columns(b)) - Math.min(...columns(b))))) assign(route);
  return rows.length;
}
