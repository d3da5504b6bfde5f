/**
 * DAG templates with more tasks than the API server takes (reference argo.md 4.3), in parts. Tasks that have nothing to do with each
 * other go into parts beside each other; a chain is cut, and its end becomes a part that begins when the tasks before it are done.
 */
import { nonEmpty } from "./defined.ts";
import { carrier, extractTail, inOrder, tasksAroundPart, tasksBefore, type Splitting } from "./extract-tail.ts";
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
    standsFor: new Map(),
  };
  build.leaves.set("nothing", nothing);
  // Parts are regions, too, and are looked at when it is their turn.
  for (const region of build.regions) split(region, limit, splitting);
}

function split(region: Region, limit: number, splitting: Splitting): void {
  if (region.tasks.size <= limit) return;
  const groups = groupsOf(region);
  if (groups.length > 1) {
    for (const tasks of binsOf(groups, region.tasks.size, limit)) extractTail(region, tasks, splitting);
    if (region.tasks.size > limit) split(region, limit, splitting);
    return;
  }
  const ordered = inOrder(region);
  let size = limit - tasksAroundPart;
  while (size + tasksThatCarry(ordered, size) + tasksAroundPart > limit) size--;
  extractTail(region, new Set(ordered.slice(size)), splitting);
}

/** At most so many tasks carry values over a cut behind the first ones: those for which a later task waits. */
function tasksThatCarry(ordered: readonly TaskDraft[], size: number): number {
  const before = new Set(ordered.slice(0, size));
  return new Set(ordered.slice(size).flatMap((task) => tasksBefore(task).filter((earlier) => before.has(earlier)))).size;
}

/** Tasks that hang together, in order of their first ones. */
function groupsOf(region: Region): Set<TaskDraft>[] {
  const group = new Map<TaskDraft, Set<TaskDraft>>();
  for (const task of inOrder(region)) {
    let own = new Set([task]);
    for (const earlier of tasksBefore(task)) {
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
function binsOf(groups: readonly Set<TaskDraft>[], total: number, limit: number): Set<TaskDraft>[] {
  const bins: Set<TaskDraft>[] = [];
  let left = total;
  let open = new Set<TaskDraft>();
  for (const group of [...groups].sort((one, other) => other.size - one.size)) {
    if (left + bins.length + (open.size > 0 ? 1 : 0) <= limit) break;
    if (open.size > 0 && open.size + group.size > limit) {
      bins.push(open);
      open = new Set();
    }
    for (const task of group) open.add(task);
    left -= group.size;
  }
  return [...bins, ...(nonEmpty([...open]) === undefined ? [] : [open])];
}
