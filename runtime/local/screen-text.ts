/** Texts as a terminal shows them: characters take no, one or two columns, and what programs print may hold anything. */
import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";

const graphemes = new Intl.Segmenter();
const color = /\x1b\[[\d;]*m/g;

/** A text without colours, and how many columns it takes. */
export function plainText(text: string): { text: string; width: number } {
  const plain = text.replace(color, "");
  return { text: plain, width: stringWidth(plain) };
}

/** The beginning of a line that fits into so many columns. Colours take none, and end where the line is cut. */
export function clipped(line: string, columns: number): string {
  if (plainText(line).width <= columns) return line;
  let width = 0;
  let result = "";
  for (const part of line.split(/(\x1b\[[\d;]*m)/)) {
    if (part.startsWith("\x1b[")) {
      result += part;
      continue;
    }
    for (const { segment } of graphemes.segment(part)) {
      width += stringWidth(segment);
      if (width > columns - 1) return `${result}${columns > 0 ? "…" : ""}\x1b[0m`;
      result += segment;
    }
  }
  return result;
}

/** The last line of an output that shows something, without anything that would move the cursor. */
export function lastLineOf(text: string): string | undefined {
  const lines = stripVTControlCharacters(text).split(/[\r\n]+/);
  for (const line of lines.reverse()) {
    const shown = line.replace(/\t/g, " ").replace(/[\u0000-\u001f\u007f-\u009f]/g, "").trim();
    if (shown !== "") return shown;
  }
  return undefined;
}
