/** KFP's `PlatformSpec` and the messages of its platform "kubernetes" in their JSON form, as the reader gives them (kfp-ir 1, 2). */
import type { Json } from "../../ir/types.ts";
import type { EnvVar, TaskInputParameterSpec, TaskOutputParameterSpec } from "./spec.ts";

export interface PlatformSpec {
  platforms?: Record<string, SinglePlatformSpec>;
}

export interface SinglePlatformSpec {
  deploymentSpec?: { executors?: Record<string, KubernetesExecutorConfig> };
  platform?: string;
  config?: Record<string, Json>;
  pipelineConfig?: PipelineConfig;
}

export interface PipelineConfig {
  resourceTtlOnCompletion?: number;
  workspace?: WorkspaceConfig;
  resourceTtlOnSuccess?: number;
  resourceTtlOnFailure?: number;
  activeDeadlineSeconds?: number;
}

export interface WorkspaceConfig {
  size?: string;
  kubernetes?: { pvcSpecPatch?: Record<string, Json> };
}

/** What Kubernetes adds to one executor. */
export interface KubernetesExecutorConfig {
  secretAsVolume?: SecretAsVolume[];
  secretAsEnv?: SecretAsEnv[];
  pvcMount?: PvcMount[];
  nodeSelector?: NodeSelector;
  podMetadata?: PodMetadata;
  imagePullSecret?: ImagePullSecret[];
  imagePullPolicy?: string;
  configMapAsVolume?: ConfigMapAsVolume[];
  configMapAsEnv?: ConfigMapAsEnv[];
  activeDeadlineSeconds?: string;
  fieldPathAsEnv?: FieldPathAsEnv[];
  tolerations?: Toleration[];
  genericEphemeralVolume?: GenericEphemeralVolume[];
  nodeAffinity?: NodeAffinityTerm[];
  podAffinity?: PodAffinityTerm[];
  enabledSharedMemory?: EnabledSharedMemory;
  emptyDirMounts?: EmptyDirMount[];
  securityContext?: SecurityContext;
  initContainers?: InitContainer[];
}

export interface EnabledSharedMemory {
  volumeName?: string;
  size?: string;
}

export interface SecretAsVolume {
  /** Deprecated. */
  secretName?: string;
  mountPath?: string;
  optional?: boolean;
  secretNameParameter?: TaskInputParameterSpec;
}

export interface SecretAsEnv {
  /** Deprecated. */
  secretName?: string;
  keyToEnv?: { secretKey?: string; envVar?: string }[];
  optional?: boolean;
  secretNameParameter?: TaskInputParameterSpec;
}

export interface PvcMount {
  /** At most one of the three, all deprecated. */
  taskOutputParameter?: TaskOutputParameterSpec;
  constant?: string;
  componentInputParameter?: string;
  mountPath?: string;
  pvcNameParameter?: TaskInputParameterSpec;
  subPath?: string;
}

export interface NodeSelector {
  labels?: Record<string, string>;
  nodeSelectorJson?: TaskInputParameterSpec;
}

export interface PodMetadata {
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

export interface ConfigMapAsVolume {
  /** Deprecated. */
  configMapName?: string;
  mountPath?: string;
  optional?: boolean;
  configMapNameParameter?: TaskInputParameterSpec;
}

export interface ConfigMapAsEnv {
  /** Deprecated. */
  configMapName?: string;
  keyToEnv?: { configMapKey?: string; envVar?: string }[];
  configMapNameParameter?: TaskInputParameterSpec;
  optional?: boolean;
}

export interface GenericEphemeralVolume {
  volumeName?: string;
  mountPath?: string;
  accessModes?: string[];
  size?: string;
  defaultStorageClass?: boolean;
  storageClassName?: string;
  metadata?: PodMetadata;
}

export interface ImagePullSecret {
  /** Deprecated. */
  secretName?: string;
  secretNameParameter?: TaskInputParameterSpec;
}

export interface FieldPathAsEnv {
  name?: string;
  fieldPath?: string;
}

export interface Toleration {
  key?: string;
  operator?: string;
  value?: string;
  effect?: string;
  tolerationSeconds?: string;
  tolerationJson?: TaskInputParameterSpec;
}

export interface SelectorRequirement {
  key?: string;
  operator?: string;
  values?: string[];
}

export interface NodeAffinityTerm {
  matchExpressions?: SelectorRequirement[];
  matchFields?: SelectorRequirement[];
  weight?: number;
  nodeAffinityJson?: TaskInputParameterSpec;
}

export interface PodAffinityTerm {
  matchPodExpressions?: SelectorRequirement[];
  matchPodLabels?: Record<string, string>;
  topologyKey?: string;
  namespaces?: string[];
  matchNamespaceExpressions?: SelectorRequirement[];
  matchNamespaceLabels?: Record<string, string>;
  weight?: number;
  anti?: boolean;
}

export interface EmptyDirMount {
  volumeName?: string;
  mountPath?: string;
  medium?: string;
  sizeLimit?: string;
}

export interface SecurityContext {
  runAsUser?: string;
  runAsGroup?: string;
  runAsNonRoot?: boolean;
}

export interface InitContainer {
  name?: string;
  image?: string;
  command?: string[];
  args?: string[];
  env?: EnvVar[];
  volumeMounts?: { volumeName?: string; mountPath?: string }[];
  restartPolicy?: string;
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> };
}
