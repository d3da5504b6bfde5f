/** Nodes and indents by their offsets, for fixes of what TypeScript finds. */
import { ts } from "ts-morph";

/** The innermost node that begins at an offset and ends at another one. */
export function nodeAt(file: ts.SourceFile, start: number, end: number): ts.Node | undefined {
  const find = (node: ts.Node): ts.Node | undefined => {
    const inner = ts.forEachChild(node, (child) => (child.pos <= start && end <= child.end ? find(child) : undefined));
    if (inner !== undefined) return inner;
    return node.getStart(file) === start && node.end === end ? node : undefined;
  };
  return find(file);
}

/** The blanks before the line of an offset. */
export function indentAt(file: ts.SourceFile, offset: number): string {
  const start = file.getLineStarts()[file.getLineAndCharacterOfPosition(offset).line] ?? 0;
  return /^[ \t]*/.exec(file.text.slice(start, offset))?.[0] ?? "";
}
