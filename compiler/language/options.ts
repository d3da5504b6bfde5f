import type { Secret } from "./values.ts";

/** A Kubernetes quantity: `2`, `"500m"`, `"4Gi"`. */
export type Quantity = number | string;
/** Seconds as a number, or `"90s"`, `"10m"`, `"2h"`, `"1d"`. */
export type Duration = number | `${number}${"s" | "m" | "h" | "d"}`;

/** The least (`request`) and the most (`limit`) of a resource. */
export interface ResourceRange {
  request?: Quantity;
  limit?: Quantity;
}

export interface Accelerator {
  /** The Kubernetes resource name or node label value, e.g. `nvidia.com/gpu`. */
  type: string;
  count?: number;
}

export interface RetryOptions {
  /** How often a failed task is tried again. */
  count: number;
  /** The pause before the first retry. */
  backoff?: Duration;
  /** What the pause is multiplied with after each retry. Default 2. */
  factor?: number;
  /** The upper bound of the pause; KFP's open back end takes it as the budget of all tries together. */
  maxBackoff?: Duration;
  /** Which failures are retried. KFP knows no policy and retries on every failure. */
  policy?: "always" | "onFailure" | "onError" | "onTransientError";
}

interface Mounted {
  /** An absolute path in the container. */
  mountPath: string;
}
export interface EmptyDirVolume extends Mounted {
  emptyDir: true | { medium?: "Memory"; sizeLimit?: Quantity };
  name?: string;
}
export interface PvcVolume extends Mounted {
  /** The name of an existing PersistentVolumeClaim. */
  pvc: string;
  subPath?: string;
}
export interface SecretVolume extends Mounted {
  secret: string;
  optional?: boolean;
}
export interface ConfigMapVolume extends Mounted {
  configMap: string;
  optional?: boolean;
}
export interface EphemeralVolume extends Mounted {
  ephemeral: { size: Quantity; accessModes?: AccessMode[]; storageClass?: string };
  name: string;
}
export type AccessMode = "ReadWriteOnce" | "ReadOnlyMany" | "ReadWriteMany" | "ReadWriteOncePod";
export type Volume = EmptyDirVolume | PvcVolume | SecretVolume | ConfigMapVolume | EphemeralVolume;

export interface Toleration {
  key?: string;
  operator?: "Exists" | "Equal";
  value?: string;
  effect?: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
  /** Seconds that a `NoExecute` taint is tolerated. */
  seconds?: number;
}

export interface NodeExpression {
  key: string;
  operator: "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt";
  values?: string[];
}
/** One node affinity term; with a `weight` (1–100) it is a preference, without one a requirement. */
export interface NodeAffinity {
  expressions?: NodeExpression[];
  fields?: NodeExpression[];
  weight?: number;
}

export interface SecurityContext {
  runAsUser?: number;
  runAsGroup?: number;
  runAsNonRoot?: boolean;
}

export interface CacheOptions {
  /** Replaces the fingerprint that the back end computes. */
  key: string;
}

/** JSON merge patch on what a target emits for this task, for what the options above cannot say. */
export type MergePatch = { readonly [key: string]: unknown };

/** What a task needs to run. Merged from project config < pipeline `defaults` < op < call. */
export interface TaskOptions {
  /** What people read in the UI. */
  displayName?: string;
  image?: string;
  /** Cores: `2`, `"500m"`. A single value is both request and limit. */
  cpu?: Quantity | ResourceRange;
  /** Bytes: `"4Gi"`. A single value is both request and limit. */
  memory?: Quantity | ResourceRange;
  /** GPUs of type `nvidia.com/gpu`. */
  gpu?: number;
  accelerator?: Accelerator;
  env?: Record<string, string | Secret>;
  /** Environment variables from secrets; the same as secrets in `env`. */
  secrets?: Record<string, Secret>;
  volumes?: Volume[];
  serviceAccount?: string;
  nodeSelector?: Record<string, string>;
  tolerations?: Toleration[];
  affinity?: NodeAffinity[];
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  imagePullSecrets?: string[];
  imagePullPolicy?: "Always" | "IfNotPresent" | "Never";
  securityContext?: SecurityContext;
  /** A number of retries, or how to retry. */
  retry?: number | RetryOptions;
  /** How long one try may take. */
  timeout?: Duration;
  /** `false` runs the task every time. */
  cache?: boolean | CacheOptions;
  /** Merge patch on the `KubernetesExecutorConfig` (KFP). */
  kfp?: MergePatch;
  /** Merge patch on the template (Argo). */
  argo?: MergePatch;
}

export interface OpOptions extends TaskOptions {
  /** The op's name in the registry and in the graph; default: the name of the constant in kebab-case. */
  name?: string;
}

export interface CallOptions extends TaskOptions {
  /** The task's key; default: the op's name, with `-2`, `-3` … for further calls. */
  name?: string;
  /** Run even when an upstream task failed. */
  ignoreUpstreamFailure?: boolean;
  /** Run only where this holds; else the task is skipped, and what needs it. Without a group of its own, as `if` makes one. */
  when?: boolean;
}

export interface Workspace {
  size: Quantity;
  storageClass?: string;
  accessModes?: AccessMode[];
}

export interface PipelineOptions {
  /** The pipeline's name; default: the name of the constant in kebab-case. */
  name?: string;
  displayName?: string;
  description?: string;
  /** Five-field cron: minute, hour, day of month, month, day of week. */
  schedule?: string;
  /** IANA time zone of the schedule. */
  timezone?: string;
  experiment?: string;
  /** Options of every task of the pipeline. */
  defaults?: TaskOptions;
  /** How long a finished run is kept. */
  ttl?: Duration | { completion?: Duration; success?: Duration; failure?: Duration };
  /** How long a run may take. */
  deadline?: Duration;
  /** A volume that all tasks of a run share. */
  workspace?: Workspace;
  /** Where artifacts are stored, e.g. `s3://bucket/root`. */
  pipelineRoot?: string;
  /** How many scheduled runs may be active at once. Default 1. */
  maxConcurrency?: number;
  /** Whether missed scheduled runs are made up for. */
  catchUp?: boolean;
  kfp?: MergePatch;
  argo?: MergePatch;
}
