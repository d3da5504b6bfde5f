/** What JSDoc says of a declaration and of its parameters. */
import { ts } from "ts-morph";

/** The description of a node: the JSDoc before it, without tags. Undefined where there is none. */
export function descriptionOf(node: ts.Node): string | undefined {
  for (const owner of documentedNodes(node)) {
    for (const doc of jsDocs(owner)) {
      const text = textOf(doc.comment);
      if (text !== undefined) return text;
    }
  }
  return inlineDescription(node);
}

/** What `@param` says, by name; `input.depth` is also found as `depth`. */
export function parameterDescriptions(nodes: ts.Node[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const node of nodes.flatMap(documentedNodes)) {
    for (const tag of jsDocs(node).flatMap((doc) => [...(doc.tags ?? [])])) {
      const text = ts.isJSDocParameterTag(tag) || ts.isJSDocPropertyTag(tag) ? textOf(tag.comment)?.replace(/^[-–:]\s*/, "") : undefined;
      if (text === undefined) continue;
      const name = (tag as ts.JSDocParameterTag).name.getText();
      found.set(name.slice(name.lastIndexOf(".") + 1), text);
    }
  }
  return found;
}

/** What `@returns` says. */
export function returnsDescription(nodes: ts.Node[]): string | undefined {
  for (const node of nodes.flatMap(documentedNodes)) {
    for (const tag of jsDocs(node).flatMap((doc) => [...(doc.tags ?? [])])) {
      const text = ts.isJSDocReturnTag(tag) ? textOf(tag.comment)?.replace(/^[-–:]\s*/, "") : undefined;
      if (text !== undefined) return text;
    }
  }
  return undefined;
}

/** The node, and for a variable the statement that its JSDoc stands before. */
function documentedNodes(node: ts.Node): ts.Node[] {
  if (ts.isVariableDeclaration(node) && ts.isVariableDeclarationList(node.parent)) return [node, node.parent.parent];
  return [node];
}

function jsDocs(node: ts.Node): ts.JSDoc[] {
  return ts.getJSDocCommentsAndTags(node).filter((doc): doc is ts.JSDoc => ts.isJSDoc(doc) && (doc.parent === node || doc.parent === undefined));
}

function textOf(comment: string | ts.NodeArray<ts.JSDocComment> | undefined): string | undefined {
  const text = ts.getTextOfJSDocComment(comment)?.trim();
  return text === undefined || text === "" ? undefined : unescaped(text.replace(/\r\n/g, "\n"));
}

/** What cannot stand in a comment is written with a backslash: the end of the comment, and an `@` after a space or a line's beginning that begins no tag, blanks at the ends. */
function unescaped(text: string): string {
  return text.replace(/^\\(?=\\*\s)/, "").replace(/(\s\\*)\\$/, "$1").replace(/\*(\\*)\\\//g, "*$1/").replace(/(?<=^|\s)(\\*)\\@/gm, "$1@");
}

/** A JSDoc on the same line as what stands before it, as in `{ /** the rows *\/ rows: Dataset }`: TypeScript does not attach it. */
function inlineDescription(node: ts.Node): string | undefined {
  if (!ts.isPropertySignature(node) && !ts.isBindingElement(node) && !ts.isPropertyAssignment(node) && !ts.isShorthandPropertyAssignment(node)) return undefined;
  const source = node.getSourceFile();
  const ranges = ts.getTrailingCommentRanges(source.text, node.pos) ?? [];
  const last = ranges[ranges.length - 1];
  const comment = last === undefined ? "" : source.text.slice(last.pos, last.end);
  if (!comment.startsWith("/**")) return undefined;
  const text = comment.slice(3, -2).split(/\r?\n/).map((line) => line.replace(/^\s*\*?\s?/, "").trimEnd()).join("\n").trim();
  return text === "" ? undefined : unescaped(text);
}
