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

/** The first of `name`, `name-2`, `name-3` … that is not taken; takes it. */
export function uniqueName(name: string, taken: Set<string>): string {
  let unique = name;
  for (let count = 2; taken.has(unique); count++) unique = `${name}-${count}`;
  taken.add(unique);
  return unique;
}
