/** What of a document stands at a place of a file. */
import { nodesOf } from "../ir/traverse.ts";
import type { Component, Loop, Pipeline, Span, Task } from "../ir/types.ts";
import type { Answers, Known } from "./service.ts";

export type Place =
  | { kind: "task"; pipeline: Pipeline; task: Task }
  | { kind: "component"; component: Component }
  | { kind: "pipeline"; pipeline: Pipeline };

/** A stretch of a file, absolute. */
export interface Location {
  path: string;
  span: Span;
}

/** The document of an open file, where it is that of the text as it is: its places would be wrong otherwise. */
export function currentDocument(service: Answers, path: string): Known | undefined {
  const known = service.known(path);
  if (known === undefined) return undefined;
  for (const [file, text] of known.texts) {
    const open = service.text(service.absolute(known, file));
    if (open !== undefined && open !== text) return undefined;
  }
  return known;
}

/** Whether a span lies in a file. */
export function isIn(service: Answers, known: Known, span: Span, path: string): boolean {
  return service.absolute(known, span.file) === path;
}

/** Every task of the document that is written in a file, with its pipeline. */
export function tasksIn(service: Answers, known: Known, path: string): { pipeline: Pipeline; task: Task }[] {
  return Object.values(known.document.pipelines).flatMap((pipeline) => {
    const tasks = [...nodesOf(pipeline.body)].filter((node): node is Task => node.kind === "task" && isIn(service, known, node.span, path));
    return tasks.map((task) => ({ pipeline, task }));
  });
}

/** Every loop that is written in a file. */
export function loopsIn(service: Answers, known: Known, path: string): Loop[] {
  return Object.values(known.document.pipelines).flatMap((pipeline) => [...nodesOf(pipeline.body)].filter((node): node is Loop => node.kind === "loop" && isIn(service, known, node.span, path)));
}

/**
 * The innermost thing around an offset: a task's call, else the line on which a pipeline or an op is declared.
 *
 * @param offset UTF-16 units
 */
export function placeAt(service: Answers, known: Known, path: string, offset: number): Place | undefined {
  const text = service.text(path) ?? "";
  const name = wordAt(text, offset);
  const around = tasksIn(service, known, path).filter(({ task }) => holds(task.span, offset) || (name !== undefined && isVariableOf(text, task, name.start, name.text)));
  const [inner] = around.sort((a, b) => length(a.task.span) - length(b.task.span));
  if (inner !== undefined) return { kind: "task", ...inner };
  if (name === undefined) return undefined;
  const { pipelines, components } = known.document;
  for (const pipeline of Object.values(pipelines)) if (pipeline.name === name.text && isIn(service, known, pipeline.span, path)) return { kind: "pipeline", pipeline };
  for (const component of Object.values(components)) if (component.name === name.text) return { kind: "component", component };
  return undefined;
}

/** The identifier at an offset. */
export function wordAt(text: string, offset: number): { text: string; start: number } | undefined {
  let start = offset;
  while (start > 0 && /[\p{ID_Continue}$]/u.test(text[start - 1] ?? "")) start--;
  const [word] = /^[\p{ID_Start}_$][\p{ID_Continue}$]*/u.exec(text.slice(start, start + 200)) ?? [];
  return word === undefined || start + word.length < offset ? undefined : { text: word, start };
}

/** `const fit = train(…)`: the name before the call. */
function isVariableOf(text: string, task: Task, start: number, name: string): boolean {
  const between = text.slice(start + name.length, task.span.start);
  return start < task.span.start && /^\s*(?::[^=;{}]*)?=\s*$/.test(between);
}

function holds(span: Span, offset: number): boolean {
  return span.start <= offset && offset <= span.end;
}

function length(span: Span): number {
  return span.end - span.start;
}
