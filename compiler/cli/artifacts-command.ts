/** `hmc artifacts` */
import { cpSync, existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { diagnostic } from "../diagnostics/diagnostic.ts";
import type { Host } from "../host.ts";
import type { Json } from "../ir/types.ts";
import { isArtifact } from "../../runtime/local/fingerprint.ts";
import { RunStore } from "../../runtime/local/store.ts";
import type { Artifact } from "../../runtime/protocols/kfp.ts";
import { exitCodes } from "./exit-codes.ts";
import { foundRun, foundTasks } from "./found-run.ts";
import { projectWithRuns } from "./project.ts";
import { reportPlaceless } from "./report.ts";
import { shownPath } from "./source-file.ts";
import { table } from "./table.ts";
import type { Terminal } from "./terminal.ts";

export interface ArtifactsFlags {
  json?: boolean;
  /** The folder into which they are copied. */
  output?: string;
}

interface Row {
  task: string;
  /** The output, with its position in a list of several. */
  name: string;
  bytes?: number;
  sha256?: string;
  path: string;
  uri: string;
  metadata: { [key: string]: Json };
}

/** Lists what the tasks of a run have given, or copies it out. */
export function artifactsCommand(host: Host, terminal: Terminal, givenRun: string, task: string | undefined, flags: ArtifactsFlags): number {
  const history = foundRun(host, terminal, givenRun);
  if (history === undefined) return exitCodes.failure;
  const keys = task === undefined ? history.tasks.map(({ key }) => key) : foundTasks(host, terminal, history, task);
  if (keys === undefined) return exitCodes.failure;
  const store = RunStore.open(projectWithRuns(host), history.run);
  const rows = keys.flatMap((key) => Object.entries(store.readTask(key)?.outputs ?? {}).flatMap(([name, value]) => rowsOf(key, name, value)));
  if (flags.output !== undefined && !copyAll(host, terminal, rows, flags.output)) return exitCodes.failure;
  if (flags.json === true) terminal.out(`${JSON.stringify(rows, undefined, 2)}\n`);
  else if (rows.length === 0) terminal.err(`${terminal.errColors.dim("There are no artifacts.")}\n`);
  else for (const line of table(rows.map((row) => cells(host, terminal, row)))) terminal.out(`${line}\n`);
  return exitCodes.success;
}

function rowsOf(task: string, name: string, value: unknown): Row[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => rowsOf(task, `${name}[${index}]`, item));
  if (!isArtifact(value as Artifact)) return [];
  const { content, path, uri, metadata } = value as Artifact;
  return [{ task, name, ...(content === undefined ? {} : { bytes: content.bytes, sha256: content.sha256 }), path, uri, metadata }];
}

function cells(host: Host, { outColors: { bold, dim } }: Terminal, { task, name, bytes, sha256, path }: Row): string[] {
  return [bold(task), name, bytes === undefined ? dim("-") : shownBytes(bytes), dim(sha256?.slice(0, 12) ?? "-"), shownPath(host, path)];
}

/** `980 B`, `12 kB`, `3.4 MB`. */
export function shownBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  for (const [index, unit] of ["kB", "MB", "GB", "TB"].entries()) {
    const value = bytes / 1000 ** (index + 1);
    if (value < 1000) return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`;
  }
  return `${bytes} B`;
}

/** Copies artifacts to `<folder>/<task>/<name>`; nothing that is there is replaced. */
function copyAll(host: Host, terminal: Terminal, rows: readonly Row[], given: string): boolean {
  const folder = resolve(host.cwd(), given);
  const copies = rows.filter(({ path }) => existsSync(path)).map(({ task, name, path }) => ({ from: path, into: join(folder, task.replaceAll("/", ".")), name: name.replace(/\[(\d+)\]/g, "-$1") }));
  const taken = copies.find(({ into, name }) => existsSync(join(into, name)));
  if (taken !== undefined) {
    reportPlaceless(host, terminal, [diagnostic("HMC6041", undefined, { file: shownPath(host, join(taken.into, taken.name)) })]);
    return false;
  }
  for (const { from, into, name } of copies) {
    mkdirSync(into, { recursive: true });
    cpSync(from, join(into, name), { recursive: true, errorOnExist: true, force: false });
  }
  terminal.err(`Copied ${copies.length} artifact${copies.length === 1 ? "" : "s"} to ${shownPath(host, folder)}\n`);
  return true;
}
