/**
 * Variables of Argo Workflows that have a value in every template, or in every one of a kind. Those of inputs, outputs, items
 * and tasks are not among them: the language has its own words for these.
 */
import { nearestName } from "../diagnostics/nearest.ts";
import type { ContextName } from "./types.ts";

/** Known wherever a workflow reads text. `status` and `failures` have a value only in what runs at its end. */
const ofWorkflow = [
  "workflow.name", "workflow.namespace", "workflow.uid", "workflow.mainEntrypoint", "workflow.serviceAccountName", "workflow.parameters", "workflow.parameters.json",
  "workflow.labels.json", "workflow.annotations.json", "workflow.creationTimestamp", "workflow.creationTimestamp.RFC3339", "workflow.scheduledTime", "workflow.priority",
  "workflow.duration", "workflow.status", "workflow.failures",
];

/** Known to a pod; `retries` and `lastRetry` where it is tried again. */
const ofPod = ["pod.name", "node.name", "retries", "lastRetry.exitCode", "lastRetry.status", "lastRetry.duration", "lastRetry.message"];

/** Families with names of their own: parameters, labels, parts of a time. */
const families = [
  /^workflow\.parameters\.[-\w]+$/,
  /^workflow\.outputs\.(?:parameters|artifacts)\.[-\w]+$/,
  /^workflow\.(?:labels|annotations)\.[-\w./]+$/,
  /^workflow\.creationTimestamp\.[a-zA-Z]$/,
];

/** Where a variable has a value. */
export type ArgoScope = "workflow" | "pod";

/** Where a variable has a value: everywhere in a workflow, or only in a pod; undefined where Argo has none of that name. */
export function argoScope(name: string): ArgoScope | undefined {
  if (ofWorkflow.includes(name) || families.some((family) => family.test(name))) return "workflow";
  return ofPod.includes(name) ? "pod" : undefined;
}

/** Those that each target has, under the name that `run` gives them. */
const shared: Record<string, ContextName> = {
  "workflow.name": "runResourceName",
  "workflow.uid": "runId",
  "workflow.creationTimestamp": "createTime",
  "workflow.creationTimestamp.RFC3339": "createTime",
  "workflow.scheduledTime": "scheduleTime",
};

/** What a run knows under a name of its own in place of a variable; undefined for what only Argo knows. */
export function contextOfArgo(name: string): ContextName | undefined {
  return Object.hasOwn(shared, name) ? shared[name] : undefined;
}

/** The variable whose name is nearest, if one is near. */
export function nearestArgoVariable(name: string): string | undefined {
  return nearestName(name, [...ofWorkflow, ...ofPod]);
}
