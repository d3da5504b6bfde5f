/** `hmc run` */
import { existsSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { diagnostic } from "../diagnostics/diagnostic.ts";
import type { Host } from "../host.ts";
import type { Document, Pipeline } from "../ir/types.ts";
import type { Value } from "../../runtime/local/evaluate.ts";
import { readParameters } from "../../runtime/local/parameters.ts";
import { runLocally, type RunResult } from "../../runtime/local/run.ts";
import { createView, duration } from "../../runtime/local/view.ts";
import type { Analysis } from "../compile.ts";
import { join, resolve } from "node:path";
import { analysed, chosen } from "./analysed.ts";
import { exitCodes } from "./exit-codes.ts";
import { unwritableReason } from "./output.ts";
import { reportDiagnostics } from "./report.ts";
import { shownPath } from "./source-file.ts";
import type { Terminal } from "./terminal.ts";
import { userError } from "./user-error.ts";

export interface RunFlags {
  /** `name=value`, repeated. */
  parameter?: string[];
  pipeline?: string;
  /** How many tasks may run at once; default: the number of cores. */
  jobs?: string | number;
  /** `host`: containers run on this machine without their image. */
  exec?: "host" | "container";
  /** Print one JSON object with the outcome instead of the outputs alone. */
  json?: boolean;
}

/** Runs a pipeline of a file on this machine. */
export async function runCommand(host: Host, terminal: Terminal, given: string, flags: RunFlags): Promise<number> {
  const found = analysed(host, terminal, given);
  if (found === undefined) return exitCodes.failure;
  const { analysis, document } = found;
  const pipeline = chosen(host, terminal, analysis, document, flags.pipeline);
  if (pipeline === undefined) return exitCodes.failure;
  const { values, diagnostics } = readParameters(
    { kind: "pipeline", name: pipeline.id, inputs: pipeline.inputs },
    { texts: flags.parameter ?? [], option: "-p", resolvePath: (path) => resolve(host.cwd(), path) },
  );
  return runAndReport(host, terminal, { analysis, document, pipeline, parameters: values, diagnostics, flags });
}

interface Prepared {
  analysis: Analysis;
  document: Document;
  pipeline: Pipeline;
  parameters: Record<string, Value>;
  /** Mistakes in the parameters. */
  diagnostics: Diagnostic[];
  flags: Pick<RunFlags, "jobs" | "exec" | "json">;
}

/** Runs what a command has prepared, shows its progress, and gives the exit code. */
export async function runAndReport(host: Host, terminal: Terminal, prepared: Prepared): Promise<number> {
  const { analysis, document, pipeline, parameters, flags } = prepared;
  const report = (diagnostics: Diagnostic[]) => reportDiagnostics(host, terminal, { ...analysis, diagnostics }, "frame", "err");
  const jobs = jobsOf(flags.jobs);
  const mistakes = [...prepared.diagnostics, ...(jobs === undefined ? [diagnostic("HMC6010", undefined, { value: String(flags.jobs) })] : [])];
  if (jobs === undefined || mistakes.length > 0) {
    report(mistakes);
    return exitCodes.failure;
  }
  const clock = () => performance.now();
  const started = clock();
  const view = createView({
    write: (text) => terminal.err(text),
    colors: terminal.errColors,
    live: process.stderr.isTTY === true && process.env["CI"] === undefined,
    width: terminal.width,
    clock,
  });
  const interrupt = interruptible();
  let result: RunResult;
  try {
    result = await runLocally({
      document,
      pipeline,
      root: analysis.root,
      parameters,
      jobs,
      containersOnHost: flags.exec === "host",
      environment: process.env,
      now: () => host.now(),
      observer: view,
      onStart: (store) => terminal.err(`${terminal.errColors.bold(pipeline.id)} ${terminal.errColors.dim(`→ ${shownPath(host, store.folder)}`)}\n`),
      signal: interrupt.signal,
    });
  } catch (error) {
    const reason = unwritableReason(error);
    if (reason === undefined) throw error;
    return userError("HMC6011", { folder: shownPath(host, join(analysis.root, ".hmc")), reason });
  } finally {
    view.end();
    interrupt.end();
  }
  if (result.kind === "notStarted") {
    report(result.diagnostics);
    return exitCodes.failure;
  }
  if (result.state === "failed") showFailures(host, terminal, result, report);
  summarise(host, terminal, result, duration(clock() - started), flags.json === true);
  return result.state === "succeeded" ? exitCodes.success : result.state === "stopped" ? exitCodes.interrupted : exitCodes.failure;
}

type EndedRun = Extract<RunResult, { kind: "ended" }>;

function summarise(host: Host, terminal: Terminal, result: EndedRun, took: string, json: boolean): void {
  const { state, outputs, failures, store } = result;
  const { green, red, bold, dim } = terminal.errColors;
  if (json) {
    terminal.out(`${JSON.stringify({ id: store.id, state, folder: store.folder, outputs, failures: failures.map(({ task, reason, exitCode }) => ({ task, reason, exitCode })) }, undefined, 2)}\n`);
    return;
  }
  const outcome = state === "succeeded" ? green("✓ succeeded") : red(state === "stopped" ? "✗ stopped" : "✗ failed");
  terminal.err(`${outcome} in ${took}. Logs, artifacts and run.json: ${bold(shownPath(host, store.folder))}\n`);
  if (state !== "succeeded") return;
  const names = Object.keys(outputs);
  if (names.length === 0) terminal.err(dim("The pipeline has no outputs.\n"));
  else terminal.out(`${JSON.stringify(outputs, undefined, 2)}\n`);
}

/** How many of the last lines of a log are shown, and how many characters of each. */
const tailLines = 20;
const tailWidth = 1000;

/** The end of the log of each failed task, then all failures at their places in the source. */
function showFailures(host: Host, terminal: Terminal, { failures, store }: EndedRun, report: (diagnostics: Diagnostic[]) => unknown): void {
  const { bold, dim } = terminal.errColors;
  for (const { task } of failures) {
    const log = store.logFile(task);
    const text = existsSync(log) ? readFileSync(log, "utf8").trimEnd() : "";
    if (text === "") continue;
    const lines = text.split("\n");
    const more = lines.length > tailLines ? `  ${dim(`│ … ${lines.length - tailLines} earlier lines`)}\n` : "";
    terminal.err(`\n${bold(task)}\n${more}${lines.slice(-tailLines).map((line) => `  ${dim("│")} ${line.length <= tailWidth ? line : `${line.slice(0, tailWidth)}…`}\n`).join("")}`);
  }
  terminal.err("\n");
  report(failures.map(({ task, reason, span }) => diagnostic("HMC6001", span, { task, reason, log: shownPath(host, store.logFile(task)) })));
}

function jobsOf(given: string | number | undefined): number | undefined {
  if (given === undefined) return availableParallelism();
  const jobs = Number(given);
  return Number.isSafeInteger(jobs) && jobs > 0 ? jobs : undefined;
}

/** Fires on the first SIGINT or SIGTERM; a second one ends the process at once. */
function interruptible(): { signal: AbortSignal; end(): void } {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    controller.abort();
  };
  for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, onSignal);
  return {
    signal: controller.signal,
    end: () => {
      for (const name of ["SIGINT", "SIGTERM"] as const) process.removeListener(name, onSignal);
    },
  };
}

