/** Values of parameters: text, or what Argo makes text of (reference argo.md 2.0, rule 10). */
import { argoCapabilities, argoLimits } from "../versions.ts";
import type { Path } from "./document.ts";
import { isFields } from "./json.ts";
import type { Work } from "./work.ts";

/** Bytes of a literal from which on it is better a file. */
const largeLiteral = 8 * 1024;

/** Characters that no tag can carry: the text around the tag becomes invalid JSON (reference argo.md 2.1). */
const unportable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]|[\u{E0000}-\u{E0FFF}]/u;

/** Checks one value, default or choice of a parameter. */
export function checkLooseText(work: Work, path: Path, value: unknown): void {
  if (Array.isArray(value) || isFields(value)) return work.report("HMC8301", { path }, { what: Array.isArray(value) ? "a list" : "a map" });
  if (typeof value === "number" || typeof value === "boolean") return checkScalar(work, path, value);
  if (typeof value !== "string") return;
  const bytes = Buffer.byteLength(value);
  if (bytes > argoLimits.argumentBytes) work.report("HMC8407", { path }, { size: kilobytes(bytes), limit: kilobytes(argoLimits.argumentBytes), effect: argoCapabilities(work.version).offloadsArguments ? "the program gets the name of a file instead" : "the pod does not start" });
  else if (bytes > largeLiteral) work.report("HMC8406", { path }, { size: kilobytes(bytes) });
  const character = unportable.exec(value);
  if (character !== null) work.report("HMC8308", { path, within: { start: character.index, end: character.index + character[0].length } }, { code: (character[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0") });
}

function kilobytes(bytes: number): string {
  return `${Math.round(bytes / 1024)} KB`;
}

function checkScalar(work: Work, path: Path, value: number | boolean): void {
  const result = goText(value);
  const written = work.model.document.written?.(path) ?? result;
  const fix = { title: "Put quotes around it", place: { path }, newText: JSON.stringify(written) };
  if (written === result) work.report("HMC8302", { path }, { text: written }, { fix });
  else work.report("HMC8303", { path }, { written, result }, { fix });
}

/** The text that Argo makes of a value: Go's shortest decimal without an exponent. */
function goText(value: number | boolean): string {
  if (typeof value === "boolean") return String(value);
  const text = String(value);
  return text.includes("e") ? value.toLocaleString("en", { useGrouping: false, maximumFractionDigits: 20 }) : text;
}
