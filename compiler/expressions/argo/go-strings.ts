/** Texts as Go's package strings treats them. */

/** Splits a text. `most` is the greatest number of parts, all where it is negative, none where it is 0. */
export function splitGo(text: string, separator: string, most: number, keepsSeparator: boolean, edges = false): string[] {
  if (most === 0) return [];
  if (separator === "") return between(text, most, edges);
  const parts: string[] = [];
  let position = 0;
  for (let index = text.indexOf(separator); index >= 0 && (most < 0 || parts.length < most - 1); index = text.indexOf(separator, position)) {
    parts.push(text.slice(position, index + (keepsSeparator ? separator.length : 0)));
    position = index + separator.length;
  }
  return [...parts, text.slice(position)];
}

/** A text between whose characters something is put, also at its edges: `replace` does that with an empty text. */
function between(text: string, most: number, edges: boolean): string[] {
  const characters = [...text];
  const all = edges ? ["", ...characters, ""] : characters;
  return most < 0 || all.length <= most ? all : [...all.slice(0, most - 1), all.slice(most - 1).join("")];
}

/** Without the blanks of Unicode at both ends. */
export function goTrimSpace(text: string): string {
  const space = "[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
  return text.replace(new RegExp(`^${space}|${space}$`, "g"), "");
}

/** Go changes each character on its own: `ß` stays, where JavaScript makes `SS` of it. */
export function goUpper(text: string): string {
  return mapped(text, (character) => character.toUpperCase());
}

export function goLower(text: string): string {
  return mapped(text, (character) => (character === "\u0130" ? "i" : character.toLowerCase()));
}

function mapped(text: string, change: (character: string) => string): string {
  return [...text].map((character) => ([...change(character)].length === 1 ? change(character) : character)).join("");
}

/** The text of bytes: each byte that is no part of UTF-8 becomes a character of its own. */
export function decodeGo(bytes: Buffer): string {
  let text = "";
  for (let position = 0; position < bytes.length; ) {
    const length = sequenceLength(bytes[position] ?? 0);
    const decoded = bytes.subarray(position, position + length).toString();
    const isValid = length > 0 && [...decoded].length === 1 && Buffer.byteLength(decoded) === length && (decoded !== "\ufffd" || length === 3);
    text += isValid ? decoded : "\ufffd";
    position += isValid ? length : 1;
  }
  return text;
}

function sequenceLength(first: number): number {
  return first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 0;
}
