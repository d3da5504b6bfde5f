/** A comparison for programs, as `schemas/diff.schema.json` describes it. */
import { DIFF_VERSION, type Diff } from "../change.ts";

/** JSON with two spaces and a line break at the end. */
export function diffJson(diff: Diff): string {
  return `${JSON.stringify({ diffVersion: DIFF_VERSION, ...diff }, undefined, 2)}\n`;
}
