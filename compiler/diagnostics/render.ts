/** One door to all formats. */
import type { Diagnostic } from "./diagnostic.ts";
import { renderFrame } from "./frame.ts";
import { renderGitlab } from "./gitlab.ts";
import { renderJson } from "./json.ts";
import { renderSarif } from "./sarif.ts";
import { sortDiagnostics } from "./sort.ts";

export const diagnosticFormats = ["frame", "json", "sarif", "gitlab"] as const;
export type DiagnosticFormat = (typeof diagnosticFormats)[number];

export interface RenderOptions {
  /** Colours for a terminal; only code frames have any. */
  color?: boolean;
  /** The version of hmc, for formats that name the tool. */
  version?: string;
}

/**
 * Sorted, without repetitions, in one of the formats. Code frames end with a line that counts them; nothing
 * found is an empty text there, and an empty report in the others.
 *
 * @param texts sources by path relative to the project root, as in the spans
 */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], texts: ReadonlyMap<string, string>, format: DiagnosticFormat, options: RenderOptions = {}): string {
  const sorted = sortDiagnostics(diagnostics);
  switch (format) {
    case "frame": {
      if (sorted.length === 0) return "";
      const frames = sorted.map((diagnostic) => renderFrame(diagnostic, texts, { color: options.color ?? false }));
      return `${frames.join("\n")}\n${countDiagnostics(sorted)}\n`;
    }
    case "json":
      return renderJson(sorted);
    case "sarif":
      return renderSarif(sorted, texts, options.version);
    case "gitlab":
      return renderGitlab(sorted, texts);
  }
}

/** `2 errors and 1 warning.` */
export function countDiagnostics(diagnostics: readonly Diagnostic[]): string {
  const counted = (["error", "warning", "info"] as const).flatMap((severity) => {
    const count = diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
    const noun = severity === "info" ? "hint" : severity;
    return count === 0 ? [] : [`${count} ${noun}${count === 1 ? "" : "s"}`];
  });
  const last = counted.pop();
  return last === undefined ? "Nothing found." : `${counted.length === 0 ? last : `${counted.join(", ")} and ${last}`}.`;
}
