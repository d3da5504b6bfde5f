/**
 * `when` of a task as the controller reads it after it has put values for the tags: the language govaluate, in which
 * a word without quotes is a string. A tree and its text.
 */
import { printDecimal } from "./go-text.ts";

export interface WhenSpan {
  start: number;
  end: number;
}

export type WhenBinaryOperator =
  | "," | "?" | ":" | "??" | "||" | "&&"
  | "==" | "!=" | "<" | "<=" | ">" | ">=" | "=~" | "!~" | "in"
  | "&" | "|" | "^" | "<<" | ">>" | "+" | "-" | "*" | "/" | "%" | "**";

export type WhenPrefixOperator = "-" | "!" | "~";

export type When = WhenSpan &
  (
    /** What directly follows `=~` or `!~` is a pattern: a value of its own that is no text. */
    | { kind: "string"; value: string; pattern?: true }
    /** A word without quotes, or text in brackets: `[a b]`. Its value is its text. */
    | { kind: "word"; value: string; pattern?: true }
    | { kind: "number"; value: number }
    | { kind: "bool"; value: boolean }
    /** A string that is a date: its value is its seconds since 1970. */
    | { kind: "time"; text: string; seconds: number }
    /** `a.B`: govaluate looks for a parameter, and the controller has none. */
    | { kind: "accessor"; path: string[] }
    /** Without `inner`: `()`. */
    | { kind: "group"; inner?: When }
    | { kind: "prefix"; operator: WhenPrefixOperator; operand?: When }
    /** `a ? b : c` is `(a ? b) : c`, a list `(a, b, c)` is `(a, b), c`. Only before `)` the right side can miss. */
    | { kind: "binary"; operator: WhenBinaryOperator; left: When; right?: When }
  );

/** A `when` with which the controller fails a task, with the controller's message. */
export class WhenError extends Error {
  override name = "WhenError";
  constructor(
    message: string,
    /** The offset of what does not fit, where one place is at fault. */
    readonly offset?: number,
  ) {
    super(message);
  }
}

/** The text of a tree. Groups stand where the tree has them, and reading the text gives the same tree. */
export function printWhen(tree: When): string {
  switch (tree.kind) {
    case "string":
      return `'${escaped(tree.value, /[\\'"]/g)}'`;
    case "time":
      return `'${escaped(tree.text, /[\\'"]/g)}'`;
    case "word":
      return /^\p{L}[\p{L}\p{Nd}_]*$/u.test(tree.value) && !/^(?:true|false|in|IN)$/.test(tree.value) ? tree.value : `[${escaped(tree.value, /[\\\]]/g)}]`;
    case "number":
      return printDecimal(tree.value);
    case "bool":
      return String(tree.value);
    case "accessor":
      return tree.path.join(".");
    case "group":
      return `(${tree.inner === undefined ? "" : printWhen(tree.inner)})`;
    case "prefix":
      return `${tree.operator}${tree.operand === undefined ? "" : printWhen(tree.operand)}`;
    case "binary":
      return `${printWhen(tree.left)}${tree.operator === "," ? "" : " "}${tree.operator} ${tree.right === undefined ? "" : printWhen(tree.right)}`;
  }
}

function escaped(text: string, special: RegExp): string {
  return text.replace(special, "\\$&");
}
