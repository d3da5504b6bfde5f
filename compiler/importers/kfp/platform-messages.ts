/** The messages of KFP's `PlatformSpec` and of its platform "kubernetes" (kfp-ir 1, 2): the table of what `platform-spec.ts` types. */
import { bool, describe, int32, int64, list, map, message, struct, text } from "./message.ts";
import { environmentVariable, taskInputParameter, taskOutputParameter } from "./messages.ts";
import type * as Spec from "./platform-spec.ts";

type Inner<Form, Key extends keyof Form> = NonNullable<Form[Key]>;

/** A value for a name, from a constant, an input of the graph, or an output of a task. */
const source = message(() => taskInputParameter);
const texts = map(text);

const secretAsVolume = describe<Spec.SecretAsVolume>("SecretAsVolume", { secretName: text, mountPath: text, optional: bool, secretNameParameter: source });
const secretKey = describe<Inner<Spec.SecretAsEnv, "keyToEnv">[number]>("SecretAsEnv.SecretKeyToEnvMap", { secretKey: text, envVar: text });
const secretAsEnv = describe<Spec.SecretAsEnv>("SecretAsEnv", { secretName: text, keyToEnv: list(message(() => secretKey)), optional: bool, secretNameParameter: source });
const pvcMount = describe<Spec.PvcMount>(
  "PvcMount",
  { taskOutputParameter: message(() => taskOutputParameter), constant: text, componentInputParameter: text, mountPath: text, pvcNameParameter: source, subPath: text },
  ["taskOutputParameter", "constant", "componentInputParameter"],
);
const nodeSelector = describe<Spec.NodeSelector>("NodeSelector", { labels: texts, nodeSelectorJson: source });
const podMetadata = describe<Spec.PodMetadata>("PodMetadata", { labels: texts, annotations: texts });
const imagePullSecret = describe<Spec.ImagePullSecret>("ImagePullSecret", { secretName: text, secretNameParameter: source });
const configMapAsVolume = describe<Spec.ConfigMapAsVolume>("ConfigMapAsVolume", { configMapName: text, mountPath: text, optional: bool, configMapNameParameter: source });
const configMapKey = describe<Inner<Spec.ConfigMapAsEnv, "keyToEnv">[number]>("ConfigMapAsEnv.ConfigMapKeyToEnvMap", { configMapKey: text, envVar: text });
const configMapAsEnv = describe<Spec.ConfigMapAsEnv>("ConfigMapAsEnv", { configMapName: text, keyToEnv: list(message(() => configMapKey)), configMapNameParameter: source, optional: bool });
const fieldPath = describe<Spec.FieldPathAsEnv>("FieldPathAsEnv", { name: text, fieldPath: text });
const toleration = describe<Spec.Toleration>("Toleration", { key: text, operator: text, value: text, effect: text, tolerationSeconds: int64, tolerationJson: source });
const ephemeral = describe<Spec.GenericEphemeralVolume>("GenericEphemeralVolume", {
  volumeName: text,
  mountPath: text,
  accessModes: list(text),
  size: text,
  defaultStorageClass: bool,
  storageClassName: text,
  metadata: message(() => podMetadata),
});
const requirement = describe<Spec.SelectorRequirement>("SelectorRequirement", { key: text, operator: text, values: list(text) });
const requirements = list(message(() => requirement));
const nodeAffinity = describe<Spec.NodeAffinityTerm>("NodeAffinityTerm", { matchExpressions: requirements, matchFields: requirements, weight: int32, nodeAffinityJson: source });
const podAffinity = describe<Spec.PodAffinityTerm>("PodAffinityTerm", {
  matchPodExpressions: requirements,
  matchPodLabels: texts,
  topologyKey: text,
  namespaces: list(text),
  matchNamespaceExpressions: requirements,
  matchNamespaceLabels: texts,
  weight: int32,
  anti: bool,
});
const sharedMemory = describe<Spec.EnabledSharedMemory>("EnabledSharedMemory", { volumeName: text, size: text });
const emptyDir = describe<Spec.EmptyDirMount>("EmptyDirMount", { volumeName: text, mountPath: text, medium: text, sizeLimit: text });
const securityContext = describe<Spec.SecurityContext>("SecurityContext", { runAsUser: int64, runAsGroup: int64, runAsNonRoot: bool });
const volumeMount = describe<Inner<Spec.InitContainer, "volumeMounts">[number]>("InitContainer.VolumeMount", { volumeName: text, mountPath: text });
const resourceRequirements = describe<Inner<Spec.InitContainer, "resources">>("InitContainer.ResourceRequirements", { requests: texts, limits: texts });
const initContainer = describe<Spec.InitContainer>("InitContainer", {
  name: text,
  image: text,
  command: list(text),
  args: list(text),
  env: list(message(() => environmentVariable)),
  volumeMounts: list(message(() => volumeMount)),
  restartPolicy: text,
  resources: message(() => resourceRequirements),
});

const executorConfig = describe<Spec.KubernetesExecutorConfig>("KubernetesExecutorConfig", {
  secretAsVolume: list(message(() => secretAsVolume)),
  secretAsEnv: list(message(() => secretAsEnv)),
  pvcMount: list(message(() => pvcMount)),
  nodeSelector: message(() => nodeSelector),
  podMetadata: message(() => podMetadata),
  imagePullSecret: list(message(() => imagePullSecret)),
  imagePullPolicy: text,
  configMapAsVolume: list(message(() => configMapAsVolume)),
  configMapAsEnv: list(message(() => configMapAsEnv)),
  activeDeadlineSeconds: int64,
  fieldPathAsEnv: list(message(() => fieldPath)),
  tolerations: list(message(() => toleration)),
  genericEphemeralVolume: list(message(() => ephemeral)),
  nodeAffinity: list(message(() => nodeAffinity)),
  podAffinity: list(message(() => podAffinity)),
  enabledSharedMemory: message(() => sharedMemory),
  emptyDirMounts: list(message(() => emptyDir)),
  securityContext: message(() => securityContext),
  initContainers: list(message(() => initContainer)),
});

const platformDeployment = describe<Inner<Spec.SinglePlatformSpec, "deploymentSpec">>("PlatformDeploymentConfig", { executors: map(message(() => executorConfig)) });
const kubernetesWorkspace = describe<Inner<Spec.WorkspaceConfig, "kubernetes">>("KubernetesWorkspaceConfig", { pvcSpecPatch: struct });
const workspace = describe<Spec.WorkspaceConfig>("WorkspaceConfig", { size: text, kubernetes: message(() => kubernetesWorkspace) });
const pipelineConfig = describe<Spec.PipelineConfig>("PipelineConfig", {
  resourceTtlOnCompletion: int32,
  workspace: message(() => workspace),
  resourceTtlOnSuccess: int32,
  resourceTtlOnFailure: int32,
  activeDeadlineSeconds: int32,
});
export const singlePlatformSpec = describe<Spec.SinglePlatformSpec>("SinglePlatformSpec", {
  deploymentSpec: message(() => platformDeployment),
  platform: text,
  config: struct,
  pipelineConfig: message(() => pipelineConfig),
});

/** The second document of a KFP file. */
export const platformSpec = describe<Spec.PlatformSpec>("PlatformSpec", { platforms: map(message(() => singlePlatformSpec)) });
