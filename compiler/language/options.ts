/**
 * What tasks, ops and pipelines may ask for. Options are constants; only where an option says so, the options of a call may
 * also hold a value that only a run knows: a parameter of the pipeline, an output of a task, the item of a loop, a text made of these.
 */
import type { ArgoPipelineOptions, ArgoTaskOptions } from "./argo-options.ts";
import type { ConfigMapKey, FieldPath, Secret } from "./values.ts";

/** A Kubernetes quantity: `2`, `"500m"`, `"4Gi"`. */
export type Quantity = number | string;
/** Seconds as a number, or `"90s"`, `"10m"`, `"2h"`, `"1d"`. */
export type Duration = number | `${number}${"s" | "m" | "h" | "d"}`;

/** The least (`request`) and the most (`limit`) of a resource. In a call, either may be a run-time value. */
export interface ResourceRange {
  request?: Quantity;
  limit?: Quantity;
}

export interface Accelerator {
  /** The Kubernetes resource name or node label value, e.g. `nvidia.com/gpu`. In a call, it may be a run-time value. */
  type: string;
  /** A whole number, 1 where it is left out; text only as a run-time value, in the options of a call. */
  count?: number | string;
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
  emptyDir: true | { medium?: "Memory" | "HugePages" | `HugePages-${string}`; sizeLimit?: Quantity };
  name?: string;
}
export interface PvcVolume extends Mounted {
  /** The name of a PersistentVolumeClaim. In a call, it may be a run-time value, such as the output of a task that creates the claim. */
  pvc: string;
  subPath?: string;
}
export interface SecretVolume extends Mounted {
  /** The name of the secret. In a call, it may be a run-time value; where a run leaves that out, nothing is mounted. */
  secret: string | undefined;
  /** The directory is empty where the secret does not exist; else the pod does not start. */
  optional?: boolean;
}
export interface ConfigMapVolume extends Mounted {
  /** The name of the config map. In a call, it may be a run-time value; where a run leaves that out, nothing is mounted. */
  configMap: string | undefined;
  /** The directory is empty where the config map does not exist; else the pod does not start. */
  optional?: boolean;
}
export interface EphemeralVolume extends Mounted {
  /**
   * A claim of its own for each pod, deleted with it; `labels` and `annotations` are those of the claim. Without a
   * `storageClass` it has the default one, with `""` none.
   */
  ephemeral: { size: Quantity; accessModes?: AccessMode[]; storageClass?: string; labels?: Record<string, string>; annotations?: Record<string, string> };
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

/**
 * A Kubernetes object in its own JSON form, for what the forms above cannot say. In a call, it may be a run-time value; where
 * a run leaves that out, the setting is not there.
 */
export interface KubernetesJson {
  json: object | undefined;
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

/** A merge patch on what KFP has of a task: its `KubernetesExecutorConfig`, and its `container`. */
export interface KfpPatch extends MergePatch {
  readonly container?: ContainerPatch;
}

/** A merge patch on KFP's `PipelineContainerSpec`: what the container of a task is. `null` removes what hmc writes. */
export interface ContainerPatch {
  readonly image?: string;
  readonly command?: readonly string[] | null;
  readonly args?: readonly string[] | null;
  readonly env?: readonly { readonly name: string; readonly value: string }[] | null;
  /** KFP's open back end does not run it. */
  readonly lifecycle?: { readonly preCacheCheck?: { readonly command?: readonly string[]; readonly args?: readonly string[] } };
  /** Texts as Kubernetes has them, and the older numbers: cores and 10⁹ bytes, which count where there is no text. */
  readonly resources?: {
    readonly cpuLimit?: number | null;
    readonly cpuRequest?: number | null;
    readonly memoryLimit?: number | null;
    readonly memoryRequest?: number | null;
    readonly resourceCpuLimit?: string | null;
    readonly resourceCpuRequest?: string | null;
    readonly resourceMemoryLimit?: string | null;
    readonly resourceMemoryRequest?: string | null;
    readonly accelerator?: { readonly type?: string | null; readonly count?: string | null; readonly resourceType?: string | null; readonly resourceCount?: string | null } | null;
  } | null;
}

/** What a task needs to run. Merged from project config < pipeline `defaults` < op < call. */
export interface TaskOptions {
  /** What people read in the UI. */
  displayName?: string;
  /** In a call, it may be a run-time value. */
  image?: string;
  /**
   * `true` carries the op's code in the compiled file, as KFP's lightweight components do it: the image needs nothing but Node, and is `node:24-slim` where none
   * is named. The default for images of Node itself (`node:…`). At most 64 kB an op, without native code.
   */
  inline?: boolean;
  /** Cores: `2`, `"500m"`. A single value is both request and limit. In a call, it may be a run-time value. */
  cpu?: Quantity | ResourceRange;
  /** Bytes: `"4Gi"`. A single value is both request and limit. In a call, it may be a run-time value. */
  memory?: Quantity | ResourceRange;
  /** GPUs of type `nvidia.com/gpu`. In a call, it may be a run-time value. */
  gpu?: number;
  accelerator?: Accelerator;
  /** Text, or references that the cluster resolves: `secret()`, `configMap()`, `fieldPath()`. */
  env?: Record<string, string | Secret | ConfigMapKey | FieldPath>;
  /** Environment variables from secrets; the same as secrets in `env`. */
  secrets?: Record<string, Secret>;
  volumes?: Volume[];
  serviceAccount?: string;
  /** Labels that the node must have, by key; or all of them as one object that may be a run-time value. */
  nodeSelector?: Record<string, string> | KubernetesJson;
  /** Taints of nodes that the pod may run on; as `json` one toleration in the form of Kubernetes, or a list of them. */
  tolerations?: (Toleration | KubernetesJson)[];
  /** Where the pod must or should run; as `json` a whole `nodeAffinity` in the form of Kubernetes. */
  affinity?: (NodeAffinity | KubernetesJson)[];
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  /** Names of secrets. In a call, they may be run-time values; one that a run leaves out is skipped. */
  imagePullSecrets?: (string | undefined)[];
  imagePullPolicy?: "Always" | "IfNotPresent" | "Never";
  securityContext?: SecurityContext;
  /** A number of retries, or how to retry. */
  retry?: number | RetryOptions;
  /** How long one try may take. */
  timeout?: Duration;
  /** `false` runs the task every time. */
  cache?: boolean | CacheOptions;
  /** Merge patch on the `KubernetesExecutorConfig` of the task (KFP), and under `container` on its container. */
  kfp?: KfpPatch;
  /** What only Argo does. */
  argo?: ArgoTaskOptions;
}

/** A group of settings of a task. */
export type PassthroughSetting = "none" | "resources" | "env" | "affinity" | "tolerations" | "nodeSelector" | "volumes";

/** A group of settings that the input of type `TaskConfig` gets, and with `applyToTask` the pod as well. */
export type Passthrough = PassthroughSetting | { setting: PassthroughSetting; applyToTask?: boolean };

export interface OpOptions extends TaskOptions {
  /** The op's name in the registry and in the graph; default: the name of the constant in kebab-case. */
  name?: string;
  /** The settings that the input of type `TaskConfig` gets in place of the pod. */
  passthrough?: Passthrough[];
  /** Metadata that output artifacts have before the task runs, by output. */
  metadata?: Record<string, Record<string, unknown>>;
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
  /** What only Argo does. */
  argo?: ArgoPipelineOptions;
}
