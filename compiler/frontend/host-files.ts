/** The file system that ts-morph and TypeScript see: read-only, over a `Host`, with TypeScript files prepared on the way in. */
import type { FileSystemHost, RuntimeDirEntry } from "ts-morph";
import { bug } from "../bug.ts";
import type { Host } from "../host.ts";

/**
 * Adapts a `Host` for ts-morph.
 *
 * @param directory what relative paths are taken from
 * @param prepare gives the text that the checker sees of a file; undefined where there is none
 */
export function hostFiles(host: Host, directory: string, prepare: (path: string, bytes: Uint8Array) => string): FileSystemHost {
  const readFileSync = (path: string): string => {
    const bytes = host.readFile(path);
    if (bytes === undefined) throw Object.assign(new Error(`No such file: ${path}`), { code: "ENOENT" });
    return prepare(path, bytes);
  };
  const readDirSync = (path: string): RuntimeDirEntry[] =>
    host.readDirectory(path).map((name) => ({ name, isFile: host.fileExists(name), isDirectory: host.directoryExists(name), isSymlink: false }));
  const readOnly = (): never => bug("the frontend writes no files");
  return {
    isCaseSensitive: () => true,
    readDirSync,
    readFileSync,
    readFile: (path) => Promise.resolve(readFileSync(path)),
    fileExistsSync: (path) => host.fileExists(path),
    fileExists: (path) => Promise.resolve(host.fileExists(path)),
    directoryExistsSync: (path) => host.directoryExists(path),
    directoryExists: (path) => Promise.resolve(host.directoryExists(path)),
    realpathSync: (path) => host.realpath(path),
    getCurrentDirectory: () => directory,
    glob: () => Promise.resolve([]),
    globSync: () => [],
    delete: readOnly,
    deleteSync: readOnly,
    writeFile: readOnly,
    writeFileSync: readOnly,
    mkdir: readOnly,
    mkdirSync: readOnly,
    move: readOnly,
    moveSync: readOnly,
    copy: readOnly,
    copySync: readOnly,
  };
}

/** The text of a file: UTF-8 without its byte order mark. `invalidAt` is the first byte that is not UTF-8. */
export function decodeText(bytes: Uint8Array): { text: string; invalidAt?: number } {
  const decoder = new TextDecoder("utf-8");
  const text = decoder.decode(bytes);
  if (!text.includes("\uFFFD")) return { text };
  const invalidAt = firstInvalidByte(bytes);
  return invalidAt === undefined ? { text } : { text, invalidAt };
}

function firstInvalidByte(bytes: Uint8Array): number | undefined {
  if (isUtf8(bytes)) return undefined;
  let valid = 0;
  let invalid = bytes.length;
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    if (isUtf8(bytes.subarray(0, middle), true)) valid = middle;
    else invalid = middle;
  }
  // The start of a character that is not continued is wrong, not what follows it.
  while (!isUtf8(bytes.subarray(0, valid))) valid--;
  return valid;
}

/** @param isPrefix whether the last character may be cut off */
function isUtf8(bytes: Uint8Array, isPrefix = false): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: isPrefix });
    return true;
  } catch {
    return false;
  }
}
