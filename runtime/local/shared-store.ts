/**
 * A store that several machines share, behind the one of this machine: `<root>/sha256/<2>/<62>` has artifacts by content, with listings of folders as
 * in `.hmc/store`, and `<root>/cache/<2>/<62>.json` results by fingerprint. What is there is never changed.
 */
import { existsSync } from "node:fs";
import { chmod, stat } from "node:fs/promises";
import type { Artifact } from "../protocols/kfp.ts";
import { ObjectStoreError, type ObjectStore } from "../remote/object-store.ts";
import type { CacheEntry, ResultCache } from "./cache.ts";
import { DamagedContent, type ArtifactStore, type ContentStore } from "./content-store.ts";
import type { Content } from "./content.ts";
import { limited } from "./limited.ts";
import { moved } from "./outputs.ts";
import { jsonText } from "./whole-file.ts";

/** The key of the object of a hash. */
export function objectKey(sha256: string): string {
  return `sha256/${sha256.slice(0, 2)}/${sha256.slice(2)}`;
}

/** How many objects travel at once. */
const width = 8;

export class SharedArtifacts implements ArtifactStore {
  readonly #local: ContentStore;
  readonly #shared: ObjectStore;

  constructor(local: ContentStore, shared: ObjectStore) {
    this.#local = local;
    this.#shared = shared;
  }

  ingest(path: string): Promise<Content | undefined> {
    return this.#local.ingest(path);
  }

  /** @throws DamagedContent, ObjectStoreError */
  async materialise(content: Content, path: string): Promise<void> {
    try {
      await this.#local.materialise(content, path);
    } catch (error) {
      if (!(error instanceof DamagedContent)) throw error;
      await this.fetch(content);
      await this.#local.materialise(content, path);
    }
  }

  /** Whether the content can be had, here or from the others. */
  async has(content: Content): Promise<boolean> {
    return this.#local.has(content) || (await this.#shared.exists(objectKey(content.sha256)));
  }

  /**
   * Brings content to the store of this machine.
   *
   * @throws DamagedContent, ObjectStoreError
   */
  async fetch(content: Content): Promise<void> {
    await this.#fetchObject(content.sha256);
    if (content.kind === "file") return;
    const files = (this.#local.readListing(content.sha256) ?? []).flatMap((entry) => (entry.kind === "file" ? [entry.sha256] : []));
    await limited(width, [...new Set(files)], (sha256) => this.#fetchObject(sha256));
  }

  async #fetchObject(sha256: string): Promise<void> {
    const path = this.#local.objectPath(sha256);
    if (existsSync(path)) return;
    try {
      await this.#shared.get(objectKey(sha256), path, { sha256 });
    } catch (error) {
      if (error instanceof ObjectStoreError && (error.problem === "notFound" || error.problem === "damaged")) throw new DamagedContent(sha256, error.problem === "notFound");
      throw error;
    }
    await chmod(path, 0o444);
  }

  /**
   * Puts an artifact where the others find it.
   *
   * @returns its URI there; of a folder that of its listing
   * @throws ObjectStoreError
   */
  async share({ path, content }: Artifact & { content: Content }): Promise<string> {
    // What another run has left beside the store is taken in first.
    if (!this.#local.has(content)) await this.#local.ingest(path);
    const files = content.kind === "file" ? [] : (this.#local.readListing(content.sha256) ?? []).flatMap((entry) => (entry.kind === "file" ? [entry.sha256] : []));
    await limited(width, [...new Set(files)], (sha256) => this.#shareObject(sha256));
    // The listing is last: where it is, everything is.
    await this.#shareObject(content.sha256);
    return this.#shared.uriOf(objectKey(content.sha256));
  }

  async #shareObject(sha256: string): Promise<void> {
    const file = this.#local.objectPath(sha256);
    const key = objectKey(sha256);
    const there = await this.#shared.head(key);
    if (there?.bytes !== (await stat(file)).size) await this.#shared.put(key, { file }, { sha256 });
  }
}

/** Where the artifacts of shared results lie, in place of a folder of one machine. */
const nowhere = "/artifacts";

/** Told of what could not be read or written. */
export type OnProblem = (problem: ObjectStoreError) => void;

/** Results of this machine first, then those of the others. A service that fails costs work, but ends no run. */
export class SharedCache implements ResultCache {
  readonly #local: ResultCache;
  readonly #shared: ObjectStore;
  readonly #onProblem: OnProblem;
  /** Nobody waits twice for a service that does not answer. */
  #isGone = false;

  constructor(local: ResultCache, shared: ObjectStore, onProblem: OnProblem) {
    this.#local = local;
    this.#shared = shared;
    this.#onProblem = onProblem;
  }

  async read(fingerprint: string): Promise<CacheEntry | undefined> {
    const own = await this.#local.read(fingerprint);
    if (own !== undefined || this.#isGone) return own;
    const bytes = await this.#tolerant(() => this.#shared.read(entryKey(fingerprint)));
    return bytes === undefined ? undefined : parsedEntry(bytes.toString("utf8"), fingerprint);
  }

  async write(entry: CacheEntry): Promise<void> {
    await this.#local.write(entry);
    if (this.#isGone) return;
    const outputs = await moved(entry.outputs, entry.artifactsFolder, nowhere);
    const text = jsonText({ ...entry, outputs, artifactsFolder: nowhere });
    await this.#tolerant(() => this.#shared.put(entryKey(entry.fingerprint), { bytes: Buffer.from(text) }));
  }

  /** Only here: another machine may still have what this one has lost. */
  async remove(fingerprint: string): Promise<void> {
    await this.#local.remove(fingerprint);
  }

  async #tolerant<T>(act: () => Promise<T>): Promise<T | undefined> {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof ObjectStoreError)) throw error;
      if (!this.#isGone) this.#onProblem(error);
      this.#isGone = true;
      return undefined;
    }
  }
}

function entryKey(fingerprint: string): string {
  return `cache/${fingerprint.slice(0, 2)}/${fingerprint.slice(2)}.json`;
}

/** An entry that cannot be read, or is of another version, is none. */
function parsedEntry(text: string, fingerprint: string): CacheEntry | undefined {
  try {
    const entry = JSON.parse(text) as CacheEntry;
    return entry.entryVersion === 1 && entry.fingerprint === fingerprint && entry.artifactsFolder === nowhere ? entry : undefined;
  } catch {
    return undefined;
  }
}

