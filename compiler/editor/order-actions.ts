/** Puts a task after an earlier one of its block that it does not wait for: `.after(other)`. */
import type { Fix } from "../diagnostics/diagnostic.ts";
import { emptySpan } from "../diagnostics/text-span.ts";
import { freeName } from "../frontend/free-name.ts";
import { blocksOf } from "../ir/traverse.ts";
import type { Block, Node, Task } from "../ir/types.ts";
import { upstreamOf } from "./hints.ts";
import { currentDocument, isIn, placeAt } from "./places.ts";
import type { Answers } from "./service.ts";

/** How many tasks are offered. */
const most = 3;

/**
 * What orders the task at an offset, the nearest task first.
 *
 * @param offset UTF-16 units
 */
export function orderActions(service: Answers, path: string, offset: number): { fix: Fix; root: string }[] {
  const known = currentDocument(service, path);
  const place = known === undefined ? undefined : placeAt(service, known, path, offset);
  if (known === undefined || place?.kind !== "task") return [];
  const { task, pipeline } = place;
  const block = blockOf(pipeline.body, task);
  const text = service.text(path) ?? "";
  const before = (block?.nodes ?? []).filter((node): node is Task => node.kind === "task" && node !== task && isIn(service, known, node.span, path) && node.span.end <= task.span.start);
  const waitsFor = allUpstream(block?.nodes ?? [], task);
  return before.filter(({ id }) => !waitsFor.has(id)).reverse().slice(0, most).flatMap((other) => {
    const variable = variableOf(text, other.span.start);
    if (variable === undefined && !isStatement(text, other.span.start)) return [];
    const name = variable ?? freeName(text, other.id.replace(/[^A-Za-z0-9]+(.)/g, (_, letter: string) => letter.toUpperCase()));
    const edits = [{ span: emptySpan(task.span, "end"), newText: `.after(${name})` }];
    if (variable === undefined) edits.push({ span: emptySpan(other.span, "start"), newText: `const ${name} = ` });
    return [{ fix: { title: `Run "${task.id}" after "${other.id}"`, edits }, root: known.root }];
  });
}

/** The block that holds a task. */
function blockOf(block: Block, task: Task): Block | undefined {
  if (block.nodes.includes(task)) return block;
  for (const node of block.nodes) {
    for (const inner of blocksOf(node)) {
      const found = blockOf(inner, task);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** The tasks of a block that a task waits for, also by way of others. */
function allUpstream(nodes: readonly Node[], task: Task): Set<string> {
  const found = new Set<string>();
  const visit = (one: Task): void => {
    for (const id of upstreamOf(one)) {
      if (found.has(id)) continue;
      found.add(id);
      const next = nodes.find((node): node is Task => node.kind === "task" && node.id === id);
      if (next !== undefined) visit(next);
    }
  };
  visit(task);
  return found;
}

/** `const fit = ` before a call. */
function variableOf(text: string, start: number): string | undefined {
  return /\b(?:const|let)\s+([\p{ID_Start}_$][\p{ID_Continue}$]*)\s*=\s*$/u.exec(text.slice(Math.max(0, start - 200), start))?.[1];
}

/** Whether a call stands alone. */
function isStatement(text: string, start: number): boolean {
  return /[;{}]\s*$/.test(text.slice(0, start)) || /[;{}]\s*(?:\/\/[^\n]*\n\s*)+$/.test(text.slice(0, start));
}
