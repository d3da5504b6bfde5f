/** What a compiled file was made from. */
import { createHash } from "node:crypto";
import type { Document } from "../ir/types.ts";

/** One SHA-256 of all sources, in hexadecimal. */
export function digestOf(document: Document): string {
  const hash = createHash("sha256");
  for (const { path, sha256 } of document.sources) hash.update(`${path}\0${sha256}\n`);
  return hash.digest("hex");
}
