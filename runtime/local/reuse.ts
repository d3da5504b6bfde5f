/**
 * The layer around the executor that spares work: what an earlier start of the run, or the run that is continued, has finished is kept; what an
 * equal task of any run has given comes from the cache; everything else runs, and is kept for later.
 */
import { appendFileSync } from "node:fs";
import type { Outputs } from "../protocols/local.ts";
import type { ResultCache } from "./cache.ts";
import { DamagedContent, type ArtifactStore } from "./content-store.ts";
import { fingerprintOfKey } from "./fingerprint.ts";
import { changeNotice, putBack, stampsOf } from "./input-guard.ts";
import { restored } from "./outputs.ts";
import type { Recorder } from "./recorder.ts";
import type { Execute, TaskRequest, TaskResult } from "./scheduler.ts";
import type { RunStore } from "./store.ts";

/** What was finished before. */
export interface Earlier {
  /** Where results are looked up, first to last: this run itself, and the run of which it takes results. */
  sources: readonly { store: RunStore; isForced(key: string): boolean }[];
  /** Whether a task does not take its result from the cache. */
  isForced(key: string): boolean;
  /** Whether a task without a result may run. */
  mayRun(key: string): boolean;
  /** Results are taken also where the code or the inputs have changed since. */
  evenIfChanged: boolean;
}

export interface ReuseSettings {
  run: Execute;
  store: RunStore;
  artifacts: ArtifactStore;
  cache: ResultCache;
  /** Whether results are looked up; they are kept in any case. */
  readsCache: boolean;
  earlier?: Earlier;
  recorder: Recorder;
  /** SHA-256 of the code of an op. */
  codeOf: (component: string) => string | undefined;
  fingerprintOf: (request: TaskRequest) => Promise<string>;
  /** Whether a path is one of this project's runs. */
  isOwn: (path: string) => boolean;
  now: () => Date;
}

export function reusing(settings: ReuseSettings): Execute {
  const { recorder, store, cache } = settings;
  return async (request, signal) => {
    const { key, component, inputs } = request;
    const code = settings.codeOf(component.id);
    const fingerprint = await settings.fingerprintOf(request);
    recorder.prepared(key, component.id, { inputs, fingerprint, ...(code === undefined ? {} : { code }) });
    if (request.attempt === 1 && component.kind !== "importer") {
      const found = (await kept(settings, request, fingerprint)) ?? (await cached(settings, request, fingerprint));
      if (found !== undefined) return found;
      if (settings.earlier?.mayRun(key) === false) return { ok: false, reason: 'the earlier run has no result of it. Use "--from" in place of "--only", or run the whole pipeline.' };
    }
    const before = await stampsOf(inputs, settings.isOwn);
    const result = await settings.run(request, signal);
    const notice = changeNotice(await putBack(before, settings.artifacts));
    if (notice !== "") appendFileSync(store.logFile(key), notice);
    if (!result.ok) return result;
    await recorder.succeeded(key, result.outputs, "ran");
    const entry = cacheKey(request, fingerprint);
    if (entry !== undefined) {
      cache.write({ entryVersion: 1, fingerprint: entry, component: component.id, run: store.id, key, createdAt: settings.now().toISOString(), outputs: result.outputs, artifactsFolder: store.artifactsFolder(key) });
    }
    return { ...result, origin: "ran" };
  };
}

/** Under which fingerprint the cache has a task; undefined where it must run every time. */
export function cacheKey({ component, options }: Pick<TaskRequest, "component" | "options">, fingerprint: string | undefined): string | undefined {
  if (component.kind === "importer" || options.cache?.enabled === false) return undefined;
  return options.cache?.key === undefined ? fingerprint : fingerprintOfKey(component, options.cache.key);
}

/** The result that was finished before, if the task is still the same. */
async function kept(settings: ReuseSettings, { key }: TaskRequest, fingerprint: string): Promise<TaskResult | undefined> {
  const { earlier, recorder, store } = settings;
  for (const source of earlier?.sources ?? []) {
    if (source.isForced(key)) continue;
    const manifest = source.store.readTask(key);
    if (manifest?.state !== "succeeded" || manifest.outputs === undefined) continue;
    if (manifest.fingerprint !== fingerprint && earlier?.evenIfChanged !== true) continue;
    const outputs = await restoredOrNot(settings, key, manifest.outputs as Outputs, source.store.artifactsFolder(key));
    if (outputs === undefined) continue;
    if (source.store.id !== store.id) await recorder.succeeded(key, outputs, "kept", manifest.run ?? source.store.id);
    return { ok: true, outputs, origin: "kept" };
  }
  return undefined;
}

async function cached(settings: ReuseSettings, request: TaskRequest, fingerprint: string): Promise<TaskResult | undefined> {
  const { cache, earlier, recorder, readsCache } = settings;
  const entryKey = cacheKey(request, fingerprint);
  if (!readsCache || entryKey === undefined || earlier?.isForced(request.key) === true) return undefined;
  const entry = cache.read(entryKey);
  if (entry === undefined) return undefined;
  const outputs = await restoredOrNot(settings, request.key, entry.outputs, entry.artifactsFolder);
  if (outputs === undefined) {
    cache.remove(entryKey);
    return undefined;
  }
  await recorder.succeeded(request.key, outputs, "cache", entry.run);
  return { ok: true, outputs, origin: "cache" };
}

/** The outputs with their artifacts in the folder of the task; undefined where one is lost, of which people are told. */
async function restoredOrNot({ store, artifacts, recorder }: ReuseSettings, key: string, outputs: Outputs, from: string): Promise<Outputs | undefined> {
  const to = store.artifactsFolder(key);
  // What the task has had before gives way.
  if (from !== to) store.archive(key);
  try {
    return await restored(outputs, from, to, artifacts);
  } catch (error) {
    if (!(error instanceof DamagedContent)) throw error;
    recorder.notice("HMC6021", { task: key, object: error.sha256.slice(0, 12), missing: error.missing }, key);
    return undefined;
  }
}
