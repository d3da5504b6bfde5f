/** Texts as Go writes them: numbers, quoted strings, JSON. */

/** A float as `fmt.Sprintf("%v")` prints it: with an exponent of at least two digits from 1e6 on and below 1e-4. */
export function printGoFloat(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  if (Object.is(value, -0)) return "-0";
  const [digits = "0", exponent = "0"] = value.toExponential().split("e");
  const power = Number(exponent);
  return power < -4 || power >= 6 ? `${digits}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}` : plain(digits, power);
}

/** A float as `encoding/json` prints it: an exponent from 1e21 on and below 1e-6. `undefined` where JSON has none. */
export function printGoJsonFloat(value: number): string | undefined {
  if (!Number.isFinite(value)) return undefined;
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const [digits = "0", exponent = "0"] = value.toExponential().split("e");
  const power = Number(exponent);
  return power < -6 || power >= 21 ? `${digits}e${power < 0 ? "-" : "+"}${power > -10 && power < 0 ? Math.abs(power) : String(Math.abs(power)).padStart(2, "0")}` : plain(digits, power);
}

/** A number without exponent, however long that is. */
export function printDecimal(value: number): string {
  const [digits = "0", exponent = "0"] = value.toExponential().split("e");
  return plain(digits, Number(exponent));
}

/** Digits with a point where the power of ten puts it. */
function plain(digits: string, power: number): string {
  const sign = digits.startsWith("-") ? "-" : "";
  const all = digits.replace(/[-.]/g, "");
  if (power < 0) return `${sign}0.${"0".repeat(-power - 1)}${all}`;
  return all.length <= power + 1 ? `${sign}${all.padEnd(power + 1, "0")}` : `${sign}${all.slice(0, power + 1)}.${all.slice(power + 1)}`;
}

const shortEscapes: Readonly<Record<string, string>> = { "\u0007": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v", "\\": "\\\\", '"': '\\"' };

/** A text as `strconv.Quote` writes it, without the quotes. What Go does not print, it writes as `\x01`, `\u200b` or `\U000e0067`. */
export function quoteGo(text: string): string {
  return text.replace(/["\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, (character) => {
    const short = shortEscapes[character];
    if (short !== undefined) return short;
    const code = character.codePointAt(0) ?? 0;
    if (code >= 0xd800 && code <= 0xdfff) return "\ufffd";
    const digits = code.toString(16);
    return code < 0x80 ? `\\x${digits.padStart(2, "0")}` : code > 0xffff ? `\\U${digits.padStart(8, "0")}` : `\\u${digits.padStart(4, "0")}`;
  });
}

const jsonEscapes: Readonly<Record<string, string>> = { "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\", '"': '\\"' };

/** A text as `encoding/json` writes it, with quotes: `<`, `>` and `&` are escaped. */
export function quoteGoJson(text: string): string {
  const body = text.replace(/["\\<>&\u2028\u2029\p{Cs}]|[\0-\x1f]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code >= 0xd800 && code <= 0xdfff) return "\\ufffd";
    return jsonEscapes[character] ?? `\\u${code.toString(16).padStart(4, "0")}`;
  });
  return `"${body}"`;
}

/** The order in which Go sorts texts: by their bytes in UTF-8, that is by code points. */
export function compareGo(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
