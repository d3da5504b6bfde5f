/** What the options of the pipeline that is run ask of its workflow. */
import type { Pipeline, PipelineOptions } from "../../ir/types.ts";
import { argoPipelineOptions, type ArgoPipelineOptions } from "./argo-options.ts";
import { report, type Build } from "./build.ts";
import { defined, nonEmptyMap } from "./defined.ts";
import { metricsOf } from "./metrics.ts";
import type { JsonObject, WorkflowSpec } from "./spec.ts";
import { synchronization } from "./synchronization.ts";
import { claimSpec } from "./volumes.ts";
import { optionSpan } from "./workflow-parameters.ts";

/** The name of the volume that all tasks of a run share. */
export const workspaceVolume = "workspace";

/** The fields of the spec beside entrypoint, arguments and templates. */
export function workflowOptions(build: Build, pipeline: Pipeline): WorkflowSpec {
  const { options } = pipeline;
  const argo = argoPipelineOptions(options);
  const span = optionSpan(options, "argo", pipeline.span);
  return (
    defined<WorkflowSpec>({
      suspend: argo.suspend,
      parallelism: argo.maxPods,
      priority: argo.priority,
      podPriorityClassName: argo.podPriorityClass,
      activeDeadlineSeconds: options.deadlineSeconds,
      ttlStrategy: ttlOf(options),
      podGC: podGC(argo),
      artifactGC: artifactGC(argo),
      artifactRepositoryRef: argo.artifactRepository,
      archiveLogs: argo.archiveLogs,
      podDisruptionBudget: argo.podDisruptionBudget,
      synchronization: synchronization(build, argo, span),
      metrics: metricsOf(build, argo.metrics, span),
      ...workspaceOf(options, argo),
    }) ?? {}
  );
}

function ttlOf({ ttlSeconds }: PipelineOptions): JsonObject | undefined {
  return ttlSeconds === undefined ? undefined : defined<JsonObject>({ secondsAfterCompletion: ttlSeconds.completion, secondsAfterSuccess: ttlSeconds.success, secondsAfterFailure: ttlSeconds.failure });
}

function podGC({ podGC: wanted }: ArgoPipelineOptions): JsonObject | undefined {
  if (wanted === undefined) return undefined;
  const { strategy, deleteDelaySeconds, labels } = wanted;
  return defined<JsonObject>({
    strategy,
    deleteDelayDuration: deleteDelaySeconds === undefined ? undefined : `${deleteDelaySeconds}s`,
    labelSelector: labels === undefined ? undefined : { matchLabels: labels },
  });
}

function artifactGC({ artifactGC: wanted }: ArgoPipelineOptions): JsonObject | undefined {
  return wanted === undefined ? undefined : defined<JsonObject>({ strategy: wanted.strategy, serviceAccountName: wanted.serviceAccount, forceFinalizerRemoval: wanted.force });
}

/** A claim of each run. Without access modes one node at a time may write. */
function workspaceOf({ workspace }: PipelineOptions, { volumeClaimGC }: ArgoPipelineOptions): WorkflowSpec {
  if (workspace === undefined) return {};
  const { accessModes = ["ReadWriteOnce"], ...rest } = workspace;
  return {
    volumeClaimTemplates: [{ metadata: { name: workspaceVolume }, spec: claimSpec({ ...rest, accessModes }) }],
    ...(volumeClaimGC === undefined ? {} : { volumeClaimGC: { strategy: volumeClaimGC } }),
  };
}

/** Where the tasks of a run see its workspace. The pipeline that is run says it, also for those that it calls. */
export function workspacePathOf(options: PipelineOptions): string {
  return argoPipelineOptions(options).workspacePath ?? "/hmc-workspace";
}

/** Labels and annotations: those of the pipeline's own, what people read, and what the options add. */
export function workflowMetadata(pipeline: Pipeline): { labels: Record<string, string>; annotations: Record<string, string> | undefined } {
  const { options } = pipeline;
  const argo = argoPipelineOptions(options);
  const { experiment } = options;
  const isLabel = experiment !== undefined && isLabelValue(experiment);
  return {
    labels: { "hmc.dev/pipeline": pipeline.id.slice(0, 63), ...(isLabel ? { "hmc.dev/experiment": experiment } : {}), ...argo.labels },
    annotations: nonEmptyMap({
      ...(options.displayName === undefined ? {} : { "workflows.argoproj.io/title": options.displayName }),
      ...(pipeline.description === undefined ? {} : { "workflows.argoproj.io/description": pipeline.description }),
      ...(experiment === undefined || isLabel ? {} : { "hmc.dev/experiment": experiment }),
      ...argo.annotations,
    }),
  };
}

/** What Kubernetes takes for the value of a label. */
function isLabelValue(text: string): boolean {
  return /^[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/.test(text);
}

/** `argo` options of a pipeline that count where it is called, too. */
const ownOptions: readonly string[] = ["parallelism", "failFast"] satisfies (keyof ArgoPipelineOptions)[];

/** Reports what Argo does not honour in the options of a pipeline. */
export function checkPipelineOptions(build: Build, pipeline: Pipeline, isEntry: boolean): void {
  const { options } = pipeline;
  const ignored = (option: string, why: string, instead: string): void => {
    report(build, "HMC4141", optionSpan(options, option.split(".")[0] ?? option, pipeline.span), { option, why, instead });
  };
  if (options.kfp !== undefined) report(build, "HMC4142", optionSpan(options, "kfp", pipeline.span), { task: pipeline.id });
  if (options.pipelineRoot !== undefined) ignored("pipelineRoot", "artifacts go to the repository that the cluster is configured with", 'Choose another one with "argo: { artifactRepository: … }".');
  if (isEntry) return;
  for (const option of ["ttlSeconds", "deadlineSeconds", "workspace"] as const) {
    if (options[option] !== undefined) ignored(option.replace("Seconds", ""), "it belongs to the run, which is that of the calling pipeline", "Set it on the calling pipeline.");
  }
  for (const option of Object.keys(options.argo ?? {})) {
    if (!ownOptions.includes(option)) ignored(`argo.${option}`, "it belongs to the run, which is that of the calling pipeline", "Set it on the calling pipeline.");
  }
}
