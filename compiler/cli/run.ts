/** `hmc run` */
import { availableParallelism } from "node:os";
import { isDeepStrictEqual } from "node:util";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { diagnostic } from "../diagnostics/diagnostic.ts";
import type { Host } from "../host.ts";
import type { Document, Input, Json, Pipeline } from "../ir/types.ts";
import type { Continuation } from "../../runtime/local/continuation.ts";
import type { Value } from "../../runtime/local/evaluate.ts";
import { findRun } from "../../runtime/local/find-run.ts";
import type { RunManifest } from "../../runtime/local/manifest.ts";
import { withoutContents } from "../../runtime/local/outputs.ts";
import { lastLineOfFile } from "../../runtime/local/log-line.ts";
import { readParameters } from "../../runtime/local/parameters.ts";
import { runLocally, type RunResult } from "../../runtime/local/run.ts";
import type { RunStore } from "../../runtime/local/store.ts";
import { createView, duration } from "../../runtime/local/view.ts";
import type { Analysis } from "../compile.ts";
import { join, resolve } from "node:path";
import { analysed, chosen } from "./analysed.ts";
import { exitCodes } from "./exit-codes.ts";
import { logTail } from "./log-tail.ts";
import { unwritableReason } from "./output.ts";
import { defaultFile, projectWithRuns } from "./project.ts";
import { reportDiagnostics } from "./report.ts";
import { shownPath } from "./source-file.ts";
import { chosenStores } from "./store-option.ts";
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
  /** Print the events of the run, one JSON object a line, instead of the outputs alone. */
  json?: boolean;
  /** The id of a run that goes on, the beginning of one, or `last`. */
  resume?: string;
  /** This task, and all that need it, run anew; the rest is taken from an earlier run. */
  from?: string;
  /** Only this task runs; the rest is taken from an earlier run. */
  only?: string;
  failFast?: boolean;
  /** The URI or folder of the object store that the run shares with other machines; empty for none. */
  store?: string;
  /** `false`: no task takes its result from the cache. */
  cache?: boolean;
}

/**
 * Runs a pipeline of a file on this machine.
 *
 * @param given the file; undefined where the command names none
 */
export async function runCommand(host: Host, terminal: Terminal, given: string | undefined, flags: RunFlags): Promise<number> {
  const wanted = flags.resume ?? (flags.from === undefined && flags.only === undefined ? undefined : "last");
  if (wanted !== undefined) return continueRun(host, terminal, given, wanted, flags);
  const found = analysed(host, terminal, given ?? defaultFile);
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

/** Goes on with an earlier run, with the source as it is now. */
async function continueRun(host: Host, terminal: Terminal, given: string | undefined, wanted: string, flags: RunFlags): Promise<number> {
  const named = given === undefined ? earlierRun(host, terminal, projectWithRuns(host), wanted, flags.pipeline) : undefined;
  if (given === undefined && named === undefined) return exitCodes.failure;
  const found = analysed(host, terminal, given ?? join(projectWithRuns(host), named?.entry ?? defaultFile));
  if (found === undefined) return exitCodes.failure;
  const { analysis, document } = found;
  const run = named ?? earlierRun(host, terminal, analysis.root, wanted, flags.pipeline, document.entry);
  if (run === undefined) return exitCodes.failure;
  const report = (diagnostics: Diagnostic[]) => reportDiagnostics(host, terminal, { ...analysis, diagnostics }, "frame", "err");
  const pipeline = document.exported.includes(run.pipeline) ? document.pipelines[run.pipeline] : undefined;
  const problem = whyNot(run, document, pipeline, flags.pipeline);
  if (problem !== undefined || pipeline === undefined) {
    report([diagnostic("HMC6029", undefined, { run: run.id, problem: problem ?? "its pipeline is gone" })]);
    return exitCodes.failure;
  }
  const owner = { kind: "pipeline", name: pipeline.id, inputs: pipeline.inputs } as const;
  const resolvePath = (path: string): string => resolve(host.cwd(), path);
  const before = readParameters(owner, { texts: [], option: "-p", values: run.parameters as Record<string, Json>, resolvePath });
  const asked = readParameters({ ...owner, inputs: optional(pipeline.inputs) }, { texts: flags.parameter ?? [], option: "-p", resolvePath });
  const changed = Object.entries(asked.values).flatMap(([parameter, value]) => {
    const kept = before.values[parameter] ?? pipeline.inputs[parameter]?.default ?? null;
    return isDeepStrictEqual(kept, value) ? [] : [diagnostic("HMC6024", undefined, { parameter, run: run.id, before: JSON.stringify(kept) })];
  });
  const { from, only } = flags;
  const exec = flags.exec ?? (run.engine === "host" ? "host" : undefined);
  return runAndReport(host, terminal, {
    analysis, document, pipeline,
    parameters: before.values,
    diagnostics: [...before.diagnostics, ...asked.diagnostics, ...changed],
    flags: { ...flags, ...(exec === undefined ? {} : { exec }) },
    continues: { run, ...(from === undefined ? {} : { from }), ...(only === undefined ? {} : { only }) },
  });
}

/** The run that a user means; reports where there is none. `last` is the latest that the command can go on with. */
function earlierRun(host: Host, terminal: Terminal, root: string, wanted: string, pipeline: string | undefined, entry?: string): RunManifest | undefined {
  const found = findRun(root, wanted, (run) => run.command !== "op" && (pipeline === undefined || run.pipeline === pipeline) && (entry === undefined || run.entry === entry));
  if ("run" in found) return found.run;
  reportDiagnostics(host, terminal, { root, texts: new Map(), diagnostics: [found.problem] }, "frame", "err");
  return undefined;
}

function whyNot(run: RunManifest, document: Document, pipeline: Pipeline | undefined, asked: string | undefined): string | undefined {
  if (run.command === "op") return "it is one of an op alone";
  if (run.entry !== document.entry) return `it is one of "${run.entry}"`;
  if (asked !== undefined && asked !== run.pipeline) return `it is one of the pipeline "${run.pipeline}"`;
  return pipeline === undefined ? `"${run.entry}" no longer exports its pipeline "${run.pipeline}"` : undefined;
}

/** The same inputs, of which none must be given. */
function optional(inputs: Record<string, Input>): Record<string, Input> {
  return Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, { ...input, optional: true }]));
}

interface Prepared {
  analysis: Analysis;
  document: Document;
  pipeline: Pipeline;
  parameters: Record<string, Value>;
  /** Mistakes in the parameters. */
  diagnostics: Diagnostic[];
  flags: Pick<RunFlags, "jobs" | "exec" | "json" | "failFast" | "cache" | "store">;
  continues?: Continuation;
  /** The run is one of an op alone. */
  isOp?: boolean;
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
  const opened = await chosenStores(host, analysis.root, parameters, { flag: flags.store, earlier: prepared.continues?.run.store, isAlone: prepared.isOp === true });
  if ("diagnostics" in opened) {
    report(opened.diagnostics);
    return exitCodes.failure;
  }
  const clock = () => host.now().getTime();
  const started = clock();
  let folder: RunStore | undefined;
  const view = createView({
    write: (text) => terminal.err(text),
    colors: terminal.errColors,
    live: process.stderr.isTTY === true && process.env["CI"] === undefined && process.env["TERM"] !== "dumb",
    width: () => process.stderr.columns ?? terminal.width,
    clock,
    lastLine: (key) => (folder === undefined ? undefined : lastLineOfFile(folder.logFile(key))),
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
      onStart: (store) => {
        folder = store;
        view.print(`${terminal.errColors.bold(pipeline.id)} ${terminal.errColors.dim(`→ ${shownPath(host, store.folder)}`)}\n`);
      },
      onEvent: (event) => {
        view.event(event);
        if (flags.json === true) terminal.out(`${JSON.stringify(event)}\n`);
      },
      signal: interrupt.signal,
      kill: interrupt.kill,
      stores: opened.stores,
      readsCache: flags.cache !== false,
      failFast: flags.failFast === true,
      ...(prepared.isOp === true ? { isOp: true, readsCache: false } : {}),
      ...(prepared.continues === undefined ? {} : { continues: prepared.continues }),
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
  const { state, outputs, store } = result;
  const { green, red, bold, dim } = terminal.errColors;
  const outcome = state === "succeeded" ? green("✓ succeeded") : red(state === "stopped" ? "✗ stopped" : "✗ failed");
  terminal.err(`${outcome} in ${took}. Logs, artifacts and run.json: ${bold(shownPath(host, store.folder))}\n`);
  // With --json, the last event has the outputs.
  if (state !== "succeeded" || json) return;
  const names = Object.keys(outputs);
  if (names.length === 0) terminal.err(dim("The pipeline has no outputs.\n"));
  else terminal.out(`${JSON.stringify(Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, withoutContents(value)])), undefined, 2)}\n`);
}

/** The end of the log of each failed task, then all failures at their places in the source. */
function showFailures(host: Host, terminal: Terminal, { failures, store }: EndedRun, report: (diagnostics: Diagnostic[]) => unknown): void {
  for (const { task } of failures) {
    const tail = logTail(store.logFile(task), terminal.errColors);
    if (tail !== undefined) terminal.err(`\n${terminal.errColors.bold(task)}\n${tail}`);
  }
  terminal.err("\n");
  report(failures.map(({ task, reason, span }) => diagnostic("HMC6001", span, { task, reason, log: shownPath(host, store.logFile(task)) })));
}

function jobsOf(given: string | number | undefined): number | undefined {
  if (given === undefined) return availableParallelism();
  const jobs = Number(given);
  return Number.isSafeInteger(jobs) && jobs > 0 ? jobs : undefined;
}

interface Interrupt {
  /** Fires on the first SIGINT, SIGTERM or SIGHUP. */
  signal: AbortSignal;
  /** Fires on the second. */
  kill: AbortSignal;
  end(): void;
}

/** A third signal ends hmc itself, whatever it is doing. */
function interruptible(): Interrupt {
  const first = new AbortController();
  const second = new AbortController();
  const onSignal = () => {
    if (second.signal.aborted) process.exit(exitCodes.interrupted);
    if (first.signal.aborted) second.abort();
    first.abort();
  };
  const names = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const name of names) process.on(name, onSignal);
  return {
    signal: first.signal,
    kill: second.signal,
    end: () => {
      for (const name of names) process.removeListener(name, onSignal);
    },
  };
}
