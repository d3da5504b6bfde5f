/** `hmc logs` */
import { closeSync, existsSync, openSync, readSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import type { Host } from "../host.ts";
import { historyOf, type RunHistory } from "../../runtime/local/history.ts";
import { readRunManifest, RunStore } from "../../runtime/local/store.ts";
import { exitCodes } from "./exit-codes.ts";
import { foundRun, foundTasks } from "./found-run.ts";
import { projectWithRuns } from "./project.ts";
import type { Terminal } from "./terminal.ts";

export interface LogsFlags {
  /** Go on until the tasks have ended. */
  follow?: boolean;
}

/** How often a log that is followed is looked at. */
const pollMilliseconds = 150;

/** Prints what tasks of a run have printed, all tries. */
export async function logsCommand(host: Host, terminal: Terminal, givenRun: string, task: string | undefined, flags: LogsFlags): Promise<number> {
  const history = foundRun(host, terminal, givenRun);
  if (history === undefined) return exitCodes.failure;
  const keys = task === undefined ? history.tasks.map(({ key }) => key) : foundTasks(host, terminal, history, task);
  if (keys === undefined) return exitCodes.failure;
  const root = projectWithRuns(host);
  const store = RunStore.open(root, history.run);
  const readers = keys.map((key) => ({ key, log: new LogReader(store.logFile(key)) }));
  let headed: string | undefined;
  const show = (): void => {
    for (const { key, log } of readers) {
      const text = log.next();
      if (text === "") continue;
      if (keys.length > 1 && headed !== key) terminal.out(`${terminal.outColors.bold(`== ${key}`)}\n`);
      headed = key;
      terminal.out(text);
    }
  };
  const isOver = (now: RunHistory): boolean =>
    now.standing !== "running" || (task !== undefined && keys.every((key) => now.tasks.some((one) => one.key === key && one.state !== "running" && one.state !== "waiting")));
  for (;;) {
    // What is written between the last look and the end is read after it.
    const over = flags.follow !== true || isOver(historyOf(root, readRunManifest(history.folder) ?? history.run));
    show();
    if (over) return exitCodes.success;
    await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
  }
}

/** Reads a file that grows. */
class LogReader {
  #position = 0;
  readonly #decoder = new StringDecoder("utf8");

  constructor(private readonly path: string) {}

  /** What was added since the last call. */
  next(): string {
    if (!existsSync(this.path)) return "";
    const file = openSync(this.path, "r");
    try {
      const buffer = Buffer.alloc(64 * 1024);
      let text = "";
      for (let count = 1; count > 0; this.#position += count) {
        count = readSync(file, buffer, 0, buffer.length, this.#position);
        text += this.#decoder.write(buffer.subarray(0, count));
      }
      return text;
    } finally {
      closeSync(file);
    }
  }
}
