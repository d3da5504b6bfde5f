import { diagnostic, type Diagnostic } from "../../diagnostics/diagnostic.ts";
import { sortDiagnostics } from "../../diagnostics/sort.ts";
import type { Source } from "../../yaml/source.ts";

/** Collects what is found in a file, up to a number that people still read: of warnings, more are left out in silence. */
export interface Reports {
  add(found: Diagnostic): void;
  /** Whether further errors are left out. */
  isFull(): boolean;
  hasErrors(): boolean;
  /** All in the order of the file. */
  sorted(): Diagnostic[];
}

const MOST_REPORTS = 200;

export function openReports(source: Source): Reports {
  const errors: Diagnostic[] = [];
  const warnings: Diagnostic[] = [];
  let isMore = false;
  return {
    add(next) {
      const list = next.severity === "error" ? errors : warnings;
      if (list.length < MOST_REPORTS) list.push(next);
      else if (list === errors) isMore = true;
    },
    isFull: () => isMore,
    hasErrors: () => errors.length > 0,
    sorted() {
      const more = isMore ? [diagnostic("HMC7026", source.span(source.text.length, source.text.length), { count: MOST_REPORTS })] : [];
      return sortDiagnostics([...errors, ...warnings, ...more]);
    },
  };
}
