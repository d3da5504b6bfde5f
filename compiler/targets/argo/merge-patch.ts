/** The merge patch of the `argo` options: RFC 7396, but lists of named things are merged by their names. */
import type { Json } from "../../ir/types.ts";

/** The members by which the items of a list are told apart: ports of Argo and Kubernetes have one of them. */
const keys = ["name", "mountPath"] as const;

/**
 * `null` removes, objects are merged. A list whose items all have a `name` (for mounts of volumes a `mountPath`) is merged
 * into a list of such items: those with a new name are added at its end. Anything else replaces.
 */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (patch === null || typeof patch !== "object") return patch;
  if (Array.isArray(patch)) return Array.isArray(target) ? mergedList(target, patch) : patch;
  const merged: { [key: string]: Json } = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}

function mergedList(target: Json[], patch: Json[]): Json[] {
  const key = identifyingKey([...target, ...patch]);
  if (key === undefined) return patch;
  const merged = [...target];
  for (const item of patch) {
    const index = merged.findIndex((other) => isObject(other) && isObject(item) && other[key] === item[key]);
    if (index < 0) merged.push(mergePatch(undefined, item));
    else merged[index] = mergePatch(merged[index], item);
  }
  return merged;
}

/** Mounts of one volume share its name: they are told apart by their path. */
function identifyingKey(items: readonly Json[]): string | undefined {
  const have = (key: string): boolean => items.every((item) => isObject(item) && typeof item[key] === "string");
  return [...keys].reverse().find(have);
}

function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
