/** `.after()` and `.before()` that say what the graph says anyway. */
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { nodesOf } from "../ir/traverse.ts";
import type { Document, Pipeline } from "../ir/types.ts";
import { producersOf } from "./dependencies.ts";
import type { Rule } from "./rule.ts";

/** Only what one step shows: the task reads a value of the other, or is put after it twice. */
export const redundantOrder: Rule = {
  codes: ["HMC5008"],
  scope: "always",
  check: (document: Document) => Object.values(document.pipelines).flatMap(checkPipeline),
};

function checkPipeline(pipeline: Pipeline): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const node of nodesOf(pipeline.body)) {
    if (node.kind !== "task" || node.after.length === 0) continue;
    const producers = new Set(producersOf(node));
    const seen = new Set<string>();
    for (const upstream of node.after) {
      const reason = producers.has(upstream) ? "it reads a value of it" : seen.has(upstream) ? "it already is" : undefined;
      seen.add(upstream);
      if (reason !== undefined && upstream !== node.id) found.push(diagnostic("HMC5008", node.span, { task: node.id, upstream, reason }));
    }
  }
  return found;
}
