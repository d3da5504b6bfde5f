/**
 * Tags of Argo: `{{workflow.name}}` is replaced by a value, `{{= … }}` by what an expression comes to. A tag ends at
 * the first `}}` after its `{{`, also within quotes.
 */
import { quoteGo } from "./go-text.ts";

export interface Tag {
  kind: "simple" | "expression";
  /** What stands between the braces; of an expression, what follows the `=`. */
  content: string;
  /** Where the braces begin and end, and where `content` begins. */
  start: number;
  end: number;
  contentStart: number;
}

/** A `{{` without a `}}`. The controller fails on the whole template. */
export class TagSyntaxError extends Error {
  override name = "TagSyntaxError";
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

/**
 * The parts of a text: what is written as it stands, and the tags. There is no empty text among the parts.
 *
 * @throws TagSyntaxError for a tag that has no end
 */
export function parseTags(text: string): (string | Tag)[] {
  const parts: (string | Tag)[] = [];
  let position = 0;
  for (let start = text.indexOf("{{"); start >= 0; start = text.indexOf("{{", position)) {
    const close = text.indexOf("}}", start + 2);
    if (close < 0) throw new TagSyntaxError(`Cannot find end tag="}}" in the template="${quoteGo(text)}" starting from "${quoteGo(text.slice(start + 2))}"`, start);
    if (start > position) parts.push(text.slice(position, start));
    const isExpression = text[start + 2] === "=";
    const contentStart = start + (isExpression ? 3 : 2);
    position = close + 2;
    parts.push({ kind: isExpression ? "expression" : "simple", content: text.slice(contentStart, close), start, end: position, contentStart });
  }
  if (position < text.length) parts.push(text.slice(position));
  return parts;
}

/** The text of parts. */
export function printTags(parts: readonly (string | Pick<Tag, "kind" | "content">)[]): string {
  return parts.map((part) => (typeof part === "string" ? part : `{{${part.kind === "expression" ? "=" : ""}${part.content}}}`)).join("");
}

/** The only tag of a text that is nothing but one tag. */
export function soleTag(text: string): Tag | undefined {
  if (!text.startsWith("{{") || text.indexOf("}}") !== text.length - 2) return undefined;
  const [tag] = parseTags(text);
  return typeof tag === "string" ? undefined : tag;
}

/** The name that a simple tag stands for: the controller takes blanks around it away. */
export function tagName(tag: Pick<Tag, "content">): string {
  return tag.content.trim();
}
