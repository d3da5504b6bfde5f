/** What the checker is given: objects as Argo would read them, and where their parts stand. */
import type { Span } from "../../../ir/types.ts";

/** Keys and indices from the root of a document. */
export type Path = readonly (string | number)[];

export interface ArgoDocument {
  /** The document as JSON data. */
  value: unknown;
  /** The name of the file, for messages. */
  file?: string;
  /** Where the key or value at a path stands, or its nearest ancestor. Missing, or undefined, where there is no text. */
  locate?(path: Path, part: "key" | "value"): Span | undefined;
  /** Where a part of the text at a path stands, by offsets in the text that the value is. */
  locateIn?(path: Path, start: number, end: number): Span | undefined;
  /** What is written for the scalar at a path: `1.50` where the value is 1.5. */
  written?(path: Path): string | undefined;
}
