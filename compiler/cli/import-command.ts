/** `hmc import` */
import { basename, dirname, join, relative, resolve } from "node:path";
import { tasksOf } from "../ir/traverse.ts";
import type { Host } from "../host.ts";
import { importKfp } from "../import.ts";
import type { DiagnosticFormat } from "../diagnostics/render.ts";
import { exitCodes } from "./exit-codes.ts";
import { outputPath, writeOutput } from "./output.ts";
import { reportDiagnostics } from "./report.ts";
import { yamlText } from "./yaml-file.ts";
import { shownPath } from "./source-file.ts";
import type { Terminal } from "./terminal.ts";
import { userError } from "./user-error.ts";

export interface ImportFlags {
  output?: string;
  force?: boolean;
  format: DiagnosticFormat;
}

/** Writes a KFP file as TypeScript, beside it or where `-o` says. A file that exists is only replaced with `--force`. */
export function importCommand(host: Host, terminal: Terminal, given: string, flags: ImportFlags): number {
  const path = resolve(host.cwd(), given);
  const text = yamlText(host, path, given);
  const output = flags.output ?? join(dirname(given), `${basename(given).replace(/(?:\.component)?\.(?:ya?ml|json)$/, "")}.ts`);
  if (output !== "-" && flags.force !== true && host.fileExists(outputPath(host, output))) userError("HMC7060", { file: output });
  const file = relative(host.cwd(), path).replaceAll("\\", "/");
  const entry = output === "-" ? join(dirname(path), "~hmc-import.ts") : resolve(host.cwd(), output);
  const result = importKfp(host, text, file, entry);
  const { hasFailed } = reportDiagnostics(host, terminal, { diagnostics: result.diagnostics, texts: new Map([[file, text]]), root: host.cwd() }, flags.format, "err");
  if (result.typescript === undefined) return exitCodes.failure;
  if (output === "-") {
    terminal.out(result.typescript);
    return hasFailed ? exitCodes.failure : exitCodes.success;
  }
  const written = writeOutput(host, output, result.typescript);
  if (flags.format === "frame") terminal.err(summary(host, terminal, result, written));
  return exitCodes.success;
}

function summary(host: Host, terminal: Terminal, { document, differences }: ReturnType<typeof importKfp>, written: string): string {
  const { green, bold, dim } = terminal.errColors;
  const pipeline = document?.pipelines[document.exported[0] ?? ""];
  const tasks = Object.values(document?.pipelines ?? {}).reduce((count, { body }) => count + [...tasksOf(body)].length, 0);
  const what = pipeline === undefined ? `${Object.keys(document?.components ?? {}).length} component` : `${bold(pipeline.id)} (${tasks} ${tasks === 1 ? "task" : "tasks"})`;
  const proof = pipeline === undefined || differences.length > 0 ? "" : dim("  It compiles to the same pipeline, with --kfp-shape sdk.\n");
  return `${green("✓")} Wrote ${what} to ${bold(shownPath(host, written))}\n${proof}`;
}
