/** `hmc diff` */
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { bug } from "../bug.ts";
import { canCompare, compareSides, openSide, type CompareTools, type OpenedSide } from "../compare.ts";
import type { Diff } from "../diff/change.ts";
import { diffJson } from "../diff/print/json.ts";
import { diffMarkdown } from "../diff/print/markdown.ts";
import { diffText } from "../diff/print/text.ts";
import { diagnostic } from "../diagnostics/diagnostic.ts";
import type { Host } from "../host.ts";
import { compareTools } from "./compare-tools.ts";
import { openDeployed } from "./deployed-side.ts";
import { sidesOf, type SideSource } from "./diff-sides.ts";
import { exitCodes } from "./exit-codes.ts";
import { writeCommit } from "./git.ts";
import { writeOutput } from "./output.ts";
import { defaultFile } from "./project.ts";
import { reportDiagnostics } from "./report.ts";
import { shownPath } from "./source-file.ts";
import type { Terminal } from "./terminal.ts";
import { UserError, userError } from "./user-error.ts";

export interface DiffFlags {
  format: "text" | "markdown" | "json";
  output?: string;
  exitCode?: boolean;
}

/**
 * Says what has changed between two files, folders or revisions.
 *
 * @returns with `--exit-code` 0 without changes, 1 with some, 2 where the sides cannot be compared
 */
export async function diffCommand(host: Host, terminal: Terminal, first: string | undefined, second: string | undefined, flags: DiffFlags): Promise<number> {
  const trouble = flags.exitCode === true ? exitCodes.trouble : exitCodes.failure;
  try {
    const found = await compared(host, terminal, first, second);
    const text = printed(found, flags, terminal);
    if (flags.output === undefined || flags.output === "-") terminal.out(text);
    else terminal.err(`${terminal.errColors.green("✓")} Wrote the changes to ${terminal.errColors.bold(shownPath(host, writeOutput(host, flags.output, text)))}\n`);
    return flags.exitCode === true && found.changes.length > 0 ? exitCodes.failure : exitCodes.success;
  } catch (error) {
    if (!(error instanceof UserError) || flags.exitCode !== true) throw error;
    terminal.err(`${terminal.errColors.red(terminal.errColors.bold("error"))} ${error.message}\n`);
    return trouble;
  }
}

/** Ends the command where a side has errors, which are reported. */
async function compared(host: Host, terminal: Terminal, first: string | undefined, second: string | undefined): Promise<Diff> {
  const sources = sidesOf(host, first, second);
  const tools = compareTools(host);
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "hmc-diff-")));
  try {
    const [before, after] = await openedSides(host, terminal, sources, folder, tools);
    for (const side of [before, after]) {
      reportDiagnostics(host, terminal, side.findings, "frame", "err");
      if (!canCompare(side)) userError("HMC6205", { side: side.label });
      const [problem] = side.problems;
      if (problem !== undefined) terminal.err(`${terminal.errColors.yellow(terminal.errColors.bold("warning"))} HMC6206: ${diagnostic("HMC6206", undefined, { side: side.label, problem }).message}\n`);
    }
    const found = await compareSides(before, after, tools);
    if (!("findings" in found)) return found;
    reportDiagnostics(host, terminal, found.findings, "frame", "err");
    return userError("HMC6205", { side: found.label });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What is deployed is looked for by the names of the pipelines of the other side, or of the usual file where both are. */
async function openedSides(host: Host, terminal: Terminal, { before, after }: { before: SideSource; after: SideSource }, folder: string, tools: CompareTools): Promise<[OpenedSide, OpenedSide]> {
  const first = before.kind === "deployed" ? undefined : await opened(host, before, join(folder, "before"), tools);
  const second = after.kind === "deployed" ? undefined : await opened(host, after, join(folder, "after"), tools);
  const known = first ?? second ?? (await openSide(host, resolve(host.cwd(), defaultFile), defaultFile, tools));
  const names = known.programs.flatMap(({ document }) => document.exported);
  const deployed = async (source: SideSource) => (source.kind === "deployed" ? openDeployed(host, terminal, source.target, source.label, names) : bug("a side that is not deployed was not opened"));
  return [first ?? (await deployed(before)), second ?? (await deployed(after))];
}

async function opened(host: Host, source: Exclude<SideSource, { kind: "deployed" }>, folder: string, tools: CompareTools): Promise<OpenedSide> {
  if (source.kind !== "nothing" && /\.[^./]+$/.test(source.path) && !/\.(?:[cm]?ts|tsx|ya?ml|json)$/.test(source.path) && !host.directoryExists(source.path)) userError("HMC0002", { file: source.label });
  if (source.kind === "nothing") return { label: source.label, programs: [], findings: [], problems: [] };
  if (source.kind === "path") return checked(host, source.path, await openSide(host, source.path, source.label, tools));
  mkdirSync(folder);
  writeCommit(source.repository, source.commit, folder);
  const path = join(folder, source.path);
  const side = checked(host, path, await openSide(host, path, source.label, tools));
  // People look for a place in the work tree, not in a folder that is gone.
  const inWorkTree = (root: string) => (root.startsWith(folder) ? join(source.repository.root, root.slice(folder.length)) : root);
  return { ...side, findings: side.findings.map((found) => ({ ...found, root: inWorkTree(found.root) })) };
}

/** Ends the command where a folder has no pipelines. */
function checked(host: Host, path: string, side: OpenedSide): OpenedSide {
  return side.programs.length === 0 && canCompare(side) && host.directoryExists(path) ? userError("HMC6204", { folder: side.label }) : side;
}

function printed(diff: Diff, { format, output }: DiffFlags, { outColors, width }: Terminal): string {
  switch (format) {
    case "text":
      if (output !== undefined && output !== "-") return diffText(diff, width);
      return diffText(diff, width, { added: outColors.green, removed: outColors.red, changed: outColors.yellow, title: outColors.bold, quiet: outColors.dim });
    case "markdown":
      return diffMarkdown(diff);
    case "json":
      return diffJson(diff);
  }
}
