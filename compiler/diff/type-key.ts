import type { ValueType } from "../ir/types.ts";

/** A type without descriptions of its members; literals in any order are the same. */
export function typeKey(type: ValueType): string {
  return JSON.stringify(type, (key, value: unknown) => {
    if (key === "description" && typeof value === "string") return undefined;
    if (key === "literals" && Array.isArray(value)) return [...(value as unknown[])].sort();
    return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;
  });
}
