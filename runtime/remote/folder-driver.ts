/** Objects as files of a folder. */
import { randomUUID } from "node:crypto";
import { createReadStream, createWriteStream, type BigIntStats } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import { pipeline } from "node:stream/promises";
import { pathToFileURL } from "node:url";
import { safeDetail, type ObjectDriver, type PutBody } from "./object-driver.ts";
import type { ObjectHead, StoreProblem } from "./object-store.ts";

/** Objects of one page of a list. */
const pageSize = 1000;

/** How the names of files begin that are not whole yet. No object has such a name. */
const partialMark = ".hmc-partial-";

export class FolderDriver implements ObjectDriver {
  readonly bucketUri: string;
  readonly #folder: string;

  /** @param folder absolute; `put` makes it */
  constructor(folder: string) {
    this.#folder = folder;
    this.bucketUri = pathToFileURL(folder).href;
  }

  uriOf(key: string): string {
    return pathToFileURL(join(this.#folder, key)).href;
  }

  async put(key: string, body: PutBody, signal: AbortSignal): Promise<void> {
    const path = join(this.#folder, key);
    const partial = join(dirname(path), `${partialMark}${randomUUID()}`);
    await mkdir(dirname(path), { recursive: true });
    try {
      if ("bytes" in body) await writeFile(partial, body.bytes, { signal });
      else await pipeline(body.stream, createWriteStream(partial), { signal });
      const file = await open(partial, "r+");
      await file.datasync().finally(() => file.close());
      await rename(partial, path);
    } finally {
      await rm(partial, { force: true });
    }
  }

  async open(key: string): ReturnType<ObjectDriver["open"]> {
    const file = await open(join(this.#folder, key), "r");
    const found = await file.stat();
    if (found.isFile()) return { body: createReadStream("", { fd: file, highWaterMark: 1 << 20 }), bytes: found.size };
    await file.close();
    throw Object.assign(new Error("a folder"), { code: "ENOENT" });
  }

  async head(key: string): Promise<ObjectHead | undefined> {
    const found = await stat(join(this.#folder, key), { bigint: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
      throw error;
    });
    return found?.isFile() === true ? headOf(key, found) : undefined;
  }

  async page(prefix: string, from: string | undefined): ReturnType<ObjectDriver["page"]> {
    const objects: ObjectHead[] = [];
    for await (const key of this.#keys("", prefix, from)) {
      if (objects.length === pageSize) return { objects, next: objects[pageSize - 1]?.key ?? "" };
      const found = await this.head(key);
      if (found !== undefined) objects.push(found);
    }
    return { objects };
  }

  /** Keys in order, after one; folders that cannot have any are not read. */
  async *#keys(folder: string, prefix: string, after: string | undefined): AsyncIterable<string> {
    const entries = await readdir(join(this.#folder, folder), { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
      // A folder that nothing was put into yet, or that somebody has removed in the meantime.
      if (error.code === "ENOENT") return [];
      throw error;
    });
    // In the order of whole keys a folder stands where its name and "/" do.
    const named = entries.map((entry) => ({ entry, key: posix.join(folder, entry.name) + (entry.isDirectory() ? "/" : "") }));
    for (const { entry, key } of named.sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)))) {
      if (entry.isDirectory()) {
        const mayHave = (key.startsWith(prefix) || prefix.startsWith(key)) && (after === undefined || after.startsWith(key) || isAfter(key, after));
        if (mayHave) yield* this.#keys(key.slice(0, -1), prefix, after);
      } else if (entry.isFile() && key.startsWith(prefix) && !entry.name.startsWith(partialMark) && (after === undefined || isAfter(key, after))) yield key;
    }
  }

  async delete(key: string): Promise<void> {
    await rm(join(this.#folder, key), { force: true });
  }

  explain(error: unknown): { problem: StoreProblem; detail?: string } {
    const { code } = error as NodeJS.ErrnoException;
    return { problem: problems[code ?? ""] ?? "refused", ...safeDetail(code) };
  }
}

const problems: Readonly<Record<string, StoreProblem>> = { ENOENT: "notFound", ENOTDIR: "notFound", EACCES: "noAccess", EPERM: "noAccess", EISDIR: "refused", ESTALE: "busy", EIO: "busy" };

function isAfter(key: string, other: string): boolean {
  return Buffer.compare(Buffer.from(key), Buffer.from(other)) > 0;
}

function headOf(key: string, { size, mtimeNs, ino }: BigIntStats): ObjectHead {
  return { key, bytes: Number(size), version: `${ino}-${mtimeNs}-${size}` };
}
