/**
 * Artifacts that only a service has, such as `s3://bucket/data.csv` of an importer or a parameter: they are fetched before the task that reads them
 * starts, as the launcher of KFP does it. What was fetched before and has not changed since, is not fetched again.
 */
import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Artifact } from "../protocols/kfp.ts";
import type { Inputs } from "../protocols/local.ts";
import { ObjectStoreError, type ObjectHead, type ObjectStore } from "../remote/object-store.ts";
import { BadObjectUri, isKey, isRemote, parseObjectUri } from "../remote/object-uri.ts";
import { PeerMissing } from "../remote/peer.ts";
import type { ContentStore } from "./content-store.ts";
import type { Content } from "./content.ts";
import { isArtifact } from "./fingerprint.ts";
import { limited } from "./limited.ts";
import { mapArtifacts } from "./outputs.ts";
import type { Execute } from "./scheduler.ts";
import { jsonText, writeWholeSync } from "./whole-file.ts";

export interface RemoteInputSettings {
  /** Opens the store of a bucket. */
  open: (uri: string) => Promise<ObjectStore>;
  local: ContentStore;
  /** The project root, absolute. */
  root: string;
}

/** How many objects of a folder travel at once. */
const width = 8;

/** What was fetched from a URI: `.hmc/cache/imports/<sha256 of the URI>.json`. */
interface Fetched {
  uri: string;
  /** Of the object, or of all objects of a folder. */
  version: string;
  content: Content;
}

/** What a URI stands for: one object, or all below it. */
type Found = { version: string } & ({ store: ObjectStore; key: string } | { store: ObjectStore; prefix: string; keys: string[] });

export class RemoteInputs {
  readonly #settings: RemoteInputSettings;
  readonly #found = new Map<string, Promise<Found>>();
  readonly #contents = new Map<string, Promise<Content>>();

  constructor(settings: RemoteInputSettings) {
    this.#settings = settings;
  }

  /** Whether an artifact must be fetched: a file at its path, such as one of a mounted bucket, is taken as it is. */
  isMissing({ uri, path, content }: Artifact): boolean {
    return content === undefined && isRemote(uri) && !existsSync(path);
  }

  /** The artifact with a path in a folder, and its content. It is fetched once, whoever asks. */
  async fetched(artifact: Artifact, folder: string): Promise<Artifact> {
    const { uri } = artifact;
    let content = this.#contents.get(uri);
    if (content === undefined) this.#contents.set(uri, (content = this.#fetch(uri, placeOf(uri, folder))));
    // The next try asks again.
    content.catch(() => this.#contents.delete(uri));
    return { ...artifact, path: placeOf(uri, folder), content: await content };
  }

  /** The content, if it was fetched before and has not changed: for a forecast. */
  async known(uri: string): Promise<Content | undefined> {
    return this.#known(uri, await this.#find(uri));
  }

  async #fetch(uri: string, path: string): Promise<Content> {
    const { local } = this.#settings;
    const found = await this.#find(uri);
    let content = this.#known(uri, found);
    if (content === undefined) {
      content = await this.#download(found);
      const note: Fetched = { uri, version: found.version, content };
      writeWholeSync(this.#noteFile(uri), jsonText(note));
    }
    await local.materialise(content, path);
    return content;
  }

  async #download(found: Found): Promise<Content> {
    const { local, root } = this.#settings;
    const partial = join(root, ".hmc/store/partial", `fetched-${randomUUID()}`);
    try {
      if ("key" in found) await found.store.get(found.key, partial);
      else {
        mkdirSync(partial, { recursive: true });
        await limited(width, found.keys, (key) => found.store.get(key, join(partial, key.slice(found.prefix.length))).then(() => undefined));
      }
      return (await local.ingest(partial)) as Content;
    } finally {
      await rm(partial, { recursive: true, force: true });
    }
  }

  #find(uri: string): Promise<Found> {
    let found = this.#found.get(uri);
    if (found === undefined) this.#found.set(uri, (found = this.#look(uri)));
    found.catch(() => this.#found.delete(uri));
    return found;
  }

  /** An object of the whole name; else everything below it, as KFP has folders. */
  async #look(uri: string): Promise<Found> {
    const parsed = parseObjectUri(uri, this.#settings.root);
    if (parsed.scheme === "file") throw new BadObjectUri("is no URI of an object store");
    const store = await this.#settings.open(`${parsed.scheme}://${parsed.bucket}`);
    const key = parsed.key.replace(/\/+$/, "");
    if (!isKey(key)) throw new ObjectStoreError("badKey", uri);
    const head = key === parsed.key ? await store.head(key) : undefined;
    if (head !== undefined) return { store, key, version: versionOf([head]) };
    const below: ObjectHead[] = [];
    for await (const object of store.list(`${key}/`)) if (!object.key.endsWith("/")) below.push(object);
    if (below.length === 0) throw new ObjectStoreError("notFound", uri);
    return { store, prefix: `${key}/`, keys: below.map((object) => object.key), version: versionOf(below) };
  }

  #known(uri: string, { version }: Found): Content | undefined {
    const file = this.#noteFile(uri);
    const note = existsSync(file) ? parsedNote(readFileSync(file, "utf8")) : undefined;
    return note?.uri === uri && note.version === version && this.#settings.local.has(note.content) ? note.content : undefined;
  }

  #noteFile(uri: string): string {
    return join(this.#settings.root, ".hmc/cache/imports", `${hashOf(uri)}.json`);
  }
}

/** Fetches what is missing of the inputs of each task; a task whose input cannot be had, fails. */
export function withRemoteInputs(run: Execute, remote: RemoteInputs, folder: string): Execute {
  return async (request, signal) => {
    let inputs: Inputs;
    try {
      inputs = await mapArtifacts(request.inputs, async (artifact) => (remote.isMissing(artifact) ? remote.fetched(artifact, folder) : artifact));
    } catch (error) {
      const reason = whyNotFetched(error, request.inputs);
      if (reason === undefined) throw error;
      return { ok: false, reason, isError: true };
    }
    return run({ ...request, inputs }, signal);
  };
}

/** What is wrong with a URI of an input; undefined for what is no mistake of that kind. */
function whyNotFetched(error: unknown, inputs: Inputs): string | undefined {
  if (error instanceof ObjectStoreError || error instanceof PeerMissing) return `an input cannot be fetched: ${error.message}.`;
  if (!(error instanceof BadObjectUri)) return undefined;
  const uris = Object.values(inputs).flat().filter(isArtifact).flatMap(({ uri }) => (isRemote(uri) ? [`"${uri}"`] : []));
  return `an input cannot be fetched (${uris.join(", ")}): a URI ${error.message}.`;
}

/** In the folder every URI has a place of its own, and keeps the end of its name, by which programs know formats. */
function placeOf(uri: string, folder: string): string {
  return join(folder, hashOf(uri).slice(0, 12), basename(uri.replace(/\/+$/, "")).slice(-100));
}

function versionOf(heads: readonly ObjectHead[]): string {
  return hashOf(JSON.stringify(heads.map(({ key, bytes, version }) => [key, bytes, version])));
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function parsedNote(text: string): Fetched | undefined {
  try {
    return JSON.parse(text) as Fetched;
  } catch {
    return undefined;
  }
}
