/** `hmc import --types` */
import { relative, resolve } from "node:path";
import { readComponentFile } from "../component-files.ts";
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import type { DiagnosticFormat } from "../diagnostics/render.ts";
import type { Host } from "../host.ts";
import { exitCodes } from "./exit-codes.ts";
import { yamlText } from "./yaml-file.ts";
import { writeOutput } from "./output.ts";
import { reportDiagnostics } from "./report.ts";
import { shownPath } from "./source-file.ts";
import type { Terminal } from "./terminal.ts";

export interface ImportTypesFlags {
  format: DiagnosticFormat;
}

/** Writes the declaration file of each KFP file beside it. One that hmc has written is replaced, one that somebody else has written never. */
export function importTypes(host: Host, terminal: Terminal, given: string[], flags: ImportTypesFlags): number {
  const diagnostics: Diagnostic[] = [];
  const texts = new Map<string, string>();
  const written: string[] = [];
  const sources = [...new Set(given)].map((file) => ({ path: resolve(host.cwd(), file), text: yamlText(host, resolve(host.cwd(), file), file) }));
  for (const { path, text } of sources) {
    const file = relative(host.cwd(), path).replaceAll("\\", "/");
    texts.set(file, text);
    const { read, diagnostics: found } = readComponentFile(text, file);
    diagnostics.push(...found);
    if (read === undefined) continue;
    const output = `${path}.d.ts`;
    const bytes = host.readFile(output);
    const existing = bytes === undefined ? undefined : new TextDecoder().decode(bytes);
    if (existing !== undefined && read.stateOf(existing) === "foreign") {
      const start = { file, start: 0, end: 0, line: 1, column: 1, endLine: 1, endColumn: 1 };
      diagnostics.push(diagnostic("HMC7061", start, { file: shownPath(host, output) }));
    } else {
      const isCurrent = existing === read.declaration;
      if (!isCurrent) writeOutput(host, output, read.declaration);
      written.push(`${isCurrent ? "Up to date" : "Wrote"} ${terminal.errColors.bold(shownPath(host, output))}`);
    }
  }
  const { hasFailed } = reportDiagnostics(host, terminal, { diagnostics, texts, root: host.cwd() }, flags.format, "err");
  if (flags.format === "frame") for (const line of written) terminal.err(`${terminal.errColors.green("✓")} ${line}\n`);
  return hasFailed ? exitCodes.failure : exitCodes.success;
}
