/** Names of components, tasks and pipelines. */

/**
 * Kebab-case of an identifier: `createTraining` → `create-training`, `XGBTrain2` → `xgb-train2`.
 * The result holds only `a-z`, `0-9` and single inner dashes; empty text gives `task`.
 */
export function kebabCase(name: string): string {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1-$2")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return words === "" ? "task" : words;
}

/** For each set of taken names, the number that a name got last: what a thousand calls share is not counted up anew each time. */
const lastCounts = new WeakMap<Set<string>, Map<string, number>>();

/** The first of `name`, `name-2`, `name-3` … that is not taken; takes it. Whoever gives names back gives back the last ones. */
export function uniqueName(name: string, taken: Set<string>): string {
  let unique = name;
  if (taken.has(name)) {
    const counts = lastCounts.get(taken) ?? new Map<string, number>();
    lastCounts.set(taken, counts);
    let count = counts.get(name) ?? 2;
    while (count > 2 && !taken.has(`${name}-${count - 1}`)) count--;
    while (taken.has(`${name}-${count}`)) count++;
    counts.set(name, count);
    unique = `${name}-${count}`;
  }
  taken.add(unique);
  return unique;
}
