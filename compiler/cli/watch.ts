/** `--watch`: runs again whenever a source changes. */
import { watch as watchFolder, type FSWatcher } from "node:fs";
import { dirname } from "node:path";
import type { Host } from "../host.ts";
import { exitCodes } from "./exit-codes.ts";
import { shownPath } from "./source-file.ts";
import type { Terminal } from "./terminal.ts";
import { UserError } from "./user-error.ts";

/** Editors write a file in several steps; this many milliseconds of rest make one change of them. */
const rest = 60;

/**
 * Runs, then runs again on each change of a file that the last run has read, until SIGINT or SIGTERM. An error ends a run, not the watch.
 *
 * @param run does the work and gives the absolute paths of the files that it depends on
 */
export function watch(host: Host, terminal: Terminal, run: () => Promise<string[]>): Promise<number> {
  return new Promise((end, fail) => {
    const watchers = new Map<string, FSWatcher>();
    let files = new Set<string>();
    let timer: NodeJS.Timeout | undefined;
    const { dim } = terminal.errColors;

    let hasEnded = false;
    let running = Promise.resolve();

    const again = async (changed: string | undefined): Promise<void> => {
      if (hasEnded) return;
      if (changed !== undefined) terminal.err(dim(`\n${shownPath(host, changed)} has changed.\n`));
      try {
        files = new Set(await run());
      } catch (error) {
        if (!(error instanceof UserError)) return stop(() => fail(error));
        terminal.err(`${error.message}\n`);
      }
      if (hasEnded) return;
      // Folders, not files: many editors replace a file, which ends a watch on the file itself.
      const folders = new Set([...files].map((file) => dirname(file)));
      for (const [folder, watcher] of watchers) {
        if (folders.has(folder)) continue;
        watcher.close();
        watchers.delete(folder);
      }
      for (const folder of folders) {
        if (watchers.has(folder) || !host.directoryExists(folder)) continue;
        watchers.set(folder, watchFolder(folder, (_, name) => {
          const path = `${folder}/${name ?? ""}`;
          if (name !== null && !files.has(path)) return;
          clearTimeout(timer);
          timer = setTimeout(() => void (running = running.then(() => again(path))), rest);
        }));
      }
      terminal.err(dim(`Watching ${files.size} ${files.size === 1 ? "file" : "files"}. Ctrl-C ends.\n`));
    };

    const stop = (then: () => void) => {
      hasEnded = true;
      clearTimeout(timer);
      for (const watcher of watchers.values()) watcher.close();
      then();
    };
    const interrupted = () => stop(() => end(exitCodes.success));
    process.once("SIGINT", interrupted);
    process.once("SIGTERM", interrupted);
    running = again(undefined);
  });
}
