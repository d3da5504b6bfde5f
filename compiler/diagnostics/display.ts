/** Source text as a terminal shows it: tabs as spaces, wide characters, nothing that could steer the terminal. */

export const TAB_WIDTH = 4;

export interface DisplayedLine {
  text: string;
  /** The column on the screen, from 0, of each UTF-16 unit of the line, and of its end. */
  columns: number[];
}

/** Lays out one line of source. */
export function displayLine(line: string): DisplayedLine {
  const columns: number[] = [];
  let text = "";
  let column = 0;
  for (const character of line) {
    for (let unit = 0; unit < character.length; unit++) columns.push(column);
    if (character === "\t") {
      const width = TAB_WIDTH - (column % TAB_WIDTH);
      text += " ".repeat(width);
      column += width;
      continue;
    }
    const shown = isControl(character) ? "\uFFFD" : character;
    text += shown;
    column += widthOf(shown);
  }
  columns.push(column);
  return { text, columns };
}

/** Replaces what could steer a terminal in a message that quotes a source. */
export function withoutControls(text: string): string {
  let shown = "";
  for (const character of text) shown += character !== "\n" && character !== "\t" && isControl(character) ? "\uFFFD" : character;
  return shown;
}

/** C0, DEL, C1, and the marks that reorder text (Trojan Source). */
function isControl(character: string): boolean {
  const point = character.codePointAt(0) ?? 0;
  return point < 0x20 || (point >= 0x7f && point < 0xa0) || (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069) || (point >= 0xd800 && point <= 0xdfff);
}

const zeroWidth = /^[\p{Mn}\p{Me}\u200B-\u200D\u2060\uFE00-\uFE0F\uFEFF]$/u;

/** Ranges of East Asian Wide and Fullwidth characters (UAX 11), and of emoji. */
const wideRanges: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f], [0x231a, 0x231b], [0x23e9, 0x23ec], [0x2e80, 0x303e], [0x3041, 0x33ff], [0x3400, 0x4dbf], [0x4e00, 0x9fff],
  [0xa000, 0xa4cf], [0xa960, 0xa97c], [0xac00, 0xd7a3], [0xf900, 0xfaff], [0xfe30, 0xfe6f], [0xff00, 0xff60], [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f], [0x1f680, 0x1f6ff], [0x1f900, 0x1f9ff], [0x1fa70, 0x1faff], [0x20000, 0x3fffd],
];

function widthOf(character: string): number {
  const point = character.codePointAt(0) ?? 0;
  if (point < 0x300) return 1;
  if (zeroWidth.test(character)) return 0;
  return wideRanges.some(([from, to]) => point >= from && point <= to) ? 2 : 1;
}
