/** The check of an IR document against its schema, on the way out of the frontend and into the targets. */
import { bug } from "../bug.ts";
import { validateAgainstSchema } from "./document.validator.ts";
import type { Document } from "./types.ts";

export interface DocumentError {
  /** JSON pointer into the document; empty for the document itself. */
  path: string;
  message: string;
}

/** Whether a value is a document of this version of the IR: the document, or where it differs from the schema. */
export function validateDocument(value: unknown): { document: Document } | { errors: DocumentError[] } {
  if (validateAgainstSchema(value)) return { document: value as Document };
  const errors = (validateAgainstSchema.errors ?? []).map((error) => {
    const { additionalProperty, allowedValue, tagValue } = error.params as { additionalProperty?: string; allowedValue?: string; tagValue?: string };
    const detail = additionalProperty ?? allowedValue ?? tagValue;
    return { path: error.instancePath, message: `${error.message ?? error.keyword}${detail === undefined ? "" : ` (${JSON.stringify(detail)})`}` };
  });
  return { errors };
}

/** Stops with a bug where a stage of ours has made a document that breaks the schema. */
export function assertDocument(document: Document, stage: string): void {
  const result = validateDocument(document);
  if ("errors" in result) {
    const [first] = result.errors;
    bug(`${stage} made a document that breaks the schema of the IR: ${first?.path === "" ? "the document" : first?.path} ${first?.message}.`);
  }
}
