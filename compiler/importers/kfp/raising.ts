/** What raising a KFP file knows while it works. */
import { diagnostic, type Diagnostic, type RelatedSpan } from "../../diagnostics/diagnostic.ts";
import type { DiagnosticCode, Parameters } from "../../diagnostics/registry.ts";
import type { Component, Expression, ParameterType, Pipeline, Span, Task, ValueType } from "../../ir/types.ts";
import type { KfpFile } from "./file.ts";
import type { ComponentSpec, ExecutorSpec, PipelineTaskSpec } from "./spec.ts";
import type { KubernetesExecutorConfig } from "./platform-spec.ts";

/** A place in the file: keys and indices from its root. */
export type Path = readonly (string | number)[];

/** One file. */
export interface Raising {
  file: KfpFile;
  diagnostics: Diagnostic[];
  components: Map<string, Component>;
  pipelines: Map<string, Pipeline>;
  /** Ids of components that are taken. */
  ids: Set<string>;
  pipelineIds: Set<string>;
  /** Raised components and pipelines, by what they say (`contentOf`). */
  known: Map<string, KnownComponent>;
  /** Content keys, by the name of the component. */
  contents: Map<string, string>;
  /** Types of lists whose default holds other things than text: a loop over one declares text all the same (kfp-lowering 20). */
  mixed: Set<ParameterType>;
  /** What is known of the fields of items that are declared as text, by the type of the item. */
  structs: Map<ParameterType, ParameterType>;
  /** Places of conditions and selectors that are kept as CEL, since their expressions would be written otherwise. */
  verbatim: ReadonlySet<string>;
}

export type KnownComponent =
  | { kind: "component"; component: Component; tasks: Task[] }
  | { kind: "pipeline"; pipeline: Pipeline };

/** One pipeline of the file: its tasks and the regions around them. */
export interface PipelineScope {
  raising: Raising;
  taskIds: Set<string>;
  regions: { if: number; for: number; try: number };
  /** The KFP key of each task of the IR, to tell the order in which the SDK made them. */
  keys: Map<string, string>;
}

/** One DAG of a pipeline while its tasks are raised. */
export interface DagScope {
  pipeline: PipelineScope;
  spec: ComponentSpec;
  /** Where the component stands. */
  path: Path;
  /** The value of each of its inputs. An input that nobody gives is missing. */
  inputs: Map<string, Expression>;
  tasks: Map<string, RaisedTask>;
}

/** The DAG of a pipeline of its own. */
export function newDag(raising: Raising, spec: ComponentSpec, path: Path): DagScope {
  return { pipeline: { raising, taskIds: new Set(), regions: { if: 0, for: 0, try: 0 }, keys: new Map() }, spec, path, inputs: new Map(), tasks: new Map() };
}

/** What has become of a task of a DAG. */
export interface RaisedTask {
  key: string;
  /** The id of the node: what `.after()` names. */
  id: string;
  /** The value of one of its outputs; undefined where it has none of that name. */
  output(name: string, artifact: boolean): Expression | undefined;
  /** The final status. */
  status(type: ValueType, span: Span): Expression;
}

export interface TaskPlace {
  key: string;
  spec: PipelineTaskSpec;
  component: ComponentSpec;
  componentName: string;
  path: Path;
}

export function report<C extends DiagnosticCode>(raising: Raising, code: C, path: Path, parameters: Parameters<C>, related: RelatedSpan[] = []): undefined {
  raising.diagnostics.push(diagnostic(code, raising.file.locate(path), parameters, { related }));
  return undefined;
}

/** Says of what looks like a placeholder of KFP and is none that it stays as it is. */
export function reportUnknown(raising: Raising, unknown: readonly { text: string }[], path: Path): void {
  for (const { text } of unknown) if (text.startsWith("{{$")) report(raising, "HMC7040", path, { text });
}

/** The key of a place in a set of places. */
export function placeKey(path: Path): string {
  return JSON.stringify(path);
}

export function componentOf(raising: Raising, name: string): ComponentSpec | undefined {
  return raising.file.spec.components?.[name];
}

export function executorOf(raising: Raising, label: string): ExecutorSpec | undefined {
  return raising.file.spec.deploymentSpec?.executors?.[label];
}

export function kubernetesOf(raising: Raising, label: string): KubernetesExecutorConfig | undefined {
  return raising.file.platform?.platforms?.["kubernetes"]?.deploymentSpec?.executors?.[label];
}
