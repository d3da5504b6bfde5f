/** What a run gave, in the same terms for every way of running, so that ways can be compared. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Component, Json } from "../../compiler/ir/types.ts";

export interface EndedRun {
  isDone: boolean;
  /** Parameters by value; artifacts by content and metadata. */
  outputs: Record<string, Json>;
  /** Component, input and output parameters of each task, in the order of these texts. */
  tasks: string[];
  /** For whoever looks for the difference. */
  log: string;
}

export type Values = Record<string, Json>;

/** Of a task that failed only that counts: what it got need not be known where it never began. */
export function failedTask({ id }: Component): string {
  return `${id} failed`;
}

/**
 * A task in one line: absent values and `null` are the same, a default is what the task gets.
 *
 * @param known texts that every run has of its own, and what stands for them
 */
export function ranTask(component: Component, inputs: Values, outputs: Values, known: Record<string, string>): string {
  const given = Object.entries(component.inputs).flatMap(([name, { type, default: initial }]): [string, Json][] => {
    const value = inputs[name] ?? initial ?? null;
    if (type.kind === "artifact" || value === null) return [];
    // Only a local run knows why a task failed.
    return [[name, type.kind === "status" ? { ...(value as Values), error: null } : value]];
  });
  const made = Object.entries(component.outputs).flatMap(([name, { type }]): [string, Json][] => (type.kind === "artifact" || outputs[name] === undefined ? [] : [[name, outputs[name]]]));
  const line = `${component.id} ${canonical(Object.fromEntries(given))} ${canonical(Object.fromEntries(made))}`;
  return Object.entries(known).reduce((text, [own, general]) => text.replaceAll(own, general), line);
}

/** JSON with the keys of objects in order: Argo sorts those of what it computes. */
function canonical(value: Json): string {
  return JSON.stringify(value, (_, part: Json) => (typeof part === "object" && part !== null && !Array.isArray(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part));
}

/** An artifact by its content and metadata. */
export function ofFile(path: string, metadata: Json): Json {
  return { content: contentOf(path), metadata };
}

/** An artifact that is only metadata has no file with `hmc run`, and an empty one on Argo. */
function contentOf(path: string): Json {
  if (!existsSync(path)) return "";
  if (statSync(path).isDirectory()) return Object.fromEntries(readdirSync(path).sort().map((entry) => [entry, contentOf(join(path, entry))]));
  const content = readFileSync(path);
  return content.length === 0 ? "" : createHash("sha256").update(content).digest("hex");
}
