/** Parameters of a pipeline that nothing reads: a run asks for them in vain. */
import { diagnostic } from "../diagnostics/diagnostic.ts";
import { containerParts, expressionsOf, expressionTree, nodesOf } from "../ir/traverse.ts";
import type { Document, Pipeline } from "../ir/types.ts";
import type { Rule } from "./rule.ts";

export const unusedParameters: Rule = {
  codes: ["HMC5002"],
  scope: "always",
  check: (document: Document) => {
    const variables = readInContainers(document);
    return Object.values(document.pipelines).flatMap((pipeline) => {
      const used = usedInputs(pipeline, variables);
      return Object.entries(pipeline.inputs)
        .filter(([name]) => !used.has(name))
        .map(([name, input]) => diagnostic("HMC5002", input.span, { parameter: name, pipeline: pipeline.id }));
    });
  },
};

function usedInputs(pipeline: Pipeline, variables: ReadonlySet<string>): Set<string> {
  const used = new Set(variables);
  const roots = Object.values(pipeline.outputs).map((output) => output.value);
  for (const node of nodesOf(pipeline.body)) roots.push(...expressionsOf(node));
  for (const root of roots) {
    for (const expression of expressionTree(root)) {
      if (expression.kind === "input") used.add(expression.name);
      else if (expression.kind === "argo") used.add(parameterOf(expression.name));
    }
  }
  return used;
}

/** Parameters of the run that containers read as variables of Argo. */
function readInContainers({ components }: Document): Set<string> {
  const containers = Object.values(components).filter((component) => component.kind === "container");
  const parts = containers.flatMap(containerParts);
  return new Set(parts.flatMap((part) => (typeof part !== "string" && part.placeholder === "argoVariable" ? [parameterOf(part.name)] : [])));
}

function parameterOf(variable: string): string {
  return variable.replace(/^workflow\.parameters\./, "");
}
