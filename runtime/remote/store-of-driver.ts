/** A store over an adapter: keys below a prefix, hashes checked on the way, files whole or not at all, broken transfers tried again. */
import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { Transform, type Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { partSize, type ObjectDriver, type PutBody } from "./object-driver.ts";
import { isPassing, ObjectStoreError, type GetOptions, type ObjectHead, type ObjectSource, type ObjectStore, type PutOptions } from "./object-store.ts";
import { isKey } from "./object-uri.ts";
import { retrying, type RetrySettings } from "./retry.ts";
import { watchdog, type Watchdog } from "./watchdog.ts";

export interface TransferSettings {
  /** For transfers; single calls are tried again by the libraries. */
  retry: RetrySettings;
  /** How long a transfer may stand still. Milliseconds. */
  patience: number;
}

export class StoreOfDriver implements ObjectStore {
  readonly root: string;
  readonly #driver: ObjectDriver;
  /** Empty, or with a `/` at its end. */
  readonly #prefix: string;
  readonly #settings: TransferSettings;

  /** @param prefix what all keys begin with in the bucket, without a `/` at its end; may be empty */
  constructor(driver: ObjectDriver, prefix: string, settings: TransferSettings) {
    this.#driver = driver;
    this.#prefix = prefix === "" ? "" : `${prefix}/`;
    this.#settings = settings;
    this.root = prefix === "" ? driver.bucketUri : driver.uriOf(prefix);
  }

  uriOf(key: string): string {
    return this.#driver.uriOf(this.#prefix + key);
  }

  async put(key: string, source: ObjectSource, options: PutOptions = {}): Promise<void> {
    const full = this.#full(key);
    if (options.sha256 !== undefined && (await this.head(key))?.sha256 === options.sha256) return;
    const send = async (): Promise<void> => {
      const watch = watchdog(this.#settings.patience, options.signal);
      await this.#send(full, key, source, options.sha256, watch).finally(() => watch.end());
    };
    // A stream cannot be read again.
    if ("stream" in source) await send();
    else await this.#again(options.signal, send);
  }

  async #send(full: string, key: string, source: ObjectSource, sha256: string | undefined, watch: Watchdog): Promise<void> {
    const put = (body: PutBody): Promise<void> => this.#driving(key, watch, () => this.#driver.put(full, { ...body, ...(sha256 === undefined ? {} : { sha256 }) }, watch.signal));
    const size = "file" in source ? (await stat(source.file)).size : undefined;
    if ("bytes" in source || ("file" in source && size !== undefined && size <= partSize)) {
      const bytes = "bytes" in source ? Buffer.from(source.bytes.buffer, source.bytes.byteOffset, source.bytes.byteLength) : await readFile(source.file);
      if (sha256 !== undefined && createHash("sha256").update(bytes).digest("hex") !== sha256) throw new ObjectStoreError("damaged", this.uriOf(key));
      return put({ bytes });
    }
    const read = "file" in source ? createReadStream(source.file, { highWaterMark: 1 << 20 }) : source.stream;
    const checked = this.#checking(key, sha256, watch);
    let hasFailed = false;
    let unreadable: unknown;
    read.once("error", (error: unknown) => {
      if (!hasFailed) unreadable = error;
    });
    const sending = put({ stream: checked, ...(size === undefined ? {} : { size }) });
    // A failure of one side ends the other.
    sending.catch((error: unknown) => {
      hasFailed = true;
      checked.destroy(error as Error);
    });
    const [reading, sent] = await Promise.allSettled([pipeline(read, checked), sending]);
    if (unreadable !== undefined) throw unreadable;
    if (reading.status === "rejected" && reading.reason instanceof ObjectStoreError) throw reading.reason;
    if (sent.status === "rejected") throw sent.reason;
    if (reading.status === "rejected") throw reading.reason;
  }

  /** Passes bytes on, and fails at their end if they are others than was said. */
  #checking(key: string, sha256: string | undefined, watch: Watchdog): Transform {
    const hash = createHash("sha256");
    const uri = this.uriOf(key);
    return new Transform({
      transform(chunk: Buffer, _, done) {
        watch.moved();
        hash.update(chunk);
        done(undefined, chunk);
      },
      flush(done) {
        const isOther = sha256 !== undefined && hash.digest("hex") !== sha256;
        done(isOther ? new ObjectStoreError("damaged", uri) : undefined);
      },
    });
  }

  async get(key: string, path: string, options: GetOptions = {}): Promise<{ sha256: string; bytes: number }> {
    await mkdir(dirname(path), { recursive: true });
    const partial = `${path}.${process.pid}-${randomUUID().slice(0, 8)}.tmp`;
    try {
      const received = await this.#again(options.signal, async () => {
        const hash = createHash("sha256");
        let bytes = 0;
        await this.#receive(key, options.signal, async (chunks) => {
          const count = async function* (): AsyncIterable<Buffer> {
            for await (const chunk of chunks) {
              hash.update(chunk);
              bytes += chunk.length;
              yield chunk;
            }
          };
          await pipeline(count, createWriteStream(partial));
        });
        return { sha256: hash.digest("hex"), bytes };
      });
      if (options.sha256 !== undefined && received.sha256 !== options.sha256) throw new ObjectStoreError("damaged", this.uriOf(key));
      await synchronised(partial);
      await rename(partial, path);
      return received;
    } finally {
      await rm(partial, { force: true });
    }
  }

  async read(key: string, signal?: AbortSignal): Promise<Buffer | undefined> {
    try {
      return await this.#again(signal, async () => {
        const found: Buffer[] = [];
        await this.#receive(key, signal, async (chunks) => {
          for await (const chunk of chunks) found.push(chunk);
        });
        return Buffer.concat(found);
      });
    } catch (error) {
      if (error instanceof ObjectStoreError && error.problem === "notFound") return undefined;
      throw error;
    }
  }

  /** Reads an object once; a body that ends early is a failure of the network. */
  async #receive(key: string, outer: AbortSignal | undefined, take: (chunks: AsyncIterable<Buffer>) => Promise<void>): Promise<void> {
    const full = this.#full(key);
    const watch = watchdog(this.#settings.patience, outer);
    try {
      const { body, bytes: size } = await this.#driving(key, watch, () => this.#driver.open(full, watch.signal));
      watch.signal.addEventListener("abort", () => void body.destroy(new Error("aborted")), { once: true });
      await take(this.#chunks(key, body, size, watch)).finally(() => body.destroy());
    } finally {
      watch.end();
    }
  }

  async *#chunks(key: string, body: Readable, size: number | undefined, watch: Watchdog): AsyncIterable<Buffer> {
    let bytes = 0;
    try {
      for await (const chunk of body as AsyncIterable<Buffer>) {
        watch.moved();
        bytes += chunk.length;
        yield chunk;
      }
    } catch (error) {
      throw this.#explained(error, key, watch);
    }
    if (size !== undefined && bytes !== size) throw new ObjectStoreError("unreachable", this.uriOf(key), "cut off");
  }

  head(key: string): Promise<ObjectHead | undefined> {
    return this.#call(key, async (full) => {
      const found = await this.#driver.head(full);
      return found === undefined ? undefined : { ...found, key };
    });
  }

  async exists(key: string): Promise<boolean> {
    return (await this.head(key)) !== undefined;
  }

  async *list(prefix: string): AsyncIterable<ObjectHead> {
    let from: string | undefined;
    do {
      const start = from;
      const page = await this.#watched(prefix, () => this.#driver.page(this.#prefix + prefix, start)).catch((error: unknown) => {
        // There may be no objects, but there must be a bucket.
        throw error instanceof ObjectStoreError && error.problem === "notFound" ? new ObjectStoreError("noBucket", this.root) : error;
      });
      for (const found of page.objects) yield { ...found, key: found.key.slice(this.#prefix.length) };
      from = page.next;
    } while (from !== undefined);
  }

  async delete(key: string): Promise<void> {
    await this.#call(key, (full) => this.#driver.delete(full)).catch((error: unknown) => {
      if (!(error instanceof ObjectStoreError) || error.problem !== "notFound") throw error;
    });
  }

  async check(): Promise<void> {
    for await (const _ of this.list("")) return;
  }

  #call<T>(key: string, act: (full: string) => Promise<T>): Promise<T> {
    const full = this.#full(key);
    return this.#watched(key, () => act(full));
  }

  /** A call that a library tries again by itself: it ends in any case. */
  async #watched<T>(key: string, act: () => Promise<T>): Promise<T> {
    const watch = watchdog(this.#settings.patience * 4, undefined);
    const bitten = new Promise<never>((_, reject) => watch.signal.addEventListener("abort", () => reject(new Error("aborted")), { once: true }));
    return this.#driving(key, watch, () => Promise.race([act(), bitten])).finally(() => watch.end());
  }

  /** A call of the adapter, whose errors are made those of the port. */
  async #driving<T>(key: string, watch: Watchdog, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      throw this.#explained(error, key, watch);
    }
  }

  #again<T>(signal: AbortSignal | undefined, act: () => Promise<T>): Promise<T> {
    return retrying(this.#settings.retry, signal ?? never, act, (error) => error instanceof ObjectStoreError && isPassing(error));
  }

  #full(key: string): string {
    if (!isKey(key)) throw new ObjectStoreError("badKey", this.uriOf(key));
    return this.#prefix + key;
  }

  #explained(error: unknown, key: string, watch: Watchdog): ObjectStoreError {
    if (error instanceof ObjectStoreError) return error;
    const uri = key === "" ? this.root : this.uriOf(key);
    if (watch.hasBitten) return new ObjectStoreError("unreachable", uri, "timeout");
    if (watch.signal.aborted) return new ObjectStoreError("unreachable", uri, "stopped");
    const { problem, detail } = this.#driver.explain(error);
    return new ObjectStoreError(problem, uri, detail);
  }
}

const never = new AbortController().signal;

async function synchronised(path: string): Promise<void> {
  const file = await open(path, "r+");
  try {
    await file.datasync();
  } finally {
    await file.close();
  }
}
