/** What happened in a run, put together from its events: for people who look at it later, or while it runs. */
import { join } from "node:path";
import { readEvents, type EndState, type Origin, type RunEvent, type RunFailure } from "./events.ts";
import { runIds } from "./find-run.ts";
import type { RunManifest } from "./manifest.ts";
import { isAlive, readOwner } from "./owner.ts";
import { readRunManifest, runsFolder } from "./store.ts";
import type { Value } from "./evaluate.ts";

/** How a run stands. `crashed`: the process that ran it is gone, and it has not ended. */
export type RunStanding = RunManifest["state"] | "crashed";

/** A task of a run as its last event tells. */
export interface TaskHistory {
  key: string;
  component: string;
  /** `running` and `waiting` are ends of the story only of a run that is in progress, or was killed. */
  state: EndState | "running" | "waiting";
  origin?: Origin;
  attempts: number;
  /** From the first start to the end. */
  milliseconds?: number;
  reason?: string;
}

export interface RunHistory {
  run: RunManifest;
  folder: string;
  standing: RunStanding;
  /** In the order in which they were first heard of. */
  tasks: TaskHistory[];
  failures: RunFailure[];
  outputs: Record<string, Value>;
  /** From the last start to the end, or to the last event. */
  milliseconds: number;
}

/** The history of one run. */
export function historyOf(root: string, run: RunManifest): RunHistory {
  const folder = join(runsFolder(root), run.id);
  const events = readEvents(join(folder, "events.jsonl"));
  const tasks = new Map<string, TaskHistory>();
  for (const event of events) {
    const told = taskOf(event);
    if (told !== undefined) tasks.set(told.key, told);
  }
  const ended = events.findLast((event) => event.kind === "runEnded");
  const begun = events.findLast((event) => event.kind === "runStarted");
  const last = events.at(-1);
  return {
    run,
    folder,
    standing: standingOf(folder, run),
    tasks: [...tasks.values()],
    failures: ended?.kind === "runEnded" ? ended.failures : [],
    outputs: run.outputs ?? {},
    milliseconds: begun === undefined || last === undefined ? 0 : Date.parse(last.at) - Date.parse(begun.at),
  };
}

/** The histories of a project's runs, the latest first. Folders whose `run.json` cannot be read are left out. */
export function histories(root: string): RunHistory[] {
  return runIds(root).reverse().flatMap((id) => {
    const run = readRunManifest(join(runsFolder(root), id));
    return run === undefined ? [] : [historyOf(root, run)];
  });
}

/** Whether a run is over, or its process gone. */
export function standingOf(folder: string, run: RunManifest): RunStanding {
  if (run.state !== "running") return run.state;
  const owner = readOwner(folder);
  return owner !== undefined && isAlive(owner) ? "running" : "crashed";
}

function taskOf(event: RunEvent): TaskHistory | undefined {
  switch (event.kind) {
    case "taskStarted":
      return { key: event.key, component: event.component, state: "running", attempts: event.attempt };
    case "taskWaiting":
      return { key: event.key, component: event.component, state: "waiting", attempts: event.attempt, reason: event.reason };
    case "taskEnded": {
      const { key, component, state, origin, attempts, milliseconds, reason } = event;
      return { key, component, state, attempts, ...(origin === undefined ? {} : { origin }), ...(milliseconds === undefined ? {} : { milliseconds }), ...(reason === undefined ? {} : { reason }) };
    }
    default:
      return undefined;
  }
}

/** How many tasks ended how. */
export interface Counts {
  done: number;
  failed: number;
  cached: number;
  kept: number;
  skipped: number;
  blocked: number;
  running: number;
}

export function countsOf(tasks: readonly TaskHistory[]): Counts {
  const counts: Counts = { done: 0, failed: 0, cached: 0, kept: 0, skipped: 0, blocked: 0, running: 0 };
  for (const { state, origin } of tasks) {
    if (state === "succeeded") counts[origin === "cache" ? "cached" : origin === "kept" ? "kept" : "done"]++;
    else counts[state === "waiting" ? "running" : state]++;
  }
  return counts;
}

/** `5 done, 1 failed, 2 cached`; kinds of which there are none are left out. */
export function describeCounts(counts: Counts): string {
  const words: [keyof Counts, string][] = [["done", "done"], ["cached", "cached"], ["kept", "kept"], ["failed", "failed"], ["running", "running"], ["skipped", "skipped"], ["blocked", "not run"]];
  return words.filter(([kind]) => counts[kind] > 0).map(([kind, word]) => `${counts[kind]} ${word}`).join(", ");
}

/** The tasks that a text can mean: a key, the key without the numbers of iterations, or the end of one. */
export function matchingKeys(keys: readonly string[], given: string): string[] {
  if (keys.includes(given)) return [given];
  const plain = (key: string): string => key.split("/").filter((part) => !/^\d+$/.test(part)).join("/");
  const same = keys.filter((key) => plain(key) === given);
  return same.length > 0 ? same : keys.filter((key) => key.endsWith(`/${given}`) || plain(key).endsWith(`/${given}`));
}
