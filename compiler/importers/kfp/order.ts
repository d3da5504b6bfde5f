/** The order of statements in a block: values before their use, and otherwise as the SDK's numbers tell that they were written. */

export interface Orderable<T> {
  item: T;
  /** Indices of those that must come before. */
  needs: ReadonlySet<number>;
  /** The number of the group; those with smaller numbers were written before. */
  number: number | undefined;
  /** The first call inside of each thing that is called: which call of it, from 1. */
  firstCalls: ReadonlyMap<string, number>;
}

/**
 * Sorts by need, and among what is ready by the numbers of groups and calls. Where these contradict each other, needs
 * win.
 */
export function inOrder<T>(nodes: readonly Orderable<T>[]): T[] {
  const left = new Set(nodes.keys());
  const unmet = nodes.map(({ needs }) => needs.size);
  const earlier = nodes.map((node) => nodes.filter((other) => other !== node && isBefore(other, node)).length);
  const sorted: T[] = [];
  let last: number | undefined;
  while (left.size > 0) {
    const next = pick([...left], unmet, earlier, (index) => last !== undefined && (nodes[index] as Orderable<T>).needs.has(last));
    const node = nodes[next] as Orderable<T>;
    left.delete(next);
    for (const index of left) {
      const other = nodes[index] as Orderable<T>;
      if (other.needs.has(next)) unmet[index] = (unmet[index] ?? 0) - 1;
      if (isBefore(node, other)) earlier[index] = (earlier[index] ?? 0) - 1;
    }
    last = next;
    sorted.push(node.item);
  }
  return sorted;
}

/** What comes next: ready, before the others by number, and best what uses the value just made. */
function pick(left: number[], unmet: number[], earlier: number[], usesLast: (index: number) => boolean): number {
  const ready = left.filter((index) => unmet[index] === 0);
  // The reader has reported cycles.
  const candidates = ready.length === 0 ? left : ready;
  const first = candidates.filter((index) => earlier[index] === 0);
  const among = first.length === 0 ? candidates : first;
  return among.find(usesLast) ?? (among[0] as number);
}

/** Whether the numbers say that one was written before the other. */
function isBefore(one: Orderable<unknown>, other: Orderable<unknown>): boolean {
  if (one.number !== undefined && other.number !== undefined && one.number !== other.number) return one.number < other.number;
  for (const [callee, count] of one.firstCalls) {
    const others = other.firstCalls.get(callee);
    if (others !== undefined && others !== count) return count < others;
  }
  return false;
}
