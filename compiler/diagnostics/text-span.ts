/** Spans by offsets, where there is only the text of a file; and the empty spans at which a fix inserts. */
import type { SourceSpan } from "./diagnostic.ts";

/** The span of a stretch without line breaks. */
export function textSpan(file: string, text: string, start: number, end: number): SourceSpan {
  const lines = text.slice(0, start).split(/\r\n|\n|\r/);
  const [line, column] = [lines.length, (lines.at(-1) ?? "").length + 1];
  return { file, start, end, line, column, endLine: line, endColumn: column + end - start };
}

/** The place just before or behind a span. */
export function emptySpan(span: SourceSpan, at: "start" | "end"): SourceSpan {
  return at === "start" ? { ...span, end: span.start, endLine: span.line, endColumn: span.column } : { ...span, start: span.end, line: span.endLine, column: span.endColumn };
}
