/** Pipelines with nothing to run. KFP refuses a DAG without tasks. */
import { diagnostic } from "../diagnostics/diagnostic.ts";
import { tasksOf } from "../ir/traverse.ts";
import type { Document } from "../ir/types.ts";
import type { Rule } from "./rule.ts";

export const emptyPipeline: Rule = {
  codes: ["HMC3008"],
  scope: "always",
  check: (document: Document) =>
    Object.values(document.pipelines)
      .filter((pipeline) => tasksOf(pipeline.body).next().done === true)
      .map((pipeline) => diagnostic("HMC3008", pipeline.span, { pipeline: pipeline.id })),
};
