/** Google Cloud Storage, through Google's library: credentials are the Application Default Credentials. */
import type { Bucket, Storage, StorageOptions } from "@google-cloud/storage";
import { pipeline } from "node:stream/promises";
import { connectionError, partSize, problemOfStatus, safeDetail, type ObjectDriver, type PutBody } from "./object-driver.ts";
import type { ObjectHead, StoreProblem } from "./object-store.ts";

/** The package, as it was loaded. */
export type GcsLibrary = Pick<typeof import("@google-cloud/storage"), "Storage" | "IdempotencyStrategy">;

export interface GcsSettings {
  bucket: string;
  environment: Record<string, string | undefined>;
  /** How long a call may take. Milliseconds. */
  patience: number;
  /** How often a call is tried. */
  attempts: number;
  /** The longest pause between two tries. Milliseconds. */
  longestPause: number;
}

/** How objects are listed: 1,000 at once is the most that the service gives. */
const pageSize = 1000;

export function gcsDriver({ Storage, IdempotencyStrategy }: GcsLibrary, { bucket, environment, patience, attempts, longestPause }: GcsSettings): ObjectDriver {
  const emulator = emulatorOf(environment["STORAGE_EMULATOR_HOST"]);
  const options: StorageOptions = {
    // A transfer that stands still is ended before, from outside.
    timeout: patience * 1.5,
    // Whatever is put again, is the same as before.
    retryOptions: { autoRetry: true, maxRetries: attempts - 1, maxRetryDelay: Math.max(1, longestPause / 1000), totalTimeout: (patience * 1.5 * attempts) / 1000, idempotencyStrategy: IdempotencyStrategy.RetryAlways },
    ...(emulator === undefined ? {} : { apiEndpoint: emulator, projectId: "emulator" }),
  };
  const storage = new Storage(options);
  // The library takes the variable for the whole address of the API; for every other tool it is that of the server.
  if (emulator !== undefined) storage.baseUrl = `${emulator}/storage/v1`;
  return new GcsDriver(storage, bucket);
}

/** The address of an emulator, whose scheme may be left out. */
function emulatorOf(host: string | undefined): string | undefined {
  if (host === undefined || host === "") return undefined;
  const url = host.includes("://") ? host : `http://${host}`;
  return URL.canParse(url) ? new URL(url).origin : undefined;
}

interface Metadata {
  name?: string;
  size?: string | number;
  generation?: string | number;
  metadata?: Record<string, unknown>;
}

class GcsDriver implements ObjectDriver {
  readonly bucketUri: string;
  readonly #bucket: Bucket;

  constructor(storage: Storage, bucket: string) {
    this.#bucket = storage.bucket(bucket);
    this.bucketUri = `gs://${bucket}`;
  }

  uriOf(key: string): string {
    return `${this.bucketUri}/${key}`;
  }

  async put(key: string, body: PutBody, signal: AbortSignal): Promise<void> {
    const file = this.#bucket.file(key);
    const metadata = { contentType: "application/octet-stream", ...(body.sha256 === undefined ? {} : { metadata: { sha256: body.sha256 } }) };
    if ("bytes" in body) await pipeline([body.bytes], file.createWriteStream({ resumable: false, metadata }), { signal });
    else await pipeline(body.stream, file.createWriteStream({ resumable: true, chunkSize: partSize, metadata }), { signal });
  }

  async open(key: string): ReturnType<ObjectDriver["open"]> {
    const found = await this.head(key);
    if (found === undefined) throw Object.assign(new Error("not found"), { code: 404 });
    return { body: this.#bucket.file(key).createReadStream(), bytes: found.bytes };
  }

  async head(key: string): Promise<ObjectHead | undefined> {
    try {
      const [metadata] = await this.#bucket.file(key).getMetadata();
      return headOf(metadata as Metadata, key);
    } catch (error) {
      if (this.explain(error).problem === "notFound") return undefined;
      throw error;
    }
  }

  async page(prefix: string, from: string | undefined): ReturnType<ObjectDriver["page"]> {
    const [files, next] = (await this.#bucket.getFiles({ prefix, maxResults: pageSize, autoPaginate: false, ...(from === undefined ? {} : { pageToken: from }) })) as unknown as [{ name: string; metadata: Metadata }[], { pageToken?: string } | null];
    return { objects: files.map(({ name, metadata }) => headOf(metadata, name)), ...(next?.pageToken === undefined ? {} : { next: next.pageToken }) };
  }

  async delete(key: string): Promise<void> {
    await this.#bucket.file(key).delete({ ignoreNotFound: true });
  }

  explain(error: unknown): { problem: StoreProblem; detail?: string } {
    const { code, message = "" } = (error ?? {}) as { code?: unknown; message?: string };
    const connection = connectionError(error);
    if (connection !== undefined || /network timeout|socket hang up/.test(message)) return { problem: "unreachable", ...safeDetail(connection ?? "timeout") };
    if (/Could not load the default credentials/.test(message)) return { problem: "noCredentials" };
    if (code === "CONTENT_DOWNLOAD_MISMATCH" || code === "FILE_NO_UPLOAD") return { problem: "busy", ...safeDetail(code) };
    const status = Number(code);
    if (status === 404 && /bucket does not exist/i.test(message)) return { problem: "noBucket", detail: "404" };
    return { problem: problemOfStatus(Number.isNaN(status) ? undefined : status) ?? "refused", ...safeDetail(typeof code === "string" || typeof code === "number" ? code : undefined) };
  }
}

function headOf({ size = 0, generation = "", metadata }: Metadata, key: string): ObjectHead {
  const sha256 = metadata?.["sha256"];
  return { key, bytes: Number(size), version: String(generation), ...(typeof sha256 === "string" ? { sha256 } : {}) };
}
