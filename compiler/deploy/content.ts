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
