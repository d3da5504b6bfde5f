import type { Span } from "../ir/types.ts";

/** The text of a file, and its places. */
export interface Source {
  file: string;
  text: string;
  /** The span from one offset to another, without the white space at its end. */
  span(start: number, end: number): Span;
}

export function openSource(file: string, text: string): Source {
  let lineStarts: number[] | undefined;

  function place(offset: number): { line: number; column: number } {
    if (offset === 0) return { line: 1, column: 1 };
    lineStarts ??= startsOfLines(text);
    let low = 0;
    let high = lineStarts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - (lineStarts[low] ?? 0) + 1 };
  }

  return {
    file,
    text,
    span(start, end) {
      const from = Math.min(Math.max(start, 0), text.length);
      let to = Math.min(Math.max(end, from), text.length);
      while (to > from && isBlank(text.charCodeAt(to - 1))) to--;
      const first = place(from);
      const last = place(to);
      return { file, start: from, end: to, line: first.line, column: first.column, endLine: last.line, endColumn: last.column };
    },
  };
}

function startsOfLines(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** Space, tab, line feed or carriage return. */
function isBlank(code: number): boolean {
  return code === 32 || code === 9 || code === 10 || code === 13;
}
