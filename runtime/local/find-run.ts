/** Which run a user means: its id, the beginning of one, or `last`. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { diagnostic, type Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { nearestName } from "../../compiler/diagnostics/nearest.ts";
import type { RunManifest } from "./manifest.ts";
import { readRunManifest, runsFolder } from "./store.ts";

/**
 * Finds a run of a project.
 *
 * @param accepts which runs `last` can mean
 */
export function findRun(root: string, given: string, accepts: (run: RunManifest) => boolean = () => true): { run: RunManifest } | { problem: Diagnostic } {
  const ids = runIds(root);
  if (given === "last") {
    const run = latest(root, ids, accepts);
    return run === undefined ? unknown(given, []) : { run };
  }
  const matching = ids.includes(given) ? [given] : ids.filter((id) => id.startsWith(given));
  const [id] = matching;
  if (id === undefined) return unknown(given, ids);
  if (matching.length > 1) return { problem: diagnostic("HMC6023", undefined, { run: given, runs: matching.slice(-5) }) };
  const run = readRunManifest(join(runsFolder(root), id));
  return run === undefined ? unknown(given, ids) : { run };
}

/** The ids of a project's runs, the oldest first: they begin with the time, and runs of one second are numbered from 2. */
export function runIds(root: string): string[] {
  const folder = runsFolder(root);
  return existsSync(folder) ? readdirSync(folder).sort(byNumbers) : [];
}

/** `…-main-2` comes before `…-main-10`. */
const byNumbers = new Intl.Collator("en", { numeric: true }).compare;

function latest(root: string, ids: readonly string[], accepts: (run: RunManifest) => boolean): RunManifest | undefined {
  for (const id of [...ids].reverse()) {
    const run = readRunManifest(join(runsFolder(root), id));
    if (run !== undefined && accepts(run)) return run;
  }
  return undefined;
}

function unknown(run: string, ids: readonly string[]): { problem: Diagnostic } {
  return { problem: diagnostic("HMC6022", undefined, { run, suggestion: nearestName(run, ["last", ...ids]) }) };
}
