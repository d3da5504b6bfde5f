/** Spans by the text they cover, so that tests need not count columns. */
import type { SourceSpan } from "../../compiler/diagnostics/diagnostic.ts";

/** The stretch of the first occurrence of `part` in a text. */
export function spanOf(text: string, part: string, file = "pipeline.ts"): SourceSpan {
  const start = text.indexOf(part);
  if (start < 0) throw new Error(`"${part}" is not in the text`);
  return spanBetween(text, start, start + part.length, file);
}

export function spanBetween(text: string, start: number, end: number, file = "pipeline.ts"): SourceSpan {
  const [from, to] = [start, end].map((offset) => {
    const before = text.slice(0, offset).split("\n");
    return { line: before.length, column: before[before.length - 1]!.length + 1 };
  });
  return { file, start, end, line: from!.line, column: from!.column, endLine: to!.line, endColumn: to!.column };
}

/** The text after the edits of a fix. */
export function applyEdits(text: string, edits: { span: SourceSpan; newText: string }[]): string {
  return [...edits].sort((left, right) => right.span.start - left.span.start).reduce((current, edit) => current.slice(0, edit.span.start) + edit.newText + current.slice(edit.span.end), text);
}
