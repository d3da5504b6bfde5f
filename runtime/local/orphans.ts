/**
 * Processes of tasks that go on when their runner was killed. Each running try has a `process.json` in its folder; who continues the run ends
 * what is left of them before it starts anything.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { join } from "node:path";
import type { Engine } from "./containers.ts";
import { identityOf, isAlive, type ProcessIdentity } from "./owner.ts";
import { graceSeconds } from "./process.ts";
import type { RunStore } from "./store.ts";
import { jsonText, writeWholeSync } from "./whole-file.ts";

/** The process of a try, which leads a process group, and the container that it drives. */
interface RunningTry extends ProcessIdentity {
  container?: { engine: Exclude<Engine, "host">; name: string };
}

const fileName = "process.json";

/** Notes that a try is running. */
export function noteProcess(attemptFolder: string, pid: number, container?: RunningTry["container"]): void {
  const running: RunningTry = { ...identityOf(pid), ...(container === undefined ? {} : { container }) };
  writeWholeSync(join(attemptFolder, fileName), jsonText(running));
}

/** Notes that a try has ended. */
export function forgetProcess(attemptFolder: string): void {
  rmSync(join(attemptFolder, fileName), { force: true });
}

/**
 * Ends what an earlier start of a run has left: SIGTERM, and SIGKILL after the time that every task has.
 *
 * @returns how many there were
 */
export async function endOrphans(store: RunStore): Promise<number> {
  const tries = runningTries(join(store.folder, "tasks"));
  const left = tries.filter(({ running }) => isLeft(running));
  for (const { running } of left) signalGroup(running.pid, "SIGTERM");
  for (const { running } of tries) {
    if (running.container !== undefined) spawnSync(running.container.engine, ["rm", "--force", running.container.name], { stdio: "ignore", timeout: 30_000 });
  }
  const patience = performance.now() + graceSeconds * 1000;
  while (left.some(({ running }) => isLeft(running)) && performance.now() < patience) await pause(20);
  for (const { running } of left) if (isLeft(running)) signalGroup(running.pid, "SIGKILL");
  for (const { folder } of tries) forgetProcess(folder);
  return left.length;
}

/** Only a process that is certainly the one of the try is ended: its id alone may belong to another by now. */
function isLeft(running: RunningTry): boolean {
  return running.startTime !== undefined && isAlive(running) && running.host === hostname();
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}

function runningTries(tasks: string): { folder: string; running: RunningTry }[] {
  if (!existsSync(tasks)) return [];
  return readdirSync(tasks).flatMap((task) => {
    const attempts = join(tasks, task, "attempts");
    if (!existsSync(attempts)) return [];
    return readdirSync(attempts).flatMap((name) => {
      const folder = join(attempts, name);
      try {
        return [{ folder, running: JSON.parse(readFileSync(join(folder, fileName), "utf8")) as RunningTry }];
      } catch {
        return [];
      }
    });
  });
}
