/**
 * DAG templates with more tasks than the API server takes (reference argo.md 4.3), in parts. Tasks that have nothing to do with each
 * other go into parts beside each other; a chain is cut, and its end becomes a part that begins when the tasks before it are done.
 */
import { addGates, carrier, extractTail, gatesOf, inOrder, tasksAroundPart, tasksBefore, type Splitting } from "./extract-tail.ts";
import type { Build, Leaf } from "./build.ts";
import type { Region, TaskDraft } from "./region.ts";

/**
 * Splits every region that is too large.
 *
 * @param limit the most tasks that one template may have
 */
export function splitRegions(build: Build, limit: number): void {
  if (!build.regions.some((region) => region.tasks.size > limit)) return;
  const nothing: Leaf = { template: "", component: "nothing", spec: { name: "", suspend: { duration: "0" } } };
  let shared: Region | undefined;
  const splitting: Splitting = {
    nothing,
    carry: () => (shared ??= carrier(build.regions[0] as Region, nothing)),
    clauses: new Map(),
  };
  build.leaves.set("nothing", nothing);
  // Parts are regions, too, and are looked at when it is their turn.
  for (const region of build.regions) split(region, limit, splitting);
  for (const region of build.regions) addGates(region, splitting);
}

function split(region: Region, limit: number, splitting: Splitting): void {
  if (sizeOf(region.tasks.values(), splitting) <= limit) return;
  const groups = groupsOf(region, splitting);
  if (groups.length > 1) {
    for (const tasks of binsOf(groups, sizeOf(region.tasks.values(), splitting), limit, splitting)) extractTail(region, tasks, splitting);
    split(region, limit, splitting);
    return;
  }
  const ordered = inOrder(region, splitting);
  let size = Math.min(limit, ordered.length - 1);
  while (size > 1 && sizeBefore(ordered, size, splitting) > limit) size--;
  extractTail(region, new Set(ordered.slice(size)), splitting);
}

/** The tasks and their gates. */
function sizeOf(tasks: Iterable<TaskDraft>, splitting: Splitting): number {
  const gates = new Set<string>();
  let size = 0;
  for (const task of tasks) {
    size++;
    for (const gate of gatesOf(task, splitting)) gates.add(gate);
  }
  return size + gates.size;
}

/** The most tasks that a region has after a cut behind its first ones. Those for which a later one waits may need one that carries their values. */
function sizeBefore(ordered: readonly TaskDraft[], size: number, splitting: Splitting): number {
  const before = new Set(ordered.slice(0, size));
  const awaited = new Set(ordered.slice(size).flatMap((task) => tasksBefore(task, splitting).filter((earlier) => before.has(earlier))));
  return sizeOf(before, splitting) + awaited.size + tasksAroundPart;
}

/** Tasks that hang together, in order of their first ones. */
function groupsOf(region: Region, splitting: Splitting): Set<TaskDraft>[] {
  const group = new Map<TaskDraft, Set<TaskDraft>>();
  for (const task of inOrder(region, splitting)) {
    let own = new Set([task]);
    for (const earlier of tasksBefore(task, splitting)) {
      const other = group.get(earlier) ?? new Set();
      if (other === own) continue;
      const [small, large] = own.size < other.size ? [own, other] : [other, own];
      for (const member of small) large.add(member);
      own = large;
      for (const member of small) group.set(member, large);
    }
    group.set(task, own);
  }
  return [...new Set(group.values())];
}

/** Groups that become parts: as few as it takes, several small ones in one. */
function binsOf(groups: readonly Set<TaskDraft>[], total: number, limit: number, splitting: Splitting): Set<TaskDraft>[] {
  const bins: Set<TaskDraft>[] = [];
  let left = total;
  let open = new Set<TaskDraft>();
  for (const group of [...groups].sort((one, other) => other.size - one.size)) {
    if (left + bins.length + (open.size > 0 ? 1 : 0) <= limit) break;
    if (open.size > 0 && sizeOf([...open, ...group], splitting) > limit) {
      bins.push(open);
      open = new Set();
    }
    for (const task of group) open.add(task);
    left -= group.size;
  }
  return open.size > 0 ? [...bins, open] : bins;
}
