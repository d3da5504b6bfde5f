/** The text of a document: `hmc compile --target ir`. */
import type { Document } from "./types.ts";

/**
 * JSON with two spaces and a line break at the end. The order of the keys is that of the document, which is the order
 * of the source, so equal sources give equal bytes.
 */
export function printDocument(document: Document): string {
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
