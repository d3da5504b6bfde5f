/** What ends only when a run says so: a graph of KFP has no cycles. */
import { calledPipelines, isRecursive } from "../../ir/calls.ts";
import { nodesOf } from "../../ir/traverse.ts";
import type { Pipeline } from "../../ir/types.ts";
import { report, type Build } from "./scope.ts";

/**
 * Reports each `while` and each recursive call of a pipeline and of those that it calls.
 *
 * @returns whether there is none, so that the pipeline can be lowered
 */
export function checkRepetition(build: Build, pipeline: Pipeline): boolean {
  const before = build.diagnostics.length;
  for (const current of [pipeline, ...calledPipelines(build.document, pipeline)]) {
    for (const node of nodesOf(current.body)) {
      if (node.kind === "while") report(build, "HMC4001", node.span, { construct: node.test === "before" ? `"while"` : `"do … while"` });
      else if (node.kind === "task" && isRecursive(build.document, current, node)) report(build, "HMC4001", node.span, { construct: `a call by which "${current.name}" calls itself` });
    }
  }
  return build.diagnostics.length === before;
}
