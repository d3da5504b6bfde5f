/** `hmc explain <run>`: what became of a run; which line of the source failed, with what inputs and what it said last. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Host } from "../host.ts";
import { tasksOf } from "../ir/traverse.ts";
import type { Document, Span, Task } from "../ir/types.ts";
import { isArtifact } from "../../runtime/local/fingerprint.ts";
import { countsOf, describeCounts, type RunHistory } from "../../runtime/local/history.ts";
import { RunStore } from "../../runtime/local/store.ts";
import { duration } from "../../runtime/local/view.ts";
import { exitCodes } from "./exit-codes.ts";
import { foundRun } from "./found-run.ts";
import { logTail } from "./log-tail.ts";
import { projectWithRuns } from "./project.ts";
import { reportDiagnostics } from "./report.ts";
import { shownState } from "./runs-command.ts";
import { shownPath } from "./source-file.ts";
import { table } from "./table.ts";
import type { Terminal } from "./terminal.ts";

/** Whether an argument of `explain` is a run: its id begins with the day. */
export function namesRun(text: string): boolean {
  return text === "last" || /^\d{8}(?:-|$)/.test(text);
}

/** Explains a run of the project. */
export function explainRun(host: Host, terminal: Terminal, given: string): number {
  const history = foundRun(host, terminal, given);
  if (history === undefined) return exitCodes.failure;
  const { run, standing, tasks, failures, milliseconds } = history;
  const { bold, dim } = terminal.outColors;
  terminal.out(`${bold(run.id)}  ${shownState(standing, terminal.outColors)} ${dim(`in ${duration(milliseconds)}: ${describeCounts(countsOf(tasks))}`)}\n`);
  terminal.out(`${dim("pipeline")}    ${run.pipeline} ${dim(`of ${run.entry}`)}\n`);
  for (const [name, value] of Object.entries(run.parameters)) terminal.out(`${dim("parameter")}   ${name} = ${shownValue(host, value)}\n`);
  for (const [name, value] of Object.entries(run.outputs ?? {})) terminal.out(`${dim("output")}      ${name} = ${shownValue(host, value)}\n`);
  if (failures.length > 0) explainFailures(host, terminal, history);
  else explainTasks(terminal, history);
  const next = advice(history);
  if (next !== undefined) terminal.out(`\n${dim("next")}  ${next}\n`);
  return exitCodes.success;
}

/** What to do with a run that has not succeeded. */
function advice({ run, standing }: RunHistory): string | undefined {
  if (run.command === "op" || standing === "succeeded") return undefined;
  if (standing === "running") return `hmc logs ${run.id} -f`;
  return `hmc run --resume ${run.id}`;
}

function explainTasks({ out, outColors: { dim } }: Terminal, { tasks }: RunHistory): void {
  if (tasks.length === 0) return;
  const rows = tasks.map(({ key, state, origin, milliseconds, attempts }) => [
    `  ${key}`,
    origin === "cache" ? "cached" : origin === "kept" ? "kept" : state === "blocked" ? "not run" : state,
    milliseconds === undefined ? "" : duration(milliseconds),
    attempts > 1 ? `${attempts} tries` : "",
  ]);
  out("\n");
  for (const line of table(rows)) out(`${dim(line)}\n`);
}

function explainFailures(host: Host, terminal: Terminal, history: RunHistory): void {
  const root = projectWithRuns(host);
  const { run, failures } = history;
  const store = RunStore.open(root, run);
  const document = readDocument(history.folder);
  const { out, outColors } = terminal;
  for (const failure of failures) {
    const manifest = store.readTask(failure.task);
    const log = store.logFile(failure.task);
    out("\n");
    frame(host, terminal, root, document, diagnostic("HMC6001", spanOf(document, failure.task), { task: failure.task, reason: failure.reason, log: shownPath(host, log) }));
    const inputs = Object.entries(manifest?.inputs ?? {});
    if (inputs.length > 0) out(`${outColors.dim("inputs")}\n`);
    for (const line of table(inputs.map(([name, value]) => [`  ${name}`, shownValue(host, value)]))) out(`${line}\n`);
    const sources = producersOf(document, failure.task);
    if (sources.length > 0) out(`${outColors.dim("from")}  ${sources.join(", ")}\n`);
    const tail = logTail(log, outColors);
    if (tail !== undefined) out(`${outColors.dim("log")}\n${tail}`);
  }
}

/** The diagnostic at its place, where the source is still what has run. */
function frame(host: Host, terminal: Terminal, root: string, document: Document | undefined, failed: Diagnostic): void {
  const texts = new Map<string, string>();
  const file = failed.span?.file;
  const path = file === undefined ? undefined : join(root, file);
  const text = path !== undefined && existsSync(path) ? readFileSync(path, "utf8") : undefined;
  const known = document?.sources.find((source) => source.path === file)?.sha256;
  const isSame = text !== undefined && (known === undefined || known === createHash("sha256").update(text).digest("hex"));
  if (file !== undefined && text !== undefined && isSame) texts.set(file, text);
  reportDiagnostics(host, { ...terminal, err: terminal.out, errColors: terminal.outColors }, { root, texts, diagnostics: [failed] }, "frame", "err");
  if (text !== undefined && !isSame) terminal.out(`${terminal.outColors.dim("The source has changed since: the place is that of the run.")}\n`);
}

function readDocument(folder: string): Document | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, "document.json"), "utf8")) as Document;
  } catch {
    return undefined;
  }
}

/** The task in the document that a key means: its last part is the id of a task of some pipeline that the parts before lead to. */
function taskOf(document: Document | undefined, key: string): Task | undefined {
  const ids = key.split("/");
  const id = ids.at(-1);
  if (document === undefined || id === undefined) return undefined;
  const all = Object.values(document.pipelines).flatMap(({ body }) => [...tasksOf(body)]);
  const callers = new Set(ids.slice(0, -1));
  const calls = all.filter((task) => task.target.kind === "pipeline" && callers.has(task.id)).map(({ target }) => target.id);
  const inner = calls.flatMap((called) => [...tasksOf(document.pipelines[called]?.body ?? { nodes: [] })]);
  return [...inner, ...all].find((task) => task.id === id);
}

function spanOf(document: Document | undefined, key: string): Span | undefined {
  return taskOf(document, key)?.span;
}

/** The tasks whose outputs a task reads. */
function producersOf(document: Document | undefined, key: string): string[] {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    if ("kind" in value && value.kind === "output" && "task" in value && typeof value.task === "string") found.add(value.task);
    for (const inner of Object.values(value)) visit(inner);
  };
  visit(taskOf(document, key)?.inputs);
  return [...found];
}

/** A value on one line. An artifact by its place and its size. */
function shownValue(host: Host, value: unknown): string {
  if (isArtifact(value)) return `${shownPath(host, value.path)}${value.content === undefined ? "" : ` (${value.content.bytes} bytes)`}`;
  if (Array.isArray(value) && value.some(isArtifact)) return `${value.length} artifacts`;
  const text = JSON.stringify(value) ?? "none";
  return text.length <= 100 ? text : `${text.slice(0, 99)}…`;
}
