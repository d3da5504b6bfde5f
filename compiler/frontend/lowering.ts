/** The state of reading one pipeline body, and the steps that every part of it shares. */
import type { ts } from "ts-morph";
import { diagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import type { DiagnosticCode, Parameters } from "../diagnostics/registry.ts";
import type { Block, Branch, Component, Node, Pipeline, Span, Task, TaskOptions, Try, ValueType } from "../ir/types.ts";
import { uniqueName } from "../ir/names.ts";
import { tasksOf } from "../ir/traverse.ts";
import type { AddedFile } from "./components.ts";
import type { Context } from "./context.ts";
import { moveIntoOp } from "./fixes/move-into-op.ts";
import type { Scope } from "./scope.ts";
import { invalid, type TaskValue, type Turns } from "./values.ts";

/** What surrounds a statement, outer first. */
export type Enclosing = { kind: "loop"; id: string } | { kind: "while" } | { kind: "arm" } | TryPart;

export interface TryPart {
  kind: "try";
  node: Try;
  part: "body" | "catch" | "finally";
  /** Whether a `return` in it is one of the whole `try`. */
  returns: boolean;
}

/** What has been read of all pipelines so far. */
export interface Program {
  context: Context;
  components: Map<string, Component>;
  pipelines: Map<string, Pipeline>;
  /** By the `pipeline(…)` call. */
  read: Map<ts.Node, Pipeline>;
  /** Reads a pipeline that another one calls; undefined after a reported mistake. */
  readPipeline(declaration: ts.CallExpression, name: string, from: Lowering): Pipeline | undefined;
  importers: number;
  /** What calls of `component()` have added, by its name and path. */
  files: Map<string, AddedFile>;
  /** Pipelines, and functions that call themselves, that are being read. */
  active: Map<ts.Node, Pipeline>;
  /** Functions that call themselves, as pipelines: by their declaration and what their tasks have by default. */
  lifted: Map<ts.Node, Map<string, Pipeline>>;
  /** Outputs that may have no value, by the id of their pipeline. */
  optionalOutputs: Map<string, Set<string>>;
}

export interface Lowering {
  program: Program;
  context: Context;
  /** As written, for messages. */
  pipelineName: string;
  /** The options of its tasks. */
  defaults: TaskOptions | undefined;
  /** Pipelines that are being read, outer first: a call of one of them is a recursion. */
  path: { declaration: ts.Node; name: string }[];
  /** Where new nodes go. */
  block: Block;
  enclosing: Enclosing[];
  /** Functions being inlined, outer first. */
  inlining: { node: ts.Node; name: string }[];
  taskIds: Set<string>;
  /** The ids in order of their addition, so that a trial can be taken back. */
  addedIds: string[];
  regions: { if: number; for: number; while: number; try: number };
  /** Every branch, and every `try` that may have selects. */
  branches: Map<string, Branch | Try>;
  /** Every `while`, by its id. */
  whiles: Map<string, Turns>;
  /** Inputs of the pipeline that may have no value: `x?: T` without a default. */
  optionalInputs: Set<string>;
  /** Outputs of called pipelines that may have no value: `task.output`. */
  optionalOutputs: Set<string>;
  /** The empty scope in which functions of modules stand. */
  rootScope: Scope;
  /** How many of `enclosing` stand around the function whose body is being read: `return` may not leave those inside. */
  returnDepth: number;
}

export function report<Code extends DiagnosticCode>(
  lowering: Lowering,
  code: Code,
  at: ts.Node,
  parameters: Parameters<Code>,
  extra?: Pick<Diagnostic, "fix"> & { related?: Diagnostic["related"] },
): typeof invalid {
  const fix = code === "HMC1003" ? moveIntoOp(lowering.context, at) : undefined;
  lowering.context.report(diagnostic(code, lowering.context.spanOf(at), parameters, fix === undefined ? extra : { fix, ...extra }));
  return invalid;
}

/** The next id of a region: `if-1`, `for-2`. */
export function regionId(lowering: Lowering, kind: keyof Lowering["regions"]): string {
  lowering.regions[kind] += 1;
  return `${kind}-${lowering.regions[kind]}`;
}

/** Adds a task to the current block. Its key is `name`, or the target's id with a number where that is taken. */
export function addTask(
  lowering: Lowering,
  target: Task["target"],
  call: { name?: string | undefined; options: Task["options"]; ignoreUpstreamFailure: boolean; span: Span },
  outputs: Record<string, ValueType>,
  single: string | undefined,
): TaskValue {
  const base = target.kind === "component" && lowering.program.components.get(target.id)?.kind === "importer" ? "importer" : target.id;
  const id = call.name ?? uniqueName(base, lowering.taskIds);
  lowering.taskIds.add(id);
  lowering.addedIds.push(id);
  const task: Task = {
    kind: "task",
    id,
    target,
    inputs: {},
    after: [],
    ignoreUpstreamFailure: call.ignoreUpstreamFailure,
    options: call.options,
    span: call.span,
  };
  lowering.block.nodes.push(task);
  return { kind: "task", task, outputs, ...(single === undefined ? {} : { single }) };
}

/** Reads something into a block of its own. */
export function intoBlock<T>(lowering: Lowering, enclosing: Enclosing, read: () => T): { block: Block; result: T } {
  const outer = lowering.block;
  const block: Block = { nodes: [] };
  lowering.block = block;
  lowering.enclosing.push(enclosing);
  try {
    return { block, result: read() };
  } finally {
    lowering.block = outer;
    lowering.enclosing.pop();
  }
}

/**
 * Reads something to see whether tasks come of it. If so it is taken back, and the caller reads it again where the
 * tasks belong.
 *
 * @param into where nodes go that only choose between values
 * @returns what was read where it adds no task, else undefined
 */
export function withoutTasks<T>(lowering: Lowering, read: () => T, into: Block = lowering.block): { result: T } | undefined {
  const takeBack = checkpoint(lowering);
  const { block, result } = intoBlock(lowering, { kind: "arm" }, read);
  if (tasksOf(block).next().done === true) {
    into.nodes.push(...block.nodes);
    return { result };
  }
  takeBack();
  return undefined;
}

/** Remembers which names are given; what it returns gives back those that are given later. */
export function checkpoint(lowering: Lowering): () => void {
  const regions = { ...lowering.regions };
  const count = lowering.addedIds.length;
  const { importers } = lowering.program;
  return () => {
    for (const id of lowering.addedIds.splice(count)) lowering.taskIds.delete(id);
    lowering.regions = regions;
    lowering.program.importers = importers;
  };
}

export function addNode(lowering: Lowering, node: Node): void {
  lowering.block.nodes.push(node);
}
