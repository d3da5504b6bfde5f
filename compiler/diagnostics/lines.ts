/** One line of a source, without its end. */
export interface SourceLine {
  text: string;
  /** Offset of its first character. */
  start: number;
}

/** The lines of a text that a stretch touches; at least one. Lines end with LF, CRLF, CR, U+2028 or U+2029, as in TypeScript. */
export function splitLines(text: string, from: number, to: number): SourceLine[] {
  const lines: SourceLine[] = [];
  let start = Math.min(from, text.length);
  while (start > 0 && !isLineEnd(text, start - 1)) start--;
  for (;;) {
    let end = start;
    while (end < text.length && !isLineEnd(text, end)) end++;
    lines.push({ text: text.slice(start, text[end - 1] === "\r" && text[end] === "\n" ? end - 1 : end), start });
    if (end >= text.length || end >= to) return lines;
    start = end + 1;
    if (start >= to) return lines;
  }
}

/** Whether a line ends with the character at an offset. The CR of a CRLF ends none. */
function isLineEnd(text: string, offset: number): boolean {
  const character = text[offset];
  return character === "\n" || character === "\u2028" || character === "\u2029" || (character === "\r" && text[offset + 1] !== "\n");
}
