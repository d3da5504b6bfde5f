/** Random numbers that are the same in every run. */

/** Mulberry32: the same numbers from the same seed, from 0 to 1. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** The numbers of a seed, and what is chosen by them. */
export interface Random {
  /** From 0 to 1. */
  next(): number;
  below(limit: number): number;
  pick<T>(all: readonly T[]): T;
}

export function seeded(seed: number): Random {
  const next = randomNumbers(seed);
  const below = (limit: number): number => Math.floor(next() * limit);
  return { next, below, pick: (all) => all[below(all.length)]! };
}
