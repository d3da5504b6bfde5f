/** Names for findings that survive when lines above them are added or removed. */
import type { Diagnostic } from "./diagnostic.ts";
import { splitLines } from "./lines.ts";

/** Of longer lines only the beginning counts. */
const LONGEST_LINE = 1000;

/**
 * A fingerprint for each diagnostic, in the same order: of its code, file, message and line of source, and of how
 * many equal ones stand before it, so that all are different.
 */
export function fingerprints(diagnostics: readonly Diagnostic[], texts: ReadonlyMap<string, string>): string[] {
  const seen = new Map<string, number>();
  return diagnostics.map((diagnostic) => {
    const { span } = diagnostic;
    const text = span === undefined ? undefined : texts.get(span.file);
    const line = span === undefined || text === undefined ? "" : (splitLines(text, span.start, span.start)[0]?.text.slice(0, LONGEST_LINE).trim() ?? "");
    const identity = [diagnostic.code, span?.file ?? "", diagnostic.message, line].join("\u0000");
    const count = seen.get(identity) ?? 0;
    seen.set(identity, count + 1);
    return hash(`${identity}\u0000${count}`);
  });
}

const MASK = (1n << 64n) - 1n;

/** FNV-1a over the UTF-8 bytes, 64 bits in hexadecimal: no secret, only a name. */
function hash(text: string): string {
  let value = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) value = ((value ^ BigInt(byte)) * 0x100000001b3n) & MASK;
  return value.toString(16).padStart(16, "0");
}
