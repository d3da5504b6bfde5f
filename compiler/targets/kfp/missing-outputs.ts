/**
 * Tasks that run although a task before them failed, and read an output of it.
 *
 * Seen on the real back end: text arrives empty, and with any other parameter the driver fails, so that the task never
 * runs, whatever default the input has (as kfp-real 6 says of exit tasks).
 */
import { expressionTree, runTimeOptions, tasksOf } from "../../ir/traverse.ts";
import type { Expression, Pipeline } from "../../ir/types.ts";
import { report, type Build } from "./scope.ts";

/** Reports the inputs and options of tasks with `ignoreUpstreamFailure` that a failed task would leave without a value. */
export function checkMissingOutputs(build: Build, pipeline: Pipeline): void {
  for (const task of tasksOf(pipeline.body)) {
    if (!task.ignoreUpstreamFailure) continue;
    for (const [input, value] of [...Object.entries(task.inputs), ...(task.when === undefined ? [] : [["when", task.when] as const])]) {
      const read = [...expressionTree(value)].find((part) => part.kind === "output" || part.kind === "select");
      const { kind } = (input === "when" ? read : value)?.type ?? value.type;
      if (read === undefined || kind === "artifact" || kind === "status") continue;
      report(build, kind === "string" ? "HMC4036" : "HMC4035", value.span, { task: task.id, input, version: build.capabilities.version });
    }
    for (const [option, given] of Object.entries(task.options)) {
      for (const { expression } of runTimeOptions({ [option]: given })) {
        // Without an image or with an empty name there is no pod.
        if (isOfTask(expression)) report(build, "HMC4035", expression.span, { task: task.id, input: option, version: build.capabilities.version });
      }
    }
  }
}

function isOfTask(value: Expression): boolean {
  return [...expressionTree(value)].some((part) => part.kind === "output" || part.kind === "select");
}
