/** Objects without the members that are not there. */

/** Without the members that are undefined; undefined itself where none is left. */
export function defined<T extends object>(members: { [K in keyof T]: T[K] | undefined }): T | undefined {
  const kept = Object.entries(members).filter(([, value]) => value !== undefined);
  return kept.length === 0 ? undefined : (Object.fromEntries(kept) as T);
}

/** The list, or undefined where it is empty. */
export function nonEmpty<T>(list: T[]): T[] | undefined {
  return list.length === 0 ? undefined : list;
}

/** The map, or undefined where it is missing or empty. */
export function nonEmptyMap<T extends object>(map: T | undefined): T | undefined {
  return map === undefined || Object.keys(map).length === 0 ? undefined : map;
}
