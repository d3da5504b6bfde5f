/**
 * Values of a lone `if` that are used behind it, as the SDK has them: it lets a fan-in and the pipeline's outputs read
 * straight into the condition, without a one-of. The back end fails where the condition did not hold, so this is for the
 * SDK's shape only.
 */
import { mapExpressions, mapPipeline } from "../../ir/rewrite.ts";
import { nodesOf } from "../../ir/traverse.ts";
import type { Branch, Expression, Node, Pipeline } from "../../ir/types.ts";

/** The pipeline with every such value read from the task that gives it. */
export function withLoneValues(pipeline: Pipeline): Pipeline {
  const lone = new Map<string, Branch>();
  for (const node of nodesOf(pipeline.body)) if (node.kind === "branch" && isLone(node)) lone.set(node.id, node);
  if (lone.size === 0) return pipeline;
  const read = (expression: Expression): Expression => {
    if (expression.kind !== "select") return expression;
    const value = lone.get(expression.branch)?.selects.find(({ name }) => name === expression.name)?.values[0];
    // The value may come out of a lone `if` inside this one.
    return value === undefined ? expression : mapExpressions(value, read);
  };
  const without = (node: Node): Node => (node.kind === "branch" && lone.has(node.id) ? { ...node, selects: [] } : node);
  return mapPipeline(pipeline, read, without);
}

/** Whether only the first arm runs something, and all values come out of it. */
function isLone(branch: Branch): boolean {
  const [first, ...others] = branch.arms;
  if (first === undefined || branch.hasElse || branch.selects.length === 0 || others.some((arm) => arm.block.nodes.length > 0)) return false;
  const inside = new Set([...nodesOf(first.block)].map(({ id }) => id));
  const comesOut = (value: Expression | undefined): boolean =>
    value !== undefined && ((value.kind === "output" && inside.has(value.task)) || (value.kind === "select" && inside.has(value.branch)) || (value.kind === "collect" && inside.has(value.loop)));
  return branch.selects.every(({ values: [value, ...rest] }) => comesOut(value) && rest.every((other) => other.kind === "absent"));
}
