/** Where commands look when they are not told. */
import { dirname, join } from "node:path";
import type { Host } from "../host.ts";

/** The source file of commands that are given none. */
export const defaultFile = "pipeline.ts";

/** The nearest folder from the working directory upwards that has runs; the working directory where none has. */
export function projectWithRuns(host: Host): string {
  for (let folder = host.cwd(); ; folder = dirname(folder)) {
    if (host.directoryExists(join(folder, ".hmc/runs"))) return folder;
    if (dirname(folder) === folder) return host.cwd();
  }
}
