/** The files as an editor sees them: unsaved texts before the disk, and what was read of the disk until it changes. */
import type { Host } from "../host.ts";

export interface Buffer {
  text: string;
  version: number;
}

/** A host over another one. Its paths are absolute, with `/`. */
export class Buffers implements Host {
  #open = new Map<string, Buffer & { bytes: Uint8Array }>();
  #bytes = new Map<string, Uint8Array | undefined>();
  #files = new Map<string, boolean>();
  #directories = new Map<string, boolean>();
  #realpaths = new Map<string, string>();
  readonly #disk: Host;

  constructor(disk: Host) {
    this.#disk = disk;
  }

  /** Sets the text that counts for a file, whatever the disk says. */
  set(path: string, buffer: Buffer): void {
    // A first byte order mark is taken off when a file is decoded: one that an editor shows as a character must stay one.
    const text = buffer.text.startsWith("\uFEFF") ? `\uFEFF${buffer.text}` : buffer.text;
    this.#open.set(path, { ...buffer, bytes: new TextEncoder().encode(text) });
  }

  /** The disk counts again. */
  delete(path: string): void {
    this.#open.delete(path);
    this.forget(path);
  }

  get(path: string): Buffer | undefined {
    return this.#open.get(path);
  }

  paths(): string[] {
    return [...this.#open.keys()];
  }

  /** What was read of a file is stale: it was changed, made or removed. */
  forget(path: string): void {
    for (const known of [this.#bytes, this.#files, this.#directories, this.#realpaths]) known.delete(path);
  }

  /** Nothing that was read counts any more, apart from the unsaved texts. */
  forgetAll(): void {
    for (const known of [this.#bytes, this.#files, this.#directories, this.#realpaths]) known.clear();
  }

  readFile(path: string): Uint8Array | undefined {
    return this.#open.get(path)?.bytes ?? remembered(this.#bytes, path, () => this.#disk.readFile(path));
  }

  fileExists(path: string): boolean {
    return this.#open.has(path) || remembered(this.#files, path, () => this.#disk.fileExists(path));
  }

  directoryExists(path: string): boolean {
    return remembered(this.#directories, path, () => this.#disk.directoryExists(path));
  }

  realpath(path: string): string {
    return this.#open.has(path) ? path : remembered(this.#realpaths, path, () => this.#disk.realpath(path));
  }

  readDirectory(path: string): string[] {
    return this.#disk.readDirectory(path);
  }

  cwd(): string {
    return this.#disk.cwd();
  }

  env(name: string): string | undefined {
    return this.#disk.env(name);
  }

  now(): Date {
    return this.#disk.now();
  }

  writeFile(path: string, content: string | Uint8Array): void {
    this.#disk.writeFile(path, content);
    this.forget(path);
  }
}

function remembered<T>(known: Map<string, T>, path: string, read: () => T): T {
  if (!known.has(path)) known.set(path, read());
  return known.get(path) as T;
}
