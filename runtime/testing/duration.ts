/** Durations as the language writes them. */
const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of `"90s"`, `"10m"`, `"2h"` … */
export function millisecondsOf(duration: number | string): number {
  if (typeof duration === "number") return duration;
  const [, count, unit = ""] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(duration) ?? [];
  const factor = units[unit];
  if (count === undefined || factor === undefined) throw new Error(`"${duration}" is no duration. Write milliseconds as a number, or "90s", "10m", "2h", "1d".`);
  return Number(count) * factor;
}
