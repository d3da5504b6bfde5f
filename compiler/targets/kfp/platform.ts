/** The Kubernetes settings of tasks and pipelines: the second document. */
import { expressionKey } from "../../ir/expression-key.ts";
import { isKubernetesJson } from "../../ir/traverse.ts";
import type { EnvironmentValue, Json, NodeExpression, PipelineOptions, RunTime, TaskOptions, Volume } from "../../ir/types.ts";
import type { OptionValues } from "./constant-options.ts";
import { mergePatch, patchedKubernetes } from "./patch.ts";
import type { KubernetesConfig } from "./spec.ts";

/**
 * A setting that refers to an object by its name; none where there is no name. Static names are written twice, as the SDK
 * does: in the old field and in the one that may hold a run-time value.
 */
function named(field: string, name: string | RunTime, values: OptionValues, rest: Record<string, Json> = {}): Record<string, Json> | undefined {
  return sourced(`${field}Parameter`, name, values, { ...rest, ...(typeof name === "string" ? { [field]: name } : {}) });
}

/** A setting with a field that holds where its value comes from; none where there is no value, or KFP cannot have it. */
function sourced(field: string, value: Json | RunTime, values: OptionValues, rest: Record<string, Json> = {}): Record<string, Json> | undefined {
  const source = values.source(value);
  return source === undefined ? undefined : { ...rest, [field]: { ...source } };
}

/** The `KubernetesExecutorConfig` of a task, empty where nothing is asked for. */
export function kubernetesConfig(options: TaskOptions, values: OptionValues): KubernetesConfig {
  const config: KubernetesConfig = {};
  addEnvironment(config, options.env ?? {}, values);
  for (const volume of options.volumes ?? []) addVolume(config, volume, values);
  const { nodeSelector } = options;
  if (nodeSelector !== undefined && isKubernetesJson(nodeSelector)) {
    const selector = sourced("nodeSelectorJson", nodeSelector.json, values);
    if (selector !== undefined) config["nodeSelector"] = selector;
  } else if (nodeSelector !== undefined && Object.keys(nodeSelector).length > 0) config["nodeSelector"] = { labels: { ...nodeSelector } };
  const metadata: Record<string, Json> = {};
  if (options.annotations !== undefined && Object.keys(options.annotations).length > 0) metadata["annotations"] = { ...options.annotations };
  if (options.labels !== undefined && Object.keys(options.labels).length > 0) metadata["labels"] = { ...options.labels };
  if (Object.keys(metadata).length > 0) config["podMetadata"] = metadata;
  for (const secret of options.imagePullSecrets ?? []) append(config, "imagePullSecret", named("secretName", secret, values));
  if (options.imagePullPolicy !== undefined) config["imagePullPolicy"] = options.imagePullPolicy;
  if (options.timeoutSeconds !== undefined) config["activeDeadlineSeconds"] = String(options.timeoutSeconds);
  for (const toleration of options.tolerations ?? []) {
    if (isKubernetesJson(toleration)) {
      append(config, "tolerations", sourced("tolerationJson", toleration.json, values));
      continue;
    }
    const { key, operator, value, effect, seconds } = toleration;
    append(config, "tolerations", {
      ...(key === undefined ? {} : { key }),
      ...(operator === undefined ? {} : { operator }),
      ...(value === undefined ? {} : { value }),
      ...(effect === undefined ? {} : { effect }),
      ...(seconds === undefined ? {} : { tolerationSeconds: String(seconds) }),
    });
  }
  for (const affinity of options.affinity ?? []) {
    if (isKubernetesJson(affinity)) {
      append(config, "nodeAffinity", sourced("nodeAffinityJson", affinity.json, values));
      continue;
    }
    const { expressions, fields, weight } = affinity;
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
  return patchedKubernetes(config, options);
}

function requirement({ key, operator, values }: NodeExpression): Json {
  return { key, operator, ...(values === undefined ? {} : { values }) };
}

function append(config: KubernetesConfig, field: string, value: Json | undefined): void {
  if (value === undefined) return;
  const list = config[field];
  if (Array.isArray(list)) list.push(value);
  else config[field] = [value];
}

/** What the pod reads from the cluster. Variables that follow each other and come from the same object share an entry. */
function addEnvironment(config: KubernetesConfig, env: Record<string, EnvironmentValue>, values: OptionValues): void {
  const fields = {
    secret: { list: "secretAsEnv", key: "secretKey", name: "secretName" },
    configMap: { list: "configMapAsEnv", key: "configMapKey", name: "configMapName" },
  };
  const last = new Map<"secret" | "configMap", { object: string; keys: Json[] }>();
  for (const [envVar, value] of Object.entries(env)) {
    if (value.kind === "literal") continue;
    if (value.kind === "field") {
      append(config, "fieldPathAsEnv", { name: envVar, fieldPath: value.path });
      continue;
    }
    const { list, key, name } = fields[value.kind];
    const entry = { envVar, [key]: value.key };
    const optional = value.optional ?? false;
    const object = JSON.stringify([typeof value.name === "string" ? value.name : expressionKey(value.name.expression), optional]);
    const open = last.get(value.kind);
    if (open?.object === object) {
      open.keys.push(entry);
      continue;
    }
    const keys = [entry];
    last.set(value.kind, { object, keys });
    append(config, list, named(name, value.name, values, { keyToEnv: keys, optional }));
  }
}

function addVolume(config: KubernetesConfig, volume: Volume, values: OptionValues): void {
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
      append(config, "pvcMount", claimed(volume.claim, values, { mountPath, ...(volume.subPath === undefined ? {} : { subPath: volume.subPath }) }));
      return;
    case "secret":
      append(config, "secretAsVolume", named("secretName", volume.secret, values, { mountPath, optional: volume.optional }));
      return;
    case "configMap":
      append(config, "configMapAsVolume", named("configMapName", volume.configMap, values, { mountPath, optional: volume.optional }));
      return;
    case "ephemeral":
      append(config, "genericEphemeralVolume", {
        volumeName: volume.name,
        mountPath,
        size: volume.size,
        accessModes: volume.accessModes,
        ...(volume.storageClass === undefined ? { defaultStorageClass: true } : volume.storageClass === "" ? {} : { storageClassName: volume.storageClass }),
        ...claimMetadata(volume),
      });
      return;
  }
}

/** A mounted claim: its name in the deprecated fields and in the new one. */
function claimed(claim: string | RunTime, values: OptionValues, rest: Record<string, Json>): Record<string, Json> | undefined {
  const source = values.source(claim);
  if (source === undefined) return undefined;
  const { runtimeValue, parameterExpressionSelector, taskFinalStatus, ...old } = source;
  return { ...rest, ...old, ...(runtimeValue === undefined ? {} : { constant: runtimeValue.constant }), pvcNameParameter: { ...source } };
}

function claimMetadata({ labels, annotations }: Volume & { kind: "ephemeral" }): Record<string, Json> {
  const metadata = { ...(isEmpty(labels) ? {} : { labels }), ...(isEmpty(annotations) ? {} : { annotations }) };
  return isEmpty(metadata) ? {} : { metadata };
}

function isEmpty(map: object | undefined): map is undefined {
  return map === undefined || Object.keys(map).length === 0;
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
