/**
 * What an editor asks of hmc. The service holds the unsaved texts and the analyses of the open files; everything that it says comes from the same
 * frontend and rules as the command line. It knows no protocol: positions are offsets in UTF-16 units, paths are absolute, with `/`.
 */
import { posix } from "node:path";
import { checkInStages, type Analysis, type EmittedTarget, type StagedCheck } from "../compile.ts";
import { ProgramCache } from "../frontend/program-cache.ts";
import type { Host } from "../host.ts";
import type { Document } from "../ir/types.ts";
import { Buffers } from "./buffers.ts";
import { writeDeclarations, type DeclarationResult } from "./declarations.ts";
import { Findings, typescriptFixesIn, type Finding } from "./findings.ts";

export interface Settings {
  /** Targets whose limits are shown. */
  targets: readonly EmittedTarget[];
}

/** `quick` leaves out what needs a check of all types. */
export type DiagnosticStage = "quick" | "whole";

/** A document of the IR that belongs to what is open, and the file whose analysis it is. */
export interface Known {
  entry: string;
  /** The project root, absolute: the files of spans are relative to it. */
  root: string;
  document: Document;
  texts: ReadonlyMap<string, string>;
}

interface Entry {
  path: string;
  cache: ProgramCache;
  /** Missing where a file has changed since. */
  staged?: StagedCheck;
  whole?: Analysis;
  /** Files that the last analysis has read, absolute. */
  files: ReadonlySet<string>;
  /** The last document without an error, for hovers and hints over half-typed code, and the text of the entry it belongs to. */
  last?: Known;
}

/** What is asked of a service, or of the plugin of tsserver. */
export interface Answers {
  text(path: string): string | undefined;
  known(path: string): Known | undefined;
  absolute(known: Pick<Known, "root">, file: string): string;
  diagnostics(path: string, stage: DiagnosticStage): Finding[] | undefined;
  now(): Date;
}

/** @param failed is told of errors inside hmc: the service itself never throws */
export function createService(disk: Host, options: { settings?: Partial<Settings>; failed?: (error: unknown) => void } = {}): Service {
  return new Service(disk, { targets: ["kfp"], ...options.settings }, options.failed ?? (() => undefined));
}

export class Service implements Answers {
  readonly #buffers: Buffers;
  readonly #entries = new Map<string, Entry>();
  readonly #failed: (error: unknown) => void;
  #settings: Settings;

  constructor(disk: Host, settings: Settings, failed: (error: unknown) => void) {
    this.#buffers = new Buffers(disk);
    this.#settings = settings;
    this.#failed = failed;
  }

  open(path: string, text: string, version: number): void {
    const isNew = this.#buffers.get(path) === undefined && !this.#buffers.fileExists(path);
    this.change(path, text, version);
    if (isNew) this.#forgetPrograms();
  }

  /** The whole new text of an open file. */
  change(path: string, text: string, version: number): void {
    if (this.#buffers.get(path)?.text !== text) this.#touch(path);
    this.#buffers.set(path, { text, version });
    if (!isPipelineSource(path, text)) this.#entries.delete(path);
    else if (!this.#entries.has(path)) this.#entries.set(path, { path, cache: new ProgramCache(), files: new Set([path]) });
  }

  close(path: string): void {
    this.#buffers.delete(path);
    this.#entries.delete(path);
    this.#touch(path);
  }

  /** Files on the disk have changed, come or gone; without a list, any may have. */
  filesChanged(paths?: readonly string[]): void {
    if (paths === undefined) this.#buffers.forgetAll();
    else for (const path of paths) this.#buffers.forget(path);
    // A folder may have come or gone with its files.
    for (const path of paths ?? []) for (let folder = posix.dirname(path); folder !== posix.dirname(folder); folder = posix.dirname(folder)) this.#buffers.forget(folder);
    this.#forgetPrograms();
  }

  configure(settings: Partial<Settings>): void {
    this.#settings = { ...this.#settings, ...settings };
    for (const entry of this.#entries.values()) reset(entry);
  }

  /** The text of an open file. */
  text(path: string): string | undefined {
    return this.#buffers.get(path)?.text;
  }

  version(path: string): number | undefined {
    return this.#buffers.get(path)?.version;
  }

  /** The open files that a change of this one may have changed the findings of: itself, and those whose analysis it is part of. */
  affectedBy(path: string): string[] {
    const affected = new Set([path]);
    for (const entry of this.#entries.values()) {
      if (!entry.files.has(path)) continue;
      for (const file of entry.files) if (this.#buffers.get(file) !== undefined) affected.add(file);
    }
    return [...affected];
  }

  /** The open files that hmc analyses. */
  entries(): string[] {
    return [...this.#entries.keys()];
  }

  /**
   * The findings in an open file, of its own analysis and of the other open files that use it. Those of TypeScript are left out: its own
   * server tells them.
   *
   * @param signal where it is aborted between two steps, the answer is undefined
   */
  diagnostics(path: string, stage: DiagnosticStage, signal?: AbortSignal): Finding[] | undefined {
    const found = new Findings(path);
    for (const entry of this.#entries.values()) {
      if (signal?.aborted === true) return undefined;
      if (entry.path !== path && !entry.files.has(path)) continue;
      const analysis = this.#analysis(entry, stage);
      if (analysis !== undefined) found.add(entry.path, analysis);
    }
    return found.all();
  }

  /** The errors of TypeScript in an open file for which hmc has a fix. */
  typescriptFixes(path: string): Finding[] {
    const entry = this.#entries.get(path);
    const analysis = entry === undefined ? undefined : this.#analysis(entry, "whole");
    return analysis === undefined ? [] : typescriptFixesIn(path, analysis);
  }

  /** The document of an open file: of its text as it is, else of the last text that could be read. */
  known(path: string): Known | undefined {
    const entry = this.#entries.get(path);
    if (entry === undefined) return undefined;
    this.#analysis(entry, "quick");
    return entry.last;
  }

  /** Every document at hand, for what a project names elsewhere. */
  allKnown(): Known[] {
    return [...this.#entries.values()].flatMap(({ last }) => last ?? []);
  }

  /** A path of a span, absolute. */
  absolute({ root }: Pick<Known, "root">, file: string): string {
    return posix.join(root, file);
  }

  /** Writes the declaration file of a component's YAML that was saved, where a pipeline uses it or one of hmc's lies beside it. */
  saved(path: string): DeclarationResult | undefined {
    this.filesChanged([path]);
    if (!/\.ya?ml$/.test(path)) return undefined;
    const isUsed = [...this.#entries.values()].some(({ files }) => files.has(path));
    const result = writeDeclarations(this.#buffers, path, isUsed);
    if (result === "written") this.filesChanged([path, `${path}.d.ts`]);
    return result;
  }

  now(): Date {
    return this.#buffers.now();
  }

  #analysis(entry: Entry, stage: DiagnosticStage): Analysis | undefined {
    try {
      entry.staged ??= checkInStages(this.#buffers, entry.path, { scope: "all", ops: "exported", cache: entry.cache, targets: this.#settings.targets });
      const analysis = stage === "quick" ? entry.staged.quick : (entry.whole ??= entry.staged.whole());
      const { root, texts, document } = analysis;
      entry.files = new Set([entry.path, ...[...texts.keys()].map((file) => posix.join(root, file))]);
      if (document !== undefined) entry.last = { entry: entry.path, root, document, texts };
      // What could not be found may have come into being: it is looked for again.
      if (analysis.diagnostics.some(({ code }) => code === "HMC0009")) entry.cache.forgetPrograms();
      return analysis;
    } catch (error) {
      // A half-typed file may break an assumption of the compiler: that must not end the editor's session.
      this.#failed(error);
      reset(entry);
      entry.cache = new ProgramCache();
      return undefined;
    }
  }

  #touch(path: string): void {
    for (const entry of this.#entries.values()) if (entry.path === path || entry.files.has(path)) reset(entry);
  }

  #forgetPrograms(): void {
    for (const entry of this.#entries.values()) {
      reset(entry);
      entry.cache.forgetPrograms();
    }
  }
}

function reset(entry: Entry): void {
  delete entry.staged;
  delete entry.whole;
}

/** Whether a file is TypeScript that imports the language. */
export function isPipelineSource(path: string, text: string): boolean {
  return /\.[cm]?tsx?$/.test(path) && !/\.d\.[cm]?ts$/.test(path) && /(?:from|import)\s*["']hmc["']/.test(text);
}
