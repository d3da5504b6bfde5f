/** What the literals of expr-lang stand for: numbers, and strings with their escapes. Mistakes throw `ExprSyntaxError`. */
import { ExprSyntaxError, type ExprFloat, type ExprInt } from "./expr.ts";

const simpleEscapes: Readonly<Record<string, string>> = { a: "\u0007", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v", "\\": "\\" };
const maxInt = 2n ** 63n - 1n;

/** A number at an offset: `12`, `0x1F`, `0b101`, `0o17`, `1_000`, `1.5e3`. */
export function numberOf(image: string, start: number): ExprInt | ExprFloat {
  const end = start + image.length;
  const text = image.replaceAll("_", "");
  const isHexadecimal = /^0x/i.test(text);
  if (!isHexadecimal && /[.e]/i.test(text)) {
    const value = Number(text);
    if (!Number.isFinite(value)) throw new ExprSyntaxError(`invalid float literal: strconv.ParseFloat: parsing "${text}": ${Number.isNaN(value) ? "invalid syntax" : "value out of range"}`, start);
    return { kind: "float", value, start, end };
  }
  const base = isHexadecimal ? "hex" : /^0b/i.test(text) ? "binary" : /^0o/i.test(text) ? "octal" : "integer";
  const value = /^0[xbo]$|\./i.test(text) ? undefined : BigInt(text);
  if (value === undefined || value > maxInt) throw new ExprSyntaxError(`invalid ${base} literal: strconv.ParseInt: parsing "${text}": ${value === undefined ? "invalid syntax" : "value out of range"}`, start);
  return { kind: "int", value, start, end };
}

/** The text of a literal in single or double quotes. */
export function stringOf(image: string, start: number): string {
  const quote = image[0];
  const body = image.slice(1, -1).replace(/\r\n?/g, "\n");
  return body.replace(/\\(?:x([\da-fA-F]{2})|u\{([\da-fA-F]{1,6})\}|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3})|([\s\S]))/gu, (whole, byte?: string, long?: string, short?: string, full?: string, octal?: string, simple?: string) => {
    const code = octal === undefined ? Number.parseInt(byte ?? long ?? short ?? full ?? "", 16) : Number.parseInt(octal, 8);
    if (!Number.isNaN(code)) {
      if (code > 0x10ffff || (octal !== undefined && code > 0o377)) throw new ExprSyntaxError("unable to unescape string", start);
      return code >= 0xd800 && code <= 0xdfff ? "\ufffd" : String.fromCodePoint(code);
    }
    const character = simple === quote ? simple : simpleEscapes[simple ?? ""];
    if (character === undefined) throw new ExprSyntaxError("invalid char escape", start + image.indexOf(whole));
    return character;
  });
}

/** The text of a literal in backquotes, where two backquotes are one. */
export function rawStringOf(image: string): string {
  return image.slice(1, -1).replaceAll("``", "`");
}
