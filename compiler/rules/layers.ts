/** The layers in which options are written, each once, however many tasks it reaches. */
import { tasksOf } from "../ir/traverse.ts";
import type { Component, Document, Pipeline, PipelineOptions, Span, Task, TaskOptions } from "../ir/types.ts";

export interface OptionSource {
  options: TaskOptions;
  /** Of the pipeline, op or call that has the options; missing for the project's. */
  span?: Span;
  /** The deadline of the pipeline that the options belong to, where they belong to one. */
  pipeline?: Pipeline;
  /** The task or the op, for messages. */
  name: string;
}

/** Every place that holds options of tasks: the project, each pipeline, each op, each call. */
export function* optionSources(document: Document): Generator<OptionSource> {
  yield { options: document.defaults, name: "every task" };
  for (const pipeline of Object.values(document.pipelines)) {
    if (pipeline.options.defaults !== undefined) yield { options: pipeline.options.defaults, span: pipeline.span, pipeline, name: `every task of ${pipeline.id}` };
  }
  for (const component of Object.values(document.components)) {
    if (component.kind !== "importer") yield { options: component.options, span: component.span, name: component.id };
  }
  for (const pipeline of Object.values(document.pipelines)) {
    for (const task of tasksOf(pipeline.body)) yield { options: task.options, span: task.span, pipeline, name: task.id };
  }
}

/**
 * Where an option was written: the span of the first of `names` that has one, then of the option that holds it
 * (`cpu` for `cpu.request`), then the fallback.
 */
export function optionSpan(options: TaskOptions | PipelineOptions, fallback: Span | undefined, ...names: string[]): Span | undefined {
  const spans = options.spans;
  if (spans === undefined) return fallback;
  for (const name of names) {
    for (let path = name; path !== ""; path = path.slice(0, Math.max(path.lastIndexOf("."), 0))) {
      const span = spans[path];
      if (span !== undefined) return span;
    }
  }
  return fallback;
}

/** The component that a task runs; undefined for a sub-pipeline. */
export function componentOf(document: Document, task: Task): Component | undefined {
  return task.target.kind === "component" ? document.components[task.target.id] : undefined;
}

/** The layers of options that reach a task, lowest first. */
export function layersOf(document: Document, pipeline: Pipeline, task: Task): { options: TaskOptions; span?: Span }[] {
  const component = componentOf(document, task);
  return [
    { options: document.defaults },
    { options: pipeline.options.defaults ?? {}, span: pipeline.span },
    ...(component === undefined || component.kind === "importer" ? [] : [{ options: component.options, span: component.span }]),
    { options: task.options, span: task.span },
  ];
}
