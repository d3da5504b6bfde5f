/** Which id of the first side is which of the second. */
export interface Pairing {
  /** Pairs two ids; one that is in a pair stays in it. */
  add(before: string, after: string): void;
  hasBefore(id: string): boolean;
  hasAfter(id: string): boolean;
  /** The id on the second side. */
  toAfter(id: string): string | undefined;
  /** The id on the first side. */
  toBefore(id: string): string | undefined;
  entries(): IterableIterator<[before: string, after: string]>;
  /** Pairs those whose key only one on each side has. */
  addUnique<T extends { id: string }>(before: readonly T[], after: readonly T[], keyBefore: (one: T) => string, keyAfter: (one: T) => string): void;
}

/** An empty pairing. */
export function pairing(): Pairing {
  const toAfter = new Map<string, string>();
  const toBefore = new Map<string, string>();
  const add = (before: string, after: string): void => {
    if (toAfter.has(before) || toBefore.has(after)) return;
    toAfter.set(before, after);
    toBefore.set(after, before);
  };
  return {
    add,
    hasBefore: (id) => toAfter.has(id),
    hasAfter: (id) => toBefore.has(id),
    toAfter: (id) => toAfter.get(id),
    toBefore: (id) => toBefore.get(id),
    entries: () => toAfter.entries(),
    addUnique: (before, after, keyBefore, keyAfter) => {
      const left = grouped(before, keyBefore);
      for (const [key, second] of grouped(after, keyAfter)) {
        const first = left.get(key);
        if (first?.length === 1 && second.length === 1 && first[0] !== undefined && second[0] !== undefined) add(first[0].id, second[0].id);
      }
    },
  };
}

/** The members by their key, in order. */
export function grouped<T>(all: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return groups;
}
