/** What a stage reports of a user's source. Rendering is elsewhere. */
import type { DiagnosticCode, Parameters } from "./registry.ts";
import { registry } from "./registry.ts";

/** Structurally the IR's `Span`; repeated here because diagnostics import nothing. */
export interface SourceSpan {
  file: string;
  start: number;
  end: number;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}

export type Severity = "error" | "warning" | "info";

export interface RelatedSpan {
  message: string;
  span: SourceSpan;
}

/** A change that surely mends the finding. */
export interface Fix {
  title: string;
  /** Replace the text of each span. */
  edits: { span: SourceSpan; newText: string }[];
  /** Names of the language that the new texts use. `withImports` makes edits of them. */
  imports?: string[];
}

export interface Diagnostic {
  /** `HMC1001`, or `TS2322` for TypeScript's own. */
  code: string;
  severity: Severity;
  message: string;
  /** Missing only where no file is at hand. */
  span?: SourceSpan;
  related: RelatedSpan[];
  fix?: Fix;
}

/**
 * Makes a diagnostic of a registered code.
 *
 * @param parameters what the message of the code names
 */
export function diagnostic<Code extends DiagnosticCode>(
  code: Code,
  span: SourceSpan | undefined,
  parameters: Parameters<Code>,
  extra: { related?: RelatedSpan[]; fix?: Fix } = {},
): Diagnostic {
  const entry = registry[code];
  const message = (entry.message as (parameters: Parameters<Code>) => string)(parameters);
  return {
    code,
    severity: entry.severity,
    message,
    ...(span === undefined ? {} : { span }),
    related: extra.related ?? [],
    ...(extra.fix === undefined ? {} : { fix: extra.fix }),
  };
}
