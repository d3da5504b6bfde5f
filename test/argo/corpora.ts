/** The recorded data of Argo beside the project; suites that need it say loudly where it is absent. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { checkArgo } from "../../compiler/targets/argo/check/check.ts";
import { readArgo } from "../../compiler/targets/argo/check/read.ts";
import type { ArgoVersion } from "../../compiler/targets/argo/versions.ts";
import { root } from "../folders.ts";

/** Where the recorded data lies; undefined where it is absent. */
export const recorded = ((): string | undefined => {
  const folder = join(root, "../shared/conformance/argo");
  if (existsSync(folder)) return folder;
  console.error("SKIPPED: there is no ../shared/conformance/argo, so nothing is compared with what Argo was recorded to do.");
  return undefined;
})();

/** The YAML files of a folder, by name without the ending. */
export function yamlFiles(folder: string): { name: string; text: string }[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".yaml"))
    .sort()
    .map((file) => ({ name: file.replaceAll("\\", "/").replace(/\.yaml$/, ""), text: readFileSync(join(folder, file), "utf8") }));
}

/** What the checker finds in the text of a file. */
export function check(text: string, version: ArgoVersion = "4.1"): Diagnostic[] {
  const { documents, diagnostics } = readArgo(text, "workflow.yaml");
  return [...diagnostics, ...checkArgo(documents, { version })];
}

/** Findings as `code:line`. */
export function placed(found: readonly Diagnostic[]): string[] {
  return found.map(({ code, span }) => `${code}:${span?.line ?? 0}`);
}
