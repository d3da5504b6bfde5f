/**
 * Text that survives the engines. KFP, Argo and the kubelet rewrite or refuse some text on its way between tasks; this
 * escape carries it. `docs/entrypoint.md` has the list of what is changed where.
 *
 * - Ordinary text stays as it is: a dangerous character becomes `~(hex)`, its code point in ASCII.
 * - `{`, `$` and `~` are escaped only where they stand before something dangerous or at the end, so encoded parts can
 *   be joined by the engine: `unescapeText(escapeText(a) + escapeText(b)) === a + b`.
 * - It is injective: two texts never have the same encoding.
 */
import type { Json } from "../compiler/ir/types.ts";

/**
 * What is escaped, in this order: surrogate pairs and lone surrogates (the KFP database is not utf8mb4), C0 controls without
 * tab and line breaks, and DEL (Argo quotes them as Go does, which is not JSON: reference argo.md 2.1), C1 controls, the byte
 * order mark and noncharacters (refused in a manifest), `{{` (Argo templates), `$$` and `$(` (kubelet), `~(` (the escape
 * itself); the last three also at the end, where the next part of a template could complete them.
 */
const dangerous = /[\u{10000}-\u{10ffff}]|[\ud800-\udfff\0-\x08\v\f\x0e-\x1f\u007f-\u009f\ufeff\ufffe\uffff]|\{(?=\{|$)|\$(?=[$(]|$)|~(?=\(|$)/gu;

/** What Argo passes on in place of a value that is not given. `escapeText` never makes it. */
export const absentText = "~(absent)";

const escaped = /~\(([0-9a-f]{1,6})\)/g;

/** Encodes text for the way through an engine. The identity on text without dangerous characters. */
export function escapeText(text: string): string {
  return text.replace(dangerous, (character) => `~(${(character.codePointAt(0) as number).toString(16)})`);
}

/** Decodes what `escapeText` made. Anything that `escapeText` cannot have made stays as it is. */
export function unescapeText(text: string): string {
  return text.replace(escaped, (sequence, hex: string) => {
    const code = Number.parseInt(hex, 16);
    return isEscapable(code) && code.toString(16) === hex ? String.fromCodePoint(code) : sequence;
  });
}

function isEscapable(code: number): boolean {
  return (
    (code >= 0x10000 && code <= 0x10ffff) ||
    (code >= 0xd800 && code <= 0xdfff) ||
    (code <= 0x1f && ![0x09, 0x0a, 0x0d].includes(code)) ||
    (code >= 0x7f && code <= 0x9f) ||
    [0xfeff, 0xfffe, 0xffff, 0x7b, 0x24, 0x7e].includes(code)
  );
}

/** Encodes every text in a JSON value, keys included. */
export function escapeJson(value: Json): Json {
  return mapText(value, escapeText);
}

/** Decodes every text in a JSON value, keys included. */
export function unescapeJson(value: Json): Json {
  return mapText(value, unescapeText);
}

function mapText(value: Json, map: (text: string) => string): Json {
  if (typeof value === "string") return map(value);
  if (Array.isArray(value)) return value.map((item) => mapText(item, map));
  if (value === null || typeof value !== "object") return value;
  const result: { [key: string]: Json } = {};
  for (const [key, item] of Object.entries(value)) setOwn(result, map(key), mapText(item, map));
  return result;
}

/** Also right for the key `__proto__`. */
function setOwn(object: { [key: string]: Json }, key: string, value: Json): void {
  Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}
