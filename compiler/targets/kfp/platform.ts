/** The Kubernetes settings of tasks and pipelines: the second document. */
import type { Json, NodeExpression, PipelineOptions, TaskOptions, Volume } from "../../ir/types.ts";
import type { KubernetesConfig } from "./spec.ts";

/** Static names are written twice, as the SDK does: in the old field and in the one that may hold a run-time value. */
function staticName(field: string, value: string): Record<string, Json> {
  return { [field]: value, [`${field}Parameter`]: { runtimeValue: { constant: value } } };
}

/** The `KubernetesExecutorConfig` of a task, empty where nothing is asked for. */
export function kubernetesConfig(options: TaskOptions): KubernetesConfig {
  const config: KubernetesConfig = {};
  addSecretsAsEnv(config, options.env ?? {});
  for (const volume of options.volumes ?? []) addVolume(config, volume);
  if (options.nodeSelector !== undefined && Object.keys(options.nodeSelector).length > 0) config["nodeSelector"] = { labels: { ...options.nodeSelector } };
  const metadata: Record<string, Json> = {};
  if (options.annotations !== undefined && Object.keys(options.annotations).length > 0) metadata["annotations"] = { ...options.annotations };
  if (options.labels !== undefined && Object.keys(options.labels).length > 0) metadata["labels"] = { ...options.labels };
  if (Object.keys(metadata).length > 0) config["podMetadata"] = metadata;
  for (const secret of options.imagePullSecrets ?? []) append(config, "imagePullSecret", staticName("secretName", secret));
  if (options.imagePullPolicy !== undefined) config["imagePullPolicy"] = options.imagePullPolicy;
  if (options.timeoutSeconds !== undefined) config["activeDeadlineSeconds"] = String(options.timeoutSeconds);
  for (const { key, operator, value, effect, seconds } of options.tolerations ?? []) {
    append(config, "tolerations", {
      ...(key === undefined ? {} : { key }),
      ...(operator === undefined ? {} : { operator }),
      ...(value === undefined ? {} : { value }),
      ...(effect === undefined ? {} : { effect }),
      ...(seconds === undefined ? {} : { tolerationSeconds: String(seconds) }),
    });
  }
  for (const { expressions, fields, weight } of options.affinity ?? []) {
    append(config, "nodeAffinity", {
      ...(expressions === undefined ? {} : { matchExpressions: expressions.map(requirement) }),
      ...(fields === undefined ? {} : { matchFields: fields.map(requirement) }),
      ...(weight === undefined ? {} : { weight }),
    });
  }
  const security = options.securityContext;
  if (security !== undefined) {
    config["securityContext"] = {
      ...(security.runAsUser === undefined ? {} : { runAsUser: String(security.runAsUser) }),
      ...(security.runAsGroup === undefined ? {} : { runAsGroup: String(security.runAsGroup) }),
      ...(security.runAsNonRoot === undefined ? {} : { runAsNonRoot: security.runAsNonRoot }),
    };
  }
  return options.kfp === undefined ? config : (mergePatch(config, options.kfp) as KubernetesConfig);
}

function requirement({ key, operator, values }: NodeExpression): Json {
  return { key, operator, ...(values === undefined ? {} : { values }) };
}

function append(config: KubernetesConfig, field: string, value: Json): void {
  const list = config[field];
  if (Array.isArray(list)) list.push(value);
  else config[field] = [value];
}

function addSecretsAsEnv(config: KubernetesConfig, env: NonNullable<TaskOptions["env"]>): void {
  const keys = new Map<string, Json[]>();
  for (const [envVar, value] of Object.entries(env)) {
    if (value.kind !== "secret") continue;
    const known = keys.get(value.name);
    if (known === undefined) keys.set(value.name, [{ envVar, secretKey: value.key }]);
    else known.push({ envVar, secretKey: value.key });
  }
  for (const [name, keyToEnv] of keys) append(config, "secretAsEnv", { keyToEnv, optional: false, ...staticName("secretName", name) });
}

function addVolume(config: KubernetesConfig, volume: Volume): void {
  const { mountPath } = volume;
  switch (volume.kind) {
    case "emptyDir":
      append(config, "emptyDirMounts", {
        volumeName: volume.name,
        mountPath,
        ...(volume.medium === undefined ? {} : { medium: volume.medium }),
        ...(volume.sizeLimit === undefined ? {} : { sizeLimit: volume.sizeLimit }),
      });
      return;
    case "pvc":
      append(config, "pvcMount", {
        mountPath,
        constant: volume.claim,
        pvcNameParameter: { runtimeValue: { constant: volume.claim } },
        ...(volume.subPath === undefined ? {} : { subPath: volume.subPath }),
      });
      return;
    case "secret":
      append(config, "secretAsVolume", { mountPath, optional: volume.optional, ...staticName("secretName", volume.secret) });
      return;
    case "configMap":
      append(config, "configMapAsVolume", { mountPath, optional: volume.optional, ...staticName("configMapName", volume.configMap) });
      return;
    case "ephemeral":
      append(config, "genericEphemeralVolume", {
        volumeName: volume.name,
        mountPath,
        size: volume.size,
        accessModes: volume.accessModes,
        ...(volume.storageClass === undefined ? { defaultStorageClass: true } : { storageClassName: volume.storageClass }),
      });
      return;
  }
}

/** The pipeline's settings; a workspace without `kubernetes` would be ignored by the back end (kfp-ir 1). */
export function pipelineConfig(options: PipelineOptions): Record<string, Json> {
  const config: Record<string, Json> = {};
  const ttl = options.ttlSeconds;
  if (ttl?.completion !== undefined) config["resourceTtlOnCompletion"] = ttl.completion;
  if (ttl?.success !== undefined) config["resourceTtlOnSuccess"] = ttl.success;
  if (ttl?.failure !== undefined) config["resourceTtlOnFailure"] = ttl.failure;
  if (options.deadlineSeconds !== undefined) config["activeDeadlineSeconds"] = options.deadlineSeconds;
  const workspace = options.workspace;
  if (workspace !== undefined) {
    config["workspace"] = {
      size: workspace.size,
      kubernetes: {
        pvcSpecPatch: {
          ...(workspace.accessModes === undefined ? {} : { accessModes: workspace.accessModes }),
          ...(workspace.storageClass === undefined ? {} : { storageClassName: workspace.storageClass }),
        },
      },
    };
  }
  return options.kfp === undefined ? config : (mergePatch(config, options.kfp) as Record<string, Json>);
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
