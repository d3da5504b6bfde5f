/** What a task asks of its container and of Kubernetes, as options. */
import { quantityValue } from "../../ir/quantity.ts";
import type {
  EnvironmentValue, Json, KubernetesJson, NodeAffinity, NodeExpression, ParameterType, ResourceRange, Retry, RunTime, TaskOptions, Toleration, Volume,
} from "../../ir/types.ts";
import type { KubernetesExecutorConfig, NodeAffinityTerm, SelectorRequirement, Toleration as KfpToleration } from "./platform-spec.ts";
import { kubernetesOf, report, type DagScope, type Path, type TaskPlace } from "./raising.ts";
import type { ExecutorSpec, ResourceSpec, RetryPolicy, TaskInputParameterSpec } from "./spec.ts";
import { optionText, settingValue } from "./values.ts";

const text: ParameterType = { kind: "string" };
/** In bytes; the numbers of memory count them. */
const GIGABYTE = 1e9;
const struct: ParameterType = { kind: "struct", properties: {}, additional: { kind: "json" } };

/** The options of the container and the pod of a task. */
export function containerOptions(dag: DagScope, place: TaskPlace, { container }: ExecutorSpec): TaskOptions {
  const label = place.component.executorLabel ?? "";
  const path = ["deploymentSpec", "executors", label, "container"];
  const options: TaskOptions = {};
  if (container?.image !== undefined) options.image = optionText(dag, place, container.image, [...path, "image"]);
  const resources = resourceOptions(dag, place, container?.resources ?? {}, [...path, "resources"]);
  Object.assign(options, resources.options);
  const env: Record<string, EnvironmentValue> = {};
  for (const [index, { name = "", value = "" }] of (container?.env ?? []).entries()) {
    if (env[name] !== undefined) report(dag.pipeline.raising, "HMC7037", [...path, "env", index], { task: place.key, variable: name });
    env[name] = { kind: "literal", value };
  }
  const kubernetes = kubernetesOf(dag.pipeline.raising, label);
  if (kubernetes !== undefined) new Kubernetes(dag, place, ["platforms", "kubernetes", "deploymentSpec", "executors", label]).read(kubernetes, options, env);
  if (Object.keys(env).length > 0) options.env = env;
  const patch: Record<string, Json> = {
    ...(Object.keys(resources.patch).length === 0 ? {} : { resources: resources.patch }),
    ...(container?.lifecycle === undefined ? {} : { lifecycle: JSON.parse(JSON.stringify(container.lifecycle)) as Json }),
  };
  if (Object.keys(patch).length > 0) options.kfp = { ...options.kfp, container: patch };
  return options;
}

/** CPU, memory and accelerators: the texts as options, and what the SDK would not write of the older numbers as a patch. */
function resourceOptions(dag: DagScope, place: TaskPlace, resources: ResourceSpec, path: Path): { options: TaskOptions; patch: Record<string, Json> } {
  const options: TaskOptions = {};
  const patch: Record<string, Json> = {};
  const quantity = (textField: keyof ResourceSpec, numberField: keyof ResourceSpec, unit: number): string | RunTime | undefined => {
    const written = resources[textField];
    const number = resources[numberField];
    const value = typeof written === "string" ? optionText(dag, place, written, [...path, textField]) : undefined;
    const amount = typeof value === "string" ? quantityValue(value) : undefined;
    const expected = amount === undefined ? undefined : amount / unit;
    if (number !== expected) patch[numberField] = (number as Json | undefined) ?? null;
    return value;
  };
  const range = (request: string | RunTime | undefined, limit: string | RunTime | undefined): ResourceRange => ({ ...(request === undefined ? {} : { request }), ...(limit === undefined ? {} : { limit }) });
  const cpu = range(quantity("resourceCpuRequest", "cpuRequest", 1), quantity("resourceCpuLimit", "cpuLimit", 1));
  const memory = range(quantity("resourceMemoryRequest", "memoryRequest", GIGABYTE), quantity("resourceMemoryLimit", "memoryLimit", GIGABYTE));
  if (Object.keys(cpu).length > 0) options.cpu = cpu;
  if (Object.keys(memory).length > 0) options.memory = memory;
  const { accelerator } = resources;
  const { resourceType, resourceCount, type, count } = accelerator ?? {};
  if (resourceType !== undefined && resourceCount !== undefined) {
    const typed = optionText(dag, place, resourceType, [...path, "accelerator", "resourceType"]);
    const counted = optionText(dag, place, resourceCount, [...path, "accelerator", "resourceCount"]);
    options.accelerator = { type: typed, count: typeof counted === "string" ? Number(counted) : counted };
    const older: Record<string, Json> = {};
    if (type !== (typeof typed === "string" ? typed : undefined)) older["type"] = type ?? null;
    if (count !== (typeof counted === "string" ? counted : undefined)) older["count"] = count ?? null;
    if (Object.keys(older).length > 0) patch["accelerator"] = older;
  } else if (accelerator !== undefined && Object.keys(accelerator).length > 0) patch["accelerator"] = { ...accelerator };
  return { options, patch };
}

export function retryOf(policy: RetryPolicy): Retry {
  const backoff = seconds(policy.backoffDuration);
  const longest = seconds(policy.backoffMaxDuration);
  // Where the SDK writes what it takes by default, nothing was asked for (kfp-lowering 27).
  return {
    count: policy.maxRetryCount ?? 0,
    ...(backoff === undefined || backoff === 0 ? {} : { backoffSeconds: backoff }),
    ...(typeof policy.backoffFactor !== "number" || policy.backoffFactor === 2 ? {} : { factor: policy.backoffFactor }),
    ...(longest === undefined || longest === 3600 ? {} : { maxBackoffSeconds: longest }),
  };
}

function seconds(duration: string | undefined): number | undefined {
  return duration === undefined ? undefined : Number(duration.replace(/s$/, ""));
}

/** Reads the settings of one executor. */
class Kubernetes {
  readonly dag: DagScope;
  readonly place: TaskPlace;
  readonly path: Path;
  constructor(dag: DagScope, place: TaskPlace, path: Path) {
    this.dag = dag;
    this.place = place;
    this.path = path;
  }

  read(config: KubernetesExecutorConfig, options: TaskOptions, env: Record<string, EnvironmentValue>): void {
    this.environment(config, env);
    const volumes = this.volumes(config);
    if (volumes.length > 0) options.volumes = volumes;
    this.placement(config, options);
    const { podMetadata, imagePullSecret = [], imagePullPolicy, activeDeadlineSeconds, securityContext } = config;
    if (podMetadata?.labels !== undefined) options.labels = podMetadata.labels;
    if (podMetadata?.annotations !== undefined) options.annotations = podMetadata.annotations;
    const secrets = imagePullSecret.flatMap((secret, index) => this.name(secret.secretNameParameter, secret.secretName, ["imagePullSecret", index, "secretNameParameter"]) ?? []);
    if (secrets.length > 0) options.imagePullSecrets = secrets;
    if (imagePullPolicy === "Always" || imagePullPolicy === "IfNotPresent" || imagePullPolicy === "Never") options.imagePullPolicy = imagePullPolicy;
    if (activeDeadlineSeconds !== undefined) options.timeoutSeconds = Number(activeDeadlineSeconds);
    if (securityContext !== undefined) {
      const { runAsUser, runAsGroup, runAsNonRoot } = securityContext;
      options.securityContext = {
        ...(runAsUser === undefined ? {} : { runAsUser: Number(runAsUser) }),
        ...(runAsGroup === undefined ? {} : { runAsGroup: Number(runAsGroup) }),
        ...(runAsNonRoot === undefined ? {} : { runAsNonRoot }),
      };
    }
    const patch = patchOf(config);
    if (Object.keys(patch).length > 0) options.kfp = patch;
  }

  /** A name: the parameter form, or the older constant. */
  name(parameter: TaskInputParameterSpec | undefined, constant: string | undefined, path: Path): string | RunTime | undefined {
    if (parameter === undefined) return constant;
    const value = settingValue(this.dag, this.place, parameter, text, [...this.path, ...path]);
    return typeof value === "object" && value !== null && "expression" in value ? (value as RunTime) : value === undefined ? undefined : String(value);
  }

  json(parameter: TaskInputParameterSpec, path: Path): KubernetesJson | undefined {
    const json = settingValue(this.dag, this.place, parameter, struct, [...this.path, ...path]);
    return json === undefined ? undefined : { json: json as Json | RunTime };
  }

  environment(config: KubernetesExecutorConfig, env: Record<string, EnvironmentValue>): void {
    const add = (variable: string, value: EnvironmentValue): void => {
      if (env[variable] !== undefined) report(this.dag.pipeline.raising, "HMC7037", this.path, { task: this.place.key, variable });
      env[variable] = value;
    };
    for (const [index, { secretNameParameter, secretName, keyToEnv = [], optional }] of (config.secretAsEnv ?? []).entries()) {
      const name = this.name(secretNameParameter, secretName, ["secretAsEnv", index, "secretNameParameter"]);
      for (const { secretKey = "", envVar = "" } of keyToEnv) if (name !== undefined) add(envVar, { kind: "secret", name, key: secretKey, ...(optional === true ? { optional } : {}) });
    }
    for (const [index, { configMapNameParameter, configMapName, keyToEnv = [], optional }] of (config.configMapAsEnv ?? []).entries()) {
      const name = this.name(configMapNameParameter, configMapName, ["configMapAsEnv", index, "configMapNameParameter"]);
      for (const { configMapKey = "", envVar = "" } of keyToEnv) if (name !== undefined) add(envVar, { kind: "configMap", name, key: configMapKey, ...(optional === true ? { optional } : {}) });
    }
    for (const { name = "", fieldPath = "" } of config.fieldPathAsEnv ?? []) add(name, { kind: "field", path: fieldPath });
  }

  volumes(config: KubernetesExecutorConfig): Volume[] {
    const volumes: Volume[] = [];
    for (const { volumeName = "", mountPath = "", medium, sizeLimit } of config.emptyDirMounts ?? []) {
      volumes.push({ kind: "emptyDir", name: volumeName, mountPath, ...(medium === undefined ? {} : { medium }), ...(sizeLimit === undefined ? {} : { sizeLimit }) });
    }
    for (const [index, mount] of (config.pvcMount ?? []).entries()) {
      const { taskOutputParameter, componentInputParameter, constant, mountPath = "", subPath } = mount;
      const older = taskOutputParameter !== undefined ? { taskOutputParameter } : componentInputParameter !== undefined ? { componentInputParameter } : undefined;
      const claim = this.name(mount.pvcNameParameter ?? older, constant, ["pvcMount", index, "pvcNameParameter"]);
      if (claim !== undefined) volumes.push({ kind: "pvc", claim, mountPath, ...(subPath === undefined ? {} : { subPath }) });
    }
    for (const [index, { secretNameParameter, secretName, mountPath = "", optional }] of (config.secretAsVolume ?? []).entries()) {
      const secret = this.name(secretNameParameter, secretName, ["secretAsVolume", index, "secretNameParameter"]);
      if (secret !== undefined) volumes.push({ kind: "secret", secret, mountPath, optional: optional === true });
    }
    for (const [index, { configMapNameParameter, configMapName, mountPath = "", optional }] of (config.configMapAsVolume ?? []).entries()) {
      const configMap = this.name(configMapNameParameter, configMapName, ["configMapAsVolume", index, "configMapNameParameter"]);
      if (configMap !== undefined) volumes.push({ kind: "configMap", configMap, mountPath, optional: optional === true });
    }
    for (const { volumeName = "", mountPath = "", accessModes = [], size = "", defaultStorageClass, storageClassName, metadata } of config.genericEphemeralVolume ?? []) {
      volumes.push({
        kind: "ephemeral", name: volumeName, mountPath, size, accessModes,
        ...(storageClassName === undefined && defaultStorageClass === true ? {} : { storageClass: storageClassName ?? "" }),
        ...(metadata?.labels === undefined ? {} : { labels: metadata.labels }),
        ...(metadata?.annotations === undefined ? {} : { annotations: metadata.annotations }),
      });
    }
    return volumes;
  }

  placement(config: KubernetesExecutorConfig, options: TaskOptions): void {
    const { nodeSelector, tolerations = [], nodeAffinity = [] } = config;
    if (nodeSelector?.nodeSelectorJson !== undefined) {
      const json = this.json(nodeSelector.nodeSelectorJson, ["nodeSelector", "nodeSelectorJson"]);
      if (json !== undefined) options.nodeSelector = json;
    } else if (nodeSelector?.labels !== undefined) options.nodeSelector = nodeSelector.labels;
    const tolerated = tolerations.flatMap((toleration, index) => this.toleration(toleration, index) ?? []);
    if (tolerated.length > 0) options.tolerations = tolerated;
    const affinity = nodeAffinity.flatMap((term, index) => this.affinity(term, index) ?? []);
    if (affinity.length > 0) options.affinity = affinity;
  }

  toleration({ key, operator, value, effect, tolerationSeconds, tolerationJson }: KfpToleration, index: number): Toleration | KubernetesJson | undefined {
    if (tolerationJson !== undefined) return this.json(tolerationJson, ["tolerations", index, "tolerationJson"]);
    return {
      ...(key === undefined ? {} : { key }),
      ...(operator === "Exists" || operator === "Equal" ? { operator } : {}),
      ...(value === undefined ? {} : { value }),
      ...(effect === "NoSchedule" || effect === "PreferNoSchedule" || effect === "NoExecute" ? { effect } : {}),
      ...(tolerationSeconds === undefined ? {} : { seconds: Number(tolerationSeconds) }),
    };
  }

  affinity({ matchExpressions, matchFields, weight, nodeAffinityJson }: NodeAffinityTerm, index: number): NodeAffinity | KubernetesJson | undefined {
    if (nodeAffinityJson !== undefined) return this.json(nodeAffinityJson, ["nodeAffinity", index, "nodeAffinityJson"]);
    return {
      ...(matchExpressions === undefined ? {} : { expressions: matchExpressions.map(expressionOf) }),
      ...(matchFields === undefined ? {} : { fields: matchFields.map(expressionOf) }),
      ...(weight === undefined ? {} : { weight }),
    };
  }
}

function expressionOf({ key = "", operator, values }: SelectorRequirement): NodeExpression {
  return { key, operator: (operator ?? "In") as NodeExpression["operator"], ...(values === undefined ? {} : { values }) };
}

/** What only the merge patch can say. */
function patchOf(config: KubernetesExecutorConfig): Record<string, Json> {
  const { podAffinity, enabledSharedMemory, initContainers } = config;
  return JSON.parse(JSON.stringify({ podAffinity, enabledSharedMemory, initContainers })) as Record<string, Json>;
}
