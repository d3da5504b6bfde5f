/** One line of a source, without its end. */
export interface SourceLine {
  text: string;
  /** Offset of its first character. */
  start: number;
}

/** The lines of a text that a stretch touches; at least one. Lines end with LF, CRLF, CR, U+2028 or U+2029, as in TypeScript. */
export function splitLines(text: string, from: number, to: number): SourceLine[] {
  const lines: SourceLine[] = [];
  let start = lineStart(text, Math.min(from, text.length));
  for (;;) {
    lineEnd.lastIndex = start;
    const match = lineEnd.exec(text);
    const end = match?.index ?? text.length;
    lines.push({ text: text.slice(start, end), start });
    if (match === null || end >= to) return lines;
    start = end + match[0].length;
    if (start >= to) return lines;
  }
}

const lineEnd = /\r\n|[\n\r\u2028\u2029]/g;

/** The offset at which the line of an offset begins. The CR of a CRLF ends no line. */
function lineStart(text: string, offset: number): number {
  if (offset === 0) return 0;
  const before = (end: string): number => text.lastIndexOf(end, offset - 1);
  const carriageReturn = before("\r");
  const insideCrLf = carriageReturn === offset - 1 && text[offset] === "\n";
  return Math.max(before("\n"), insideCrLf ? (offset < 2 ? -1 : text.lastIndexOf("\r", offset - 2)) : carriageReturn, before("\u2028"), before("\u2029")) + 1;
}
