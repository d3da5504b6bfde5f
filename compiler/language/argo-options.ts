/**
 * What only Argo Workflows can do: the option `argo` of tasks and of pipelines. Texts may hold Argo's own tags, such as
 * `{{workflow.name}}` and `{{inputs.parameters.x}}`, which go out as they are.
 */
import type { Duration, MergePatch } from "./options.ts";

/** A lock that one holds at a time: its name, or its name with where it is kept. */
export interface ArgoMutex {
  name: string;
  /** The namespace of the lock, where it is not that of the workflow. */
  namespace?: string;
  /** Kept in the database of the controller, so that several clusters share it. */
  database?: boolean;
}

/** A lock that a number of them hold at a time; the number stands in a config map, or in the database of the controller. */
export type ArgoSemaphore =
  | { configMap: string; key: string; namespace?: string }
  | { database: string; namespace?: string };

interface ArgoMetricBase {
  name: string;
  /** What the metric says; Prometheus shows it. */
  help: string;
  labels?: Record<string, string>;
  /** Counted only where this expression of Argo holds: `"{{status}} == Failed"`. */
  when?: string;
}

/** A metric of Prometheus. Its value is text with Argo's variables: `"{{duration}}"`. */
export type ArgoMetric =
  | (ArgoMetricBase & { counter: { value: string } })
  | (ArgoMetricBase & { gauge: { value: string; realtime?: boolean; operation?: "Set" | "Add" | "Sub" } })
  | (ArgoMetricBase & { histogram: { value: string; buckets: number[] } });

/** Where an artifact lies: exactly one, in Argo's own form. */
export type ArgoLocation =
  | { s3: MergePatch & { readonly key?: string; readonly bucket?: string } }
  | { gcs: MergePatch & { readonly key?: string; readonly bucket?: string } }
  | { azure: MergePatch & { readonly blob?: string; readonly container?: string } }
  | { oss: MergePatch & { readonly key?: string; readonly bucket?: string } }
  | { git: MergePatch & { readonly repo: string; readonly revision?: string; readonly depth?: number } }
  | { http: MergePatch & { readonly url: string } }
  | { hdfs: MergePatch & { readonly path?: string } }
  | { artifactory: MergePatch & { readonly url?: string } };

/** How Argo stores an artifact, or where it finds one. */
export interface ArgoArtifact {
  /** Its key in the bucket of the artifact repository. An input with a key needs no value from the caller. */
  key?: string;
  /** Its content. Such an input needs no value from the caller. */
  raw?: string;
  /** Where it lies, outside the artifact repository or with settings of its own. Such an input needs no value from the caller. */
  location?: ArgoLocation;
  /** How it is packed: `"none"` as it is, `"tar"` (what Argo does by itself, with gzip) or `"zip"`. */
  archive?: "none" | "tar" | "zip" | { compressionLevel: number };
  /** The permissions of the file, such as `0o644`. */
  mode?: number;
  /** With `mode`, also of all files in a folder. */
  recurseMode?: boolean;
  /** The task does not fail where it is missing. */
  optional?: boolean;
  /** A part of a folder: the path in it. */
  subPath?: string;
  /** When it is deleted. */
  gc?: "OnWorkflowCompletion" | "OnWorkflowDeletion" | "Never";
}

/** What only Argo does for a task. Merged member by member from project config < pipeline `defaults` < op < call. */
export interface ArgoTaskOptions {
  /** Locks that the task holds while it runs. */
  mutexes?: (string | ArgoMutex)[];
  semaphores?: ArgoSemaphore[];
  metrics?: ArgoMetric[];
  /** A failed try is tried again only where this expression of Argo holds, as `asInt(lastRetry.exitCode) > 1`. With the option `retry`. */
  retryExpression?: string;
  /** A further try runs on another node than the last. */
  retryOnOtherNode?: boolean;
  /** How the results of the task are remembered: for how long, and in which config map. */
  memoize?: { maxAge?: Duration; configMap?: string };
  /** By name of an input or output artifact. */
  artifacts?: Record<string, ArgoArtifact>;
  /** Names under which outputs are known in the whole workflow, by output. */
  globalNames?: Record<string, string>;
  /** A patch on the pod in the form of Kubernetes. */
  podSpecPatch?: MergePatch;
  /**
   * A merge patch on the template, for what the options above cannot say: objects are merged, `null` removes, and lists whose
   * items have a `name` are merged by it.
   */
  patch?: MergePatch;
}

/** What only Argo does for a pipeline. All but `parallelism` and `failFast` count for the pipeline that is run. */
export interface ArgoPipelineOptions {
  /** How many tasks of the pipeline run at once; a called pipeline counts as one. */
  parallelism?: number;
  /** `false`: where a task fails, the others still run; the pipeline fails in the end. */
  failFast?: boolean;
  /** How many pods of the run there are at once. */
  maxPods?: number;
  /** Locks that the run holds. */
  mutexes?: (string | ArgoMutex)[];
  semaphores?: ArgoSemaphore[];
  metrics?: ArgoMetric[];
  /** When pods are deleted. */
  podGC?: ArgoPodGC["strategy"] | ArgoPodGC;
  /** When artifacts are deleted. */
  artifactGC?: ArgoArtifactGC["strategy"] | ArgoArtifactGC;
  /** When the claim of the `workspace` is deleted. */
  volumeClaimGC?: "OnWorkflowCompletion" | "OnWorkflowSuccess";
  /** Where tasks find the `workspace`: an absolute path, which `run.workspacePath` then is. */
  workspacePath?: string;
  /** The config map, and its key, that says which artifact repository it is. */
  artifactRepository?: { configMap?: string; key?: string };
  /** Whether logs are stored as artifacts. */
  archiveLogs?: boolean;
  /** Of workflows that wait, the one with the higher number starts first. */
  priority?: number;
  /** The workflow waits until somebody resumes it. */
  suspend?: boolean;
  podPriorityClass?: string;
  podDisruptionBudget?: { minAvailable: number | string } | { maxUnavailable: number | string };
  /** Of the workflow. */
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  /** Parameters whose value stands in a config map, where a run is given none. */
  parametersFrom?: Record<string, { configMap: string; key: string; optional?: boolean }>;
  /** How the schedule behaves. */
  cron?: ArgoCron;
  /**
   * A merge patch on the spec of the workflow, for what the options above cannot say: objects are merged, `null` removes, and
   * lists whose items have a `name` are merged by it.
   */
  patch?: MergePatch;
}

export interface ArgoPodGC {
  strategy: "OnPodCompletion" | "OnPodSuccess" | "OnWorkflowCompletion" | "OnWorkflowSuccess";
  /** How long a pod is kept after that. */
  deleteDelay?: Duration;
  /** Only pods with these labels. */
  labels?: Record<string, string>;
}

export interface ArgoArtifactGC {
  strategy: "OnWorkflowCompletion" | "OnWorkflowDeletion" | "Never";
  serviceAccount?: string;
  /** The workflow can be deleted even where its artifacts could not. */
  force?: boolean;
}

export interface ArgoCron {
  /** What happens where the run before is not over: start another one, skip this one, or end the old one. Default: as `maxConcurrency` says. */
  concurrencyPolicy?: "Allow" | "Forbid" | "Replace";
  /** How late a run may start that was missed. */
  startingDeadline?: Duration;
  /** How many successful and failed runs are kept. */
  successfulHistory?: number;
  failedHistory?: number;
  /** A run starts only where this expression of Argo holds. */
  when?: string;
  /** The schedule ends where this expression of Argo holds: `cronworkflow.failed >= 3`. */
  stopWhen?: string;
  /** Further schedules beside `schedule`, of five fields each. */
  schedules?: string[];
  suspend?: boolean;
}
