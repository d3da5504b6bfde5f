/** The YAML file that a command was given. */
import { basename, dirname, join } from "node:path";
import { nearestName } from "../diagnostics/nearest.ts";
import type { Host } from "../host.ts";
import { userError } from "./user-error.ts";

/** The text of a YAML file; ends the command where there is none, and says which was meant. */
export function yamlText(host: Host, path: string, given: string): string {
  if (host.directoryExists(path)) return userError("HMC7062", { file: given });
  if (!host.fileExists(path)) {
    const nearest = nearestName(basename(path), host.readDirectory(dirname(path)).map((file) => basename(file)).filter((name) => /\.(?:ya?ml|json)$/.test(name)));
    return userError("HMC0001", { file: given, suggestion: nearest === undefined ? undefined : join(dirname(given), nearest) });
  }
  const bytes = host.readFile(path);
  if (bytes === undefined) return userError("HMC0017", { file: given });
  return new TextDecoder().decode(bytes);
}
