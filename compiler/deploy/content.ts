/** What makes two compiled files the same delivery. */
import { createHash } from "node:crypto";

/**
 * SHA-256 of a compiled file in hexadecimal, without what says nothing of the pipeline: the comment at its top, and the version of the compiler.
 * So the same pipeline gives the same hash from any commit and folder.
 */
export function contentDigest(yaml: string): string {
  const body = yaml.replace(/^(?:#[^\n]*\n)+/, "").replace(/^sdkVersion: [^\n]*\n/m, "");
  return createHash("sha256").update(body).digest("hex");
}

/** SHA-256 of a value of JSON, whatever the order of its keys. */
export function valueDigest(value: unknown): string {
  return createHash("sha256").update(canonical(value)).digest("hex");
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).filter(([, item]) => item !== undefined).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(",")}}`;
}
