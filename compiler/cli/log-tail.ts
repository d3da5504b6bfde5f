/** The end of the log of a task, for people. */
import { existsSync, readFileSync } from "node:fs";
import type { Colors } from "./terminal.ts";

/** How many of the last lines are shown, and how many characters of each. */
const tailLines = 20;
const tailWidth = 1000;

/** The last lines, each behind a bar; undefined where the task has printed nothing. */
export function logTail(file: string, { dim }: Colors): string | undefined {
  const text = existsSync(file) ? readFileSync(file, "utf8").trimEnd() : "";
  if (text === "") return undefined;
  const lines = text.split("\n");
  const more = lines.length > tailLines ? `  ${dim(`│ … ${lines.length - tailLines} earlier lines`)}\n` : "";
  return `${more}${lines.slice(-tailLines).map((line) => `  ${dim("│")} ${line.length <= tailWidth ? line : `${line.slice(0, tailWidth)}…`}\n`).join("")}`;
}
