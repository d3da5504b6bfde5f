/** As many cycles as anyone will mend at once. */
const MOST_CYCLES = 20;

/** Cycles of a directed graph: each as its nodes in order, the first once more at the end; one for each edge that closes one. */
export function findCycles(nodes: Iterable<string>, next: (node: string) => readonly string[]): string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  const path: { node: string; rest: Iterator<string> }[] = [];
  const onPath = new Map<string, number>();

  function enter(node: string): void {
    onPath.set(node, path.length);
    path.push({ node, rest: next(node)[Symbol.iterator]() });
  }

  for (const start of nodes) {
    if (done.has(start)) continue;
    enter(start);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const step = top.rest.next();
      if (step.done === true) {
        path.pop();
        onPath.delete(top.node);
        done.add(top.node);
        continue;
      }
      const from = onPath.get(step.value);
      if (from !== undefined) {
        cycles.push([...path.slice(from).map(({ node }) => node), step.value]);
        if (cycles.length === MOST_CYCLES) return cycles;
      }
      if (from === undefined && !done.has(step.value)) enter(step.value);
    }
  }
  return cycles;
}
