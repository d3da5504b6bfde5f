/** What lowering knows of one pipeline. */
import type { Branch, Loop, Pipeline, Try, While } from "../../ir/types.ts";
import type { Build } from "./build.ts";
import type { Keys } from "./keys.ts";
import type { Channel, Region, Requirement, TaskDraft } from "./region.ts";

/** How a later task waits for a node. */
export interface Handle {
  /** The region in which the tasks of the requirements stand. */
  region: Region;
  requirements: Requirement[];
  /** Of a branch without `else`: the text `true` where an arm was taken, without which no later task runs. */
  taken?: Channel;
}

export interface BranchState {
  branch: Branch;
  selects: Map<string, Channel>;
}

export interface LoopState {
  loop: Loop;
  /** The region that holds the repeated task, and that of its body. */
  wrapper: Region;
  body: Region;
  task: TaskDraft;
  item: Channel;
  index: Channel;
  /** What was collected, by expression. */
  collected: Map<string, Channel>;
}

export interface TryState {
  try: Try;
  /** The phase of the body, as its handlers read it. */
  status: Channel;
  selects: Map<string, Channel>;
}

export interface WhileState {
  loop: While;
  carried: Map<string, Channel>;
  final: Map<string, Channel>;
}

/** One pipeline. */
export interface Scope {
  build: Build;
  pipeline: Pipeline;
  region: Region;
  inputs: Map<string, Channel>;
  /** Outputs of tasks by name. */
  outputs: Map<string, Map<string, Channel>>;
  tasks: Map<string, TaskDraft>;
  handles: Map<string, Handle>;
  branches: Map<string, BranchState>;
  loops: Map<string, LoopState>;
  tries: Map<string, TryState>;
  whiles: Map<string, WhileState>;
  /** Variables of the workflow by their names. */
  variables: Map<string, Channel>;
  /** Inputs that have a value wherever their task runs: `<task> <input>`. */
  given: ReadonlySet<string>;
  /** Where artifacts that are collected lie. */
  keys: Keys;
  /** The keys of outputs that the callers give, as inputs of the pipeline. */
  givenKeys: ReadonlyMap<string, Channel>;
  /** The prefix of their keys, which callers give; that of the entry pipeline is its run. */
  prefix: Channel | undefined;
}

/** Who reads a value: a task of a region, or the outputs of the region. */
export interface Reader {
  scope: Scope;
  region: Region;
  task: TaskDraft | undefined;
}
