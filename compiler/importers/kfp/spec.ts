/**
 * The whole of KFP's `PipelineSpec` message in its JSON form, as the reader gives it (kfp-ir 1).
 *
 * As in proto3, every field may be missing. The reader has made the form canonical: keys in lowerCamelCase, 32-bit integers and doubles as
 * numbers, 64-bit integers as decimal text, enums as names, no member that is null.
 */
import type { Json } from "../../ir/types.ts";
import type { SinglePlatformSpec } from "./platform-spec.ts";

export interface PipelineSpec {
  pipelineInfo?: PipelineInfo;
  deploymentSpec?: PipelineDeploymentConfig;
  sdkVersion?: string;
  schemaVersion?: string;
  components?: Record<string, ComponentSpec>;
  root?: ComponentSpec;
  defaultPipelineRoot?: string;
}

export interface PipelineInfo {
  name?: string;
  displayName?: string;
  description?: string;
}

// ------------------------------------------------------------------------------------------------------ components

export interface ComponentSpec {
  inputDefinitions?: ComponentInputsSpec;
  outputDefinitions?: ComponentOutputsSpec;
  /** At most one of `dag` and `executorLabel`. */
  dag?: DagSpec;
  executorLabel?: string;
  singlePlatformSpecs?: SinglePlatformSpec[];
  taskConfigPassthroughs?: TaskConfigPassthrough[];
}

export type ParameterTypeName =
  | "PARAMETER_TYPE_ENUM_UNSPECIFIED"
  | "NUMBER_DOUBLE"
  | "NUMBER_INTEGER"
  | "STRING"
  | "BOOLEAN"
  | "LIST"
  | "STRUCT"
  | "TASK_FINAL_STATUS"
  | "TASK_CONFIG";

export type PrimitiveTypeName = "PRIMITIVE_TYPE_UNSPECIFIED" | "INT" | "DOUBLE" | "STRING";

export interface ComponentInputsSpec {
  artifacts?: Record<string, InputArtifactSpec>;
  parameters?: Record<string, InputParameterSpec>;
}

export interface InputArtifactSpec {
  artifactType?: ArtifactTypeSchema;
  isArtifactList?: boolean;
  isOptional?: boolean;
  description?: string;
}

export interface InputParameterSpec {
  /** Deprecated. */
  type?: PrimitiveTypeName;
  parameterType?: ParameterTypeName;
  defaultValue?: Json;
  isOptional?: boolean;
  description?: string;
  literals?: Json[];
}

export interface ComponentOutputsSpec {
  artifacts?: Record<string, OutputArtifactSpec>;
  parameters?: Record<string, OutputParameterSpec>;
}

export interface OutputArtifactSpec {
  artifactType?: ArtifactTypeSchema;
  /** Deprecated. */
  properties?: Record<string, ValueOrRuntimeParameter>;
  /** Deprecated. */
  customProperties?: Record<string, ValueOrRuntimeParameter>;
  metadata?: Record<string, Json>;
  isArtifactList?: boolean;
  description?: string;
}

export interface OutputParameterSpec {
  /** Deprecated. */
  type?: PrimitiveTypeName;
  parameterType?: ParameterTypeName;
  description?: string;
}

export interface ArtifactTypeSchema {
  /** At most one of `schemaTitle`, `schemaUri` (deprecated) and `instanceSchema`. */
  schemaTitle?: string;
  schemaUri?: string;
  instanceSchema?: string;
  schemaVersion?: string;
}

export type TaskConfigPassthroughField =
  | "NONE"
  | "RESOURCES"
  | "ENV"
  | "KUBERNETES_AFFINITY"
  | "KUBERNETES_TOLERATIONS"
  | "KUBERNETES_NODE_SELECTOR"
  | "KUBERNETES_VOLUMES";

export interface TaskConfigPassthrough {
  field?: TaskConfigPassthroughField;
  applyToTask?: boolean;
}

/** A constant, or the name of an input of the component. */
export interface ValueOrRuntimeParameter {
  /** At most one of the three. Deprecated. */
  constantValue?: LegacyValue;
  runtimeParameter?: string;
  constant?: Json;
}

/** The deprecated message `Value`: at most one member. */
export interface LegacyValue {
  intValue?: string;
  doubleValue?: DoubleValue;
  stringValue?: string;
}

export type DoubleValue = number | "NaN" | "Infinity" | "-Infinity";

// ------------------------------------------------------------------------------------------------------ graphs

export interface DagSpec {
  tasks?: Record<string, PipelineTaskSpec>;
  outputs?: DagOutputsSpec;
}

export interface DagOutputsSpec {
  artifacts?: Record<string, DagOutputArtifactSpec>;
  parameters?: Record<string, DagOutputParameterSpec>;
}

export interface DagOutputArtifactSpec {
  artifactSelectors?: ArtifactSelectorSpec[];
}

export interface ArtifactSelectorSpec {
  producerSubtask?: string;
  outputArtifactKey?: string;
}

/** At most one of the two. */
export interface DagOutputParameterSpec {
  valueFromParameter?: ParameterSelectorSpec;
  valueFromOneof?: ParameterSelectorsSpec;
}

export interface ParameterSelectorSpec {
  producerSubtask?: string;
  outputParameterKey?: string;
}

export interface ParameterSelectorsSpec {
  parameterSelectors?: ParameterSelectorSpec[];
}

export interface PipelineTaskSpec {
  taskInfo?: PipelineTaskInfo;
  inputs?: TaskInputsSpec;
  dependentTasks?: string[];
  cachingOptions?: CachingOptions;
  componentRef?: ComponentRef;
  triggerPolicy?: TriggerPolicy;
  /** At most one of the two. */
  artifactIterator?: ArtifactIteratorSpec;
  parameterIterator?: ParameterIteratorSpec;
  retryPolicy?: RetryPolicy;
  iteratorPolicy?: IteratorPolicy;
}

export interface PipelineTaskInfo {
  name?: string;
}

export interface ComponentRef {
  name?: string;
}

export interface CachingOptions {
  enableCache?: boolean;
  cacheKey?: string;
}

export interface TriggerPolicy {
  /** CEL over the executor input. */
  condition?: string;
  strategy?: "TRIGGER_STRATEGY_UNSPECIFIED" | "ALL_UPSTREAM_TASKS_SUCCEEDED" | "ALL_UPSTREAM_TASKS_COMPLETED";
}

export interface RetryPolicy {
  maxRetryCount?: number;
  /** Seconds, as `60s`. */
  backoffDuration?: string;
  backoffFactor?: DoubleValue;
  backoffMaxDuration?: string;
}

export interface IteratorPolicy {
  parallelismLimit?: number;
}

export interface ArtifactIteratorSpec {
  items?: { inputArtifact?: string };
  itemInput?: string;
}

export interface ParameterIteratorSpec {
  /** At most one of the two; `raw` is JSON text. */
  items?: { raw?: string; inputParameter?: string };
  itemInput?: string;
}

export interface TaskInputsSpec {
  parameters?: Record<string, TaskInputParameterSpec>;
  artifacts?: Record<string, TaskInputArtifactSpec>;
}

/** KFP's `TaskInputsSpec.InputArtifactSpec`: at most one of the two. */
export interface TaskInputArtifactSpec {
  taskOutputArtifact?: { producerTask?: string; outputArtifactKey?: string };
  componentInputArtifact?: string;
}

/** KFP's `TaskInputsSpec.InputParameterSpec`: at most one source, and CEL over its value. */
export interface TaskInputParameterSpec {
  taskOutputParameter?: TaskOutputParameterSpec;
  runtimeValue?: ValueOrRuntimeParameter;
  componentInputParameter?: string;
  taskFinalStatus?: { producerTask?: string };
  parameterExpressionSelector?: string;
}

export interface TaskOutputParameterSpec {
  producerTask?: string;
  outputParameterKey?: string;
}

// ------------------------------------------------------------------------------------------------------ executors

export interface PipelineDeploymentConfig {
  executors?: Record<string, ExecutorSpec>;
}

/** At most one of the four. */
export interface ExecutorSpec {
  container?: PipelineContainerSpec;
  importer?: ImporterSpec;
  resolver?: ResolverSpec;
  /** Deprecated. */
  customJob?: { customJob?: Record<string, Json> };
}

export interface PipelineContainerSpec {
  image?: string;
  command?: string[];
  args?: string[];
  lifecycle?: Lifecycle;
  resources?: ResourceSpec;
  env?: EnvVar[];
}

export interface Lifecycle {
  preCacheCheck?: { command?: string[]; args?: string[] };
}

export interface ResourceSpec {
  /** Deprecated, as the other numbers here: cores, and 10^9 bytes. */
  cpuLimit?: DoubleValue;
  memoryLimit?: DoubleValue;
  cpuRequest?: DoubleValue;
  memoryRequest?: DoubleValue;
  resourceCpuLimit?: string;
  resourceMemoryLimit?: string;
  resourceCpuRequest?: string;
  resourceMemoryRequest?: string;
  accelerator?: AcceleratorConfig;
}

export interface AcceleratorConfig {
  /** Deprecated. */
  type?: string;
  /** Deprecated. */
  count?: string;
  resourceType?: string;
  resourceCount?: string;
}

export interface EnvVar {
  name?: string;
  value?: string;
}

export interface ImporterSpec {
  artifactUri?: ValueOrRuntimeParameter;
  typeSchema?: ArtifactTypeSchema;
  /** Deprecated. */
  properties?: Record<string, ValueOrRuntimeParameter>;
  /** Deprecated. */
  customProperties?: Record<string, ValueOrRuntimeParameter>;
  reimport?: boolean;
  metadata?: Record<string, Json>;
  downloadToWorkspace?: boolean;
}

export interface ResolverSpec {
  outputArtifactQueries?: Record<string, { filter?: string; limit?: number }>;
}
