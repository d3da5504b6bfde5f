/** The Code Quality report of GitLab. */
import type { Diagnostic, Severity } from "./diagnostic.ts";
import { fingerprints } from "./fingerprint.ts";

const severities: Record<Severity, "info" | "minor" | "major"> = { error: "major", warning: "minor", info: "info" };

/** A JSON list, as the artifact `reports:codequality` wants it. A finding without a file is put on the root of the project. */
export function renderGitlab(diagnostics: readonly Diagnostic[], texts: ReadonlyMap<string, string>): string {
  const prints = fingerprints(diagnostics, texts);
  const report = diagnostics.map((diagnostic, index) => ({
    description: diagnostic.message,
    check_name: diagnostic.code,
    fingerprint: prints[index],
    severity: severities[diagnostic.severity],
    location: { path: diagnostic.span?.file ?? ".", lines: { begin: diagnostic.span?.line ?? 1, end: diagnostic.span?.endLine ?? 1 } },
  }));
  return `${JSON.stringify(report, null, 2)}\n`;
}
