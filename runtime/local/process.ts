/** One child process of a task: its own process group, its output in the task's log, a bound on its time. */
import { spawn } from "node:child_process";
import { appendFileSync, closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { dirname } from "node:path";

export interface ProcessRequest {
  command: string;
  args: readonly string[];
  cwd: string;
  env: Record<string, string | undefined>;
  /** Output is appended to this file. */
  logFile: string;
  /** What the process prints goes to this file, and to the log when it has ended. */
  printedFile?: string;
  timeoutSeconds?: number;
  /** Called when the process has started. */
  onStart?: (pid: number) => void;
  /** Called once when the process is stopped, for what a signal to the group does not reach. */
  onStop?: () => void;
  /** When it fires, the process has no time left to end by itself. */
  kill?: AbortSignal;
  /** Called when that is so, for what a signal to the group does not reach. */
  onKill?: () => void;
}

export type ProcessEnd =
  | { kind: "exit"; code: number }
  | { kind: "signal"; signal: NodeJS.Signals }
  | { kind: "timeout" }
  | { kind: "stopped" }
  | { kind: "unstartable"; message: string };

/** Between SIGTERM and SIGKILL: a busy op cannot react to the first. */
export const graceSeconds = 2;

/** Runs a process to its end; when `signal` fires or the time is over, stops it and everything that it has started. */
export function runProcess(request: ProcessRequest, signal: AbortSignal): Promise<ProcessEnd> {
  return new Promise((resolve, reject) => {
    mkdirSync(dirname(request.logFile), { recursive: true });
    const log = openSync(request.logFile, "a");
    // A group of its own: signals reach what the op starts, and Ctrl-C in the terminal reaches only the scheduler.
    const printed = request.printedFile === undefined ? log : openPrinted(request.printedFile);
    const child = spawn(request.command, request.args, { cwd: request.cwd, env: request.env, stdio: ["ignore", printed, log], detached: true });
    closeSync(log);
    if (printed !== log) closeSync(printed);
    let why: "timeout" | "stopped" | undefined;
    let grace: NodeJS.Timeout | undefined;
    let broken: { error: unknown } | undefined;
    const toGroup = (name: NodeJS.Signals) => {
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, name);
      } catch {
        // The group has ended meanwhile.
      }
    };
    const stop = (reason: "timeout" | "stopped") => {
      if (why !== undefined) return;
      why = reason;
      request.onStop?.();
      toGroup("SIGTERM");
      grace = setTimeout(() => toGroup("SIGKILL"), graceSeconds * 1000);
    };
    const onAbort = () => stop("stopped");
    const onKill = () => {
      stop("stopped");
      request.onKill?.();
      toGroup("SIGKILL");
    };
    const timer = request.timeoutSeconds === undefined ? undefined : setTimeout(() => stop("timeout"), request.timeoutSeconds * 1000);
    const finish = (end: ProcessEnd) => {
      clearTimeout(timer);
      clearTimeout(grace);
      signal.removeEventListener("abort", onAbort);
      request.kill?.removeEventListener("abort", onKill);
      if (request.printedFile !== undefined) appendFileSync(request.logFile, readFileSync(request.printedFile));
      if (broken === undefined) resolve(end);
      else reject(broken.error);
    };
    signal.addEventListener("abort", onAbort);
    request.kill?.addEventListener("abort", onKill);
    try {
      if (child.pid !== undefined) request.onStart?.(child.pid);
    } catch (error) {
      broken = { error };
      onKill();
    }
    if (request.kill?.aborted === true) onKill();
    else if (signal.aborted) onAbort();
    child.once("error", (error) => finish({ kind: "unstartable", message: error.message }));
    child.once("exit", (code, ended) => {
      // What it has started ends with it, as in a container.
      toGroup("SIGKILL");
      if (why !== undefined) finish({ kind: why });
      else if (code !== null) finish({ kind: "exit", code });
      else finish({ kind: "signal", signal: ended as NodeJS.Signals });
    });
  });
}

function openPrinted(file: string): number {
  mkdirSync(dirname(file), { recursive: true });
  return openSync(file, "w");
}
