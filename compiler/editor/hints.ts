/** Inlay hints: the dependencies that hmc infers, and how wide loops run. Code lenses: what can be done with a pipeline. */
import { describeExpression } from "../ir/describe.ts";
import { expressionTree, expressionsOf } from "../ir/traverse.ts";
import type { Loop, Span, Task } from "../ir/types.ts";
import { currentDocument, isIn, loopsIn, tasksIn } from "./places.ts";
import type { Answers } from "./service.ts";

export interface Hint {
  /** UTF-16 units. */
  offset: number;
  label: string;
  tooltip: string;
}

export interface Lens {
  span: Span;
  title: "Run" | "Compile" | "Show graph";
  command: "hmc.run" | "hmc.compile" | "hmc.graph";
  /** The file, absolute, and the pipeline's id. */
  arguments: [file: string, pipeline: string];
}

export function inlayHints(service: Answers, path: string): Hint[] {
  const known = currentDocument(service, path);
  if (known === undefined) return [];
  const hints = new Map<number, Hint>();
  for (const { task } of tasksIn(service, known, path)) {
    const upstream = upstreamOf(task);
    if (upstream.length === 0) continue;
    hints.set(task.span.end, { offset: task.span.end, label: `⟵ ${upstream.join(", ")}`, tooltip: `"${task.id}" starts when ${upstream.map((id) => `"${id}"`).join(", ")} ${upstream.length > 1 ? "have" : "has"} ended.` });
  }
  for (const loop of loopsIn(service, known, path)) {
    const width = widthOf(loop);
    hints.set(loop.span.start, { offset: loop.span.start, label: `∥ ${width} `, tooltip: `The iterations run in parallel: ${width === "all" ? `one for each of ${describeExpression(loop.items)}` : width}.` });
  }
  return [...hints.values()].sort((a, b) => a.offset - b.offset);
}

/** The tasks whose ends a task waits for, by data, conditions of its own and order. */
export function upstreamOf(task: Task): string[] {
  const found = new Set<string>();
  for (const expression of expressionsOf(task)) {
    for (const inner of expressionTree(expression)) if (inner.kind === "output" || inner.kind === "taskStatus") found.add(inner.task);
  }
  for (const id of task.after) found.add(id);
  return [...found];
}

/** How many iterations may run at once. */
function widthOf({ items, parallelism }: Loop): string {
  const count = items.kind === "constant" && Array.isArray(items.value) ? items.value.length : items.kind === "list" ? items.items.length : items.kind === "range" && items.count.kind === "constant" ? Number(items.count.value) : undefined;
  if (count === undefined) return parallelism === undefined ? "all" : `at most ${parallelism}`;
  return String(parallelism === undefined ? count : Math.min(count, parallelism));
}

export function codeLenses(service: Answers, path: string): Lens[] {
  const known = currentDocument(service, path);
  if (known === undefined) return [];
  return known.document.exported.flatMap((id): Lens[] => {
    const pipeline = known.document.pipelines[id];
    if (pipeline === undefined || !isIn(service, known, pipeline.span, path)) return [];
    const lens = (title: Lens["title"], command: Lens["command"]): Lens => ({ span: pipeline.span, title, command, arguments: [path, id] });
    return [lens("Run", "hmc.run"), lens("Compile", "hmc.compile"), lens("Show graph", "hmc.graph")];
  });
}
