/** Which pipelines call which. */
import { tasksOf } from "./traverse.ts";
import type { Document, Pipeline, Task } from "./types.ts";

/** The pipelines that a pipeline calls, directly or not, each once, callers first, without itself. */
export function calledPipelines(document: Document, pipeline: Pipeline): Pipeline[] {
  const found = new Set<Pipeline>([pipeline]);
  const visit = (caller: Pipeline): void => {
    for (const task of tasksOf(caller.body)) {
      const called = targetOf(document, task);
      if (called === undefined || found.has(called)) continue;
      found.add(called);
      visit(called);
    }
  };
  visit(pipeline);
  return [...found].slice(1);
}

/** The pipeline that a task runs; undefined for one that runs a component. */
export function targetOf(document: Document, task: Task): Pipeline | undefined {
  return task.target.kind === "pipeline" ? document.pipelines[task.target.id] : undefined;
}

/** Whether a task calls the pipeline that it stands in, or one that calls that, directly or not. */
export function isRecursive(document: Document, pipeline: Pipeline, task: Task): boolean {
  const called = targetOf(document, task);
  return called !== undefined && (called === pipeline || calledPipelines(document, called).includes(pipeline));
}
