/**
 * Patterns of Go's package regexp (RE2) as JavaScript's: what they mean differently is written out. There are no
 * look-arounds and no back-references in Go.
 */

/** A pattern that Go refuses, with Go's message. */
export class GoRegExpError extends Error {
  override name = "GoRegExpError";
}

interface Flags {
  ignoreCase: boolean;
  multiline: boolean;
  dotAll: boolean;
  ungreedy: boolean;
}

const classes: Readonly<Record<string, string>> = { d: "0-9", w: "0-9A-Za-z_", s: "\\t\\n\\f\\r\\x20" };
const posix: Readonly<Record<string, string>> = {
  alnum: "0-9A-Za-z", alpha: "A-Za-z", ascii: "\\x00-\\x7f", blank: "\\t\\x20", cntrl: "\\x00-\\x1f\\x7f", digit: "0-9", graph: "!-~", lower: "a-z",
  print: "\\x20-~", punct: "!-\\/:-@\\[-`\\{-~", space: "\\t-\\r\\x20", upper: "A-Z", word: "0-9A-Za-z_", xdigit: "0-9A-Fa-f",
};
const controls: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };

const cache = new Map<string, RegExp | GoRegExpError>();

/** The JavaScript pattern that matches where Go's does, or why Go refuses it. */
export function goRegExp(pattern: string): RegExp | GoRegExpError {
  const known = cache.get(pattern);
  if (known !== undefined) return known;
  const result = translated(pattern);
  cache.set(pattern, result);
  return result;
}

function translated(pattern: string): RegExp | GoRegExpError {
  try {
    return new RegExp(new Translator(pattern).whole(), "u");
  } catch (error) {
    if (error instanceof GoRegExpError) return error;
    if (error instanceof SyntaxError) return new GoRegExpError(`error parsing regexp: invalid pattern: \`${pattern}\``);
    throw error;
  }
}

function refuse(reason: string, part: string): never {
  throw new GoRegExpError(`error parsing regexp: ${reason}: \`${part}\``);
}

class Translator {
  private position = 0;
  private flags: Flags = { ignoreCase: false, multiline: false, dotAll: false, ungreedy: false };

  constructor(private readonly pattern: string) {}

  whole(): string {
    const text = this.alternatives();
    if (this.position < this.pattern.length) refuse("unexpected )", this.pattern);
    return text;
  }

  private rest(): string {
    return this.pattern.slice(this.position);
  }

  private take(expression: RegExp): RegExpExecArray | undefined {
    const found = expression.exec(this.rest());
    if (found === null) return undefined;
    this.position += found[0].length;
    return found;
  }

  private alternatives(): string {
    const branches: string[] = [];
    do branches.push(this.branch());
    while (this.take(/^\|/) !== undefined);
    return branches.join("|");
  }

  /** One after the other. A repetition is of the last piece; flags between the two do not count. */
  private branch(): string {
    const pieces: string[] = [];
    while (this.position < this.pattern.length && !/^[|)]/.test(this.rest())) {
      const start = this.position;
      const repetition = this.repetition();
      if (repetition === undefined) {
        pieces.push(...this.atoms());
        continue;
      }
      const last = pieces.pop() ?? refuse("missing argument to repetition operator", repetition.image);
      const again = /^(?:[*+?]\??|\{\d+(?:,\d*)?\}\??)/.exec(this.rest());
      if (again !== null) refuse("invalid nested repetition operator", this.pattern.slice(start, this.position) + again[0]);
      pieces.push(`(?:${last})${repetition.text}`);
    }
    return pieces.join("");
  }

  private repetition(): { image: string; text: string } | undefined {
    const found = this.take(/^([*+?]|\{(\d+)(?:(,)(\d*))?\})(\??)/);
    if (found === undefined) return undefined;
    const [image, count = "", least, comma, most, lazy] = found;
    const limit = most === undefined || most === "" ? Number(least ?? 0) : Number(most);
    if (Number(least ?? 0) > 1000 || limit > 1000 || (comma !== undefined && most !== "" && limit < Number(least))) refuse("invalid repeat count", count);
    return { image, text: `${count}${(lazy === "?") === this.flags.ungreedy ? "" : "?"}` };
  }

  /** What operators of repetition can follow: nothing for flags, one for each character of `\Qabc\E`. */
  private atoms(): string[] {
    const quoted = this.take(/^\\Q([^]*?)(?:\\E|$)/);
    if (quoted !== undefined) return [...(quoted[1] ?? "")].map((character) => this.literal(character.codePointAt(0) ?? 0));
    const atom = this.atom();
    return atom === undefined ? [] : [atom];
  }

  private atom(): string | undefined {
    const next = String.fromCodePoint(this.pattern.codePointAt(this.position) ?? 0);
    switch (next) {
      case "(":
        return this.group();
      case "[":
        return this.bracketed();
      case "\\":
        return this.escape();
      case "^":
        this.position++;
        return this.flags.multiline ? "(?<![^\\n])" : "^";
      case "$":
        this.position++;
        return this.flags.multiline ? "(?![^\\n])" : "$";
      case ".":
        this.position++;
        return this.flags.dotAll ? "[^]" : "[^\\n]";
    }
    this.position += next.length;
    return this.literal(next.codePointAt(0) ?? 0);
  }

  private literal(code: number): string {
    const character = String.fromCodePoint(code);
    if (!this.flags.ignoreCase) return printed(code);
    return `[${[...new Set([character, character.toLowerCase(), character.toUpperCase()])].filter((one) => [...one].length === 1).map((one) => printed(one.codePointAt(0) ?? 0)).join("")}]`;
  }

  private group(): string | undefined {
    const outer = { ...this.flags };
    const start = this.position;
    this.position++;
    if (this.take(/^\?/) !== undefined && this.take(/^P?<\w+>/) === undefined) {
      const found = this.take(/^([imsU]*)(?:-([imsU]+))?([:)])/);
      if (found === undefined) refuse(...this.unknownGroup(start));
      this.setFlags(found[1] ?? "", true);
      this.setFlags(found[2] ?? "", false);
      if (found[3] === ")") return undefined;
    }
    const inner = this.alternatives();
    if (this.take(/^\)/) === undefined) refuse("missing closing )", this.pattern);
    this.flags = outer;
    return `(?:${inner})`;
  }

  private unknownGroup(start: number): [string, string] {
    const text = this.pattern.slice(start);
    const flags = /^\(\?[imsU-]*[^]?/u.exec(text)?.[0] ?? text;
    if (text === "(?") return ["invalid or unsupported Perl syntax", text];
    return text.startsWith("(?P<") || /^\(\?<\w*[^\w=!]/.test(text) ? ["invalid named capture", text] : flags.length === text.length && !/[^(?imsU-]$/.test(text) ? ["missing closing )", this.pattern] : ["invalid or unsupported Perl syntax", flags];
  }

  private setFlags(names: string, value: boolean): void {
    for (const name of names) {
      if (name === "i") this.flags.ignoreCase = value;
      else if (name === "m") this.flags.multiline = value;
      else if (name === "s") this.flags.dotAll = value;
      else this.flags.ungreedy = value;
    }
  }

  private escape(): string {
    const simple = this.take(/^\\([AzbB])/);
    if (simple !== undefined) return { A: "^", z: "$", b: "\\b", B: "\\B" }[simple[1] as "A" | "z" | "b" | "B"];
    const set = this.classEscape();
    if (set !== undefined) return `[${set}]`;
    return this.literal(this.characterEscape());
  }

  /** `\d`, `\S`, `\pL`, `\p{Greek}`, `\P{^Greek}` as the inside of a class. */
  private classEscape(): string | undefined {
    const perl = this.take(/^\\([dwsDWS])/)?.[1];
    if (perl !== undefined) return perl === perl.toLowerCase() ? (classes[perl] ?? "") : complement(classes[perl.toLowerCase()] ?? "");
    const property = this.take(/^\\([pP])(?:\{(\^?)(\w+)\}|(\w))/);
    if (property === undefined) return undefined;
    const [image, letter, not, long, short] = property;
    const name = long ?? short ?? "";
    const isNegative = (letter === "P") !== (not === "^");
    const text = [`\\p{${name}}`, `\\p{Script=${name}}`].find((one) => name !== "Any" && isPattern(one));
    if (text === undefined && name !== "Any") refuse("invalid character class range", image);
    return (text ?? "\\p{Any}").replace("\\p", isNegative ? "\\P" : "\\p");
  }

  private characterEscape(): number {
    const start = this.position;
    const found = this.take(/^\\(?:x\{([\da-fA-F]{1,6})\}|x([\da-fA-F]{2})|([1-7][0-7]{1,2}|0[0-7]{0,2})|([afnrtv])|([^\p{L}\p{Nd}]|[^\0-\x7f]))/u);
    if (found === undefined) {
      if (this.rest() === "\\") refuse("trailing backslash at end of expression", "");
      return refuse("invalid escape sequence", this.pattern.slice(start, start + 2));
    }
    const [, long, short, octal, control, plain] = found;
    const hexadecimal = long ?? short;
    const code = hexadecimal !== undefined ? Number.parseInt(hexadecimal, 16) : octal !== undefined ? Number.parseInt(octal, 8) : control !== undefined ? (controls[control] ?? 0) : (plain?.codePointAt(0) ?? 0);
    if (code > 0x10ffff || (plain !== undefined && code > 0x7f)) refuse("invalid escape sequence", found[0]);
    return code;
  }

  private bracketed(): string {
    const start = this.position;
    const isNegative = this.take(/^\[\^/) !== undefined;
    if (!isNegative) this.position++;
    let inside = "";
    for (let first = true; first || !this.rest().startsWith("]"); first = false) {
      if (this.position >= this.pattern.length) refuse("missing closing ]", this.pattern.slice(start));
      inside += this.classItem();
    }
    this.position++;
    return `[${isNegative ? "^" : ""}${inside}]`;
  }

  private classItem(): string {
    const named = this.take(/^\[:(\^?)(\w*):\]/);
    if (named !== undefined) {
      const set = posix[named[2] ?? ""];
      if (set === undefined) refuse("invalid character class range", named[0]);
      return named[1] === "^" ? complement(set) : set;
    }
    const set = this.rest().startsWith("\\") ? this.classEscape() : undefined;
    if (set !== undefined) return set;
    const start = this.position;
    const from = this.classCharacter();
    if (!/^-[^\]]/.test(this.rest())) return this.range(from, from);
    this.position++;
    const to = this.classCharacter();
    if (to < from) refuse("invalid character class range", this.pattern.slice(start, this.position));
    return this.range(from, to);
  }

  private classCharacter(): number {
    if (this.rest().startsWith("\\")) return this.characterEscape();
    const code = this.pattern.codePointAt(this.position) ?? 0;
    this.position += code > 0xffff ? 2 : 1;
    return code;
  }

  /** With the flag `i`, letters a–z stand for both cases. */
  private range(from: number, to: number): string {
    const own = from === to ? printed(from) : `${printed(from)}-${printed(to)}`;
    if (!this.flags.ignoreCase) return own;
    const other = [[0x41, 0x5a, 32], [0x61, 0x7a, -32]].map(([low = 0, high = 0, shift = 0]) => {
      const [first, last] = [Math.max(from, low), Math.min(to, high)];
      return first <= last ? `${printed(first + shift)}-${printed(last + shift)}` : "";
    });
    return own + other.join("");
  }
}

function isPattern(source: string): boolean {
  try {
    return new RegExp(source, "u") instanceof RegExp;
  } catch {
    return false;
  }
}

function printed(code: number): string {
  return `\\u{${code.toString(16)}}`;
}

/** All characters but those of a set, as the inside of a class. */
function complement(set: string): string {
  const single = new RegExp(`[${set}]`, "u");
  const ranges: string[] = [];
  let start = 0;
  for (let code = 0; code <= 0x80; code++) {
    if (code < 0x80 && !single.test(String.fromCharCode(code))) continue;
    if (code > start || code === 0x80) ranges.push(code === 0x80 ? `${printed(start)}-${printed(0x10ffff)}` : `${printed(start)}-${printed(code - 1)}`);
    start = code + 1;
  }
  return ranges.join("");
}
