/** The fix that puts one value in place of another. */
import type { Fix } from "../diagnostics/diagnostic.ts";
import type { Span } from "../ir/types.ts";

/** A fix where both the place and the new text are known, ready to be spread into the extras of `diagnostic()`. */
export function replacement(span: Span | undefined, text: string | undefined): { fix?: Fix } {
  if (span === undefined || text === undefined) return {};
  return { fix: { title: `Write "${text}"`, edits: [{ span, newText: JSON.stringify(text) }] } };
}
