/** What a rule is: data, and one pure function over the IR. */
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { DiagnosticCode } from "../diagnostics/registry.ts";
import type { Document } from "../ir/types.ts";

export interface Rule {
  /** Every code that the rule can report. */
  codes: readonly DiagnosticCode[];
  /** A rule for `cluster` is about pods and schedules; a run on this machine does not need it. */
  scope: "always" | "cluster";
  /** Takes time linear in the size of the document. */
  check(document: Document): Diagnostic[];
}
