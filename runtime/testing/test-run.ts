/** What happened in a test of a pipeline, to make statements about. */
import { rmSync } from "node:fs";
import { kebabCase } from "../../compiler/ir/names.ts";
import type { Document } from "../../compiler/ir/types.ts";
import type { Clock } from "../local/clock.ts";
import { matchingKeys } from "../local/history.ts";
import type { Ended, Observer } from "../local/scheduler.ts";
import type { Called } from "./stand-ins.ts";
import type { TestCall, TestRun, TestTask } from "./types.ts";

export interface Recording extends Observer {
  call(called: Called): void;
  end(ended: Ended, document: Document, folder: string): TestRun;
}

const folders = new Set<string>();

function removeAtExit(folder: string): void {
  if (folders.size === 0) process.once("exit", () => folders.forEach((path) => rmSync(path, { recursive: true, force: true })));
  folders.add(folder);
}

/** Records what a run tells. */
export function recordOf(clock: Clock): Recording {
  const tasks: TestTask[] = [];
  const called: Called[] = [];
  const byKey = new Map<string, Called[]>();
  return {
    call: (one) => {
      called.push(one);
      byKey.set(one.key, [...(byKey.get(one.key) ?? []), one]);
    },
    task: (key, state, { attempt, reason, outputs }) => {
      if (state === "running" || state === "waiting") return;
      const calls = byKey.get(key) ?? [];
      const [first, last] = [calls[0], calls.at(-1)];
      tasks.push({
        key,
        state,
        attempts: attempt ?? calls.length,
        ...(last === undefined ? {} : { inputs: last.inputs }),
        ...(outputs === undefined ? {} : { outputs }),
        ...(reason === undefined ? {} : { reason }),
        ...(first === undefined ? {} : { startedAt: first.at }),
        endedAt: clock.now(),
      });
    },
    end: (ended, document, folder) => {
      removeAtExit(folder);
      return {
        state: ended.state,
        outputs: ended.state === "succeeded" ? ended.outputs : {},
        failures: ended.state === "failed" ? ended.failures.map(({ task, reason }) => ({ task, reason })) : [],
        order: called.filter(({ attempt }) => attempt === 1).map(({ key }) => key),
        skipped: tasks.filter(({ state }) => state === "skipped").map(({ key }) => key),
        tasks,
        duration: clock.now(),
        calls: (op) => callsOf(called, document, op),
        task: (key) => taskOf(tasks, key),
        cleanUp: () => rmSync(folder, { recursive: true, force: true }),
      };
    },
  };
}

function callsOf(called: readonly Called[], document: Document, op: string): TestCall[] {
  const known = Object.values(document.components).some(({ name, id }) => name === op || id === op || id === kebabCase(op));
  if (!known) throw new Error(`There is no op "${op}" in the pipeline.`);
  return called.filter((call) => call.op === op || call.component === op).map(({ key, attempt, inputs }) => ({ key, attempt, inputs }));
}

function taskOf(tasks: readonly TestTask[], key: string): TestTask {
  const keys = matchingKeys(tasks.map((task) => task.key), key);
  const found = tasks.find((task) => task.key === keys[0]);
  if (found === undefined) throw new Error(`The run has no task "${key}". It has: ${tasks.map((task) => task.key).join(", ")}.`);
  if (keys.length > 1) throw new Error(`"${key}" can mean several tasks: ${keys.join(", ")}.`);
  return found;
}
