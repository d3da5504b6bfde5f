/**
 * The language of hmc: what a pipeline file imports as `"hmc"`. Types, and functions that do nothing but carry them;
 * the compiler reads the source. `docs/spec.md` says what each construct means.
 */
export type {
  ArgoArtifact, ArgoArtifactGC, ArgoCron, ArgoLocation, ArgoMetric, ArgoMutex, ArgoPipelineOptions, ArgoPodGC, ArgoSemaphore, ArgoTaskOptions,
} from "./argo-options.ts";
export type { Artifact, ClassificationMetrics, Dataset, HTML, Markdown, Metrics, Model, SlicedClassificationMetrics } from "./artifacts.ts";
export type { ConfigMapKey, FieldPath, Int, RunStatus, Secret, TaskConfig } from "./values.ts";
export type {
  Accelerator, AccessMode, CacheOptions, CallOptions, ConfigMapVolume, ContainerPatch, Duration, EmptyDirVolume, EphemeralVolume, KfpPatch, KubernetesJson, MergePatch, NodeAffinity,
  NodeExpression, OpOptions, Passthrough, PassthroughSetting, PipelineOptions, PvcVolume, Quantity, ResourceRange, RetryOptions, SecretVolume, SecurityContext, TaskOptions,
  Toleration, Volume, Workspace,
} from "./options.ts";
export { op, type Op, type Task, type TaskHandle } from "./op.ts";
export { pipeline, type Pipeline } from "./pipeline.ts";
export { component } from "./component.ts";
export { concat, container, executorInput, fileOf, importArtifact, type ContainerCommand, type ImportOptions } from "./container.ts";
export { argoVariable } from "./argo.ts";
export {
  argoTemplate, type ArgoContainerSet, type ArgoHttp, type ArgoResource, type ArgoResourceOutput, type ArgoSetContainer, type ArgoSuspend, type ArgoTemplate, type ArgoTemplateOptions,
} from "./argo-template.ts";
export { cel, type CelTag } from "./cel.ts";
export { run, type Run } from "./run.ts";
export { configMap, env, fieldPath, limit, range, runStatus, secret, statusOf, type ReferenceOptions } from "./functions.ts";

/** The files that `component()` knows, by name. The declaration files that `hmc import --types` writes add to it. */
export interface Components {}
