/** The `kfp` option: a merge patch that goes past hmc's own options. */
import type { Json, Span, TaskOptions } from "../../ir/types.ts";
import { report, type Build } from "./scope.ts";
import type { ContainerSpec, KubernetesConfig } from "./spec.ts";

/** Fields of `KubernetesExecutorConfig` (kfp-kubernetes 2.17.0). */
const executorFields = [
  "secretAsVolume", "secretAsEnv", "pvcMount", "nodeSelector", "podMetadata", "imagePullSecret", "imagePullPolicy",
  "configMapAsVolume", "configMapAsEnv", "activeDeadlineSeconds", "fieldPathAsEnv", "tolerations", "genericEphemeralVolume",
  "nodeAffinity", "podAffinity", "enabledSharedMemory", "emptyDirMounts", "securityContext",
];

/** Fields that later versions have. */
const newerFields = ["initContainers"];

/** Fields that the message has and the back end never reads (kfp-ir 2). */
const unreadFields = ["podAffinity", "enabledSharedMemory"];

/** The member of a task's patch that is for its container. */
const containerMember = "container";

/** The fields of a message: those that are messages with theirs. */
interface Fields {
  readonly [field: string]: Fields | "value";
}

/** Fields of `PipelineContainerSpec` (kfp-pipeline-spec 2.17.3). */
const containerFields: Fields = {
  image: "value",
  command: "value",
  args: "value",
  env: "value",
  lifecycle: { preCacheCheck: { command: "value", args: "value" } },
  resources: {
    cpuLimit: "value",
    memoryLimit: "value",
    cpuRequest: "value",
    memoryRequest: "value",
    resourceCpuLimit: "value",
    resourceMemoryLimit: "value",
    resourceCpuRequest: "value",
    resourceMemoryRequest: "value",
    accelerator: { type: "value", count: "value", resourceType: "value", resourceCount: "value" },
  },
};

/** Fields of `PipelineConfig`. */
const pipelineFields = ["resourceTtlOnCompletion", "resourceTtlOnSuccess", "resourceTtlOnFailure", "activeDeadlineSeconds", "workspace"];

/** Reports the fields of a `kfp` patch that the message does not have, or that nobody reads. */
export function checkPatch(build: Build, patch: Record<string, Json>, of: "task" | "pipeline", span: Span): void {
  const { version } = build.capabilities;
  const fields = of === "task" ? executorFields : pipelineFields;
  for (const [field, value] of Object.entries(patch)) {
    if (of === "task" && field === containerMember) {
      checkContainerPatch(build, value, containerFields, containerMember, span);
      continue;
    }
    if (unreadFields.includes(field)) report(build, "HMC4017", span, { option: `kfp.${field}`, why: "its back end never reads the field", instead: "Remove it.", version });
    if (of === "task" && newerFields.includes(field)) {
      if (!build.capabilities.initContainers && build.real) report(build, "HMC4040", span, { field, version });
    } else if (!fields.includes(field)) report(build, "HMC4019", span, { field, of: of === "task" ? "executor config" : "pipeline config", near: nearest(field, fields), version });
  }
}

/** The same for the part of a patch that is for the container of the task. */
function checkContainerPatch(build: Build, patch: Json, fields: Fields, path: string, span: Span): void {
  const { version } = build.capabilities;
  if (patch === null || typeof patch !== "object" || Array.isArray(patch)) {
    // TypeScript has refused it; only a document of another tool can hold it.
    if (patch !== null) report(build, "HMC4019", span, { field: path, of: "container spec", near: undefined, version });
    return;
  }
  for (const [field, value] of Object.entries(patch)) {
    const known = Object.hasOwn(fields, field) ? fields[field] : undefined;
    const at = `${path}.${field}`;
    if (known === undefined) report(build, "HMC4019", span, { field: at, of: "container spec", near: nearest(field, Object.keys(fields)), version });
    else if (at === "container.lifecycle" && value !== null) report(build, "HMC4017", span, { option: "kfp.container.lifecycle", why: "its back end never runs the hook", instead: "Remove it.", version });
    if (known !== undefined && known !== "value") checkContainerPatch(build, value, known, at, span);
  }
}

/** The field that differs least, ignoring case and underscores; undefined where none is near. */
function nearest(field: string, fields: string[]): string | undefined {
  const plain = (text: string): string => text.replace(/_/g, "").toLowerCase();
  const wanted = plain(field);
  return fields.find((known) => plain(known) === wanted) ?? fields.find((known) => plain(known).startsWith(wanted) || wanted.startsWith(plain(known)) || plain(known) === wanted.replace(/s$/, ""));
}

/** What a task runs, with the part of the patch that is for it. */
export function patchedContainer(container: ContainerSpec, { kfp }: TaskOptions): ContainerSpec {
  const patch = kfp?.[containerMember];
  return patch === undefined ? container : (mergePatch(container as unknown as Json, patch) as unknown as ContainerSpec);
}

/** The Kubernetes settings of a task, with the rest of the patch. */
export function patchedKubernetes(config: KubernetesConfig, { kfp }: TaskOptions): KubernetesConfig {
  if (kfp === undefined) return config;
  const { [containerMember]: _, ...patch } = kfp;
  return mergePatch(config, patch) as KubernetesConfig;
}

/** RFC 7396: `null` removes, objects are merged, anything else replaces. */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (patch === null || typeof patch !== "object" || Array.isArray(patch)) return patch;
  const merged: { [key: string]: Json } = target !== null && typeof target === "object" && !Array.isArray(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}
