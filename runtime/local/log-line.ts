/** The last line of a log that is still written. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { lastLineOf } from "./screen-text.ts";

/** Enough of the end of a log for a line as wide as a screen. */
const tailBytes = 2048;

/** The last line that shows something; undefined where there is none, or no log yet. */
export function lastLineOfFile(path: string): string | undefined {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return undefined;
  }
  try {
    const { size } = fstatSync(file);
    const buffer = Buffer.alloc(Math.min(size, tailBytes));
    readSync(file, buffer, 0, buffer.length, Math.max(0, size - tailBytes));
    return lastLineOf(buffer.toString("utf8"));
  } finally {
    closeSync(file);
  }
}
