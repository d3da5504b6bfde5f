/**
 * What happens in a run, one event after the other: lines of `events.jsonl` in the run directory, and what a view is told.
 * An event is written when the state that it tells of is on disk.
 */
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from "node:fs";
import type { Value } from "./evaluate.ts";

export type RunState = "running" | "succeeded" | "failed" | "stopped";

/** How a task can end. `blocked`: not run, because something before it failed or the run was stopped. */
export type EndState = "succeeded" | "failed" | "skipped" | "blocked";

/** Where the outputs of a succeeded task come from: it ran, an equal task ran before, or an earlier start of this run, or of the run that is continued, has them. */
export type Origin = "ran" | "cache" | "kept";

export interface RunFailure {
  /** The key of the task or region. */
  task: string;
  reason: string;
  exitCode?: number;
}

interface EventBase {
  /** UTC, ISO 8601. */
  at: string;
}

/** A task, as all its events name it. */
interface TaskEventBase extends EventBase {
  /** Unique in the run, e.g. `for-1/0/train`. */
  key: string;
  /** The id of the task in the document. */
  task: string;
  /** The id of the component or pipeline that it runs. */
  component: string;
}

/** A run has begun, or goes on after it was stopped: then there is one for each start. */
export interface RunStarted extends EventBase {
  kind: "runStarted";
  run: string;
  pipeline: string;
  /** The absolute path of the run directory. */
  folder: string;
  /** How many tasks may run at once. */
  jobs: number;
  /** The run had been started before. */
  resumed: boolean;
  /** The id of the run whose results are kept, where it is another (`--from`, `--only`). */
  keeps?: string;
}

/** A process of a task has been started. Tasks whose outputs are there already have no such event. */
export interface TaskStarted extends TaskEventBase {
  kind: "taskStarted";
  /** From 1, also counting the tries of earlier starts of the run. */
  attempt: number;
}

/** A try has failed, and another one follows. */
export interface TaskWaiting extends TaskEventBase {
  kind: "taskWaiting";
  /** The try that has failed. */
  attempt: number;
  reason: string;
  exitCode?: number;
  /** When the next try is due: milliseconds of the clock of the run, which is `Date.now()` outside of tests. */
  retryAt: number;
}

export interface TaskEnded extends TaskEventBase {
  kind: "taskEnded";
  state: EndState;
  /** Of a task that has succeeded. */
  origin?: Origin;
  /** How many tries there were. */
  attempts: number;
  /** From the first start of a process to the end, pauses between tries included. Missing where no process was started. */
  milliseconds?: number;
  reason?: string;
  exitCode?: number;
  /** Output parameters and artifacts by name. */
  outputs?: Record<string, Value>;
}

/** Something that people should know, and that ends nothing: a damaged artifact, processes that an earlier start has left. */
export interface Notice extends EventBase {
  kind: "notice";
  code: string;
  message: string;
  /** The task that it is about. */
  key?: string;
}

export interface RunEnded extends EventBase {
  kind: "runEnded";
  run: string;
  state: Exclude<RunState, "running">;
  outputs: Record<string, Value>;
  failures: RunFailure[];
}

export type RunEvent = RunStarted | TaskStarted | TaskWaiting | TaskEnded | Notice | RunEnded;

/** Appends events to a file; each is on its own line. */
export class EventLog {
  #file: number | undefined;

  /** @param path is made where there is none; a torn last line of an earlier start is ended */
  constructor(path: string) {
    const before = existsSync(path) ? readFileSync(path, "utf8") : "";
    const torn = before !== "" && !before.endsWith("\n");
    this.#file = openSync(path, "a");
    if (torn) writeFileSync(this.#file, "\n");
  }

  /** What is told after the log is closed goes nowhere: it is about a run that has broken off. */
  append(event: RunEvent): void {
    if (this.#file !== undefined) writeFileSync(this.#file, `${JSON.stringify(event)}\n`);
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

/** The events of a file, in order. Lines that were cut off when the machine or the runner died are left out. */
export function readEvents(path: string): RunEvent[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8").split("\n").flatMap((line) => {
    try {
      return line === "" ? [] : [JSON.parse(line) as RunEvent];
    } catch {
      return [];
    }
  });
}
