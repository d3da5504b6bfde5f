/**
 * The KFP graph while it is being built: DAGs that hold tasks, tasks that run a container or a DAG, and channels,
 * the values that travel between them.
 */
import type { Span } from "../../ir/types.ts";
import type { ExecutorSpec, KubernetesConfig, ParameterSource, Port, RetryPolicy, TaskConfigPassthrough } from "./spec.ts";

/** What runs in a pod. */
export interface Leaf {
  kind: "leaf";
  inputs: Map<string, Port>;
  outputs: Map<string, Port>;
  passthroughs?: TaskConfigPassthrough[];
  executor: ExecutorSpec;
  kubernetes: KubernetesConfig;
  /** Whether it runs hmc's entrypoint, which decodes its inputs and fills templates. */
  entrypoint: boolean;
}

/** A value of an output of the tasks of a DAG; several make a one-of, in order of preference. */
export interface Producer {
  task: Task;
  output: string;
}

export interface DagOutput {
  port: Port;
  oneOf: boolean;
  from: Producer[];
}

export interface Dag {
  kind: "dag";
  inputs: Map<string, Port>;
  outputs: Map<string, DagOutput>;
  tasks: Map<string, Task>;
  /** The task that runs it, where it is a group of a pipeline. The graph of a pipeline itself has none. */
  owner: Task | undefined;
  /** Groups between this DAG and that of the pipeline. */
  depth: number;
  /** Whether it is the graph of a pipeline (and not a group inside one). */
  pipeline: boolean;
  /** Inputs through which channels of outer DAGs come in. */
  punched: Map<Channel, string>;
  /** Values that may be absent elsewhere and are there wherever this DAG runs. */
  present: Set<Channel>;
}

export interface Task {
  key: string;
  displayName: string;
  /** The DAG that it stands in. */
  dag: Dag;
  runs: Leaf | Dag;
  parameters: Map<string, ParameterSource>;
  artifacts: Map<string, Source>;
  /** Keys of tasks of the same DAG. */
  dependsOn: Set<string>;
  caching?: { enabled: boolean; key?: string };
  retry?: RetryPolicy;
  condition?: string;
  /** Runs when its upstream has ended, however it ended. */
  exit: boolean;
  loop?: LoopSpec;
  span: Span;
}

export interface LoopSpec {
  itemInput: string;
  items: { kind: "raw"; json: string } | { kind: "parameter" | "artifact"; input: string };
  parallelism?: number;
}

/** Where a value is read inside one DAG. */
export type Source = { task: string; output: string } | { input: string } | { status: string };

/** A value that tasks produce or that a pipeline or loop brings in. */
export interface Channel {
  /** Its full name: `<task>-<output>`, or the name of an input. */
  name: string;
  /** What groups that pass it on call it, where that is not its name. */
  readAs?: string;
  port: Port;
  /** The DAG in which it can be read without help. */
  home: Dag;
  from: Producer | { input: string } | { status: Task };
  /** May be null at run time: an optional input of a pipeline without a default. */
  nullable: boolean;
  /** Groups that pass it on declare it as optional, which the back end needs and the SDK leaves out. */
  optionalInGroups?: boolean;
  /** The same value as an output of the task that runs `home`. */
  surfaced?: Channel;
}

export const channelPrefix = "pipelinechannel--";

/** An empty DAG; a group stands under a task of another DAG (see `addGroup`). */
export function newDag(pipeline: boolean, depth: number): Dag {
  return { kind: "dag", inputs: new Map(), outputs: new Map(), tasks: new Map(), owner: undefined, depth, pipeline, punched: new Map(), present: new Set() };
}

/** Adds a task to a DAG. */
export function addTask(dag: Dag, key: string, runs: Leaf | Dag, span: Span): Task {
  const task: Task = { key, displayName: key, dag, runs, parameters: new Map(), artifacts: new Map(), dependsOn: new Set(), exit: false, span };
  dag.tasks.set(key, task);
  return task;
}

/** Adds a group to a DAG: a task, and the DAG that it runs. */
export function addGroup(parent: Dag, key: string, span: Span): { task: Task; dag: Dag } {
  const dag = newDag(false, parent.depth + 1);
  const task = addTask(parent, key, dag, span);
  dag.owner = task;
  return { task, dag };
}

/** Whether `inner` is `outer` or lies inside it. */
export function isInside(inner: Dag, outer: Dag): boolean {
  let dag: Dag | undefined = inner;
  while (dag !== undefined && dag.depth > outer.depth) dag = dag.owner?.dag;
  return dag === outer;
}

/** Makes one task wait for another; the edge joins their ancestors in the innermost DAG that holds both. */
export function dependOn(consumer: Task, producer: Task): void {
  let [later, earlier] = [consumer, producer];
  while (later.dag !== earlier.dag) {
    if (later.dag.depth >= earlier.dag.depth) {
      if (later.dag.owner === undefined) return;
      later = later.dag.owner;
    } else {
      if (earlier.dag.owner === undefined) return;
      earlier = earlier.dag.owner;
    }
  }
  if (later !== earlier) later.dependsOn.add(earlier.key);
}
