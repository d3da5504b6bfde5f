/** What lowering knows while it works: of the whole compilation, and of one pipeline. */
import type { DiagnosticCode, Parameters } from "../../diagnostics/registry.ts";
import { diagnostic, type Diagnostic, type RelatedSpan } from "../../diagnostics/diagnostic.ts";
import type { Arm, Branch, Document, Loop, Pipeline, Span, Try } from "../../ir/types.ts";
import type { InlineCode } from "../inline.ts";
import type { Capabilities } from "./capabilities.ts";
import { newDag, type Channel, type Dag, type Task } from "./graph.ts";
import type { GroupNumbers } from "./numbering.ts";

/** One compilation. */
export interface Build {
  document: Document;
  capabilities: Capabilities;
  /** The shape that works on the real back end, not the one of the SDK. */
  real: boolean;
  entrypoint: string[];
  inline: InlineCode;
  diagnostics: Diagnostic[];
  /** Pipelines that are being lowered, outermost first. */
  stack: string[];
}

export interface BranchState {
  branch: Branch;
  /** The group that holds the arms; undefined where there is only one arm and no one-of. */
  wrapper: { task: Task; dag: Dag } | undefined;
  /** The DAG of each arm that runs something or gives a value. */
  arms: Map<Arm, Dag>;
  /** One-ofs made so far, by name and fallback. */
  selects: Map<string, Channel | undefined>;
}

export interface LoopState {
  loop: Loop;
  task: Task;
  body: Dag;
  item: Channel;
  /** The list, where it is a run-time value. */
  list: Channel | undefined;
  /** The groups that run the loop only where its list has items; `empty` stands in for it otherwise. */
  guard: { wrapper: Dag; empty: Dag } | undefined;
  collected: Map<Channel, Channel>;
}

export interface TryState {
  try: Try;
  body: Dag;
  status: Channel;
}

/** One pipeline, or one call of it. */
export interface Scope {
  build: Build;
  pipeline: Pipeline;
  root: Dag;
  /** KFP's task for each task of the IR; it carries the outputs. */
  tasks: Map<string, Task>;
  /** What to wait for to wait for a node of the IR. */
  nodes: Map<string, Task>;
  inputs: Map<string, Channel>;
  outputs: Map<string, Channel>;
  branches: Map<string, BranchState>;
  loops: Map<string, LoopState>;
  tries: Map<string, TryState>;
  /** The helper task of a DAG. */
  relays: Map<Dag, Task>;
  numbers: GroupNumbers;
  /** Ids of loops whose results are used outside. */
  collected: ReadonlySet<string>;
  /** Keys of tasks that are taken. */
  keys: Set<string>;
  /** Values in the conditions around what is being lowered: the SDK passes them on to every group with a task in it. */
  conditions: Channel[];
}

export function newScope(build: Build, pipeline: Pipeline, numbers: GroupNumbers, collected: ReadonlySet<string>, keys: Set<string>): Scope {
  return {
    build,
    pipeline,
    root: newDag(true, 0),
    tasks: new Map(),
    nodes: new Map(),
    inputs: new Map(),
    outputs: new Map(),
    branches: new Map(),
    loops: new Map(),
    tries: new Map(),
    relays: new Map(),
    numbers,
    collected,
    keys,
    conditions: [],
  };
}

/** Reports a diagnostic. */
export function report<C extends DiagnosticCode>(build: Build, code: C, span: Span | undefined, parameters: Parameters<C>, related: RelatedSpan[] = []): undefined {
  const found = diagnostic(code, span, parameters, { related });
  const isSame = (other: Diagnostic): boolean => other.code === code && other.message === found.message && other.span?.start === span?.start && other.span?.file === span?.file;
  // A pipeline that is called twice is lowered twice.
  if (!build.diagnostics.some(isSame)) build.diagnostics.push(found);
  return undefined;
}
