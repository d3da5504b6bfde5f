/**
 * Items of loops. The controller keeps them as JSON text: numbers keep their digits, texts their escapes, and both show in the
 * names of nodes and in `{{item}}` (reference argo.md 2.6).
 */
import { escapeHtml, goJson, unescapeHtml } from "./go.ts";
import type { Behaviour } from "./versions.ts";

export type Item =
  | { readonly kind: "scalar"; readonly json: string }
  | { readonly kind: "text"; readonly json: string }
  | { readonly kind: "list"; readonly json: string }
  | { readonly kind: "map"; readonly json: string };

/** The item of a JSON text, which must be valid. `null` is read as a list. */
export function itemOf(json: string): Item {
  const text = compact(json);
  if (text.startsWith('"')) return { kind: "text", json: text };
  if (text.startsWith("[") || text === "null") return { kind: "list", json: text };
  return { kind: text.startsWith("{") ? "map" : "scalar", json: text };
}

/** The items of a JSON list, or undefined where the text is no list. `null` is an empty one. */
export function itemsOf(json: string): Item[] | undefined {
  try {
    JSON.parse(json);
  } catch {
    return undefined;
  }
  const text = compact(json);
  if (text === "null") return [];
  return text.startsWith("[") ? membersOf(text).map(itemOf) : undefined;
}

/** What the name of the item's node says of it. */
export function nameOf(item: Item): string {
  if (item.kind === "map") return entriesOf(item.json).map(([key, value]) => `${key}:${textOf(itemOf(value))}`).sort(byBytes).join(",");
  if (item.kind === "list") return item.json === "null" ? "[]" : `[${membersOf(item.json).map((member) => textOf(itemOf(member))).join(" ")}]`;
  return textOf(item);
}

/** The variables `item` and `item.<key>` of an item. */
export function variablesOf(item: Item, behaviour: Behaviour): Map<string, string> {
  const variables = new Map<string, string>();
  if (item.kind === "map") {
    const entries = entriesOf(item.json).sort(([a], [b]) => byBytes(a, b));
    for (const [key, value] of entries) variables.set(`item.${key}`, textOf(itemOf(value)));
    variables.set("item", `{${entries.map(([key, value]) => `${goJson(key)}:${escapeHtml(value)}`).join(",")}}`);
  } else if (item.kind === "list") {
    variables.set("item", escapeHtml(item.json));
  } else if (item.kind === "text" && behaviour.unescapedTextItems) {
    variables.set("item", JSON.parse(item.json) as string);
  } else {
    variables.set("item", textOf(item));
  }
  return variables;
}

/** An item without the quotes of a text, its escapes as they are but for `<`, `>` and `&`. */
function textOf(item: Item): string {
  const text = unescapeHtml(escapeHtml(item.json));
  return item.kind === "text" ? text.slice(1, -1) : text;
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** JSON text without the blanks between its tokens. */
export function compact(json: string): string {
  return json.replace(/"(?:[^"\\]|\\.)*"|[ \t\r\n]+/gs, (token) => (token.startsWith('"') ? token : ""));
}

/** The texts of a list's members; the text must be compact. */
export function membersOf(list: string): string[] {
  return split(list.slice(1, -1), ",");
}

/** Keys and texts of the values of an object; the last of equal keys counts. */
function entriesOf(object: string): [string, string][] {
  const entries = new Map<string, string>();
  for (const member of split(object.slice(1, -1), ",")) {
    const [key] = split(member, ":") as [string];
    entries.set(JSON.parse(key) as string, member.slice(key.length + 1));
  }
  return [...entries];
}

/** The parts of compact JSON between separators that are in no text and no deeper list or object. */
function split(json: string, separator: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < json.length; at++) {
    const character = json[at];
    if (character === '"') at = endOfText(json, at);
    else if (character === "[" || character === "{") depth++;
    else if (character === "]" || character === "}") depth--;
    else if (character === separator && depth === 0) {
      parts.push(json.slice(start, at));
      start = at + 1;
    }
  }
  if (json !== "") parts.push(json.slice(start));
  return parts;
}

function endOfText(json: string, quote: number): number {
  for (let at = quote + 1; at < json.length; at++) {
    if (json[at] === "\\") at++;
    else if (json[at] === '"') return at;
  }
  return json.length;
}
