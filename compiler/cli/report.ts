/** Shows what the stages have found. */
import { posix } from "node:path";
import type { Analysis } from "../compile.ts";
import type { Diagnostic, SourceSpan } from "../diagnostics/diagnostic.ts";
import { renderDiagnostics, type DiagnosticFormat } from "../diagnostics/render.ts";
import type { Host } from "../host.ts";
import type { Terminal } from "./terminal.ts";
import { version } from "../version.ts";

export interface Report {
  hasFailed: boolean;
  warnings: number;
}

type Found = Pick<Analysis, "diagnostics" | "texts" | "root">;

/**
 * Writes the diagnostics of one or more analyses as one report. Files are shown relative to the working directory.
 *
 * @param reports where formats for machines go: they are the result of `hmc check`, and beside the result of `hmc compile`
 */
export function reportDiagnostics(host: Host, terminal: Terminal, found: Found | readonly Found[], format: DiagnosticFormat, reports: "out" | "err"): Report {
  const diagnostics: Diagnostic[] = [];
  const texts = new Map<string, string>();
  for (const analysis of [found].flat()) {
    const show = (file: string) => posix.relative(host.cwd(), posix.join(analysis.root, file));
    for (const diagnostic of analysis.diagnostics) diagnostics.push(withFiles(diagnostic, show));
    for (const [file, text] of analysis.texts) texts.set(show(file), text);
  }
  const toTerminal = format === "frame" || reports === "err";
  const text = renderDiagnostics(diagnostics, texts, format, { color: format === "frame" && terminal.errColors.isColorSupported, version: version() });
  if (text !== "") (toTerminal ? terminal.err : terminal.out)(text);
  return {
    hasFailed: diagnostics.some((diagnostic) => diagnostic.severity === "error"),
    warnings: diagnostics.filter((diagnostic) => diagnostic.severity === "warning").length,
  };
}

/** Writes diagnostics that are about no place in a file. */
export function reportPlaceless(host: Host, terminal: Terminal, diagnostics: Diagnostic[]): void {
  reportDiagnostics(host, terminal, { diagnostics, texts: new Map(), root: host.cwd() }, "frame", "err");
}

/** The diagnostic with other names of the files in all its spans. */
function withFiles(diagnostic: Diagnostic, show: (file: string) => string): Diagnostic {
  const shown = (span: SourceSpan): SourceSpan => ({ ...span, file: show(span.file) });
  return {
    ...diagnostic,
    ...(diagnostic.span === undefined ? {} : { span: shown(diagnostic.span) }),
    related: diagnostic.related.map(({ message, span }) => ({ message, span: shown(span) })),
    ...(diagnostic.fix === undefined ? {} : { fix: { ...diagnostic.fix, edits: diagnostic.fix.edits.map((edit) => ({ ...edit, span: shown(edit.span) })) } }),
  };
}
