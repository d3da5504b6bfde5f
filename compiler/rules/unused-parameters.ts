/** Parameters of a pipeline that nothing reads: a run asks for them in vain. */
import { diagnostic } from "../diagnostics/diagnostic.ts";
import { expressionsOf, expressionTree, nodesOf } from "../ir/traverse.ts";
import type { Document, Pipeline } from "../ir/types.ts";
import type { Rule } from "./rule.ts";

export const unusedParameters: Rule = {
  codes: ["HMC5002"],
  scope: "always",
  check: (document: Document) =>
    Object.values(document.pipelines).flatMap((pipeline) => {
      const used = usedInputs(pipeline);
      return Object.entries(pipeline.inputs)
        .filter(([name]) => !used.has(name))
        .map(([name, input]) => diagnostic("HMC5002", input.span, { parameter: name, pipeline: pipeline.id }));
    }),
};

function usedInputs(pipeline: Pipeline): Set<string> {
  const used = new Set<string>();
  const roots = Object.values(pipeline.outputs).map((output) => output.value);
  for (const node of nodesOf(pipeline.body)) roots.push(...expressionsOf(node));
  for (const root of roots) {
    for (const expression of expressionTree(root)) if (expression.kind === "input") used.add(expression.name);
  }
  return used;
}
