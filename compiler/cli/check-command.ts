/** `hmc check` */
import { check, type Analysis } from "../compile.ts";
import type { DiagnosticFormat } from "../diagnostics/render.ts";
import type { Host } from "../host.ts";
import type { ArgoVersion } from "../targets/argo/versions.ts";
import { exitCodes } from "./exit-codes.ts";
import { reportDiagnostics } from "./report.ts";
import { sourceFile } from "./source-file.ts";
import type { Terminal } from "./terminal.ts";

export interface CheckFlags {
  format: DiagnosticFormat;
  maxWarnings?: number;
  targetVersion?: ArgoVersion;
}

const isYaml = (file: string): boolean => /\.(?:ya?ml|json)$/.test(file);

/** Checks files, with the bodies of their ops, and reports everything at once; YAML files are those of Argo. */
export async function checkCommand(host: Host, terminal: Terminal, given: string[], flags: CheckFlags): Promise<number> {
  const sources = [...new Set(given.filter((file) => !isYaml(file)).map((file) => sourceFile(host, file)))];
  const workflows = given.filter(isYaml);
  const entries = [...sources, ...new Set(workflows)];
  const analyses: Pick<Analysis, "diagnostics" | "texts" | "root">[] = sources.map((entry) => check(host, entry, { scope: "all", ops: "exported" }));
  if (workflows.length > 0) analyses.push((await import("./check-argo.ts")).checkArgoFiles(host, workflows, flags.targetVersion));
  const { hasFailed, warnings } = reportDiagnostics(host, terminal, analyses, flags.format, "out");
  const tooMany = flags.maxWarnings !== undefined && warnings > flags.maxWarnings;
  if (flags.format === "frame") {
    const { green, red } = terminal.errColors;
    if (tooMany) terminal.err(`${red("✗")} ${warnings} warnings are more than ${flags.maxWarnings}, the most that --max-warnings allows.\n`);
    else if (!hasFailed) terminal.err(`${green("✓")} ${entries.length} ${entries.length === 1 ? "file has" : "files have"} no errors.\n`);
  }
  return hasFailed || tooMany ? exitCodes.failure : exitCodes.success;
}
