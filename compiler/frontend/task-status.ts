/** Where `statusOf(task)` may stand: with a task that runs right after the other one, however it ends. */
import { diagnostic } from "../diagnostics/diagnostic.ts";
import { blocksOf, expressionsOf, expressionTree } from "../ir/traverse.ts";
import type { Block, Expression, Node, Pipeline } from "../ir/types.ts";
import type { Context } from "./context.ts";

type TaskStatus = Extract<Expression, { kind: "taskStatus" }>;

/** Reports each status that is neither an input nor in the condition `when` of a task beside the one that it is of. */
export function checkTaskStatuses(context: Context, pipeline: Pipeline): void {
  const refuse = (status: TaskStatus, why: string): void => context.report(diagnostic("HMC1030", status.span, { task: status.task, why }));
  const misplaced = "it is neither an input of a task by itself nor in the option \"when\"";
  const visit = (block: Block): void => {
    const beside = new Set(block.nodes.map(({ id }) => id));
    for (const node of block.nodes) {
      const placed = placesOf(node);
      for (const status of expressionsOf(node).flatMap(statusesIn)) {
        if (!placed.includes(status)) refuse(status, misplaced);
        else if (!beside.has(status.task)) refuse(status, "the call stands in another block than the task");
        else if (node.kind === "task" && !node.ignoreUpstreamFailure) refuse(status, "without it the call runs only if the task succeeded");
      }
      for (const inner of blocksOf(node)) visit(inner);
    }
  };
  visit(pipeline.body);
  for (const status of Object.values(pipeline.outputs).flatMap(({ value }) => statusesIn(value))) refuse(status, misplaced);
}

/** The statuses of a node that stand where one may. */
function placesOf(node: Node): TaskStatus[] {
  if (node.kind !== "task") return [];
  return [...Object.values(node.inputs).filter((input) => input.kind === "taskStatus"), ...(node.when === undefined ? [] : statusesIn(node.when))];
}

function statusesIn(expression: Expression): TaskStatus[] {
  return [...expressionTree(expression)].filter((part) => part.kind === "taskStatus");
}
