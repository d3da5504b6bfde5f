/**
 * Replaces variables in objects as the controller does: in their JSON text, so that values take part in the text around them
 * (reference argo.md 2.1).
 */
import { parseTags, tagName, type Tag, TagSyntaxError } from "../../compiler/expressions/argo/tags.ts";
import { ControllerError } from "./errors.ts";
import { replaceExpression } from "./expression-tags.ts";
import { quoted } from "./expressions.ts";
import { goJson } from "./go.ts";
import type { Variables } from "./variables.ts";
import type { Behaviour } from "./versions.ts";

/**
 * What becomes of tags that cannot be replaced: `lenient` leaves them as they are, `strict` makes any of them an error,
 * `references` only those of tasks and steps.
 */
export type Strictness = "lenient" | "strict" | "references";

/**
 * A value with the variables in all its texts replaced. The value itself where there are none.
 *
 * @throws ControllerError where a tag cannot be replaced, or the result is no JSON
 */
export function substitute<T>(value: T, variables: Variables, strictness: Strictness, behaviour: Behaviour): T {
  const json = goJson(value);
  if (!json.includes("{{")) return value;
  const text = replaceTags(json, variables, strictness, behaviour);
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new ControllerError("cannot finish template replacement because the result was invalid JSON");
  }
}

function replaceTags(json: string, variables: Variables, strictness: Strictness, behaviour: Behaviour): string {
  let parts: (string | Tag)[];
  try {
    parts = parseTags(json);
  } catch (error) {
    if (error instanceof TagSyntaxError) throw new ControllerError(error.message);
    throw error;
  }
  const replaced = (part: string | Tag): string => {
    if (typeof part === "string") return part;
    return part.kind === "expression" ? replaceExpression(part.content, variables, strictness, behaviour) : replaceName(part, variables, strictness);
  };
  return parts.map(replaced).join("");
}

const REFERENCE = /^(tasks|steps)(\.|$)/;

/** Whether what stands in a tag must be there. */
export function mustResolve(name: string, strictness: Strictness): boolean {
  return strictness === "strict" || (strictness === "references" && REFERENCE.test(name));
}

function replaceName(tag: Tag, variables: Variables, strictness: Strictness): string {
  const name = tagName(tag);
  const value = variables.get(name);
  if (typeof value === "string") return escaped(value);
  if (value === null) throw new ControllerError(`unable to substitute {{${tag.content}}}: output is an absent optional (skipped/omitted node with no default)`);
  const nested = replaceNested(tag, variables);
  if (nested !== undefined) return nested;
  // References to artifacts are resolved later, and may be optional.
  const isArtifact = strictness === "references" && name.includes(".outputs.artifacts.");
  if (mustResolve(name, strictness) && !isArtifact) throw new ControllerError(`failed to resolve {{${tag.content}}}`);
  return `{{${tag.content}}}`;
}

/** A tag that begins in another one: the inner one is replaced, the braces around it stay open. */
function replaceNested({ content }: Tag, variables: Variables): string | undefined {
  const at = content.lastIndexOf("{{");
  if (at <= 0) return undefined;
  const inner = content.slice(at + 2);
  const value = variables.get(inner);
  if (value === null) throw new ControllerError(`unable to substitute nested tag {{${content}}}: ${quoted(inner)} is an absent optional`);
  return typeof value === "string" ? `{{${content.slice(0, at)}${escaped(value)}` : undefined;
}

/** A text as it stands in JSON, by the rules of Go's own quoted texts: not all of these are JSON. */
function escaped(text: string): string {
  return quoted(text).slice(1, -1);
}
