/**
 * The language of hmc: what a pipeline file imports as `"hmc"`. Types, and functions that do nothing but carry them;
 * the compiler reads the source. `docs/spec.md` says what each construct means.
 */
export type { Artifact, ClassificationMetrics, Dataset, HTML, Markdown, Metrics, Model, SlicedClassificationMetrics } from "./artifacts.ts";
export type { Int, RunStatus, Secret } from "./values.ts";
export type {
  Accelerator, AccessMode, CacheOptions, CallOptions, ConfigMapVolume, Duration, EmptyDirVolume, EphemeralVolume, MergePatch, NodeAffinity,
  NodeExpression, OpOptions, PipelineOptions, PvcVolume, Quantity, ResourceRange, RetryOptions, SecretVolume, SecurityContext, TaskOptions,
  Toleration, Volume, Workspace,
} from "./options.ts";
export { op, type Op, type Task, type TaskHandle } from "./op.ts";
export { pipeline, type Pipeline } from "./pipeline.ts";
export { container, fileOf, importArtifact, type ContainerCommand, type ImportOptions } from "./container.ts";
export { cel, type CelTag } from "./cel.ts";
export { run, type Run } from "./run.ts";
export { env, limit, range, runStatus, secret, statusOf } from "./functions.ts";
