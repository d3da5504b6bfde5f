/** Pipelines that call themselves whatever a run gives: they have no end. */
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { targetOf } from "../ir/calls.ts";
import type { Block, Document, Node, Pipeline, Task } from "../ir/types.ts";
import type { Rule } from "./rule.ts";

export const recursion: Rule = {
  codes: ["HMC1007"],
  scope: "always",
  check: (document: Document) => {
    const certain = new Map(Object.values(document.pipelines).map((pipeline) => [pipeline, certainCalls(document, pipeline.body)]));
    return Object.values(document.pipelines).flatMap((pipeline) => checkPipeline(certain, pipeline));
  },
};

type Calls = Map<Pipeline, Task>;

/** A cycle is reported where it closes, at the pipeline of it that stands first in the document. */
function checkPipeline(certain: ReadonlyMap<Pipeline, Calls>, pipeline: Pipeline): Diagnostic[] {
  const order = [...certain.keys()];
  const cameFrom = new Map<Pipeline, Pipeline>();
  const open = [pipeline];
  for (const current of open) {
    for (const [called, task] of certain.get(current) ?? []) {
      if (called === pipeline) {
        const path = [current];
        for (let caller = cameFrom.get(current); caller !== undefined; caller = cameFrom.get(caller)) path.unshift(caller);
        const names = [...path, pipeline].map(({ name }) => `"${name}"`).join(" → ");
        return [diagnostic("HMC1007", task.span, { path: names, why: "it calls itself on every path, so that it would never end. Put the call under a condition" })];
      }
      if (order.indexOf(called) < order.indexOf(pipeline) || cameFrom.has(called)) continue;
      cameFrom.set(called, current);
      open.push(called);
    }
  }
  return [];
}

/** The pipelines that a block calls in every run of it. */
function certainCalls(document: Document, block: Block): Calls {
  return new Map(block.nodes.flatMap((node) => [...callsOf(document, node)]));
}

function callsOf(document: Document, node: Node): Calls {
  switch (node.kind) {
    case "task": {
      const called = targetOf(document, node);
      return new Map(called === undefined || node.when !== undefined ? [] : [[called, node]]);
    }
    case "branch": {
      const [first, ...others] = node.arms.map((arm) => certainCalls(document, arm.block));
      return new Map([...(first ?? [])].filter(([called]) => others.every((calls) => calls.has(called))));
    }
    case "loop":
      return new Map();
    case "while":
      return node.test === "after" ? certainCalls(document, node.body) : new Map();
    case "try":
      return new Map([node.body, ...(node.finally === undefined ? [] : [node.finally])].flatMap((block) => [...certainCalls(document, block)]));
  }
}
