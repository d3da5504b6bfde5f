import { existsSync, mkdirSync, readFileSync, readdirSync, realpathSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Host } from "./host.ts";

/** The host of a Node process. */
export function nodeHost(): Host {
  const stat = (path: string) => statSync(path, { throwIfNoEntry: false });
  return {
    readFile: (path) => (stat(path)?.isFile() ? readFileSync(path) : undefined),
    fileExists: (path) => stat(path)?.isFile() ?? false,
    directoryExists: (path) => stat(path)?.isDirectory() ?? false,
    readDirectory: (path) => (existsSync(path) ? readdirSync(path).map((name) => join(path, name)) : []),
    realpath: (path) => (existsSync(path) ? realpathSync(path) : path),
    cwd: () => process.cwd(),
    env: (name) => process.env[name],
    now: () => new Date(),
    writeFile: (path, content) => {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    },
  };
}
