/** What a target makes of a pipeline. */
import type { Diagnostic } from "../diagnostics/diagnostic.ts";

export interface Emission {
  yaml: string | undefined;
  diagnostics: Diagnostic[];
  /** Ops whose code the file carries, and whose bundle was not given. */
  missing: string[];
}
