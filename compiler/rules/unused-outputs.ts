/** Tasks that make data for nobody. */
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { resolveOptions } from "../ir/options.ts";
import { expressionsOf, expressionTree, nodesOf } from "../ir/traverse.ts";
import type { Document, Pipeline, Task, ValueType } from "../ir/types.ts";
import type { Rule } from "./rule.ts";

/**
 * A task is reported only if its sole effect is data that nothing reads: it writes artifacts, no output is used, and
 * nothing runs after it. Output parameters alone prove nothing, since an op that publishes something often
 * returns where; and what is made for people, and models, are results in themselves.
 */
export const unusedOutputs: Rule = {
  codes: ["HMC5001"],
  scope: "always",
  check: (document: Document) => Object.values(document.pipelines).flatMap((pipeline) => checkPipeline(document, pipeline)),
};

const results = new Set(["system.Model", "system.Metrics", "system.ClassificationMetrics", "system.SlicedClassificationMetrics", "system.HTML", "system.Markdown"]);

function checkPipeline(document: Document, pipeline: Pipeline): Diagnostic[] {
  const used = new Set<string>();
  const roots = Object.values(pipeline.outputs).map((output) => output.value);
  for (const node of nodesOf(pipeline.body)) {
    roots.push(...expressionsOf(node));
    if (node.kind === "task") for (const id of node.after) used.add(id);
  }
  for (const root of roots) {
    for (const expression of expressionTree(root)) if (expression.kind === "output" || expression.kind === "taskStatus") used.add(expression.task);
  }
  const found: Diagnostic[] = [];
  for (const node of nodesOf(pipeline.body)) {
    if (node.kind !== "task" || used.has(node.id)) continue;
    const types = Object.entries(outputTypes(document, node));
    const data = types.filter(([, type]) => type.kind === "artifact");
    if (data.some(([name]) => isKept(document, pipeline, node, name))) continue;
    if (data.length === 0 || data.some(([, type]) => type.kind === "artifact" && results.has(type.schemaTitle))) continue;
    found.push(diagnostic("HMC5001", node.span, { task: node.id, outputs: data.map(([name]) => `"${name}"`).join(", ") }));
  }
  return found;
}

/** Whether an artifact has a place or a name of its own, by which others find it. */
function isKept(document: Document, pipeline: Pipeline, task: Task, output: string): boolean {
  const { argo } = resolveOptions(document, pipeline, task).options;
  const { artifacts, globalNames } = { artifacts: argo?.["artifacts"], globalNames: argo?.["globalNames"] } as { artifacts?: Record<string, object>; globalNames?: Record<string, string> };
  const settings = artifacts?.[output];
  return globalNames?.[output] !== undefined || (settings !== undefined && ("key" in settings || "location" in settings));
}

function outputTypes(document: Document, task: Task): Record<string, ValueType> {
  const declared = task.target.kind === "component" ? document.components[task.target.id]?.outputs : document.pipelines[task.target.id]?.outputs;
  return Object.fromEntries(Object.entries(declared ?? {}).map(([name, output]) => [name, output.type]));
}
