/** Documents that are none of Argo's: what they are, and what to do. */
import { nearestName } from "../../../diagnostics/nearest.ts";
import type { ArgoDocument } from "./document.ts";
import { fieldsOf, isFields, textOf, type Fields } from "./json.ts";
import { documentKinds } from "./model.ts";
import type { Work } from "./work.ts";

/** Other kinds of Argo Workflows, which run nothing by themselves. */
const quietKinds = ["WorkflowEventBinding", "WorkflowTaskSet", "WorkflowTaskResult", "WorkflowArtifactGCTask"];

/** Reports a document that cannot be checked; other objects of Kubernetes may stand beside a workflow, and are passed over. */
export function recognise({ value }: ArgoDocument, report: Work["report"]): void {
  if (!isFields(value)) return refuse(report, Array.isArray(value) ? "a list" : "plain text", "Give a Workflow, WorkflowTemplate or CronWorkflow");
  const kind = textOf(value["kind"]);
  const apiVersion = textOf(value["apiVersion"]);
  if (isKfp(value)) return refuse(report, "a pipeline of Kubeflow Pipelines", `Read it with "hmc import"; what hmc compiles for KFP needs no check`);
  if (kind === undefined) {
    const advice = Object.hasOwn(value, "spec") || Object.hasOwn(value, "templates") ? `Add "apiVersion: argoproj.io/v1alpha1" and "kind: Workflow"` : "Give a Workflow, WorkflowTemplate or CronWorkflow";
    return refuse(report, `YAML without a "kind"`, advice);
  }
  if (quietKinds.includes(kind)) return;
  if (apiVersion?.startsWith("argoproj.io/") !== true) return;
  const suggestion = nearestName(kind, documentKinds);
  refuse(report, `an Argo "${kind}"`, suggestion === undefined ? "Give a Workflow, WorkflowTemplate or CronWorkflow" : `Did you mean "${suggestion}"`);
}

/** Whether a document is one that the checker checks. */
export function isArgo({ value }: ArgoDocument): boolean {
  const { kind } = fieldsOf(value);
  return documentKinds.some((known) => known === kind);
}

function isKfp(value: Fields): boolean {
  return isFields(value["pipelineInfo"]) || isFields(value["deploymentSpec"]) || isFields(fieldsOf(value["spec"])["pipelineSpec"]) || isFields(value["platforms"]);
}

function refuse(report: Work["report"], what: string, advice: string): void {
  report("HMC8005", { path: [], part: "key" }, { what, advice });
}
