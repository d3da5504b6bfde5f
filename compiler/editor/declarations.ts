/** Keeps the declaration file beside a component's YAML. */
import { readComponentFile } from "../component-files.lazy.ts";
import { decodeText } from "../frontend/host-files.ts";
import type { Host } from "../host.ts";

/** `foreign`: the file there was written by somebody else, and stays. */
export type DeclarationResult = "written" | "current" | "foreign" | "unreadable";

/**
 * Writes `x.yaml.d.ts` for `x.yaml`, as `hmc import --types` does. A file that hmc did not write is never replaced.
 *
 * @param isUsed whether a pipeline names the file; else only a declaration file that is there already is kept up to date
 * @returns undefined where nothing asks for declarations
 */
export function writeDeclarations(host: Host, path: string, isUsed: boolean): DeclarationResult | undefined {
  const output = `${path}.d.ts`;
  const existing = host.readFile(output);
  if (existing === undefined && !isUsed) return undefined;
  const bytes = host.readFile(path);
  const { read } = bytes === undefined ? {} : readComponentFile(decodeText(bytes).text, path);
  if (read === undefined) return "unreadable";
  if (existing !== undefined) {
    const text = decodeText(existing).text;
    if (text === read.declaration) return "current";
    if (read.stateOf(text) === "foreign") return "foreign";
  }
  host.writeFile(output, read.declaration);
  return "written";
}
