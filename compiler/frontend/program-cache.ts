/** What the program of one version of the files leaves for the next: an editor asks again after each key. */
import { ts } from "ts-morph";

interface ParsedFile {
  text: string;
  file: ts.SourceFile;
}

/** What has changed, between what both texts begin and end with: only that is parsed anew. */
function changeBetween(before: string, after: string): ts.TextChangeRange {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let end = 0;
  while (end < most - start && before.charCodeAt(before.length - 1 - end) === after.charCodeAt(after.length - 1 - end)) end++;
  return { span: { start, length: before.length - start - end }, newLength: after.length - start - end };
}

/**
 * Parsed files and programs by their compiler options. A file with the same text is the same object in the next program, so that
 * TypeScript takes over what it has bound and resolved of it; what the checker knows of types, it always finds anew.
 */
export class ProgramCache {
  #files = new Map<string, ParsedFile>();
  #programs = new Map<string, ts.Program>();

  /** The parsed file: that of the last program where the text is the same. */
  sourceFile(settings: string, path: string, text: string, parse: () => ts.SourceFile): ts.SourceFile {
    const key = `${settings}\n${path}`;
    const known = this.#files.get(key);
    if (known?.text === text) return known.file;
    const file = known === undefined ? parse() : ts.updateSourceFile(known.file, text, changeBetween(known.text, text));
    this.#files.set(key, { text, file });
    return file;
  }

  /** The last program of these roots; `make` gets it to take over what has not changed. */
  program(settings: string, roots: readonly string[], make: (before: ts.Program | undefined) => ts.Program): ts.Program {
    const key = [settings, ...roots].join("\n");
    const program = make(this.#programs.get(key));
    this.#programs.set(key, program);
    return program;
  }

  /** Forgets where modules were found: a file has come or gone. */
  forgetPrograms(): void {
    this.#programs.clear();
  }
}
