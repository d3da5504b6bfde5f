import { mkdirSync, readFileSync, readdirSync, realpathSync, statSync, writeFileSync, type Stats } from "node:fs";
import { dirname, join } from "node:path";
import type { Host } from "./host.ts";

/** The host of a Node process. What cannot be reached, for whatever reason, is not there. */
export function nodeHost(): Host {
  return {
    readFile: (path) => (stat(path)?.isFile() ? readable(() => readFileSync(path)) : undefined),
    fileExists: (path) => stat(path)?.isFile() ?? false,
    directoryExists: (path) => stat(path)?.isDirectory() ?? false,
    readDirectory: (path) => (readable(() => readdirSync(path)) ?? []).map((name) => join(path, name)),
    realpath: (path) => readable(() => realpathSync(path)) ?? path,
    cwd: () => process.cwd(),
    env: (name) => process.env[name],
    now: () => new Date(),
    writeFile: (path, content) => {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    },
  };
}

function stat(path: string): Stats | undefined {
  return readable(() => statSync(path, { throwIfNoEntry: false }));
}

function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
