/** `hmc bundle` */
import { hasErrors } from "../compile.ts";
import type { Host } from "../host.ts";
import { bundleOps } from "../../runtime/bundle.ts";
import { analysed } from "./analysed.ts";
import { exitCodes } from "./exit-codes.ts";
import { outputPath, unwritable } from "./output.ts";
import { reportDiagnostics } from "./report.ts";
import { shownPath } from "./source-file.ts";
import type { Terminal } from "./terminal.ts";

export interface BundleFlags {
  output: string;
}

/** Writes the one file that runs the ops of a file in their image: those of its pipelines, and those that it exports. */
export async function bundleCommand(host: Host, terminal: Terminal, given: string, flags: BundleFlags): Promise<number> {
  const found = analysed(host, terminal, given, "exported");
  if (found === undefined) return exitCodes.failure;
  const { analysis, document } = found;
  const outfile = outputPath(host, flags.output);
  const bundle = await bundleOps({ document, root: analysis.root, outfile, environment: (name) => host.env(name) }).catch((error: unknown) => {
    throw unwritable(flags.output, error);
  });
  reportDiagnostics(host, terminal, { ...analysis, diagnostics: bundle.diagnostics }, "frame", "err");
  if (bundle.file === undefined || hasErrors(bundle.diagnostics)) return exitCodes.failure;
  const { green, bold } = terminal.errColors;
  const ops = Object.values(document.components).filter((component) => component.kind === "op").length;
  terminal.err(`${green("✓")} Wrote ${ops} ${ops === 1 ? "op" : "ops"} to ${bold(shownPath(host, bundle.file))}\n`);
  if (bundle.external.length > 0) terminal.err(`  The image must have these packages, which hold native code: ${bundle.external.join(", ")}\n`);
  return exitCodes.success;
}
