/** What a tag or an expression can read where it stands (reference argo.md 4.1: r18–r20, r71, r73). */
import type { Flow } from "./flow.ts";
import type { DocumentModel, Task, Template } from "./model.ts";

/** The tasks that stand beside the reader. */
export interface Siblings {
  root: "tasks" | "steps";
  byName: ReadonlyMap<string, Task>;
  flow: Flow;
  /** The task that reads; undefined where the template itself reads, which sees all of them. */
  reader: Task | undefined;
  /** Whether the reader sees itself, as its hooks do. */
  seesItself: boolean;
}

export interface Scope {
  home: DocumentModel;
  template: Template | undefined;
  siblings: Siblings | undefined;
  /** The task whose loop gives `item`. */
  loop: Task | undefined;
  /** Where it is the metrics of a template: what a node itself tells is known there. */
  isMetric: boolean;
}

/** The scope of a template's own fields. */
export function scopeOfTemplate(home: DocumentModel, template: Template, siblings: Siblings | undefined): Scope {
  return { home, template, siblings, loop: undefined, isMetric: false };
}
