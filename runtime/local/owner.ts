/** Who is running a run: `owner.json` of the run directory. A process is known by its id and the time at which it started. */
import { spawnSync } from "node:child_process";
import { linkSync, readFileSync, renameSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { jsonText, partialPath, writeWholeSync } from "./whole-file.ts";

/** A process of some machine. Ids are used again, so the id alone says nothing later. */
export interface ProcessIdentity {
  pid: number;
  /** When it started, in the terms of its machine; undefined where that cannot be told. */
  startTime?: string;
  host: string;
}

export interface Owner extends ProcessIdentity {
  /** UTC, ISO 8601. */
  since: string;
}

/** What is known of a process that lives now. */
export function identityOf(pid: number): ProcessIdentity {
  const startTime = startTimeOf(pid);
  return { pid, ...(startTime === undefined ? {} : { startTime }), host: hostname() };
}

/** Whether a process still lives. One of another machine cannot be asked: it counts as alive. */
export function isAlive(identity: ProcessIdentity): boolean {
  if (identity.host !== hostname()) return true;
  if (!exists(identity.pid)) return false;
  const startTime = startTimeOf(identity.pid);
  return startTime !== "ended" && (startTime === undefined || identity.startTime === undefined || startTime === identity.startTime);
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** On Linux ticks since the machine started, with the id of that start; elsewhere what `ps` says. */
function startTimeOf(pid: number): string | undefined {
  if (process.platform === "linux") {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      // The name of the program stands in brackets and may hold anything: fields count from behind it.
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      // A zombie has ended: nobody has asked for its exit code yet.
      if (fields[0] === "Z") return "ended";
      return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${fields[19]}`;
    } catch {
      return undefined;
    }
  }
  if (process.platform === "win32") return undefined;
  const { stdout } = spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8", env: { ...process.env, LC_ALL: "C" } });
  return stdout?.trim() || undefined;
}

export function readOwner(folder: string): Owner | undefined {
  return readOwnerFile(join(folder, "owner.json"));
}

/**
 * Makes this process the owner of a run.
 *
 * @returns the process that is running it, if there is one: then nothing has changed
 */
export function claim(folder: string, now: Date): Owner | undefined {
  const path = join(folder, "owner.json");
  const mine: Owner = { ...identityOf(process.pid), since: now.toISOString() };
  const partial = partialPath(path);
  writeWholeSync(partial, jsonText(mine));
  try {
    for (;;) {
      if (linked(partial, path)) return undefined;
      const other = readOwner(folder);
      if (other !== undefined && isAlive(other)) return other;
      removeDead(path, folder, other);
    }
  } finally {
    rmSync(partial, { force: true });
  }
}

export function release(folder: string): void {
  rmSync(join(folder, "owner.json"), { force: true });
}

/** A name can be given only once: of several processes one gets it. */
function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Takes the file of a dead owner away. If another process was quicker, and the file is its own, it gets it back. */
function removeDead(path: string, folder: string, dead: Owner | undefined): void {
  const aside = partialPath(path);
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  const taken = JSON.stringify(readOwnerFile(aside));
  if (taken !== JSON.stringify(dead)) linked(aside, join(folder, "owner.json"));
  rmSync(aside, { force: true });
}

function readOwnerFile(path: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Owner;
  } catch {
    return undefined;
  }
}
