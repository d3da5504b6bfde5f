/**
 * The fields of Argo's objects in the order in which the controller writes them as JSON (API types of v4.1.2). The order shows:
 * `{{inputs.parameters}}` is that JSON, and a `{{` without its end reaches into the next fields.
 */
import type { Json } from "./types.ts";

/** How the value of a field is read. */
export type Shape =
  | "text"
  | "boolean"
  | "number"
  | "numberOrText"
  /** Text, to which numbers and booleans are turned; anything else is read as empty text (reference argo.md 2.0 rule 10). */
  | "anyText"
  /** Kept as it is. */
  | "json"
  | { readonly list: Shape }
  | { readonly map: Shape }
  | { readonly struct: string };

export interface Struct {
  readonly fields: readonly (readonly [name: string, shape: Shape, keep?: "always" | "present"])[];
  /** Whether fields of other names are kept, after the known ones. */
  readonly open?: true;
}

const struct = (name: string): Shape => ({ struct: name });
const list = (of: Shape): Shape => ({ list: of });
const map = (of: Shape): Shape => ({ map: of });
const texts = list("text");
const json = (...names: string[]): [string, Shape][] => names.map((name) => [name, "json"]);

const STORES = json("archiveLogs", "s3", "git", "http", "artifactory", "hdfs", "raw", "oss", "gcs", "azure", "plugin");

const CALL_HEAD: Struct["fields"] = [
  ["name", "text", "always"],
  ["template", "text"],
  ["inline", struct("Template")],
  ["arguments", struct("Arguments"), "always"],
  ["templateRef", struct("TemplateRef")],
];

const CALL_LOOP: Struct["fields"] = [
  ["withItems", list("json")],
  ["withParam", "text"],
  ["withSequence", struct("Sequence")],
  ["when", "text"],
  ["continueOn", struct("ContinueOn")],
  ["onExit", "text"],
];

const HOOKS: Struct["fields"] = [["hooks", map(struct("Hook"))]];

const CONTAINER: Struct["fields"] = [
  ["name", "text"],
  ["image", "text"],
  ["command", texts],
  ["args", texts],
  ["workingDir", "text"],
  ...json("ports", "envFrom"),
  ["env", list(struct("Env"))],
  ...json("resources", "resizePolicy", "restartPolicy"),
  ["volumeMounts", list(struct("Named"))],
];

export const STRUCTS: { readonly [name: string]: Struct } = {
  Template: {
    fields: [
      ["name", "text"],
      ["inputs", struct("Arguments"), "always"],
      ["outputs", struct("Outputs"), "always"],
      ...json("nodeSelector", "affinity"),
      ["metadata", struct("PodMetadata"), "always"],
      ["daemon", "boolean"],
      ["steps", list(list(struct("Step")))],
      ["container", struct("Container")],
      ["containerSet", "json"],
      ["script", struct("Script")],
      ["resource", "json"],
      ["dag", struct("Dag")],
      ["suspend", struct("Suspend")],
      ...json("data", "http", "plugin"),
      ["volumes", list(struct("Named"))],
      ...json("initContainers", "sidecars", "archiveLocation"),
      ["activeDeadlineSeconds", "numberOrText"],
      ["retryStrategy", struct("RetryStrategy")],
      ["parallelism", "number"],
      ["failFast", "boolean", "present"],
      ...json("tolerations"),
      ["schedulerName", "text"],
      ["priorityClassName", "text"],
      ["serviceAccountName", "text"],
      ...json("automountServiceAccountToken"),
      ["executor", struct("Executor")],
      ...json("hostAliases", "securityContext"),
      ["podSpecPatch", "text"],
      ...json("metrics"),
      ["synchronization", struct("Synchronization")],
      ["memoize", struct("Memoize")],
      ["timeout", "text"],
      ["annotations", map("text")],
      ["pendingTimeout", "text"],
      ...json("podResources", "resourceClaims"),
    ],
  },
  Arguments: { fields: [["parameters", list(struct("Parameter"))], ["artifacts", list(struct("Artifact"))]] },
  Outputs: {
    fields: [["parameters", list(struct("Parameter"))], ["artifacts", list(struct("Artifact"))], ["result", "text", "present"], ["exitCode", "text", "present"]],
  },
  Parameter: {
    fields: [
      ["name", "text", "always"],
      ["default", "anyText", "present"],
      ["value", "anyText", "present"],
      ["valueFrom", struct("ValueFrom")],
      ["globalName", "text"],
      ["enum", list("anyText")],
      ["description", "anyText", "present"],
    ],
  },
  ValueFrom: {
    fields: [
      ["path", "text"],
      ["jsonPath", "text"],
      ["jqFilter", "text"],
      ["event", "text"],
      ["parameter", "text"],
      ["supplied", "json"],
      ["configMapKeyRef", struct("KeyRef")],
      ["default", "anyText", "present"],
      ["expression", "text"],
    ],
  },
  KeyRef: { fields: [["name", "text"], ["key", "text"], ["optional", "boolean"]] },
  Artifact: {
    fields: [
      ["name", "text", "always"],
      ["path", "text"],
      ["mode", "number"],
      ["from", "text"],
      ...STORES,
      ["globalName", "text"],
      ["archive", "json"],
      ["optional", "boolean"],
      ["subPath", "text"],
      ["recurseMode", "boolean"],
      ["fromExpression", "text"],
      ...json("artifactGC"),
      ["deleted", "boolean"],
    ],
  },
  Task: { fields: [...CALL_HEAD, ["dependencies", texts], ...CALL_LOOP, ["depends", "text"], ...HOOKS] },
  Step: { fields: [...CALL_HEAD, ...CALL_LOOP, ...HOOKS] },
  Hook: {
    fields: [["template", "text"], ["arguments", struct("Arguments"), "always"], ["templateRef", struct("TemplateRef")], ["expression", "text"]],
  },
  TemplateRef: { fields: [["name", "text"], ["template", "text"], ["clusterScope", "boolean"]] },
  Sequence: { fields: [["count", "numberOrText"], ["start", "numberOrText"], ["end", "numberOrText"], ["format", "text"]] },
  ContinueOn: { fields: [["error", "boolean"], ["failed", "boolean"]] },
  Dag: { fields: [["target", "text"], ["tasks", list(struct("Task")), "always"], ["failFast", "boolean", "present"]] },
  Suspend: { fields: [["duration", "text"]] },
  Container: { fields: CONTAINER, open: true },
  Script: { fields: [...CONTAINER, ["source", "text", "always"]], open: true },
  Env: { fields: [["name", "text", "always"], ["value", "text"], ["valueFrom", "json"]] },
  /** A Kubernetes object of which only the name is of interest. */
  Named: { fields: [["name", "text", "always"]], open: true },
  RetryStrategy: {
    fields: [["limit", "numberOrText"], ["retryPolicy", "text"], ["backoff", struct("Backoff")], ["affinity", "json"], ["expression", "text"]],
  },
  Backoff: { fields: [["duration", "text"], ["factor", "numberOrText"], ["maxDuration", "text"], ["cap", "text"]] },
  Executor: { fields: [["serviceAccountName", "text"]] },
  Synchronization: { fields: [["semaphores", list(struct("Semaphore"))], ["mutexes", list(struct("Mutex"))]] },
  Semaphore: { fields: [["configMapKeyRef", struct("KeyRef")], ["namespace", "text"], ["database", "json"]] },
  Mutex: { fields: [["name", "text"], ["namespace", "text"], ["database", "boolean"]] },
  Memoize: { fields: [["key", "text", "always"], ["cache", struct("MemoizeCache")], ["maxAge", "text"]] },
  MemoizeCache: { fields: [["configMap", struct("KeyRef")]] },
  PodMetadata: { fields: [["annotations", map("text")], ["labels", map("text")]] },
  WorkflowMetadata: { fields: [["labels", map("text")], ["annotations", map("text")], ["labelsFrom", map(struct("LabelFrom"))]] },
  LabelFrom: { fields: [["expression", "text"]] },
  WorkflowTemplateRef: { fields: [["name", "text"], ["clusterScope", "boolean"]] },
  WorkflowSpec: {
    fields: [
      ["templates", list(struct("Template"))],
      ["entrypoint", "text"],
      ["arguments", struct("Arguments"), "always"],
      ["serviceAccountName", "text"],
      ...json("automountServiceAccountToken"),
      ["executor", struct("Executor")],
      ["volumes", list(struct("Named"))],
      ["volumeClaimTemplates", list("json")],
      ["parallelism", "number"],
      ...json("artifactRepositoryRef"),
      ["suspend", "boolean"],
      ...json("nodeSelector", "affinity", "tolerations", "imagePullSecrets", "hostNetwork", "dnsPolicy", "dnsConfig"),
      ["onExit", "text"],
      ...json("ttlStrategy"),
      ["activeDeadlineSeconds", "number"],
      ["priority", "number", "present"],
      ...json("schedulerName", "podGC", "podPriorityClassName", "hostAliases", "securityContext"),
      ["podSpecPatch", "text"],
      ...json("podDisruptionBudget", "metrics"),
      ["shutdown", "text"],
      ["workflowTemplateRef", struct("WorkflowTemplateRef")],
      ["synchronization", struct("Synchronization")],
      ...json("volumeClaimGC"),
      ["retryStrategy", struct("RetryStrategy")],
      ...json("podMetadata"),
      ["templateDefaults", struct("Template")],
      ...json("archiveLogs"),
      ...HOOKS,
      ["workflowMetadata", struct("WorkflowMetadata")],
      ...json("artifactGC", "executorPlugins", "podResources", "resourceClaims"),
    ],
  },
};

/** Whether a value is left out of the JSON of a field that need not be there. */
export function isEmpty(value: Json | undefined): boolean {
  return value === undefined || value === null || value === "" || value === false || (Array.isArray(value) && value.length === 0);
}
