/** What the commands that show a pipeline begin with. */
import { check, choosePipeline, hasErrors, type Analysis } from "../compile.ts";
import type { Host } from "../host.ts";
import type { Document, Pipeline } from "../ir/types.ts";
import { bug } from "../bug.ts";
import { reportDiagnostics } from "./report.ts";
import { sourceFile } from "./source-file.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Analyses a file and reports its errors, without its warnings: `hmc check` is there for those.
 *
 * @param ops `exported` where ops count by themselves, also those that no pipeline calls
 * @returns undefined where there are errors
 */
export function analysed(host: Host, terminal: Terminal, given: string, ops: "called" | "exported" = "called"): { analysis: Analysis; document: Document } | undefined {
  const analysis = check(host, sourceFile(host, given), { scope: "pipeline", place: "local", ops });
  const diagnostics = analysis.diagnostics.filter((found) => found.severity === "error");
  reportDiagnostics(host, terminal, { ...analysis, diagnostics }, "frame", "err");
  if (hasErrors(diagnostics)) return undefined;
  return { analysis, document: analysis.document ?? bug("the frontend gave neither a document nor an error") };
}

/** The pipeline of `--pipeline`, or the only one; reports where there is none such. */
export function chosen(host: Host, terminal: Terminal, analysis: Analysis, document: Document, name: string | undefined): Pipeline | undefined {
  const choice = choosePipeline(document, name);
  if ("pipeline" in choice) return choice.pipeline;
  reportDiagnostics(host, terminal, { ...analysis, diagnostics: [choice.diagnostic] }, "frame", "err");
  return undefined;
}
