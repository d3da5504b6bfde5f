/**
 * Patches of the pod: JSON text that the controller merges into the pod after it has filled in the tags. It is the only
 * way to quantities, lists and objects that only a run knows (reference argo.md 2.11).
 */
import type { Json, RunTime } from "../../ir/types.ts";
import { mergePatch } from "./merge-patch.ts";
import type { PodContext } from "./pod-context.ts";
import type { JsonObject } from "./spec.ts";

/** Around an expression that stands for a string of a patch: no text of Kubernetes holds this character. */
const mark = "\0";

/** A place in a patch for the JSON that an expression gives. */
function hole(expression: string): string {
  return `${mark}${expression}${mark}`;
}

/** The JSON text of a patch, with expression tags in its holes. A brace before a tag would be taken for its beginning. */
export function printPatch(patch: JsonObject): string {
  return JSON.stringify(patch).replace(/(\{?)"\\u0000(.*?)\\u0000"/g, (_, brace: string, body: string) => `${brace === "" ? "" : "{ "}{{=${JSON.parse(`"${body}"`) as string}}}`);
}

/** What is written into the pod, with what the user writes there; undefined where there is neither. */
export function mergedPatch(own: JsonObject, given: JsonObject | undefined): string | undefined {
  const merged = given === undefined ? own : (mergePatch(own, given) as JsonObject);
  return Object.keys(merged).length === 0 ? undefined : printPatch(merged);
}

/** The expression that reads the text of a run-time value in the template. */
export function readText(value: RunTime, context: PodContext): string {
  const text = context.text(value);
  const name = /^\{\{\s*inputs\.parameters\.([-\w]+)\s*\}\}$/.exec(text)?.[1];
  return name === undefined ? exprOf(text) : `inputs.parameters${/^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `[${exprOf(name)}]`}`;
}

/** A string of a patch: as it is, or as the run gives it; `null` where a run leaves it out, which removes it from the pod. */
export function patchText(value: string | RunTime, context: PodContext): Json {
  if (typeof value === "string") return value;
  const read = `toJson(${readText(value, context)})`;
  const present = context.present?.(value);
  return hole(present === undefined ? read : `${present} ? ${read} : 'null'`);
}

/** JSON of a patch from a value whose text is JSON, `null` where a run leaves it out. */
export function patchJson(value: RunTime, context: PodContext): Json {
  const read = readText(value, context);
  const present = context.present?.(value);
  return hole(present === undefined ? read : `${present} ? ${read} : 'null'`);
}

/** One item of a list, or `spread` the items of one; it is there where `present` holds. */
export interface ListItem {
  /** An expression of the item itself. */
  expression: string;
  spread?: boolean;
  present?: string | undefined;
}

/** A list whose items only a run knows. */
export function patchList(items: readonly ListItem[]): Json {
  return hole(`toJson(${joined(items)})`);
}

/** An object with one member, a list; `null` where the list is empty. */
export function patchListObject(member: string, items: readonly ListItem[]): Json {
  const list = joined(items);
  return hole(`len(${list}) > 0 ? toJson({${printString(member)}: ${list}}) : 'null'`);
}

function joined(items: readonly ListItem[]): string {
  if (items.every(({ spread, present }) => spread !== true && present === undefined)) return `[${items.map(({ expression }) => expression).join(", ")}]`;
  const parts = items.map(({ expression, spread, present }) => {
    const list = spread === true ? expression : `[${expression}]`;
    return present === undefined ? list : `${present} ? ${list} : []`;
  });
  return parts.length === 1 ? (parts[0] ?? "[]") : `concat(${parts.join(", ")})`;
}

/** A constant as an expression; its text ends no tag. An expression in it stands where `expression` wrapped it. */
export function exprOf(value: Json): string {
  return print(value).replace(/([{}])(?=\1)/g, "$1 ");
}

/** An expression inside a constant for `exprOf`. */
export function expression(text: string): string {
  return hole(text);
}

function print(value: Json): string {
  if (typeof value === "string") return value.startsWith(mark) ? value.slice(1, -1) : printString(value);
  if (value === null) return "nil";
  if (Array.isArray(value)) return `[${value.map(print).join(", ")}]`;
  if (typeof value === "object") return `{${Object.entries(value).map(([key, item]) => `${printString(key)}: ${print(item)}`).join(", ")}}`;
  return String(value);
}

function printString(text: string): string {
  const body = text.replace(/[\\'\n\r\t]|\{(?=\{)|\}(?=\})/g, (character) => ({ "\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t", "{": "\\x7b", "}": "\\x7d" })[character] ?? character);
  return `'${body}'`;
}
