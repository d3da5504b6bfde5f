/** A small document algebra: what is written is described once, and lines are broken where they would be too long. */

export type Doc = string | readonly Doc[] | Structure;

type Structure =
  | { kind: "indent"; content: Doc }
  /** On one line where it fits, else every `line` directly in it is a line break. */
  | { kind: "group"; content: Doc; broken: boolean }
  /** A line break, or `flat` where the group around stands on one line. */
  | { kind: "line"; flat: string; hard: boolean }
  | { kind: "ifBroken"; broken: Doc; flat: Doc };

/** A space or a line break. */
export const line: Doc = { kind: "line", flat: " ", hard: false };
/** Nothing or a line break. */
export const softLine: Doc = { kind: "line", flat: "", hard: false };
/** A line break, which breaks every group around it. */
export const hardLine: Doc = { kind: "line", flat: "", hard: true };

export function indent(...content: Doc[]): Doc {
  return { kind: "indent", content };
}

export function group(...content: Doc[]): Doc {
  return { kind: "group", content, broken: forcesBreak(content) };
}

/** A document without its outermost group, so that it breaks with what is around it. */
export function ungrouped(doc: Doc): Doc {
  return typeof doc !== "string" && !isList(doc) && doc.kind === "group" ? doc.content : doc;
}

export function ifBroken(broken: Doc, flat: Doc = ""): Doc {
  return { kind: "ifBroken", broken, flat };
}

export function join(separator: Doc, docs: readonly Doc[]): Doc {
  return docs.flatMap((doc, index) => (index === 0 ? [doc] : [separator, doc]));
}

/** `[a, b]`, `{ a, b }`, `(a, b)`: on one line, or one item a line with a trailing comma. */
export function bracketed(open: string, items: readonly Doc[], close: string, padding: Doc = softLine): Doc {
  if (items.length === 0) return `${open}${close}`;
  return group(open, indent(padding, join([",", line], items)), ifBroken(","), padding, close);
}

/** Whether a document holds a line break whatever the width is. */
export function forcesBreak(doc: Doc): boolean {
  if (typeof doc === "string") return doc.includes("\n");
  if (isList(doc)) return doc.some(forcesBreak);
  switch (doc.kind) {
    case "indent":
      return forcesBreak(doc.content);
    case "group":
      return doc.broken;
    case "line":
      return doc.hard;
    case "ifBroken":
      return false;
  }
}

/** The width of a document on one line; infinite where it cannot stand on one. */
export function flatWidth(doc: Doc): number {
  if (forcesBreak(doc)) return Number.POSITIVE_INFINITY;
  if (typeof doc === "string") return doc.length;
  if (isList(doc)) return doc.reduce<number>((sum, part) => sum + flatWidth(part), 0);
  switch (doc.kind) {
    case "indent":
    case "group":
      return flatWidth(doc.content);
    case "line":
      return doc.flat.length;
    case "ifBroken":
      return flatWidth(doc.flat);
  }
}

type Mode = "flat" | "broken";

interface Command {
  indent: number;
  mode: Mode;
  doc: Doc;
}

/** The text of a document. Strings with line breaks in them are written as they are. */
export function render(doc: Doc, width: number): string {
  const output: string[] = [];
  const stack: Command[] = [{ indent: 0, mode: "broken", doc }];
  let column = 0;
  // Written before the next text, so that empty lines have no spaces.
  let pending = 0;
  for (let command = stack.pop(); command !== undefined; command = stack.pop()) {
    const { indent: depth, mode, doc: current } = command;
    if (typeof current === "string") {
      if (current === "") continue;
      if (pending > 0) output.push(" ".repeat(pending));
      pending = 0;
      output.push(current);
      const lastBreak = current.lastIndexOf("\n");
      column = lastBreak < 0 ? column + current.length : current.length - lastBreak - 1;
    } else if (isList(current)) {
      for (let index = current.length - 1; index >= 0; index--) stack.push({ indent: depth, mode, doc: current[index] ?? "" });
    } else if (current.kind === "indent") {
      stack.push({ indent: depth + 2, mode, doc: current.content });
    } else if (current.kind === "group") {
      const flat: Command = { indent: depth, mode: "flat", doc: current.content };
      const isFlat = !current.broken && (mode === "flat" || fits(flat, stack, width - column));
      stack.push(isFlat ? flat : { ...flat, mode: "broken" });
    } else if (current.kind === "ifBroken") {
      stack.push({ indent: depth, mode, doc: mode === "broken" ? current.broken : current.flat });
    } else if (mode === "flat" && !current.hard) {
      stack.push({ indent: depth, mode, doc: current.flat });
    } else {
      output.push("\n");
      pending = depth;
      column = depth;
    }
  }
  return output.join("");
}

/** Whether what comes next fits up to the next line break. */
function fits(next: Command, rest: readonly Command[], width: number): boolean {
  let remaining = width;
  let index = rest.length;
  const stack: Command[] = [next];
  while (remaining >= 0) {
    const command = stack.pop() ?? rest[--index];
    if (command === undefined) return true;
    const { mode, doc } = command;
    if (typeof doc === "string") {
      const lineBreak = doc.indexOf("\n");
      if (lineBreak >= 0) return lineBreak <= remaining;
      remaining -= doc.length;
    } else if (isList(doc)) {
      for (let part = doc.length - 1; part >= 0; part--) stack.push({ ...command, doc: doc[part] ?? "" });
    } else if (doc.kind === "indent") {
      stack.push({ ...command, doc: doc.content });
    } else if (doc.kind === "group") {
      stack.push({ ...command, mode: doc.broken ? "broken" : mode, doc: doc.content });
    } else if (doc.kind === "ifBroken") {
      stack.push({ ...command, doc: mode === "broken" ? doc.broken : doc.flat });
    } else {
      if (mode === "broken" || doc.hard) return true;
      remaining -= doc.flat.length;
    }
  }
  return false;
}

function isList(doc: Doc): doc is readonly Doc[] {
  return Array.isArray(doc);
}
