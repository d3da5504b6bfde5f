/** The messages of KFP's `PipelineSpec` (kfp-ir 1): the table of what `spec.ts` types. */
import { bool, describe, double, duration, int32, int64, list, map, message, type Message, oneOf, struct, text, value } from "./message.ts";
import { singlePlatformSpec } from "./platform-messages.ts";
import type * as Spec from "./spec.ts";

type Inner<Form, Key extends keyof Form> = NonNullable<Form[Key]>;

const legacyValue = describe<Spec.LegacyValue>("Value", { intValue: int64, doubleValue: double, stringValue: text }, ["intValue", "doubleValue", "stringValue"]);
const valueOrParameter = describe<Spec.ValueOrRuntimeParameter>(
  "ValueOrRuntimeParameter",
  { constantValue: message(() => legacyValue), runtimeParameter: text, constant: value },
  ["constantValue", "runtimeParameter", "constant"],
);
const typeSchema = describe<Spec.ArtifactTypeSchema>("ArtifactTypeSchema", { schemaTitle: text, schemaUri: text, instanceSchema: text, schemaVersion: text }, ["schemaTitle", "schemaUri", "instanceSchema"]);

// ------------------------------------------------------------------------------------------------------ components

const primitiveType = oneOf("PrimitiveType.PrimitiveTypeEnum", "PRIMITIVE_TYPE_UNSPECIFIED", "INT", "DOUBLE", "STRING");
const parameterType = oneOf("ParameterType.ParameterTypeEnum", "PARAMETER_TYPE_ENUM_UNSPECIFIED", "NUMBER_DOUBLE", "NUMBER_INTEGER", "STRING", "BOOLEAN", "LIST", "STRUCT", "TASK_FINAL_STATUS", "TASK_CONFIG");

const inputArtifact = describe<Spec.InputArtifactSpec>("ComponentInputsSpec.ArtifactSpec", { artifactType: message(() => typeSchema), isArtifactList: bool, isOptional: bool, description: text });
const inputParameter = describe<Spec.InputParameterSpec>("ComponentInputsSpec.ParameterSpec", {
  type: primitiveType,
  parameterType,
  defaultValue: value,
  isOptional: bool,
  description: text,
  literals: list(value),
});
const componentInputs = describe<Spec.ComponentInputsSpec>("ComponentInputsSpec", { artifacts: map(message(() => inputArtifact)), parameters: map(message(() => inputParameter)) });

const outputArtifact = describe<Spec.OutputArtifactSpec>("ComponentOutputsSpec.ArtifactSpec", {
  artifactType: message(() => typeSchema),
  properties: map(message(() => valueOrParameter)),
  customProperties: map(message(() => valueOrParameter)),
  metadata: struct,
  isArtifactList: bool,
  description: text,
});
const outputParameter = describe<Spec.OutputParameterSpec>("ComponentOutputsSpec.ParameterSpec", { type: primitiveType, parameterType, description: text });
const componentOutputs = describe<Spec.ComponentOutputsSpec>("ComponentOutputsSpec", { artifacts: map(message(() => outputArtifact)), parameters: map(message(() => outputParameter)) });

const passthrough = describe<Spec.TaskConfigPassthrough>("TaskConfigPassthrough", {
  field: oneOf("TaskConfigPassthroughType.TaskConfigPassthroughTypeEnum", "NONE", "RESOURCES", "ENV", "KUBERNETES_AFFINITY", "KUBERNETES_TOLERATIONS", "KUBERNETES_NODE_SELECTOR", "KUBERNETES_VOLUMES"),
  applyToTask: bool,
});
const component = describe<Spec.ComponentSpec>(
  "ComponentSpec",
  {
    inputDefinitions: message(() => componentInputs),
    outputDefinitions: message(() => componentOutputs),
    dag: message(() => dag),
    executorLabel: text,
    singlePlatformSpecs: list(message(() => singlePlatformSpec)),
    taskConfigPassthroughs: list(message(() => passthrough)),
  },
  ["dag", "executorLabel"],
);

// ------------------------------------------------------------------------------------------------------ graphs

const artifactSelector = describe<Spec.ArtifactSelectorSpec>("DagOutputsSpec.ArtifactSelectorSpec", { producerSubtask: text, outputArtifactKey: text });
const dagOutputArtifact = describe<Spec.DagOutputArtifactSpec>("DagOutputsSpec.DagOutputArtifactSpec", { artifactSelectors: list(message(() => artifactSelector)) });
const parameterSelector = describe<Spec.ParameterSelectorSpec>("DagOutputsSpec.ParameterSelectorSpec", { producerSubtask: text, outputParameterKey: text });
const parameterSelectors = describe<Spec.ParameterSelectorsSpec>("DagOutputsSpec.ParameterSelectorsSpec", { parameterSelectors: list(message(() => parameterSelector)) });
const dagOutputParameter = describe<Spec.DagOutputParameterSpec>(
  "DagOutputsSpec.DagOutputParameterSpec",
  { valueFromParameter: message(() => parameterSelector), valueFromOneof: message(() => parameterSelectors) },
  ["valueFromParameter", "valueFromOneof"],
);
const dagOutputs = describe<Spec.DagOutputsSpec>("DagOutputsSpec", { artifacts: map(message(() => dagOutputArtifact)), parameters: map(message(() => dagOutputParameter)) });
const dag: Message = describe<Spec.DagSpec>("DagSpec", { tasks: map(message(() => task)), outputs: message(() => dagOutputs) });

const taskOutputArtifact = describe<Inner<Spec.TaskInputArtifactSpec, "taskOutputArtifact">>("InputArtifactSpec.TaskOutputArtifactSpec", { producerTask: text, outputArtifactKey: text });
export const taskOutputParameter = describe<Spec.TaskOutputParameterSpec>("InputParameterSpec.TaskOutputParameterSpec", { producerTask: text, outputParameterKey: text });
const taskFinalStatus = describe<Inner<Spec.TaskInputParameterSpec, "taskFinalStatus">>("InputParameterSpec.TaskFinalStatus", { producerTask: text });
const taskInputArtifact = describe<Spec.TaskInputArtifactSpec>(
  "TaskInputsSpec.InputArtifactSpec",
  { taskOutputArtifact: message(() => taskOutputArtifact), componentInputArtifact: text },
  ["taskOutputArtifact", "componentInputArtifact"],
);
export const taskInputParameter = describe<Spec.TaskInputParameterSpec>(
  "TaskInputsSpec.InputParameterSpec",
  {
    taskOutputParameter: message(() => taskOutputParameter),
    runtimeValue: message(() => valueOrParameter),
    componentInputParameter: text,
    taskFinalStatus: message(() => taskFinalStatus),
    parameterExpressionSelector: text,
  },
  ["taskOutputParameter", "runtimeValue", "componentInputParameter", "taskFinalStatus"],
);
const taskInputs = describe<Spec.TaskInputsSpec>("TaskInputsSpec", { parameters: map(message(() => taskInputParameter)), artifacts: map(message(() => taskInputArtifact)) });

const artifactItems = describe<Inner<Spec.ArtifactIteratorSpec, "items">>("ArtifactIteratorSpec.ItemsSpec", { inputArtifact: text });
const artifactIterator = describe<Spec.ArtifactIteratorSpec>("ArtifactIteratorSpec", { items: message(() => artifactItems), itemInput: text });
const parameterItems = describe<Inner<Spec.ParameterIteratorSpec, "items">>("ParameterIteratorSpec.ItemsSpec", { raw: text, inputParameter: text }, ["raw", "inputParameter"]);
const parameterIterator = describe<Spec.ParameterIteratorSpec>("ParameterIteratorSpec", { items: message(() => parameterItems), itemInput: text });

const taskInfo = describe<Spec.PipelineTaskInfo>("PipelineTaskInfo", { name: text });
const componentRef = describe<Spec.ComponentRef>("ComponentRef", { name: text });
const caching = describe<Spec.CachingOptions>("PipelineTaskSpec.CachingOptions", { enableCache: bool, cacheKey: text });
const trigger = describe<Spec.TriggerPolicy>("PipelineTaskSpec.TriggerPolicy", {
  condition: text,
  strategy: oneOf("PipelineTaskSpec.TriggerPolicy.TriggerStrategy", "TRIGGER_STRATEGY_UNSPECIFIED", "ALL_UPSTREAM_TASKS_SUCCEEDED", "ALL_UPSTREAM_TASKS_COMPLETED"),
});
const retry = describe<Spec.RetryPolicy>("PipelineTaskSpec.RetryPolicy", { maxRetryCount: int32, backoffDuration: duration, backoffFactor: double, backoffMaxDuration: duration });
const iteratorPolicy = describe<Spec.IteratorPolicy>("PipelineTaskSpec.IteratorPolicy", { parallelismLimit: int32 });
const task = describe<Spec.PipelineTaskSpec>(
  "PipelineTaskSpec",
  {
    taskInfo: message(() => taskInfo),
    inputs: message(() => taskInputs),
    dependentTasks: list(text),
    cachingOptions: message(() => caching),
    componentRef: message(() => componentRef),
    triggerPolicy: message(() => trigger),
    artifactIterator: message(() => artifactIterator),
    parameterIterator: message(() => parameterIterator),
    retryPolicy: message(() => retry),
    iteratorPolicy: message(() => iteratorPolicy),
  },
  ["artifactIterator", "parameterIterator"],
);

// ------------------------------------------------------------------------------------------------------ executors

const preCacheCheck = describe<Inner<Spec.Lifecycle, "preCacheCheck">>("PipelineContainerSpec.Lifecycle.Exec", { command: list(text), args: list(text) });
const lifecycle = describe<Spec.Lifecycle>("PipelineContainerSpec.Lifecycle", { preCacheCheck: message(() => preCacheCheck) });
const accelerator = describe<Spec.AcceleratorConfig>("PipelineContainerSpec.ResourceSpec.AcceleratorConfig", { type: text, count: int64, resourceType: text, resourceCount: text });
const resources = describe<Spec.ResourceSpec>("PipelineContainerSpec.ResourceSpec", {
  cpuLimit: double,
  memoryLimit: double,
  cpuRequest: double,
  memoryRequest: double,
  resourceCpuLimit: text,
  resourceMemoryLimit: text,
  resourceCpuRequest: text,
  resourceMemoryRequest: text,
  accelerator: message(() => accelerator),
});
export const environmentVariable = describe<Spec.EnvVar>("PipelineContainerSpec.EnvVar", { name: text, value: text });
const container = describe<Spec.PipelineContainerSpec>("PipelineContainerSpec", {
  image: text,
  command: list(text),
  args: list(text),
  lifecycle: message(() => lifecycle),
  resources: message(() => resources),
  env: list(message(() => environmentVariable)),
});
const importer = describe<Spec.ImporterSpec>("ImporterSpec", {
  artifactUri: message(() => valueOrParameter),
  typeSchema: message(() => typeSchema),
  properties: map(message(() => valueOrParameter)),
  customProperties: map(message(() => valueOrParameter)),
  reimport: bool,
  metadata: struct,
  downloadToWorkspace: bool,
});
const artifactQuery = describe<Inner<Spec.ResolverSpec, "outputArtifactQueries">[string]>("ResolverSpec.ArtifactQuerySpec", { filter: text, limit: int32 });
const resolver = describe<Spec.ResolverSpec>("ResolverSpec", { outputArtifactQueries: map(message(() => artifactQuery)) });
const customJob = describe<Inner<Spec.ExecutorSpec, "customJob">>("AIPlatformCustomJobSpec", { customJob: struct });
const executor = describe<Spec.ExecutorSpec>(
  "ExecutorSpec",
  { container: message(() => container), importer: message(() => importer), resolver: message(() => resolver), customJob: message(() => customJob) },
  ["container", "importer", "resolver", "customJob"],
);
const deployment = describe<Spec.PipelineDeploymentConfig>("PipelineDeploymentConfig", { executors: map(message(() => executor)) });

// ------------------------------------------------------------------------------------------------------ the document

const pipelineInfo = describe<Spec.PipelineInfo>("PipelineInfo", { name: text, displayName: text, description: text });

/** The first document of a KFP file. */
export const pipelineSpec = describe<Spec.PipelineSpec>("PipelineSpec", {
  pipelineInfo: message(() => pipelineInfo),
  deploymentSpec: message(() => deployment),
  sdkVersion: text,
  schemaVersion: text,
  components: map(message(() => component)),
  root: message(() => component),
  defaultPipelineRoot: text,
});
