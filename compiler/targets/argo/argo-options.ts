/** The `argo` options of tasks and pipelines in the form that the IR holds (docs/argo.md). Durations are whole seconds. */
import type { PipelineOptions, TaskOptions } from "../../ir/types.ts";
import type { JsonObject } from "./spec.ts";

export interface Mutex {
  name: string;
  namespace?: string;
  /** Kept in a database, for several controllers. */
  database?: boolean;
}

export type Semaphore = { configMap: string; key: string; namespace?: string } | { database: string; namespace?: string };

/** A Prometheus metric: exactly one of `counter`, `gauge` and `histogram` is there. */
export interface Metric {
  name: string;
  help: string;
  labels?: Record<string, string>;
  when?: string;
  counter?: { value: string };
  gauge?: { value: string; realtime?: boolean; operation?: "Set" | "Add" | "Sub" };
  histogram?: { value: string; buckets: number[] };
}

/** How an input or output artifact is stored. */
export interface ArtifactSettings {
  /** Its key in the repository of the cluster. */
  key?: string;
  /** Its content. */
  raw?: string;
  /** A whole location, by its kind. */
  location?: Record<string, JsonObject>;
  archive?: JsonObject;
  mode?: number;
  optional?: boolean;
  subPath?: string;
  recurseMode?: boolean;
  gc?: "OnWorkflowCompletion" | "OnWorkflowDeletion" | "Never";
}

export interface ArgoTaskOptions {
  mutexes?: Mutex[];
  semaphores?: Semaphore[];
  metrics?: Metric[];
  retryExpression?: string;
  retryOnOtherNode?: boolean;
  memoize?: { maxAgeSeconds?: number; configMap?: string };
  artifacts?: Record<string, ArtifactSettings>;
  /** By output. */
  globalNames?: Record<string, string>;
  podSpecPatch?: JsonObject;
  patch?: JsonObject;
}

export interface CronSettings {
  concurrencyPolicy?: "Allow" | "Forbid" | "Replace";
  startingDeadlineSeconds?: number;
  successfulHistory?: number;
  failedHistory?: number;
  when?: string;
  stopWhen?: string;
  /** Beside the `schedule` of the pipeline. */
  schedules?: string[];
  suspend?: boolean;
}

export interface ArgoPipelineOptions {
  parallelism?: number;
  failFast?: boolean;
  maxPods?: number;
  mutexes?: Mutex[];
  semaphores?: Semaphore[];
  metrics?: Metric[];
  podGC?: { strategy: string; deleteDelaySeconds?: number; labels?: Record<string, string> };
  artifactGC?: { strategy: string; serviceAccount?: string; force?: boolean };
  volumeClaimGC?: "OnWorkflowCompletion" | "OnWorkflowSuccess";
  workspacePath?: string;
  artifactRepository?: { configMap?: string; key?: string };
  archiveLogs?: boolean;
  priority?: number;
  suspend?: boolean;
  podPriorityClass?: string;
  podDisruptionBudget?: { minAvailable?: number | string; maxUnavailable?: number | string };
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  parametersFrom?: Record<string, { configMap: string; key: string; optional?: boolean }>;
  cron?: CronSettings;
  patch?: JsonObject;
}

/** The `argo` options of a task; the IR holds only their normal form. */
export function argoTaskOptions(options: TaskOptions): ArgoTaskOptions {
  return (options.argo ?? {}) as unknown as ArgoTaskOptions;
}

/** The `argo` options of a pipeline. */
export function argoPipelineOptions(options: PipelineOptions): ArgoPipelineOptions {
  return (options.argo ?? {}) as unknown as ArgoPipelineOptions;
}
