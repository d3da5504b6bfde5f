/** Retries, timeouts and parallelism that make no sense. Whole numbers and durations have been checked when they were read. */
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { nodesOf } from "../ir/traverse.ts";
import type { Document, Pipeline, Span, TaskOptions } from "../ir/types.ts";
import { componentOf, layersOf, optionSources, optionSpan } from "./layers.ts";
import type { Rule } from "./rule.ts";

export const limits: Rule = {
  codes: ["HMC3030", "HMC3032", "HMC3033"],
  scope: "cluster",
  check(document: Document): Diagnostic[] {
    const found: Diagnostic[] = [];
    for (const { options, span } of optionSources(document)) found.push(...checkRetry(options, span));
    for (const pipeline of Object.values(document.pipelines)) found.push(...checkLoops(pipeline), ...checkDeadline(document, pipeline));
    return found;
  },
};

function checkRetry(options: TaskOptions, span: Span | undefined): Diagnostic[] {
  const { retry } = options;
  if (retry === undefined) return [];
  const found: Diagnostic[] = [];
  const check = (option: string, value: number | undefined, valid: (value: number) => boolean, expected: string): void => {
    if (value !== undefined && !valid(value)) found.push(diagnostic("HMC3030", optionSpan(options, span, option), { option, value, expected }));
  };
  check("retry.factor", retry.factor, (value) => value >= 1, "at least 1, so that pauses do not shrink");
  check("retry.maxBackoff", retry.maxBackoffSeconds, (value) => value >= (retry.backoffSeconds ?? 0), "no less than the first pause");
  return found;
}

function checkLoops(pipeline: Pipeline): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const node of nodesOf(pipeline.body)) {
    if (node.kind !== "loop" || node.parallelism === undefined || (Number.isInteger(node.parallelism) && node.parallelism >= 1)) continue;
    found.push(diagnostic("HMC3033", node.span, { loop: `for ${node.itemName}`, value: node.parallelism }));
  }
  return found;
}

/** Reported once for each place that sets the timeout. */
function checkDeadline(document: Document, pipeline: Pipeline): Diagnostic[] {
  const deadline = pipeline.options.deadlineSeconds;
  if (deadline === undefined) return [];
  const found: Diagnostic[] = [];
  const reported = new Set<TaskOptions>();
  for (const node of nodesOf(pipeline.body)) {
    if (node.kind !== "task" || componentOf(document, node) === undefined) continue;
    const layer = layersOf(document, pipeline, node).reverse().find(({ options }) => options.timeoutSeconds !== undefined);
    const timeout = layer?.options.timeoutSeconds;
    if (layer === undefined || timeout === undefined || timeout <= deadline || reported.has(layer.options)) continue;
    reported.add(layer.options);
    const related = pipeline.options.spans?.["deadline"];
    found.push(diagnostic("HMC3032", optionSpan(layer.options, layer.span ?? node.span, "timeout"), { task: node.id, timeout, deadline }, related === undefined ? {} : { related: [{ message: "the deadline of the run", span: related }] }));
  }
  return found;
}
