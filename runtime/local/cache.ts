/** Results of tasks by their fingerprint: `.hmc/cache/<2>/<62>.json`. An entry is small: artifacts are in the content store. */
import { mkdirSync, readFileSync, rmSync, utimesSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Outputs } from "../protocols/local.ts";
import { jsonText, writeWholeSync } from "./whole-file.ts";

export interface CacheEntry {
  entryVersion: 1;
  fingerprint: string;
  component: string;
  /** The run and task that ran it. */
  run: string;
  key: string;
  /** UTC, ISO 8601. */
  createdAt: string;
  outputs: Outputs;
  /** Artifacts of the outputs below this folder are in the content store. */
  artifactsFolder: string;
}

/** What keeps results for later runs. */
export interface ResultCache {
  read(fingerprint: string): CacheEntry | undefined | Promise<CacheEntry | undefined>;
  write(entry: CacheEntry): void | Promise<void>;
  remove(fingerprint: string): void | Promise<void>;
}

export class FileCache implements ResultCache {
  readonly #folder: string;

  /** @param folder `.hmc/cache` of the project, absolute */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** An entry that cannot be read, or is of another version, is none. Reading one makes it young. */
  read(fingerprint: string): CacheEntry | undefined {
    const path = this.#path(fingerprint);
    try {
      const entry = JSON.parse(readFileSync(path, "utf8")) as CacheEntry;
      if (entry.entryVersion !== 1 || entry.fingerprint !== fingerprint) return undefined;
      const now = new Date();
      utimesSync(path, now, now);
      return entry;
    } catch {
      return undefined;
    }
  }

  write(entry: CacheEntry): void {
    const path = this.#path(entry.fingerprint);
    mkdirSync(dirname(path), { recursive: true });
    writeWholeSync(path, jsonText(entry));
  }

  remove(fingerprint: string): void {
    rmSync(this.#path(fingerprint), { force: true });
  }

  #path(fingerprint: string): string {
    return join(this.#folder, fingerprint.slice(0, 2), `${fingerprint.slice(2)}.json`);
  }
}
