import type { Diagnostic } from "./diagnostic.ts";

/**
 * Diagnostics in the order in which people read them: by file, offset, code and message, those without a file first;
 * the same finding twice is kept once.
 */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const sorted = [...diagnostics].sort(
    (left, right) =>
      compareText(left.span?.file ?? "", right.span?.file ?? "") ||
      (left.span?.start ?? -1) - (right.span?.start ?? -1) ||
      compareText(left.code, right.code) ||
      compareText(left.message, right.message) ||
      (left.span?.end ?? -1) - (right.span?.end ?? -1),
  );
  return sorted.filter((current, index) => {
    const previous = sorted[index - 1];
    return previous === undefined || !isSame(previous, current);
  });
}

function isSame(left: Diagnostic, right: Diagnostic): boolean {
  return left.code === right.code && left.message === right.message && left.span?.file === right.span?.file && left.span?.start === right.span?.start && left.span?.end === right.span?.end;
}

/** By code units: the same in every locale. */
function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
