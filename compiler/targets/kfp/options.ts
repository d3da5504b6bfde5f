/** Options that KFP does not honour. */
import type { Pipeline, Span, Task, TaskOptions } from "../../ir/types.ts";
import { checkPatch } from "./patch.ts";
import { report, type Build } from "./scope.ts";

/** Reports the options of a task that have no effect on KFP. */
export function checkTaskOptions(build: Build, options: TaskOptions, task: Task): void {
  const { version, cacheKey } = build.capabilities;
  const ignored = (option: string, why: string, instead: string): void => {
    report(build, "HMC4017", options.spans?.[option.split(".")[0] ?? option] ?? task.span, { option, why, instead, version });
  };
  if (options.serviceAccount !== undefined) ignored("serviceAccount", "the service account is that of the run", "Choose it when the run or its schedule is created.");
  if (options.retry?.policy !== undefined && options.retry.policy !== "always") ignored("retry.policy", "it retries on every failure", "Remove the policy, or end the op without an error where a retry is no use.");
  if (options.retry?.maxBackoffSeconds !== undefined && build.real) ignored("retry.maxBackoff", "its back end takes the longest pause for the time of all tries together", "Use a smaller count or factor.");
  if (options.cache?.key !== undefined && !cacheKey) ignored("cache.key", "its back end computes the fingerprint itself", "Use another version, or change the cache with the task's inputs.");
  if (options.argo !== undefined) report(build, "HMC4031", options.spans?.["argo"] ?? task.span, { task: task.id });
}

/** Reports the options of a pipeline that have no effect on KFP. */
export function checkPipelineOptions(build: Build, pipeline: Pipeline): void {
  const { options } = pipeline;
  const { version } = build.capabilities;
  const span = (option: string): Span => options.spans?.[option] ?? pipeline.span;
  if (options.schedule !== undefined && options.timezone !== undefined && !["UTC", "Etc/UTC", "GMT", "Etc/GMT"].includes(options.timezone)) {
    report(build, "HMC4018", span("timezone"), { timezone: options.timezone, version });
  }
  if (build.stack.length > 1) {
    for (const option of ["ttlSeconds", "deadlineSeconds", "workspace", "pipelineRoot", "kfp"] as const) {
      const name = option.replace("Seconds", "");
      if (options[option] !== undefined) report(build, "HMC4017", span(name), { option: name, why: "these settings belong to the run, which is that of the calling pipeline", instead: "Set it on the calling pipeline.", version });
    }
  }
  if (options.kfp !== undefined) checkPatch(build, options.kfp, "pipeline", span("kfp"));
  if (options.argo !== undefined) report(build, "HMC4031", span("argo"), { task: pipeline.id });
}
