/** Removes what no run and no result of the cache needs: `hmc cache gc`. */
import { existsSync, lstatSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ContentStore } from "./content-store.ts";
import { runIds } from "./find-run.ts";
import { isAlive, readOwner } from "./owner.ts";
import { readRunManifest, runsFolder } from "./store.ts";

export interface GarbageRequest {
  /** The project root, absolute. */
  root: string;
  /** Results of the cache that were not used for so long go. Milliseconds. */
  olderThan: number;
  /** How many of the latest runs stay; all, where it is not given. Runs in progress always do. */
  keepRuns?: number;
  /** Only say what would go. */
  dryRun: boolean;
  now: Date;
}

export interface Garbage {
  /** The ids of the runs that went. */
  runs: string[];
  /** How many results of the cache, objects of the store and bundles went. */
  results: number;
  objects: number;
  bundles: number;
  /** What the disk gains, without the folders of runs. */
  bytes: number;
}

/** An object that nobody needs yet may be one of a run that is about to say so. Milliseconds. */
const grace = 60 * 60 * 1000;

export function collectGarbage({ root, olderThan, keepRuns, dryRun, now }: GarbageRequest): Garbage {
  const remove = (path: string): void => {
    if (!dryRun) rmSync(path, { recursive: true, force: true });
  };
  const isOlder = (path: string, age: number): boolean => now.getTime() - lstatSync(path).mtimeMs >= age;
  const ids = runIds(root);
  const runs = keepRuns === undefined ? [] : ids.slice(0, Math.max(0, ids.length - keepRuns)).filter((id) => !isInProgress(join(runsFolder(root), id)));
  for (const id of runs) remove(join(runsFolder(root), id));
  const staying = ids.filter((id) => !runs.includes(id)).map((id) => join(runsFolder(root), id));

  const entries = filesBelow(join(root, ".hmc/cache"));
  const oldEntries = entries.filter((path) => isOlder(path, olderThan));
  const needed = neededObjects(root, [...staying.flatMap(manifestsOf), ...entries.filter((path) => !oldEntries.includes(path))]);
  const objects = filesBelow(join(root, ".hmc/store")).filter((path) => !needed.has(path) && isOlder(path, grace));
  const bundlesInUse = new Set(staying.flatMap((folder) => readRunManifest(folder)?.bundle?.slice(0, 16) ?? []));
  const bundles = foldersIn(join(root, ".hmc/build")).filter((path) => /^[0-9a-f]{16}$/.test(path.slice(-16)) && !bundlesInUse.has(path.slice(-16)) && isOlder(path, Math.max(grace, olderThan)));
  const bytes = [...oldEntries, ...objects, ...bundles.flatMap(filesBelow)].reduce((sum, path) => sum + lstatSync(path).size, 0);
  [...oldEntries, ...objects, ...bundles].forEach(remove);
  return { runs, results: oldEntries.length, objects: objects.length, bundles: bundles.length, bytes };
}

function isInProgress(folder: string): boolean {
  const owner = readOwner(folder);
  return owner !== undefined && isAlive(owner);
}

/** The manifests of the tasks of a run, also those of earlier tries. */
function manifestsOf(run: string): string[] {
  return foldersIn(join(run, "tasks")).flatMap((task) => [task, ...foldersIn(join(task, "attempts"))]).map((folder) => join(folder, "manifest.json")).filter((path) => existsSync(path));
}

/** The paths of all objects that some files name, with what is in folders among them. */
function neededObjects(root: string, files: readonly string[]): Set<string> {
  const store = new ContentStore(join(root, ".hmc/store"));
  const needed = new Set<string>();
  for (const file of files) {
    for (const [, sha256 = ""] of readFileSync(file, "utf8").matchAll(/"sha256": ?"([0-9a-f]{64})"/g)) {
      const path = store.objectPath(sha256);
      if (needed.has(path)) continue;
      needed.add(path);
      for (const entry of store.readListing(sha256) ?? []) if (entry.kind === "file") needed.add(store.objectPath(entry.sha256));
    }
  }
  return needed;
}

function foldersIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name)) : [];
}

function filesBelow(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)])) : [];
}
