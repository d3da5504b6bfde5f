/** `hmc check` */
import { check, type Analysis } from "../compile.ts";
import type { DiagnosticFormat } from "../diagnostics/render.ts";
import type { Host } from "../host.ts";
import { exitCodes } from "./exit-codes.ts";
import { reportDiagnostics } from "./report.ts";
import { sourceFile } from "./source-file.ts";
import type { Terminal } from "./terminal.ts";

export interface CheckFlags {
  format: DiagnosticFormat;
  maxWarnings?: number;
}

/** Checks files, with the bodies of their ops, and reports everything at once. */
export function checkCommand(host: Host, terminal: Terminal, given: string[], flags: CheckFlags): number {
  const entries = [...new Set(given.map((file) => sourceFile(host, file)))];
  const analyses: Analysis[] = entries.map((entry) => check(host, entry, { scope: "all", ops: "exported" }));
  const { hasFailed, warnings } = reportDiagnostics(host, terminal, analyses, flags.format, "out");
  const tooMany = flags.maxWarnings !== undefined && warnings > flags.maxWarnings;
  if (flags.format === "frame") {
    const { green, red } = terminal.errColors;
    if (tooMany) terminal.err(`${red("✗")} ${warnings} warnings are more than ${flags.maxWarnings}, the most that --max-warnings allows.\n`);
    else if (!hasFailed) terminal.err(`${green("✓")} ${entries.length} ${entries.length === 1 ? "file has" : "files have"} no errors.\n`);
  }
  return hasFailed || tooMany ? exitCodes.failure : exitCodes.success;
}
