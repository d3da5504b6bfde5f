/** What every rule is given, and how it reports. */
import { diagnostic, type Diagnostic, type Fix } from "../../../diagnostics/diagnostic.ts";
import type { DiagnosticCode, Parameters } from "../../../diagnostics/registry.ts";
import type { Span } from "../../../ir/types.ts";
import type { ArgoVersion } from "../versions.ts";
import type { ArgoDocument, Path } from "./document.ts";
import type { Library } from "./library.ts";
import type { DocumentModel } from "./model.ts";

export interface Place {
  path: Path;
  /** The value itself (the default), or its key. */
  part?: "key" | "value";
  /** A part of the text that the value is. */
  within?: { start: number; end: number };
}

export interface Extra {
  related?: { message: string; place: Place }[];
  fix?: { title: string; place: Place; newText: string };
}

export interface Work {
  model: DocumentModel;
  version: ArgoVersion;
  /** The WorkflowTemplates of all documents. */
  library: Library;
  report<Code extends DiagnosticCode>(code: Code, place: Place, parameters: Parameters<Code>, extra?: Extra): void;
}

/** A collector of reports on one document. */
export function reporter(document: ArgoDocument, found: { diagnostic: Diagnostic; path: Path }[]): Work["report"] {
  const spanOf = ({ path, part = "value", within }: Place): Span | undefined =>
    within === undefined ? document.locate?.(path, part) : (document.locateIn?.(path, within.start, within.end) ?? document.locate?.(path, part));
  return (code, place, parameters, extra = {}) => {
    const related = (extra.related ?? []).flatMap(({ message, place: other }) => {
      const span = spanOf(other);
      return span === undefined ? [] : [{ message, span }];
    });
    const fixSpan = extra.fix === undefined ? undefined : spanOf(extra.fix.place);
    const fix: Fix | undefined = extra.fix === undefined || fixSpan === undefined ? undefined : { title: extra.fix.title, edits: [{ span: fixSpan, newText: extra.fix.newText }] };
    found.push({ diagnostic: diagnostic(code, spanOf(place), parameters, { related, ...(fix === undefined ? {} : { fix }) }), path: place.path });
  };
}
