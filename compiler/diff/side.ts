/** One side of a comparison, wherever it comes from: a file, a folder, a revision, what is deployed. */
import type { Document } from "../ir/types.ts";

export interface Side {
  /** As people call it: `main:pipelines/train.ts`. */
  label: string;
  programs: Program[];
}

/** The pipelines of one entry file. */
export interface Program {
  document: Document;
  /** A hash of the code by op; missing where there are no sources. */
  code?: ReadonlyMap<string, string>;
  /** The bytes of the compiled file by exported pipeline, where it compiles. */
  sizes: ReadonlyMap<string, number>;
}
