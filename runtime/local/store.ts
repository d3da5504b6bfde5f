/**
 * The run directory: `.hmc/runs/<id>/` with `run.json` and one folder for each task. `schemas/run-manifest.schema.json`
 * describes the manifests.
 */
import { createHash } from "node:crypto";
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TaskState } from "./scheduler.ts";
import type { Value } from "./evaluate.ts";

export const MANIFEST_VERSION = "1.0";

export interface TaskManifest {
  manifestVersion: string;
  key: string;
  /** The task in the document, and what it runs. */
  task: string;
  component: string;
  state: TaskState;
  attempts: number;
  startedAt?: string;
  endedAt?: string;
  reason?: string;
  exitCode?: number;
  /** Output parameters and artifacts by name. */
  outputs?: Record<string, Value>;
}

export interface RunManifest {
  manifestVersion: string;
  id: string;
  pipeline: string;
  entry: string;
  state: "running" | "succeeded" | "failed" | "stopped";
  startedAt: string;
  endedAt?: string;
  jobs: number;
  /** The digest of the bundle that ran the ops. */
  bundle?: string;
  parameters: Record<string, Value>;
  outputs?: Record<string, Value>;
  tasks: { key: string; state: TaskState }[];
}

/** The files of one run. */
export class RunStore {
  readonly id: string;
  readonly folder: string;
  readonly startedAt: Date;

  /** Makes the folder of a new run below `<root>/.hmc/runs`. */
  constructor(root: string, name: string, now: Date) {
    const runs = join(root, ".hmc/runs");
    mkdirSync(runs, { recursive: true });
    const base = `${now.toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-")}-${name}`;
    let id = base;
    for (let count = 2; !madeFolder(join(runs, id)); count++) id = `${base}-${count}`;
    this.id = id;
    this.startedAt = now;
    this.folder = join(runs, id);
  }

  /** The folder that all tasks of the run share. */
  get workspace(): string {
    return join(this.folder, "workspace");
  }

  /** The folder of a task. Its key may hold `/`, the folder's name does not. */
  taskFolder(key: string): string {
    const name = key.replaceAll("/", ".");
    // File systems take names of at most 255 bytes.
    const short = name.length <= 200 ? name : `${name.slice(0, 180)}.${createHash("sha256").update(key).digest("hex").slice(0, 12)}`;
    return join(this.folder, "tasks", short);
  }

  /** Where everything that a task prints goes. */
  logFile(key: string): string {
    return join(this.taskFolder(key), "log.txt");
  }

  /** Clears what an earlier try of the task has left, except its log. */
  prepareAttempt(key: string): void {
    const folder = this.taskFolder(key);
    for (const name of ["outputs", "artifacts", "executor-output.json", "error.json"]) rmSync(join(folder, name), { recursive: true, force: true });
    mkdirSync(join(folder, "outputs"), { recursive: true });
    mkdirSync(join(folder, "artifacts"), { recursive: true });
  }

  writeTaskFile(key: string, name: string, value: unknown): string {
    mkdirSync(this.taskFolder(key), { recursive: true });
    return writeJson(join(this.taskFolder(key), name), value);
  }

  writeTaskText(key: string, name: string, text: string): string {
    const file = join(this.taskFolder(key), name);
    writeFileSync(file, text);
    return file;
  }

  writeTask(manifest: TaskManifest): void {
    this.writeTaskFile(manifest.key, "manifest.json", manifest);
  }

  writeRun(manifest: RunManifest): void {
    writeJson(join(this.folder, "run.json"), manifest);
  }
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

/** A reader sees the old file or the new one, never half of it. */
function writeJson(path: string, value: unknown): string {
  const partial = `${path}.tmp`;
  writeFileSync(partial, `${JSON.stringify(value, null, 2)}\n`);
  renameSync(partial, path);
  return path;
}
