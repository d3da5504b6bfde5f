/** Where `statusOf(task)` may stand: KFP has the status of a task only for one that runs right after it, however it ends. */
import { diagnostic } from "../diagnostics/diagnostic.ts";
import { blocksOf, expressionsOf, expressionTree } from "../ir/traverse.ts";
import type { Block, Expression, Pipeline } from "../ir/types.ts";
import type { Context } from "./context.ts";

/** Reports each status that is no input of a task beside the one that it is of. */
export function checkTaskStatuses(context: Context, pipeline: Pipeline): void {
  const refuse = (expression: Expression, why: string): void => {
    for (const part of expressionTree(expression)) if (part.kind === "taskStatus") context.report(diagnostic("HMC1030", part.span, { task: part.task, why }));
  };
  const visit = (block: Block): void => {
    const beside = new Set(block.nodes.map(({ id }) => id));
    for (const node of block.nodes) {
      const inputs = node.kind === "task" ? Object.values(node.inputs) : [];
      for (const expression of expressionsOf(node)) {
        if (expression.kind !== "taskStatus" || !inputs.includes(expression)) refuse(expression, "it is no input of a task by itself");
        else if (!beside.has(expression.task)) refuse(expression, "the call stands in another block than the task");
        else if (node.kind === "task" && !node.ignoreUpstreamFailure) refuse(expression, "without it the call runs only if the task succeeded");
      }
      for (const inner of blocksOf(node)) visit(inner);
    }
  };
  visit(pipeline.body);
  for (const { value } of Object.values(pipeline.outputs)) refuse(value, "it is no input of a task by itself");
}
