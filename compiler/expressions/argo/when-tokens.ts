/** The tokens of govaluate, and which may follow which. Messages are those of govaluate. */
import { ExprTime } from "./expr-value.ts";
import { printGoFloat } from "./go-text.ts";
import { printGoTime } from "./go-time.ts";
import { timeOf } from "./when-time.ts";
import { WhenError } from "./when.ts";

export type WhenTokenKind =
  | "PREFIX" | "NUMERIC" | "BOOLEAN" | "STRING" | "PATTERN" | "TIME" | "VARIABLE" | "ACCESSOR" | "SEPARATOR" | "COMPARATOR" | "LOGICALOP" | "MODIFIER"
  | "CLAUSE" | "CLAUSE_CLOSE" | "TERNARY";

export interface WhenToken {
  kind: WhenTokenKind;
  /** The text of strings, words and operators. */
  text: string;
  /** The value of numbers and times. */
  number: number;
  start: number;
  end: number;
}

const prefixes = new Set(["-", "!", "~"]);
const modifiers = new Set(["+", "-", "*", "/", "%", "**", "&", "|", "^", ">>", "<<"]);
const logical = new Set(["&&", "||"]);
const comparators = new Set(["==", "!=", ">", ">=", "<", "<=", "=~", "!~"]);
const ternaries = new Set(["?", ":", "??"]);

const values: readonly WhenTokenKind[] = ["NUMERIC", "BOOLEAN", "VARIABLE", "ACCESSOR", "STRING", "TIME", "CLAUSE"];
const operators: readonly WhenTokenKind[] = ["MODIFIER", "COMPARATOR", "LOGICALOP", "CLAUSE_CLOSE", "SEPARATOR"];
const without = (kinds: readonly WhenTokenKind[], kind: WhenTokenKind) => kinds.filter((one) => one !== kind);

const following: Record<WhenTokenKind | "UNKNOWN", readonly WhenTokenKind[]> = {
  UNKNOWN: ["PREFIX", ...values],
  CLAUSE: ["PREFIX", ...values, "CLAUSE_CLOSE"],
  CLAUSE_CLOSE: [...operators, ...without(values, "ACCESSOR"), "TERNARY"],
  NUMERIC: [...operators, "TERNARY"],
  BOOLEAN: [...operators, "TERNARY"],
  STRING: [...operators, "TERNARY"],
  TIME: operators,
  PATTERN: operators,
  VARIABLE: [...operators, "TERNARY"],
  ACCESSOR: [...operators, "CLAUSE", "TERNARY"],
  MODIFIER: ["PREFIX", ...without(values, "TIME"), "CLAUSE_CLOSE"],
  COMPARATOR: ["PREFIX", ...values, "CLAUSE_CLOSE", "PATTERN"],
  LOGICALOP: ["PREFIX", ...values, "CLAUSE_CLOSE"],
  PREFIX: ["NUMERIC", "BOOLEAN", "VARIABLE", "ACCESSOR", "CLAUSE", "CLAUSE_CLOSE"],
  TERNARY: ["PREFIX", ...values, "SEPARATOR"],
  SEPARATOR: ["PREFIX", ...values],
};
const canEnd: ReadonlySet<WhenTokenKind> = new Set(["CLAUSE_CLOSE", "NUMERIC", "BOOLEAN", "STRING", "PATTERN", "TIME", "VARIABLE", "ACCESSOR"]);

const space = /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/;
const digit = /^\p{Nd}$/u;
const letter = /^\p{L}$/u;
const isNumeric = (character: string) => digit.test(character) || character === ".";
const isWord = (character: string) => letter.test(character) || digit.test(character) || character === "_" || character === ".";
const isSign = (character: string) => !(digit.test(character) || letter.test(character) || /[()[\]]/.test(character) || isQuote(character));
const isQuote = (character: string) => character === "'" || character === '"';

/** Reads one token after the other. A backslash takes away the meaning of the character that follows it. */
class Scanner {
  private readonly characters: string[];
  private position = 0;
  private offset = 0;

  constructor(text: string) {
    this.characters = [...text];
  }

  private peek(): string | undefined {
    return this.characters[this.position];
  }

  private take(): string {
    const character = this.characters[this.position] ?? "";
    this.position++;
    this.offset += character.length;
    return character;
  }

  /** Characters as long as they fit. Blanks end a word, but belong to a text in quotes. */
  private run(fits: (character: string) => boolean, keepsBlanks: boolean): string {
    let text = "";
    for (let next = this.peek(); next !== undefined; next = this.peek()) {
      if (next === "\\") {
        this.take();
        text += this.take();
      } else if (!keepsBlanks && space.test(next)) {
        this.take();
        if (text !== "") break;
      } else if (fits(next)) text += this.take();
      else break;
    }
    return text;
  }

  next(before: WhenTokenKind | "UNKNOWN"): WhenToken | undefined {
    while (space.test(this.peek() ?? "")) this.take();
    const first = this.peek();
    if (first === undefined) return undefined;
    const start = this.offset;
    const token = (kind: WhenTokenKind, text: string, number = 0): WhenToken => ({ kind, text, number, start, end: this.offset });
    if (isNumeric(first)) return this.numeric(start);
    if (first === ",") return token("SEPARATOR", this.take());
    if (first === "[") return token("VARIABLE", this.enclosed((character) => character === "]", "Unclosed parameter bracket", start));
    if (letter.test(first)) return this.word(start);
    if (isQuote(first)) {
      const text = this.enclosed(isQuote, "Unclosed string literal", start);
      const seconds = timeOf(text);
      return seconds === undefined ? token("STRING", text) : token("TIME", text, seconds);
    }
    if (first === "(") return token("CLAUSE", this.take());
    if (first === ")") return token("CLAUSE_CLOSE", this.take());
    const sign = this.run(isSign, false);
    const kind = following[before].includes("PREFIX") && prefixes.has(sign) ? "PREFIX" : modifiers.has(sign) ? "MODIFIER" : logical.has(sign) ? "LOGICALOP" : comparators.has(sign) ? "COMPARATOR" : ternaries.has(sign) ? "TERNARY" : undefined;
    if (kind === undefined) throw new WhenError(`Invalid token: '${sign}'`, start);
    return token(kind, sign);
  }

  private numeric(start: number): WhenToken {
    if (this.peek() === "0" && this.characters[this.position + 1] === "x" && this.position + 2 < this.characters.length) {
      this.take();
      this.take();
      const digits = this.run((character) => /^[\da-fA-F]$/.test(character), false);
      if (!/^[\da-fA-F]{1,16}$/.test(digits)) throw new WhenError(`Unable to parse hex value '${digits}' to uint64\n`, start);
      return { kind: "NUMERIC", text: digits, number: Number(BigInt(`0x${digits}`)), start, end: this.offset };
    }
    const text = this.run(isNumeric, false);
    if (!/^(?:\d+\.?\d*|\.\d+)$/.test(text) || !Number.isFinite(Number(text))) throw new WhenError(`Unable to parse numeric value '${text}' to float64\n`, start);
    return { kind: "NUMERIC", text, number: Number(text), start, end: this.offset };
  }

  private word(start: number): WhenToken {
    const text = this.run(isWord, false);
    const token = (kind: WhenTokenKind, value = text): WhenToken => ({ kind, text: value, number: 0, start, end: this.offset });
    if (text === "true" || text === "false") return token("BOOLEAN");
    if (text === "in" || text === "IN") return token("COMPARATOR", "in");
    if (!text.includes(".")) return token("VARIABLE");
    if (text.endsWith(".")) throw new WhenError(`Hanging accessor on token '${text}'`, start);
    const hidden = text.split(".").slice(1).find((part) => [...part].slice(0, 1).some((character) => character.toUpperCase() !== character));
    if (hidden !== undefined) throw new WhenError(`Unable to access unexported field '${hidden}' in token '${text}'`, start);
    return token("ACCESSOR");
  }

  private enclosed(closes: (character: string) => boolean, message: string, start: number): string {
    this.take();
    const text = this.run((character) => !closes(character), true);
    if (this.peek() === undefined) throw new WhenError(message, start);
    this.take();
    return text;
  }
}

/** The tokens of a text, in an order that govaluate takes. */
export function whenTokens(text: string): WhenToken[] {
  const scanner = new Scanner(text);
  const tokens: WhenToken[] = [];
  for (let token = scanner.next("UNKNOWN"); token !== undefined; token = scanner.next(token.kind)) tokens.push(token);
  checkBalance(tokens);
  checkOrder(tokens, text.length);
  return tokens;
}

function checkBalance(tokens: readonly WhenToken[]): void {
  const count = (kind: WhenTokenKind) => tokens.filter((token) => token.kind === kind).length;
  if (count("CLAUSE") !== count("CLAUSE_CLOSE")) throw new WhenError("Unbalanced parenthesis", tokens.find(({ kind }) => kind === "CLAUSE" || kind === "CLAUSE_CLOSE")?.start ?? 0);
}

/** Whether every token may stand where it does. */
export function checkOrder(tokens: readonly WhenToken[], end: number): void {
  let before: WhenToken | undefined;
  for (const token of tokens) {
    if (!following[before?.kind ?? "UNKNOWN"].includes(token.kind)) {
      if (before?.kind === "VARIABLE" && token.kind === "CLAUSE") throw new WhenError(`Undefined function ${before.text}`, before.start);
      throw new WhenError(`Cannot transition token types from ${before?.kind ?? "UNKNOWN"} [${before === undefined ? "<nil>" : shown(before)}] to ${token.kind} [${shown(token)}]`, token.start);
    }
    before = token;
  }
  if (before === undefined || !canEnd.has(before.kind)) throw new WhenError("Unexpected end of expression", end);
}

/** A token in a message, as Go prints its value: parentheses by their code, times in Go's own format. */
function shown({ kind, text, number }: WhenToken): string {
  switch (kind) {
    case "NUMERIC":
      return printGoFloat(number);
    case "TIME":
      return printGoTime(new ExprTime(BigInt(number) * 1_000_000_000n));
    case "CLAUSE":
    case "CLAUSE_CLOSE":
      return String(text.codePointAt(0));
    case "ACCESSOR":
      return `[${text.replaceAll(".", " ")}]`;
    default:
      return text;
  }
}
