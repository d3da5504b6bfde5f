/** Finds the comments of a TypeScript source, and nothing that only looks like one. */

export interface Comment {
  kind: "line" | "block";
  /** Without the `//`, or the two ends of a block. */
  text: string;
  start: number;
  end: number;
}

/** Words after which a slash begins a regular expression. */
const beforeExpression = new Set(["return", "typeof", "case", "in", "of", "delete", "void", "throw", "new", "instanceof", "do", "else", "yield", "await"]);

/** Words whose parentheses are followed by a statement, not by an operator. */
const beforeStatement = new Set(["if", "while", "for", "with"]);

/** An opening bracket that is still open. */
interface Open {
  kind: "(" | "{" | "template";
  /** After the closing one a slash begins a regular expression. */
  thenExpression: boolean;
}

/** The comments of a source, in order. Linear in the length of the text. */
export function commentsOf(text: string): Comment[] {
  const comments: Comment[] = [];
  const open: Open[] = [];
  let word = "";
  let expression = true;
  let position = text.startsWith("#!") ? lineEnd(text, 0) : 0;
  while (position < text.length) {
    const character = text[position]!;
    const next = text[position + 1];
    if (character === "/" && next === "/") {
      const end = lineEnd(text, position);
      comments.push({ kind: "line", text: text.slice(position + 2, end), start: position, end });
      position = end;
    } else if (character === "/" && next === "*") {
      const close = text.indexOf("*/", position + 2);
      const end = close < 0 ? text.length : close + 2;
      comments.push({ kind: "block", text: text.slice(position + 2, close < 0 ? end : close), start: position, end });
      position = end;
    } else if (character === "/" && expression) {
      position = regularExpressionEnd(text, position);
      expression = false;
    } else if (character === '"' || character === "'") {
      position = stringEnd(text, position);
      expression = false;
    } else if (character === "`" || (character === "}" && open[open.length - 1]?.kind === "template")) {
      if (character === "}") open.pop();
      const chunk = templateChunk(text, position + 1);
      if (chunk.substitution) open.push({ kind: "template", thenExpression: false });
      expression = chunk.substitution;
      position = chunk.end;
    } else if (/[\w$]/.test(character) || character > "\u007F") {
      const end = wordEnd(text, position);
      word = text.slice(position, end);
      expression = text[position - 1] !== "." && beforeExpression.has(word);
      position = end;
      continue;
    } else {
      position++;
      if (/\s/.test(character)) continue;
      if (character === "(" || character === "{") {
        open.push({ kind: character, thenExpression: character === "{" || beforeStatement.has(word) });
        expression = true;
      } else if (character === ")" || character === "}") {
        expression = open.pop()?.thenExpression ?? true;
      } else {
        expression = character !== "]";
      }
      // `i++ / 2`: what stands before the operator decides, and that was a value.
      if ((character === "+" || character === "-") && text[position] === character) {
        position++;
        expression = false;
      }
    }
    if (character !== " ") word = "";
  }
  return comments;
}

function lineEnd(text: string, from: number): number {
  let end = from;
  while (end < text.length && !/[\n\r\u2028\u2029]/.test(text[end]!)) end++;
  return end;
}

function wordEnd(text: string, from: number): number {
  let end = from;
  while (end < text.length && (/[\w$]/.test(text[end]!) || text[end]! > "\u007F") && !/[\u2028\u2029\u00A0\uFEFF]/.test(text[end]!)) end++;
  return Math.max(end, from + 1);
}

/** A string that is not closed ends with its line. */
function stringEnd(text: string, from: number): number {
  const quote = text[from];
  let position = from + 1;
  while (position < text.length && text[position] !== quote && text[position] !== "\n") position += text[position] === "\\" ? (text.startsWith("\r\n", position + 1) ? 3 : 2) : 1;
  return position + 1;
}

/** The characters of a template up to its end or to the next `${`. */
function templateChunk(text: string, from: number): { end: number; substitution: boolean } {
  let position = from;
  while (position < text.length) {
    if (text[position] === "\\") position += 2;
    else if (text[position] === "`") return { end: position + 1, substitution: false };
    else if (text[position] === "$" && text[position + 1] === "{") return { end: position + 2, substitution: true };
    else position++;
  }
  return { end: text.length, substitution: false };
}

/** A slash in a class of characters does not end a regular expression. What is not closed on its line was a division. */
function regularExpressionEnd(text: string, from: number): number {
  let inClass = false;
  for (let position = from + 1; position < text.length && text[position] !== "\n"; position++) {
    const character = text[position];
    if (character === "\\") position++;
    else if (character === "[") inClass = true;
    else if (character === "]") inClass = false;
    else if (character === "/" && !inClass) return position + 1;
  }
  return from + 1;
}
