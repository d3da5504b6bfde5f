/** The source file that a command was given. */
import { basename, dirname, join, relative, resolve } from "node:path";
import { nearestName } from "../diagnostics/nearest.ts";
import type { Host } from "../host.ts";
import { userError } from "./user-error.ts";

const sourceExtension = /\.(ts|mts|cts|tsx)$/;

/** The absolute path of a source file; ends the command where there is none, and says which was meant. */
export function sourceFile(host: Host, given: string): string {
  const path = resolve(host.cwd(), given);
  if (host.directoryExists(path)) {
    const inside = sourcesIn(host, path);
    const suggestion = inside.find((name) => name === "pipeline.ts") ?? inside[0];
    return userError("HMC0011", { file: given, suggestion: suggestion === undefined ? undefined : join(given, suggestion) });
  }
  if (!host.fileExists(path)) {
    const suggestion = nearestName(basename(path), sourcesIn(host, dirname(path)));
    return userError("HMC0001", { file: given, suggestion: suggestion === undefined ? undefined : join(dirname(given), suggestion) });
  }
  if (!sourceExtension.test(path)) return userError("HMC0002", { file: given });
  if (host.readFile(path) === undefined) return userError("HMC0017", { file: given });
  return path;
}

function sourcesIn(host: Host, folder: string): string[] {
  return host.readDirectory(folder).map((path) => basename(path)).filter((name) => sourceExtension.test(name)).sort();
}

/** A path as people read it: relative to the working directory if it lies in or near it. */
export function shownPath(host: Host, path: string): string {
  const short = relative(host.cwd(), path).replaceAll("\\", "/");
  return short === "" ? "." : short.startsWith("../../") ? path : short;
}
