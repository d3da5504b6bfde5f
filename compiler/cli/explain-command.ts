/** `hmc explain` */
import { diagnostic } from "../diagnostics/diagnostic.ts";
import { nearestName } from "../diagnostics/nearest.ts";
import type { Host } from "../host.ts";
import { tasksOf } from "../ir/traverse.ts";
import type { Pipeline } from "../ir/types.ts";
import { analysed, chosen } from "./analysed.ts";
import { exitCodes } from "./exit-codes.ts";
import { explainPipeline } from "./explain-pipeline.ts";
import { explainTask } from "./explain-task.ts";
import { reportDiagnostics } from "./report.ts";
import type { Terminal } from "./terminal.ts";

export interface ExplainFlags {
  pipeline?: string;
}

/** Explains a pipeline, or one of its tasks. */
export function explainCommand(host: Host, terminal: Terminal, given: string, task: string | undefined, flags: ExplainFlags): number {
  const found = analysed(host, terminal, given);
  if (found === undefined) return exitCodes.failure;
  const { analysis, document } = found;
  const pipeline = chosen(host, terminal, analysis, document, flags.pipeline);
  if (pipeline === undefined) return exitCodes.failure;
  if (task === undefined) {
    terminal.out(explainPipeline(document, pipeline, host.now(), terminal.outColors));
    return exitCodes.success;
  }
  const tasks = [...tasksOf(pipeline.body)];
  const named = tasks.find((candidate) => candidate.id === task);
  if (named !== undefined) {
    terminal.out(explainTask(document, pipeline, named, terminal.outColors));
    return exitCodes.success;
  }
  const diagnostics = [noSuchTask(pipeline, task, tasks.map(({ id }) => id))];
  reportDiagnostics(host, terminal, { ...analysis, diagnostics }, "frame", "err");
  return exitCodes.failure;
}

function noSuchTask(pipeline: Pipeline, task: string, known: string[]) {
  return diagnostic("HMC0016", pipeline.span, { task, pipeline: pipeline.id, known, suggestion: nearestName(task, known) });
}
