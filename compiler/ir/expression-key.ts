import type { Expression } from "./types.ts";

/** A text that two expressions share when they say the same, wherever they are written. */
export function expressionKey(expression: Expression): string {
  return JSON.stringify(expression, (key, value: unknown) => (key === "span" ? undefined : value));
}
