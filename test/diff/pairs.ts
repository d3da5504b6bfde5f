/** The hand-made pairs of `fixtures/diff`: two files `before.ts` and `after.ts`, or two folders `before` and `after`, and what must be found. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { canCompare, compareSides, openSide, type OpenedSide } from "../../compiler/compare.ts";
import { compareTools } from "../../compiler/cli/compare-tools.ts";
import type { Change, Diff, Rerun } from "../../compiler/diff/change.ts";
import type { Host } from "../../compiler/host.ts";
import { nodeHost } from "../../compiler/node-host.ts";
import { root } from "../folders.ts";

export const host: Host = { ...nodeHost(), env: () => undefined };
export const tools = compareTools(host);

export interface Pair {
  name: string;
  before: string;
  after: string;
  expected: { changes: Change[]; reruns: Rerun[] };
}

export function pairs(): Pair[] {
  const folder = join(root, "fixtures/diff");
  return readdirSync(folder).sort().map((name) => {
    const side = (which: string): string => (existsSync(join(folder, name, `${which}.ts`)) ? join(folder, name, `${which}.ts`) : join(folder, name, which));
    return { name, before: side("before"), after: side("after"), expected: JSON.parse(readFileSync(join(folder, name, "expected.json"), "utf8")) as Pair["expected"] };
  });
}

/** Opens a side, which must have no errors. */
export async function opened(path: string, label: string): Promise<OpenedSide> {
  const side = await openSide(host, path, label, tools);
  if (!canCompare(side)) throw new Error(side.findings.flatMap(({ diagnostics }) => diagnostics.map(({ code, message, span }) => `${label}:${span?.line} ${code}: ${message}`)).join("\n"));
  if (side.problems.length > 0) throw new Error(side.problems.join("\n"));
  return side;
}

/** What has changed from one path to another. */
export async function changesBetween(before: string, after: string): Promise<Diff> {
  const found = await compareSides(await opened(before, "before"), await opened(after, "after"), tools);
  if ("findings" in found) throw new Error(`${found.label} does not compile`);
  return found;
}
