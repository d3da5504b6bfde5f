/** Components and pipelines of files, called with `component("./score.component.yaml")`, in the program. */
import type { ts } from "ts-morph";
import { bug } from "../bug.ts";
import { diagnostic } from "../diagnostics/diagnostic.ts";
import { kebabCase, uniqueName } from "../ir/names.ts";
import { tasksOf } from "../ir/traverse.ts";
import type { Component, Document, Pipeline, Span, TaskOptions, TaskTarget } from "../ir/types.ts";
import type { FileCallee } from "./callee.ts";
import type { CalledFile } from "./component-files.ts";
import type { Program } from "./lowering.ts";

/** What a call of a file calls. */
export type FileTarget = { target: TaskTarget & { kind: "component" }; called: Component } | { target: TaskTarget & { kind: "pipeline" }; called: Pipeline };

/** A file that has been added to the program under one name. */
export interface AddedFile {
  target: FileTarget;
  /** What only the file itself calls. Its ids are made unique when all else is known. */
  inner: Pick<Document, "components" | "pipelines">;
  /** How many components and pipelines the program had before: those of the file come next, as those of a pipeline that is read. */
  before: { components: number; pipelines: number };
}

/**
 * The component or pipeline of a file, added to the program under the name of the constant, or its own where it is called directly.
 *
 * @param at a call, for positions
 * @returns undefined after a reported mistake
 */
export function readFileTarget(program: Program, callee: FileCallee, at: ts.Node): FileTarget | undefined {
  const { context } = program;
  const file = context.componentFiles.get(callee.declaration);
  if (file === undefined) return undefined;
  const { target, optionalOutputs } = file.read;
  const name = callee.name ?? calledIn(file, file.read.document).name;
  const id = callee.name === undefined ? target.id : kebabCase(callee.name);
  const key = `${id}\n${name}\n${file.path}`;
  const known = program.files.get(key);
  if (known !== undefined) return known.target;
  const taken = (target.kind === "component" ? program.components : program.pipelines).get(id);
  if (taken !== undefined) {
    const related = [{ message: `"${taken.name}" is declared here`, span: taken.span }];
    const names = { id, first: taken.name, second: name };
    context.report(target.kind === "component" ? diagnostic("HMC3004", context.spanOf(at), names, { related }) : diagnostic("HMC3005", context.spanOf(at), names, { related }));
    return undefined;
  }
  const before = { components: program.components.size, pipelines: program.pipelines.size };
  // Each name has a copy of its own.
  const inner = structuredClone(file.read.document);
  placeOptions(inner);
  const called = Object.assign(calledIn(file, inner), { id, name });
  let added: FileTarget;
  if ("kind" in called) {
    delete inner.components[target.id];
    program.components.set(id, called);
    added = { target: { kind: "component", id }, called };
  } else {
    delete inner.pipelines[target.id];
    program.pipelines.set(id, called);
    program.optionalOutputs.set(id, new Set(optionalOutputs));
    added = { target: { kind: "pipeline", id }, called };
  }
  program.files.set(key, { target: added, inner, before });
  return added;
}

/** Gives a component or pipeline an id that is free, and its name the same number. */
function rename(named: Component | Pipeline, taken: Set<string>): string {
  const id = uniqueName(named.id, taken);
  named.name += id.slice(named.id.length + 1);
  named.id = id;
  return id;
}

/** Says of each option where it stands: at the container or task that has it. */
function placeOptions({ components, pipelines }: Document): void {
  const place = (options: TaskOptions, span: Span): void => {
    const spans: NonNullable<TaskOptions["spans"]> = {};
    for (const [name, value] of Object.entries(options)) {
      spans[name] = span;
      if (typeof value === "object" && value !== null) for (const member of Object.keys(value)) spans[`${name}.${member}`] = span;
    }
    if (Object.keys(spans).length > 0) options.spans = spans;
  };
  for (const component of Object.values(components)) if (component.kind !== "importer") place(component.options, component.span);
  for (const task of Object.values(pipelines).flatMap(({ body }) => [...tasksOf(body)])) place(task.options, task.span);
}

function calledIn({ path, read: { target } }: CalledFile, { components, pipelines }: Document): Component | Pipeline {
  return (target.kind === "component" ? components[target.id] : pipelines[target.id]) ?? bug(`"${path}" has no ${target.kind} "${target.id}"`);
}

/** Adds what the pipelines of files call themselves, under ids that nothing else has. */
export function addInnerComponents(program: Program): void {
  const files = [...program.files.values()];
  const ids = { component: new Set(program.components.keys()), pipeline: new Set(program.pipelines.keys()) };
  for (const { target, inner } of files) {
    const renamed = { component: new Map<string, string>(), pipeline: new Map<string, string>() };
    for (const component of Object.values(inner.components)) renamed.component.set(component.id, rename(component, ids.component));
    for (const pipeline of Object.values(inner.pipelines)) renamed.pipeline.set(pipeline.id, rename(pipeline, ids.pipeline));
    const callers = [...Object.values(inner.pipelines), ...("body" in target.called ? [target.called] : [])];
    for (const task of callers.flatMap(({ body }) => [...tasksOf(body)])) task.target.id = renamed[task.target.kind].get(task.target.id) ?? task.target.id;
  }
  insert(program.components, files.map(({ inner, before }) => ({ at: before.components, added: Object.values(inner.components) })));
  insert(program.pipelines, files.map(({ inner, before }) => ({ at: before.pipelines, added: Object.values(inner.pipelines) })));
}

/** Puts more into a map, each before what stood at its position. */
function insert<T extends { id: string }>(map: Map<string, T>, more: readonly { at: number; added: readonly T[] }[]): void {
  const entries = [...map.values()];
  map.clear();
  for (let index = 0; index <= entries.length; index++) {
    const entry = entries[index];
    for (const { at, added } of more) if (at === index) for (const one of added) map.set(one.id, one);
    if (entry !== undefined) map.set(entry.id, entry);
  }
}
