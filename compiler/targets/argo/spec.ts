/**
 * The part of Argo's API that hmc writes: shapes and names as in `argoproj.io/v1alpha1`. Values that are only passed on
 * (Kubernetes' own objects) are JSON.
 */
import type { Json } from "../../ir/types.ts";

export type JsonObject = { [key: string]: Json };

export interface Parameter {
  name: string;
  value?: string;
  default?: string;
  description?: string;
  enum?: string[];
  valueFrom?: ValueFrom;
}

export interface ValueFrom {
  /** A file of the container. */
  path?: string;
  /** One simple tag. */
  parameter?: string;
  /** An expression without braces. */
  expression?: string;
  /** Given by whoever resumes a suspended node. */
  supplied?: JsonObject;
  jsonPath?: string;
  jqFilter?: string;
  /** Of a parameter of a workflow. */
  configMapKeyRef?: JsonObject;
  default?: string;
}

/** An artifact of a template, or an argument for one; its location is one of `s3`, `gcs` … */
export interface Artifact extends JsonLocations {
  name: string;
  path?: string;
  optional?: boolean;
  archive?: JsonObject;
  from?: string;
  fromExpression?: string;
  mode?: number;
}

interface JsonLocations {
  raw?: { data: string };
  s3?: JsonObject;
  gcs?: JsonObject;
  azure?: JsonObject;
  oss?: JsonObject;
  http?: JsonObject;
  git?: JsonObject;
  hdfs?: JsonObject;
  artifactGC?: JsonObject;
}

export interface Arguments {
  parameters?: Parameter[];
  artifacts?: Artifact[];
}

export interface LifecycleHook {
  template: string;
  arguments?: Arguments;
  expression?: string;
}

/** A task of a DAG template. */
export interface DagTask {
  name: string;
  template?: string;
  templateRef?: { name: string; template: string };
  depends?: string;
  when?: string;
  withItems?: Json[];
  withParam?: string;
  withSequence?: { count: string };
  arguments?: Arguments;
  hooks?: Record<string, LifecycleHook>;
}

export interface Container {
  image: string;
  command?: string[];
  args?: string[];
  env?: JsonObject[];
  resources?: JsonObject;
  volumeMounts?: JsonObject[];
  imagePullPolicy?: string;
  securityContext?: JsonObject;
}

/** `source` becomes a file whose path is the last argument. */
export interface Script extends Container {
  source: string;
}

/** One template; exactly one of `container`, `script`, `dag` or another kind is there. */
export interface Template {
  name: string;
  inputs?: Arguments;
  outputs?: Arguments;
  dag?: { tasks: DagTask[]; failFast?: boolean };
  container?: Container;
  script?: Script;
  suspend?: JsonObject;
  http?: JsonObject;
  resource?: JsonObject;
  containerSet?: JsonObject;
  data?: JsonObject;
  parallelism?: number;
  failFast?: boolean;
  retryStrategy?: JsonObject;
  memoize?: JsonObject;
  timeout?: string;
  activeDeadlineSeconds?: number;
  synchronization?: JsonObject;
  metrics?: JsonObject;
  volumes?: JsonObject[];
  nodeSelector?: Record<string, string>;
  affinity?: JsonObject;
  tolerations?: JsonObject[];
  serviceAccountName?: string;
  securityContext?: JsonObject;
  podSpecPatch?: string;
  metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
  annotations?: Record<string, string>;
}

/** The `spec` of a Workflow or a WorkflowTemplate. Further fields come from options. */
export interface WorkflowSpec {
  entrypoint?: string;
  arguments?: Arguments;
  onExit?: string;
  volumes?: JsonObject[];
  volumeClaimTemplates?: JsonObject[];
  templates?: Template[];
  workflowTemplateRef?: { name: string };
  [field: string]: unknown;
}

export interface Manifest {
  apiVersion: "argoproj.io/v1alpha1";
  kind: "Workflow" | "WorkflowTemplate" | "CronWorkflow";
  metadata: { name?: string; generateName?: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  spec: Record<string, unknown>;
}
