/** What hmc says of the files of a project of tsserver: from the program that tsserver has, so that nothing is checked twice. */
import { posix } from "node:path";
import { checkInStages, type Analysis, type EmittedTarget } from "../../compile.ts";
import { ProgramCache } from "../../frontend/program-cache.ts";
import type { Host } from "../../host.ts";
import { Findings, typescriptFixesIn, type Finding } from "../findings.ts";
import { isPipelineSource, type Answers, type Known } from "../service.ts";
import type { GivenProgram, Project } from "./project.ts";

interface Entry {
  /** The versions of the files that the analysis has read. */
  key: string;
  analysis: Analysis;
}

export class ProjectAnswers implements Answers {
  readonly #project: Project;
  readonly #entries = new Map<string, Entry>();
  readonly #last = new Map<string, Known>();
  /** Programs of our own, for projects whose compiler options hide what hmc must know. */
  readonly #caches = new Map<string, ProgramCache>();
  targets: readonly EmittedTarget[];

  constructor(project: Project, targets: readonly EmittedTarget[]) {
    this.#project = project;
    this.targets = targets;
  }

  text(path: string): string | undefined {
    return this.#project.text(path);
  }

  absolute({ root }: Pick<Known, "root">, file: string): string {
    return posix.join(root, file);
  }

  now(): Date {
    return this.#project.host.now();
  }

  known(path: string): Known | undefined {
    this.#analysis(path);
    return this.#last.get(path);
  }

  /** The findings in a file, of its own analysis and of those of the open files that use it, without those of TypeScript. */
  diagnostics(path: string): Finding[] {
    const found = new Findings(path);
    for (const entry of this.#entriesOf(path)) {
      const analysis = this.#analysis(entry);
      if (analysis !== undefined) found.add(entry, analysis);
    }
    return found.all();
  }

  /** What mends errors of TypeScript in a file. */
  typescriptFixes(path: string): Finding[] {
    const analysis = this.#analysis(path);
    return analysis === undefined ? [] : typescriptFixesIn(path, analysis);
  }

  /** Forgets what other settings have given. */
  reset(): void {
    this.#entries.clear();
  }

  #entriesOf(path: string): string[] {
    const others = [...this.#entries].filter(([entry, { analysis }]) => entry !== path && this.#project.isOpen(entry) && analysis.texts.has(posix.relative(analysis.root, path)));
    return [path, ...others.map(([entry]) => entry)];
  }

  #analysis(entry: string): Analysis | undefined {
    const text = this.#project.text(entry);
    if (text === undefined || !isPipelineSource(entry, text)) {
      this.#entries.delete(entry);
      this.#last.delete(entry);
      return undefined;
    }
    const before = this.#entries.get(entry);
    if (before !== undefined && before.key === this.#key(before.analysis)) return before.analysis;
    const program = this.#project.program();
    if (program === undefined) return undefined;
    const analysis = this.#checked(entry, program);
    this.#entries.set(entry, { key: this.#key(analysis), analysis });
    const { document, root, texts } = analysis;
    if (document !== undefined) this.#last.set(entry, { entry, root, document, texts });
    return analysis;
  }

  #checked(entry: string, program: GivenProgram): Analysis {
    const options = { scope: "all", ops: "exported", targets: this.targets } as const;
    if (program.isStrict) return checkInStages(this.#project.host, entry, { ...options, program: program.program }).whole();
    const cache = this.#caches.get(entry) ?? new ProgramCache();
    this.#caches.set(entry, cache);
    const readFile: Host["readFile"] = (path) => {
      const open = this.#project.isOpen(path) ? this.#project.text(path) : undefined;
      return open === undefined ? this.#project.host.readFile(path) : new TextEncoder().encode(open);
    };
    return checkInStages({ ...this.#project.host, readFile }, entry, { ...options, cache }).whole();
  }

  /** What an analysis hangs on: the version of each source, and the text of what is no source. */
  #key({ root, texts }: Analysis): string {
    return [...texts].map(([file, text]) => {
      const path = posix.join(root, file);
      const version = this.#project.version(path);
      if (version !== undefined) return `${path}@${version}`;
      const bytes = this.#project.host.readFile(path);
      return bytes !== undefined && new TextDecoder().decode(bytes) === text ? path : `${path}@changed-${this.#project.host.now().getTime()}`;
    }).join("\n");
  }
}
