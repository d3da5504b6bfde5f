import { diagnostic, type Diagnostic } from "../../diagnostics/diagnostic.ts";
import { sortDiagnostics } from "../../diagnostics/sort.ts";
import type { Source } from "./source.ts";

/** Collects what is found in a file, up to a number that people still read. */
export interface Reports {
  add(found: Diagnostic): void;
  isFull(): boolean;
  hasErrors(): boolean;
  /** All in the order of the file. */
  sorted(): Diagnostic[];
}

const MOST_REPORTS = 200;

export function openReports(source: Source): Reports {
  const found: Diagnostic[] = [];
  let isMore = false;
  return {
    add(next) {
      if (found.length < MOST_REPORTS) found.push(next);
      else isMore = true;
    },
    isFull: () => found.length === MOST_REPORTS,
    hasErrors: () => isMore || found.some(({ severity }) => severity === "error"),
    sorted() {
      const more = isMore ? [diagnostic("HMC7026", source.span(source.text.length, source.text.length), { count: MOST_REPORTS })] : [];
      return sortDiagnostics([...found, ...more]);
    },
  };
}
