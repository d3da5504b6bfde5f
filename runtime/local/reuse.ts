/**
 * The layer around the executor that spares work: what an earlier start of the run, or the run that is continued, has finished is kept; what an
 * equal task of any run has given comes from the cache; everything else runs, and is kept for later.
 */
import { appendFileSync } from "node:fs";
import type { Artifact } from "../protocols/kfp.ts";
import type { Outputs } from "../protocols/local.ts";
import { ObjectStoreError } from "../remote/object-store.ts";
import type { ResultCache } from "./cache.ts";
import { DamagedContent, type ArtifactStore } from "./content-store.ts";
import type { Content } from "./content.ts";
import { fingerprintOfKey } from "./fingerprint.ts";
import { changeNotice, putBack, stampsOf } from "./input-guard.ts";
import { restored, shared } from "./outputs.ts";
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

/** A store that several machines share. */
export interface Sharing {
  /** Puts an artifact there, and gives its URI. */
  share(artifact: Artifact & { content: Content }): Promise<string>;
  /** The results of this machine alone. */
  own: ResultCache;
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
  /** Missing where no store is shared. */
  sharing?: Sharing;
  /** Whether a path is one of this project's runs. */
  isOwn: (path: string) => boolean;
  now: () => Date;
}

export function reusing(settings: ReuseSettings): Execute {
  const { recorder, store, cache, sharing } = settings;
  const unshared = new Map<string, Outputs>();
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
    const earlier = unshared.get(key);
    const result = earlier === undefined ? await guarded(settings, request, signal) : { ok: true as const, outputs: earlier };
    if (!result.ok) return result;
    const entry = cacheKey(request, fingerprint);
    const keep = async (outputs: Outputs, keeper: ResultCache): Promise<void> => {
      if (entry !== undefined) await keeper.write({ entryVersion: 1, fingerprint: entry, component: component.id, run: store.id, key, createdAt: settings.now().toISOString(), outputs, artifactsFolder: store.artifactsFolder(key) });
    };
    if (sharing !== undefined) {
      // What cannot be shared is neither lost nor done twice: the next try, and the run that goes on, take it from this machine.
      await keep(result.outputs, sharing.own);
      unshared.set(key, result.outputs);
    }
    const given = await sharedResult(settings, key, result.outputs);
    if (!given.ok) return given;
    await recorder.succeeded(key, given.outputs, "ran");
    await keep(given.outputs, cache);
    return { ...given, origin: "ran" };
  };
}

/** Runs a try, and puts back what it has changed of its inputs. */
async function guarded({ run, store, artifacts, isOwn }: ReuseSettings, request: TaskRequest, signal: AbortSignal): Promise<TaskResult> {
  const before = await stampsOf(request.inputs, isOwn);
  const result = await run(request, signal);
  const notice = changeNotice(await putBack(before, artifacts));
  if (notice !== "") appendFileSync(store.logFile(request.key), notice);
  return result;
}

/** The outputs with their artifacts in the store that is shared, if there is one; a failure where they cannot be put there. */
async function sharedResult({ sharing, store }: ReuseSettings, key: string, outputs: Outputs): Promise<TaskResult> {
  if (sharing === undefined) return { ok: true, outputs };
  try {
    return { ok: true, outputs: await shared(outputs, store.artifactsFolder(key), (artifact) => sharing.share(artifact)) };
  } catch (error) {
    if (!(error instanceof ObjectStoreError)) throw error;
    return { ok: false, reason: `its outputs cannot be put into the store: ${error.message}. They are kept on this machine: go on with the run when the store answers.`, isError: true };
  }
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
    const given = await sharedResult(settings, key, outputs);
    if (!given.ok) return given;
    if (source.store.id !== store.id) await recorder.succeeded(key, given.outputs, "kept", manifest.run ?? source.store.id);
    return { ...given, origin: "kept" };
  }
  return undefined;
}

async function cached(settings: ReuseSettings, request: TaskRequest, fingerprint: string): Promise<TaskResult | undefined> {
  const { cache, earlier, recorder, readsCache } = settings;
  const entryKey = cacheKey(request, fingerprint);
  if (!readsCache || entryKey === undefined || earlier?.isForced(request.key) === true) return undefined;
  const entry = await cache.read(entryKey);
  if (entry === undefined) return undefined;
  const outputs = await restoredOrNot(settings, request.key, entry.outputs, entry.artifactsFolder);
  if (outputs === undefined) {
    await cache.remove(entryKey);
    return undefined;
  }
  const given = await sharedResult(settings, request.key, outputs);
  if (!given.ok) return given;
  await recorder.succeeded(request.key, given.outputs, "cache", entry.run);
  return { ...given, origin: "cache" };
}

/** The outputs with their artifacts in the folder of the task; undefined where one is lost, of which people are told. */
async function restoredOrNot({ store, artifacts, recorder }: ReuseSettings, key: string, outputs: Outputs, from: string): Promise<Outputs | undefined> {
  const to = store.artifactsFolder(key);
  // What the task has had before gives way.
  if (from !== to) store.archive(key);
  try {
    return await restored(outputs, from, to, artifacts);
  } catch (error) {
    if (error instanceof ObjectStoreError) {
      recorder.notice("HMC6083", { problem: error.message }, key);
      return undefined;
    }
    if (!(error instanceof DamagedContent)) throw error;
    recorder.notice("HMC6021", { task: key, object: error.sha256.slice(0, 12), missing: error.missing }, key);
    return undefined;
  }
}
