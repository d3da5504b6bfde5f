/** The parts of the KFP v2 `PipelineSpec` and `PlatformSpec` messages that hmc writes, in their JSON form. */
import type { Json } from "../../ir/types.ts";

export type ParameterTypeName = "STRING" | "NUMBER_INTEGER" | "NUMBER_DOUBLE" | "BOOLEAN" | "LIST" | "STRUCT" | "TASK_FINAL_STATUS" | "TASK_CONFIG";

export interface ParameterSpec {
  parameterType: ParameterTypeName;
  isOptional?: true;
  defaultValue?: Json;
  description?: string;
  literals?: Json[];
}

/** A title with a version, or the whole schema as text. */
export interface ArtifactTypeSchema {
  schemaTitle?: string;
  schemaVersion?: string;
  instanceSchema?: string;
}

export interface ArtifactSpec {
  artifactType: ArtifactTypeSchema;
  isArtifactList?: true;
  isOptional?: true;
  description?: string;
  /** Of an output: what its artifact has before the task runs. */
  metadata?: Record<string, Json>;
}

/** The declaration of one input or output. */
export type Port = { kind: "parameter"; spec: ParameterSpec } | { kind: "artifact"; spec: ArtifactSpec };

export interface Definitions {
  parameters?: Record<string, ParameterSpec>;
  artifacts?: Record<string, ArtifactSpec>;
}

/** Without a `field`, of no setting. */
export interface TaskConfigPassthrough {
  field?: "RESOURCES" | "ENV" | "KUBERNETES_AFFINITY" | "KUBERNETES_TOLERATIONS" | "KUBERNETES_NODE_SELECTOR" | "KUBERNETES_VOLUMES";
  applyToTask?: true;
}

export interface ComponentSpec {
  inputDefinitions?: Definitions;
  outputDefinitions?: Definitions;
  taskConfigPassthroughs?: TaskConfigPassthrough[];
  executorLabel?: string;
  dag?: DagSpec;
}

export interface ParameterSelector {
  producerSubtask: string;
  outputParameterKey: string;
}

export interface ArtifactSelector {
  producerSubtask: string;
  outputArtifactKey: string;
}

export interface DagSpec {
  tasks: Record<string, TaskSpec>;
  outputs?: {
    parameters?: Record<string, { valueFromParameter: ParameterSelector } | { valueFromOneof: { parameterSelectors: ParameterSelector[] } }>;
    artifacts?: Record<string, { artifactSelectors: ArtifactSelector[] }>;
  };
}

export interface ParameterSource {
  runtimeValue?: { constant: Json };
  taskOutputParameter?: { producerTask: string; outputParameterKey: string };
  componentInputParameter?: string;
  taskFinalStatus?: { producerTask: string };
  /** CEL over the value, as `string_value`, `number_value` … */
  parameterExpressionSelector?: string;
}

export interface ArtifactSource {
  taskOutputArtifact?: { producerTask: string; outputArtifactKey: string };
  componentInputArtifact?: string;
}

export interface RetryPolicy {
  maxRetryCount: number;
  backoffDuration: string;
  backoffFactor: number;
  backoffMaxDuration: string;
}

export interface TaskSpec {
  taskInfo: { name: string };
  componentRef: { name: string };
  inputs?: { parameters?: Record<string, ParameterSource>; artifacts?: Record<string, ArtifactSource> };
  dependentTasks?: string[];
  cachingOptions?: { enableCache?: true; cacheKey?: string };
  retryPolicy?: RetryPolicy;
  triggerPolicy?: { condition?: string; strategy?: "ALL_UPSTREAM_TASKS_COMPLETED" };
  parameterIterator?: { itemInput: string; items: { raw: string } | { inputParameter: string } };
  artifactIterator?: { itemInput: string; items: { inputArtifact: string } };
  iteratorPolicy?: { parallelismLimit: number };
}

export interface ResourceSpec {
  resourceCpuRequest?: string;
  resourceCpuLimit?: string;
  resourceMemoryRequest?: string;
  resourceMemoryLimit?: string;
  cpuRequest?: number;
  cpuLimit?: number;
  memoryRequest?: number;
  memoryLimit?: number;
  accelerator?: { resourceType: string; resourceCount: string; type?: string; count?: string };
}

export interface ContainerSpec {
  image: string;
  command?: string[];
  args?: string[];
  env?: { name: string; value: string }[];
  resources?: ResourceSpec;
}

export interface ImporterSpec {
  artifactUri: { constant: string } | { runtimeParameter: string };
  typeSchema: ArtifactTypeSchema;
  reimport?: true;
  metadata?: Record<string, Json>;
  downloadToWorkspace?: true;
}

export type ExecutorSpec = { container: ContainerSpec } | { importer: ImporterSpec };

/** A `KubernetesExecutorConfig`; the merge patch of the user may add any of its fields. */
export type KubernetesConfig = Record<string, Json>;

export interface PipelineSpec {
  pipelineInfo: { name: string; displayName?: string; description?: string };
  schemaVersion: "2.1.0";
  sdkVersion: string;
  defaultPipelineRoot?: string;
  components: Record<string, ComponentSpec>;
  deploymentSpec: { executors: Record<string, ExecutorSpec> };
  root: ComponentSpec;
}

export interface PlatformSpec {
  platforms: {
    kubernetes: {
      deploymentSpec?: { executors: Record<string, KubernetesConfig> };
      pipelineConfig?: Record<string, Json>;
    };
  };
}
