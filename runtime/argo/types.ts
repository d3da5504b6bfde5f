/** The objects of Argo as the simulator reads them: what `read.ts` gives. Fields it only passes on are of type `Json`. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export interface ValueFrom {
  path?: string;
  parameter?: string;
  expression?: string;
  default?: string;
  supplied?: Json;
  event?: string;
  configMapKeyRef?: { name: string; key: string; optional?: boolean };
}

export interface Parameter {
  name: string;
  default?: string;
  value?: string;
  valueFrom?: ValueFrom;
  globalName?: string;
  enum?: string[];
  description?: string;
}

/** An artifact; its location is in the field of the store (`s3`, `raw` …). */
export interface Artifact {
  name: string;
  path?: string;
  from?: string;
  fromExpression?: string;
  optional?: boolean;
  subPath?: string;
  globalName?: string;
  mode?: number;
  recurseMode?: boolean;
  archive?: Json;
  [store: string]: Json | undefined;
}

export interface Arguments {
  parameters?: Parameter[];
  artifacts?: Artifact[];
}

/** What a node gives. */
export interface Outputs {
  parameters?: Parameter[];
  artifacts?: Artifact[];
  result?: string;
  exitCode?: string;
}

export interface TemplateRef {
  name?: string;
  template?: string;
  clusterScope?: boolean;
}

export interface Hook {
  template?: string;
  templateRef?: TemplateRef;
  arguments?: Arguments;
  expression?: string;
}

export interface Sequence {
  count?: number | string;
  start?: number | string;
  end?: number | string;
  format?: string;
}

/** A DAG task or a step: what calls a template. */
export interface Call {
  name: string;
  template?: string;
  templateRef?: TemplateRef;
  inline?: Template;
  arguments: Arguments;
  withItems?: Json[];
  withParam?: string;
  withSequence?: Sequence;
  when?: string;
  continueOn?: { error?: boolean; failed?: boolean };
  onExit?: string;
  hooks?: { [name: string]: Hook };
  /** Only of tasks. */
  dependencies?: string[];
  /** Only of tasks. */
  depends?: string;
}

export interface EnvironmentVariable {
  name: string;
  value?: string;
  valueFrom?: Json;
}

export interface Container {
  image?: string;
  command?: string[];
  args?: string[];
  env?: EnvironmentVariable[];
  workingDir?: string;
  volumeMounts?: { name: string; mountPath?: string }[];
  source?: string;
  [more: string]: unknown;
}

export interface RetryStrategy {
  limit?: number | string;
  retryPolicy?: string;
  backoff?: { duration?: string; factor?: number | string; maxDuration?: string; cap?: string };
  expression?: string;
}

export interface Synchronization {
  semaphores?: { configMapKeyRef?: { name: string; key: string }; namespace?: string; database?: Json }[];
  mutexes?: { name?: string; namespace?: string; database?: boolean }[];
}

export interface Template {
  name?: string;
  inputs: Arguments;
  outputs: Outputs;
  daemon?: boolean;
  steps?: Call[][];
  container?: Container;
  containerSet?: JsonObject;
  script?: Container;
  resource?: JsonObject;
  dag?: { target?: string; tasks: Call[]; failFast?: boolean };
  suspend?: { duration?: string };
  data?: Json;
  http?: Json;
  plugin?: Json;
  volumes?: { name: string }[];
  retryStrategy?: RetryStrategy;
  parallelism?: number;
  failFast?: boolean;
  executor?: { serviceAccountName?: string };
  podSpecPatch?: string;
  synchronization?: Synchronization;
  memoize?: { key: string; maxAge?: string; cache?: { configMap?: { name?: string } } };
  timeout?: string;
  activeDeadlineSeconds?: number | string;
  annotations?: { [name: string]: string };
}

export interface WorkflowSpec {
  templates?: Template[];
  entrypoint?: string;
  arguments: Arguments;
  serviceAccountName?: string;
  executor?: { serviceAccountName?: string };
  volumes?: { name: string }[];
  volumeClaimTemplates?: { metadata?: { name?: string } }[];
  parallelism?: number;
  onExit?: string;
  activeDeadlineSeconds?: number;
  priority?: number;
  suspend?: boolean;
  shutdown?: string;
  synchronization?: Synchronization;
  retryStrategy?: RetryStrategy;
  templateDefaults?: Template;
  hooks?: { [name: string]: Hook };
  workflowTemplateRef?: { name?: string; clusterScope?: boolean };
  workflowMetadata?: { labels?: { [name: string]: string }; annotations?: { [name: string]: string }; labelsFrom?: { [name: string]: { expression?: string } } };
}

export interface Metadata {
  name: string;
  labels: { [name: string]: string };
  annotations: { [name: string]: string };
}

/** A Workflow, WorkflowTemplate or ClusterWorkflowTemplate. */
export interface Resource {
  kind: "Workflow" | "WorkflowTemplate" | "ClusterWorkflowTemplate";
  metadata: Metadata;
  spec: WorkflowSpec;
}
