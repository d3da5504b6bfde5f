/** The files that TypeScript sees: read-only, over a `Host`, with TypeScript files prepared on the way in. */
import { getLibFiles } from "@ts-morph/common";
import { ts } from "ts-morph";
import { bug } from "../bug.ts";
import type { Host } from "../host.ts";
import type { ProgramCache } from "./program-cache.ts";

/** Where the libraries of JavaScript lie for the checker; the folder is on no disk. */
const libraryFolder = "/node_modules/typescript/lib";

export interface HostFiles {
  compilerHost: ts.CompilerHost;
  /** Reads and prepares a file before the checker asks for it. */
  load(path: string): void;
  /** Adds a file, whatever is on the disk. */
  add(path: string, text: string): void;
}

/**
 * Adapts a `Host` for a TypeScript program. The libraries are read without their comments, and no file gets its parents before the binder
 * sets them: each would cost as much as the parsing itself.
 *
 * @param directory what relative paths are taken from
 * @param prepare gives the text that the checker sees of a file
 * @param cache files that an earlier program has parsed with the same `settings`
 */
export function hostFiles(host: Host, directory: string, prepare: (path: string, bytes: Uint8Array) => string, cache?: { files: ProgramCache; settings: string }): HostFiles {
  const texts = new Map<string, string | undefined>();
  const parsed = new Map<string, ts.SourceFile>();
  const libraries = new Map(getLibFiles().map(({ fileName, text }) => [`${libraryFolder}/${fileName}`, text]));
  const read = (path: string): string | undefined => {
    if (texts.has(path)) return texts.get(path);
    const bytes = host.readFile(path);
    const text = bytes === undefined ? undefined : prepare(path, bytes);
    texts.set(path, text);
    return text;
  };
  const parse = (path: string, options: ts.ScriptTarget | ts.CreateSourceFileOptions): ts.SourceFile | undefined => {
    const library = libraries.get(path);
    const given = typeof options === "object" ? options : { languageVersion: options };
    const text = library ?? read(path);
    if (text === undefined) return undefined;
    const make = (): ts.SourceFile => ts.createSourceFile(path, text, library === undefined ? given : { ...given, jsDocParsingMode: ts.JSDocParsingMode.ParseNone });
    return cache === undefined ? make() : cache.files.sourceFile(`${cache.settings}\n${given.impliedNodeFormat}`, path, text, make);
  };
  const compilerHost: ts.CompilerHost = {
    getSourceFile: (path, options) => {
      const known = parsed.get(path);
      if (known !== undefined) return known;
      const file = parse(path, options);
      if (file !== undefined) parsed.set(path, file);
      return file;
    },
    getDefaultLibFileName: (options) => `${libraryFolder}/${ts.getDefaultLibFileName(options)}`,
    getDefaultLibLocation: () => libraryFolder,
    getCurrentDirectory: () => directory,
    getCanonicalFileName: (path) => path,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => "\n",
    fileExists: (path) => texts.get(path) !== undefined || libraries.has(path) || host.fileExists(path),
    readFile: read,
    directoryExists: (path) => host.directoryExists(path),
    realpath: (path) => host.realpath(path).replaceAll("\\", "/"),
    writeFile: () => bug("the frontend writes no files"),
  };
  return {
    compilerHost,
    load: (path) => void read(path),
    add: (path, text) => {
      texts.set(path, text);
      parsed.delete(path);
    },
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
