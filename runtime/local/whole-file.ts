/** Files that a reader, also after a crash, sees whole or not at all: written under another name, then renamed. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

let count = 0;

/** A name beside a path that nobody else uses, also not another process. */
export function partialPath(path: string): string {
  return `${path}.${process.pid}-${++count}.tmp`;
}

/** Writes a file without waiting for the disk: it survives the end of this process, but maybe not that of the machine. */
export function writeWholeSync(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const partial = partialPath(path);
  try {
    writeFileSync(partial, text);
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}

/** Writes a file that also survives a crash of the machine. Its folder must exist. */
export async function writeDurably(path: string, text: string): Promise<void> {
  const partial = partialPath(path);
  try {
    const file = await open(partial, "w");
    try {
      await file.writeFile(text);
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** JSON as all files of a run directory have it. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
