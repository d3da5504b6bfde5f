/** SARIF 2.1.0, as GitHub code scanning and other viewers read it. */
import type { Diagnostic, Severity, SourceSpan } from "./diagnostic.ts";
import { docsPath } from "./docs-path.ts";
import { fingerprints } from "./fingerprint.ts";
import { registry, type DiagnosticCode } from "./registry.ts";

const levels: Record<Severity, "error" | "warning" | "note"> = { error: "error", warning: "warning", info: "note" };

/**
 * One run of SARIF 2.1.0. Columns count UTF-16 units, files are relative to the root of the project.
 *
 * @param version of hmc, where it is known
 */
export function renderSarif(diagnostics: readonly Diagnostic[], texts: ReadonlyMap<string, string>, version?: string): string {
  const codes = [...new Set(diagnostics.map((diagnostic) => diagnostic.code))].sort();
  const prints = fingerprints(diagnostics, texts);
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "hmc", ...(version === undefined ? {} : { semanticVersion: version }), rules: codes.map((code) => rule(code, diagnostics)) } },
        columnKind: "utf16CodeUnits",
        originalUriBaseIds: { PROJECTROOT: { description: { text: "The root of the project." } } },
        results: diagnostics.map((diagnostic, index) => ({
          ruleId: diagnostic.code,
          ruleIndex: codes.indexOf(diagnostic.code),
          level: levels[diagnostic.severity],
          message: { text: diagnostic.message },
          locations: diagnostic.span === undefined ? [] : [{ physicalLocation: physicalLocation(diagnostic.span) }],
          ...(diagnostic.related.length === 0
            ? {}
            : { relatedLocations: diagnostic.related.map((related, id) => ({ id, message: { text: related.message }, physicalLocation: physicalLocation(related.span) })) }),
          partialFingerprints: { "hmc/v1": prints[index] },
          ...(diagnostic.fix === undefined ? {} : { fixes: [fix(diagnostic.fix)] }),
        })),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function rule(code: string, diagnostics: readonly Diagnostic[]): object {
  const entry = Object.hasOwn(registry, code) ? registry[code as DiagnosticCode] : undefined;
  const severity = entry?.severity ?? diagnostics.find((diagnostic) => diagnostic.code === code)?.severity ?? "error";
  const page = docsPath(code);
  const title = entry?.title ?? "TypeScript error";
  return {
    id: code,
    shortDescription: { text: title },
    help: page === undefined ? { text: "Reported by the TypeScript compiler." } : { text: `${title}. See ${page} in the package hmc.`, markdown: `**${title}.** See \`${page}\` in the package \`hmc\`.` },
    defaultConfiguration: { level: levels[severity] },
  };
}

function physicalLocation(span: SourceSpan): object {
  return { artifactLocation: artifactLocation(span.file), region: region(span) };
}

function artifactLocation(file: string): object {
  return { uri: file.split("/").map(encodeURIComponent).join("/"), uriBaseId: "PROJECTROOT" };
}

function region(span: SourceSpan): object {
  return { startLine: span.line, startColumn: span.column, endLine: span.endLine, endColumn: span.endColumn, charOffset: span.start, charLength: span.end - span.start };
}

function fix({ title, edits }: NonNullable<Diagnostic["fix"]>): object {
  const files = [...new Set(edits.map((edit) => edit.span.file))];
  return {
    description: { text: title },
    artifactChanges: files.map((file) => ({
      artifactLocation: artifactLocation(file),
      replacements: edits.filter((edit) => edit.span.file === file).map((edit) => ({ deletedRegion: region(edit.span), insertedContent: { text: edit.newText } })),
    })),
  };
}
