/** Runs a pipeline in the process of a test: its file is analysed, as always, and its tasks call mocks, or the code of the ops. */
import { createHash } from "node:crypto";
import { setMaxListeners } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { check, choosePipeline, hasErrors, type Analysis } from "../../compiler/compile.ts";
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { renderDiagnostics } from "../../compiler/diagnostics/render.ts";
import type { Document, Json, Pipeline } from "../../compiler/ir/types.ts";
import { nodeHost } from "../../compiler/node-host.ts";
import { VirtualClock } from "../local/clock.ts";
import type { Value } from "../local/evaluate.ts";
import { readParameters } from "../local/parameters.ts";
import { schedule } from "../local/scheduler.ts";
import { standIns } from "./stand-ins.ts";
import { recordOf } from "./test-run.ts";
import type { AnyMock, TestPipeline } from "./types.ts";

/** Runs a pipeline with mocks. */
export const testPipeline: TestPipeline = async (file, options = {}) => {
  const { document, pipeline } = analysed(typeof file === "string" ? resolve(file) : fileURLToPath(file), options.pipeline);
  const parameters = parametersOf(pipeline, options.parameters ?? {});
  const execute = standIns(document, pipeline, options.ops ?? {}, (options.mocks ?? {}) as Record<string, AnyMock>);
  const clock = new VirtualClock();
  const folder = mkdtempSync(join(tmpdir(), "hmc-test-"));
  const record = recordOf(clock);
  const { signal } = new AbortController();
  // Each running task listens.
  setMaxListeners(0, signal);
  try {
    const ended = await schedule({
      document,
      pipeline,
      parameters,
      jobs: options.jobs ?? Number.POSITIVE_INFINITY,
      execute: execute({ clock, folder, onCall: record.call }),
      observer: record,
      context: (name) => (name === "workspacePath" || name === "pipelineRoot" ? folder : name === "createTime" || name === "scheduleTime" ? new Date(clock.now()).toISOString() : "test"),
      signal,
      clock,
      ...(options.failFast === true ? { failFast: true } : {}),
    });
    return record.end(ended, document, folder);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
};

/** What the files that were tested last are; a test often runs one pipeline many times. */
const known = new Map<string, Analysis>();

/** Whether every file that an analysis has read is still the same. */
function isCurrent({ document, root }: Analysis): boolean {
  return document !== undefined && document.sources.every(({ path, sha256 }) => existsSync(join(root, path)) && createHash("sha256").update(readFileSync(join(root, path))).digest("hex") === sha256);
}

function analysisOf(path: string): Analysis {
  const before = known.get(path);
  if (before !== undefined && isCurrent(before)) return before;
  const analysis = check(nodeHost(), path, { scope: "pipeline", place: "local" });
  known.set(path, analysis);
  return analysis;
}

function analysed(path: string, wanted: string | undefined): { document: Document; pipeline: Pipeline } {
  const { document, diagnostics, texts } = analysisOf(path);
  const fail = (found: Diagnostic[]): never => {
    throw new Error(`"${path}" cannot be tested:\n${renderDiagnostics(found.filter(({ severity }) => severity === "error"), texts, "frame")}`);
  };
  if (document === undefined || hasErrors(diagnostics)) return fail(diagnostics);
  const chosen = choosePipeline(document, wanted);
  return "diagnostic" in chosen ? fail([chosen.diagnostic]) : { document, pipeline: chosen.pipeline };
}

function parametersOf(pipeline: Pipeline, given: Record<string, unknown>): Record<string, Value> {
  const { values, diagnostics } = readParameters({ kind: "pipeline", name: pipeline.id, inputs: pipeline.inputs }, { texts: [], option: "parameters:", values: given as Record<string, Json>, resolvePath: (path) => resolve(path) });
  if (diagnostics.length > 0) throw new Error(diagnostics.map(({ code, message }) => `${code}: ${message}`).join("\n"));
  return values;
}
