/** From the service's answers to those of the language server protocol. */
import { existsSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { DiagnosticSeverity, DiagnosticTag, SymbolKind, type CodeAction, type Diagnostic as ProtocolDiagnostic, type DocumentSymbol, type Range, type TextEdit } from "vscode-languageserver";
import type { Diagnostic, Fix, SourceSpan } from "../diagnostics/diagnostic.ts";
import { docsPath } from "../diagnostics/docs-path.ts";
import { unnecessary } from "./findings.ts";
import type { Symbol } from "./symbols.ts";

const severities = { error: DiagnosticSeverity.Error, warning: DiagnosticSeverity.Warning, info: DiagnosticSeverity.Information } as const;

const symbolKinds = { pipeline: SymbolKind.Class, component: SymbolKind.Function, task: SymbolKind.Variable, region: SymbolKind.Namespace } as const;

/** The absolute path of a file's address, with `/`; undefined for what is no file, such as a buffer without a name. */
export function pathOf(uri: string): string | undefined {
  if (!uri.startsWith("file:")) return undefined;
  try {
    return fileURLToPath(uri).replaceAll("\\", "/");
  } catch {
    return undefined;
  }
}

export function uriOf(path: string): string {
  return pathToFileURL(path).href;
}

/** Lines and characters count from 0 here; columns of hmc are UTF-16 units, as the protocol's are unless agreed otherwise. */
export function rangeOf(span: SourceSpan): Range {
  return { start: { line: span.line - 1, character: span.column - 1 }, end: { line: span.endLine - 1, character: span.endColumn - 1 } };
}

/** @param root what the files of the spans are relative to */
export function protocolDiagnostic(one: Diagnostic, root: string): ProtocolDiagnostic {
  const page = pageOf(one.code);
  return {
    range: one.span === undefined ? { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } } : rangeOf(one.span),
    severity: severities[one.severity],
    code: one.code,
    source: "hmc",
    message: one.message,
    ...(page === undefined ? {} : { codeDescription: { href: page } }),
    ...(unnecessary.has(one.code) ? { tags: [DiagnosticTag.Unnecessary] } : {}),
    ...(one.related.length === 0 ? {} : { relatedInformation: one.related.map(({ message, span }) => ({ message, location: { uri: uriOf(posix.join(root, span.file)), range: rangeOf(span) } })) }),
  };
}

/** The fix of a diagnostic; undefined where it has none. */
export function protocolFix(one: Diagnostic, root: string): CodeAction | undefined {
  if (one.fix === undefined) return undefined;
  return { ...protocolAction(one.fix, root, "quickfix"), isPreferred: true, ...(one.code.startsWith("TS") ? {} : { diagnostics: [protocolDiagnostic(one, root)] }) };
}

export function protocolAction({ title, edits }: Fix, root: string, kind: "quickfix" | "refactor.rewrite"): CodeAction {
  const changes: Record<string, TextEdit[]> = {};
  for (const { span, newText } of edits) (changes[uriOf(posix.join(root, span.file))] ??= []).push({ range: rangeOf(span), newText });
  return { title, kind, edit: { changes } };
}

export function protocolSymbol({ name, detail, kind, span, children }: Symbol): DocumentSymbol {
  return { name, detail, kind: symbolKinds[kind], range: rangeOf(span), selectionRange: rangeOf(span), children: children.map(protocolSymbol) };
}

/** The page of a code in the package that runs. */
function pageOf(code: string): string | undefined {
  const page = docsPath(code);
  if (page === undefined) return undefined;
  const url = [`../../${page}`, `../${page}`].map((path) => new URL(path, import.meta.url)).find((candidate) => existsSync(candidate));
  return url?.href;
}
