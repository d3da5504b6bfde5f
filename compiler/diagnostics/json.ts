/** Diagnostics for programs. */
import type { Diagnostic, SourceSpan } from "./diagnostic.ts";
import { docsPath } from "./docs-path.ts";

/** The version of this format. Minor versions only add. */
export const JSON_FORMAT_VERSION = "1.0";

/** One JSON document: the diagnostics with their spans, fixes and pages, and how many there are of each severity. */
export function renderJson(diagnostics: readonly Diagnostic[]): string {
  const count = (severity: Diagnostic["severity"]): number => diagnostics.filter((one) => one.severity === severity).length;
  const report = {
    version: JSON_FORMAT_VERSION,
    summary: { errors: count("error"), warnings: count("warning"), infos: count("info") },
    diagnostics: diagnostics.map((diagnostic) => ({
      code: diagnostic.code,
      severity: diagnostic.severity,
      message: diagnostic.message,
      span: diagnostic.span === undefined ? null : plainSpan(diagnostic.span),
      related: diagnostic.related.map((related) => ({ message: related.message, span: plainSpan(related.span) })),
      fix: diagnostic.fix === undefined ? null : { title: diagnostic.fix.title, edits: diagnostic.fix.edits.map((edit) => ({ span: plainSpan(edit.span), newText: edit.newText })) },
      docs: docsPath(diagnostic.code) ?? null,
    })),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

/** The keys in one order, whoever made the span. */
function plainSpan({ file, start, end, line, column, endLine, endColumn }: SourceSpan): SourceSpan {
  return { file, start, end, line, column, endLine, endColumn };
}
