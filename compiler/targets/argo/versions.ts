/**
 * What each minor version of Argo Workflows has and does. Sources: the API types of the tags v3.6.14, v3.7.18, v4.0.10 and v4.1.2, and the
 * table of version cliffs in reference argo.md 1.7.
 */

/** A minor version that hmc writes for. */
export type ArgoVersion = "3.6" | "3.7" | "4.0" | "4.1";

/** From the oldest to the newest. */
export const argoVersions: readonly ArgoVersion[] = ["3.6", "3.7", "4.0", "4.1"];

/** The newest one: it has every field but those that were removed. */
export const newestArgoVersion: ArgoVersion = "4.1";

/** What hmc writes for where no version is given. */
export const defaultArgoVersion: ArgoVersion = "4.0";

/** What becomes of `{{tasks.x.outputs…}}` in arguments where the task `x` was skipped. */
export type SkippedReference =
  /** The consumer runs with the literal text of the tag. */
  | "literal"
  /** The workflow waits forever. */
  | "hang"
  /** The consumer gets the empty string. */
  | "empty"
  /** The default of the producer's output, else that of the consumer's input, else an error. */
  | "absent";

export interface ArgoCapabilities {
  version: ArgoVersion;
  /**
   * The lowest patch release on which what hmc emits behaves as it says; older ones of the minor have faults that no YAML avoids: before
   * 3.6.14 and 3.7.5 expressions in loops cannot mix `item` with other names.
   */
  floor: string;
  /** The CRDs that the release installs hold all limits and patterns, so the API server refuses what breaks them. */
  fullCrds: boolean;
  /** From the floor on: how skipped references resolve, by the first patch release that does so. */
  skippedReferences: readonly { from: string; behaviour: SkippedReference }[];
  /** A single argument of a container above 128 KiB becomes a file; before, the pod does not start. */
  offloadsArguments: boolean;
}

const capabilities: Record<ArgoVersion, ArgoCapabilities> = {
  "3.6": {
    version: "3.6",
    floor: "3.6.14",
    fullCrds: false,
    skippedReferences: [{ from: "3.6.0", behaviour: "literal" }],
    offloadsArguments: false,
  },
  "3.7": {
    version: "3.7",
    floor: "3.7.16",
    fullCrds: false,
    skippedReferences: [
      { from: "3.7.0", behaviour: "literal" },
      { from: "3.7.11", behaviour: "hang" },
      { from: "3.7.13", behaviour: "empty" },
      { from: "3.7.16", behaviour: "absent" },
    ],
    offloadsArguments: true,
  },
  "4.0": {
    version: "4.0",
    floor: "4.0.4",
    fullCrds: true,
    skippedReferences: [
      { from: "4.0.0", behaviour: "literal" },
      { from: "4.0.2", behaviour: "hang" },
      { from: "4.0.4", behaviour: "empty" },
      { from: "4.0.7", behaviour: "absent" },
    ],
    offloadsArguments: true,
  },
  "4.1": {
    version: "4.1",
    floor: "4.1.0",
    fullCrds: true,
    skippedReferences: [{ from: "4.1.0", behaviour: "absent" }],
    offloadsArguments: true,
  },
};

/** What a version has and does. */
export function argoCapabilities(version: ArgoVersion): ArgoCapabilities {
  return capabilities[version];
}

/** The version that a text such as `4.0`, `v4.0` or `4.0.7` names; undefined where hmc does not know it. */
export function argoVersionOf(text: string): ArgoVersion | undefined {
  const minor = /^v?(\d+\.\d+)(?:\.\d+)?$/.exec(text.trim())?.[1];
  return argoVersions.find((version) => version === minor);
}

/** Whether a version is older than another. */
export function isOlder(version: ArgoVersion, than: ArgoVersion): boolean {
  return argoVersions.indexOf(version) < argoVersions.indexOf(than);
}

/** The limits of the CRDs and of Kubernetes (reference argo.md 2.0, 4.3). */
export const argoLimits = {
  templates: 200,
  tasks: 200,
  inputParameters: 500,
  metrics: 100,
  gaugeValue: 256,
  /** Names of templates, tasks and steps. */
  name: 128,
  workflowName: 63,
  /** The controller adds five characters to a prefix. */
  generateName: 58,
  cronWorkflowName: 52,
  /** Bytes of an object in etcd. */
  objectBytes: 1_500_000,
  /** Bytes of one argument of a process. */
  argumentBytes: 131_072,
} as const;

/** Fields that some of the versions lack, by the type that holds them: `since` the first version that has one, `until` the last. */
export interface FieldVersions {
  type: string;
  field: string;
  since?: ArgoVersion;
  until?: ArgoVersion;
  /** What says the same where the field is gone. */
  instead?: string;
}

const since = (version: ArgoVersion, fields: Record<string, readonly string[]>): FieldVersions[] =>
  Object.entries(fields).flatMap(([type, names]) => names.map((field) => ({ type, field, since: version })));

/** Every difference between the versions, in fields that a workflow is written with. */
export const fieldVersions: readonly FieldVersions[] = [
  { type: "Template", field: "priority", until: "3.6", instead: "priorityClassName" },
  { type: "WorkflowSpec", field: "podPriority", until: "3.6", instead: "podPriorityClassName" },
  { type: "CronWorkflowSpec", field: "schedule", until: "3.7", instead: "schedules" },
  { type: "Synchronization", field: "mutex", until: "3.7", instead: "mutexes" },
  { type: "Synchronization", field: "semaphore", until: "3.7", instead: "semaphores" },
  ...since("3.7", {
    Backoff: ["cap"],
    Mutex: ["database"],
    SemaphoreRef: ["database"],
    Template: ["annotations"],
    Lifecycle: ["stopSignal"],
  }),
  ...since("4.0", {
    Artifact: ["plugin"],
    ArtifactLocation: ["plugin"],
    ArtifactPaths: ["plugin"],
  }),
  ...since("4.1", {
    Container: ["restartPolicyRules"],
    ContainerNode: ["restartPolicyRules"],
    ScriptTemplate: ["restartPolicyRules"],
    UserContainer: ["restartPolicyRules"],
    EnvVarSource: ["fileKeyRef"],
    HTTPArtifact: ["saveStreamViaFile"],
    S3Artifact: ["addressingStyle"],
    Template: ["pendingTimeout", "podResources", "resourceClaims"],
    VolumeProjection: ["podCertificate"],
    WorkflowSpec: ["executorPlugins", "podResources", "resourceClaims"],
  }),
];
