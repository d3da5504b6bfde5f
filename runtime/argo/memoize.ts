/** Memoized templates: outputs kept under a key, in place of running the template again. */
import { ControllerError } from "./errors.ts";
import { addRunning, nodeType, type Run } from "./execute.ts";
import { goDuration } from "./go.ts";
import type { NodeStatus } from "./nodes.ts";
import type { RunState } from "./state.ts";

/**
 * Looks up a memoized template whose node is new, or has just got its locks, and gives the node what is found.
 *
 * @throws ControllerError for a key that cannot be one
 */
export function memoized(state: RunState, run: Run, locked: boolean): void {
  const { memoize } = run.template;
  const existing = state.nodes.get(run.name);
  if (!memoize || (existing && !locked)) return;
  const { key, maxAge = "" } = memoize;
  const cache = memoize.cache?.configMap?.name ?? "";
  if (!/^[a-zA-Z0-9][-a-zA-Z0-9]*$/.test(key)) throw new ControllerError(`invalid cache key: ${key}`);
  if (maxAge !== "" && goDuration(maxAge) === undefined) throw new ControllerError(`invalid maxAge: time: invalid duration ${JSON.stringify(maxAge)}`);
  const outputs = state.memo.get(entryOf(cache, key));
  const node = existing ?? addRunning(state, run, nodeType(state, run.template), "Pending");
  node.memoization = { hit: outputs !== undefined, key, cache };
  if (!outputs) return;
  node.outputs = outputs;
  state.nodes.mark(run.name, "Succeeded");
}

/** Keeps the outputs of a memoized node that succeeded. */
export function memoize(state: RunState, { memoization, outputs }: NodeStatus): void {
  if (memoization && !memoization.hit) state.memo.set(entryOf(memoization.cache, memoization.key), outputs ?? {});
}

const entryOf = (cache: string, key: string): string => `${cache}/${key}`;
