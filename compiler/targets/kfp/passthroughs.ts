/** Settings of a task that its component takes over through an input of type TASK_CONFIG. */
import type { Passthrough, Task, TaskOptions, Volume } from "../../ir/types.ts";
import { report, type Build } from "./scope.ts";
import type { TaskConfigPassthrough } from "./spec.ts";

const fields = {
  resources: "RESOURCES",
  env: "ENV",
  affinity: "KUBERNETES_AFFINITY",
  tolerations: "KUBERNETES_TOLERATIONS",
  nodeSelector: "KUBERNETES_NODE_SELECTOR",
  volumes: "KUBERNETES_VOLUMES",
} as const;

/** What is nothing or false is left out, as in every message. */
export function passthroughSpec({ setting, applyToTask }: Passthrough): TaskConfigPassthrough {
  return { ...(setting === "none" ? {} : { field: fields[setting] }), ...(applyToTask ? { applyToTask } : {}) };
}

/** Which options are in a group of settings; of the volumes, those that are not of the pod alone. */
const groups: [setting: keyof typeof fields, option: keyof TaskOptions][] = [
  ["resources", "cpu"], ["resources", "memory"], ["resources", "accelerator"], ["env", "env"], ["tolerations", "tolerations"], ["nodeSelector", "nodeSelector"],
  ["affinity", "affinity"], ["volumes", "volumes"],
];
const passedVolumes: Volume["kind"][] = ["pvc", "secret", "configMap"];

/** Reports options of a task whose component takes over others: the SDK refuses them, because what the task starts would not have them. */
export function checkPassthroughs(build: Build, passthroughs: readonly Passthrough[], options: TaskOptions, task: Task): void {
  if (passthroughs.length === 0) return;
  const listed = new Set<string>(passthroughs.map(({ setting }) => setting));
  for (const [setting, option] of groups) {
    if (listed.has(setting) || options[option] === undefined) continue;
    if (option === "volumes" && !options.volumes?.some(({ kind }) => passedVolumes.includes(kind))) continue;
    report(build, "HMC4061", options.spans?.[option] ?? task.span, { option, task: task.id, setting, version: build.capabilities.version });
  }
}
