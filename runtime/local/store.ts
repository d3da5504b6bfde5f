/**
 * The run directory: `.hmc/runs/<id>/` with `run.json` and one folder for each task. `schemas/run-manifest.schema.json`
 * describes the manifests.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { RunManifest, TaskManifest } from "./manifest.ts";
import { jsonText, writeDurably, writeWholeSync } from "./whole-file.ts";

/** Where a project keeps its runs. */
export function runsFolder(root: string): string {
  return join(root, ".hmc/runs");
}

/** The files of one run. */
export class RunStore {
  readonly id: string;
  readonly folder: string;
  readonly startedAt: Date;

  private constructor(folder: string, startedAt: Date) {
    this.id = basename(folder);
    this.folder = folder;
    this.startedAt = startedAt;
  }

  /** Makes the folder of a new run below `<root>/.hmc/runs`. */
  static create(root: string, name: string, now: Date): RunStore {
    const runs = runsFolder(root);
    mkdirSync(runs, { recursive: true });
    const base = `${now.toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-")}-${name}`;
    let id = base;
    for (let count = 2; !madeFolder(join(runs, id)); count++) id = `${base}-${count}`;
    return new RunStore(join(runs, id), now);
  }

  /** The run that was made before. */
  static open(root: string, manifest: Pick<RunManifest, "id" | "startedAt">): RunStore {
    return new RunStore(join(runsFolder(root), manifest.id), new Date(manifest.startedAt));
  }

  /** The folder that all tasks of the run share. */
  get workspace(): string {
    return join(this.folder, "workspace");
  }

  get eventsFile(): string {
    return join(this.folder, "events.jsonl");
  }

  /** The folder of a task. Its key may hold `/`, the folder's name does not. */
  taskFolder(key: string): string {
    const name = key.replaceAll("/", ".");
    // File systems take names of at most 255 bytes.
    const short = name.length <= 200 ? name : `${name.slice(0, 180)}.${createHash("sha256").update(key).digest("hex").slice(0, 12)}`;
    return join(this.folder, "tasks", short);
  }

  /** Where everything that a task prints goes, of all its tries. */
  logFile(key: string): string {
    return join(this.taskFolder(key), "log.txt");
  }

  /** Where the artifacts of a task lie when it has succeeded. */
  artifactsFolder(key: string): string {
    return join(this.taskFolder(key), "artifacts");
  }

  manifestFile(key: string): string {
    return join(this.taskFolder(key), "manifest.json");
  }

  /**
   * Makes the folder of the next try. It has none of an earlier one, so whatever an earlier try has left running cannot
   * write into this one. What the task has had as its result is kept in the folder of its last try.
   *
   * @returns the number of the try, from 1, and the folder
   */
  newAttempt(key: string): { attempt: number; folder: string } {
    const attempts = join(this.taskFolder(key), "attempts");
    mkdirSync(attempts, { recursive: true });
    let attempt = this.attempts(key) + 1;
    this.archive(key);
    while (!madeFolder(join(attempts, String(attempt)))) attempt++;
    const folder = join(attempts, String(attempt));
    for (const name of ["outputs", "artifacts"]) mkdirSync(join(folder, name));
    return { attempt, folder };
  }

  /** How many tries a task has had. */
  attempts(key: string): number {
    const folder = join(this.taskFolder(key), "attempts");
    return existsSync(folder) ? Math.max(0, ...readdirSync(folder).map(Number).filter(Number.isInteger)) : 0;
  }

  /** Makes the artifacts of a try those of the task. */
  publishArtifacts(key: string, attemptFolder: string): void {
    const artifacts = this.artifactsFolder(key);
    rmSync(artifacts, { recursive: true, force: true });
    renameSync(join(attemptFolder, "artifacts"), artifacts);
  }

  /** The manifest of a task, if it has ended; undefined also for one that cannot be read. */
  readTask(key: string): TaskManifest | undefined {
    return readJson<TaskManifest>(this.manifestFile(key));
  }

  async writeTask(manifest: TaskManifest): Promise<void> {
    mkdirSync(this.taskFolder(manifest.key), { recursive: true });
    await writeDurably(this.manifestFile(manifest.key), jsonText(manifest));
  }

  writeTaskSync(manifest: TaskManifest): void {
    writeWholeSync(this.manifestFile(manifest.key), jsonText(manifest));
  }

  /** The manifests of all tasks that have ended. */
  taskManifests(): TaskManifest[] {
    const tasks = join(this.folder, "tasks");
    if (!existsSync(tasks)) return [];
    return readdirSync(tasks).flatMap((name) => readJson<TaskManifest>(join(tasks, name, "manifest.json")) ?? []);
  }

  writeRun(manifest: RunManifest): void {
    writeWholeSync(join(this.folder, "run.json"), jsonText(manifest));
  }

  writeDocument(document: object): void {
    writeWholeSync(join(this.folder, "document.json"), jsonText(document));
  }

  /** Puts what a task has had as its result into the folder of its last try; `0` where there was no try. */
  archive(key: string): void {
    if (!existsSync(this.manifestFile(key)) && !existsSync(this.artifactsFolder(key))) return;
    const folder = join(this.taskFolder(key), "attempts", String(this.attempts(key)));
    mkdirSync(folder, { recursive: true });
    moveAside(this.manifestFile(key), join(folder, "manifest.json"));
    moveAside(this.artifactsFolder(key), join(folder, "artifacts"));
  }
}

/** Writes JSON and gives the path. */
export function writeJson(path: string, value: unknown): string {
  writeFileSync(path, jsonText(value));
  return path;
}

/** The manifest in the folder of a run; undefined where there is none that can be read. */
export function readRunManifest(folder: string): RunManifest | undefined {
  return readJson<RunManifest>(join(folder, "run.json"));
}

function readJson<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as T;
  } catch {
    return undefined;
  }
}

function moveAside(from: string, to: string): void {
  if (!existsSync(from)) return;
  rmSync(to, { recursive: true, force: true });
  renameSync(from, to);
}

function madeFolder(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}
