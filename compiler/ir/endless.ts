/** Pipelines that call themselves whatever a run gives: they have no end. */
import { targetOf } from "./calls.ts";
import type { Block, Document, Node, Pipeline, Task } from "./types.ts";

/** The pipelines that call each other, the first of them again at the end, and the task that closes the circle. */
export interface EndlessCalls {
  path: Pipeline[];
  task: Task;
}

/** Pipelines that a block calls in every run of it. */
type Calls = Map<Pipeline, Task>;

/** Circles of calls under no condition, each once: at the pipeline of it that stands first in the document. */
export function endlessCalls(document: Document): EndlessCalls[] {
  const pipelines = Object.values(document.pipelines);
  const certain = new Map(pipelines.map((pipeline) => [pipeline, certainCalls(document, pipeline.body)]));
  return pipelines.flatMap((pipeline, position) => circleAt(certain, pipeline, new Set(pipelines.slice(0, position))));
}

function circleAt(certain: ReadonlyMap<Pipeline, Calls>, pipeline: Pipeline, before: ReadonlySet<Pipeline>): EndlessCalls[] {
  const cameFrom = new Map<Pipeline, Pipeline>();
  const open = [pipeline];
  for (const current of open) {
    for (const [called, task] of certain.get(current) ?? []) {
      if (called === pipeline) {
        const path = [current, pipeline];
        for (let caller = cameFrom.get(current); caller !== undefined; caller = cameFrom.get(caller)) path.unshift(caller);
        return [{ path, task }];
      }
      if (before.has(called) || cameFrom.has(called)) continue;
      cameFrom.set(called, current);
      open.push(called);
    }
  }
  return [];
}

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
