/** Small pipelines as they are compiled for Argo. */
import type { ArgoManifest } from "../../../runtime/remote/kubernetes/argo-objects.ts";

export interface ManifestWishes {
  /** Tells contents apart. */
  text?: string;
  schedule?: string;
  /** Its text, where some templates are in a library. */
  library?: string;
}

const apiVersion = "argoproj.io/v1alpha1";

/** A pipeline `train`, with a library and a schedule where they are wished for. */
export function manifestsOf({ text = "one", schedule, library }: ManifestWishes = {}): ArgoManifest[] {
  const labels = { "hmc.dev/pipeline": "train" };
  const step = (name: string, said: string): object => ({ name, container: { image: "busybox:1", command: ["echo", said] } });
  const used = library === undefined ? { template: "step" } : { templateRef: { name: "train-library-1", template: "step" } };
  const spec = {
    workflowMetadata: { labels },
    entrypoint: "main",
    arguments: { parameters: [{ name: "rows", value: "10" }] },
    templates: [{ name: "main", dag: { tasks: [{ name: "first", ...used }] } }, ...(library === undefined ? [step("step", text)] : [step("other", text)])],
  };
  const manifests: ArgoManifest[] = [{ apiVersion, kind: "WorkflowTemplate", metadata: { name: "train", labels, annotations: { "workflows.argoproj.io/title": "Training" } }, spec }];
  if (library !== undefined) manifests.unshift({ apiVersion, kind: "WorkflowTemplate", metadata: { name: "train-library-1", labels }, spec: { templates: [step("step", library)] } });
  if (schedule !== undefined) manifests.push({ apiVersion, kind: "CronWorkflow", metadata: { name: "train", labels }, spec: { schedules: [schedule], concurrencyPolicy: "Forbid", workflowSpec: { workflowTemplateRef: { name: "train" } } } });
  return manifests;
}
