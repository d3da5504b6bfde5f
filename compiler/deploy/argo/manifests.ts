/** What a target says, in the manifests of a compiled pipeline. */
import { parseAllDocuments } from "yaml";
import type { ArgoManifest } from "../../../runtime/remote/kubernetes/argo-objects.ts";

export interface ArgoSettings {
  /** Of the runs that begin by themselves. */
  arguments: readonly { name: string; value: string }[];
  serviceAccount?: string | undefined;
}

/**
 * The manifests of a file of `hmc compile --target argo`: the service account stands in the template, which all runs are made of, and the parameters in the
 * schedule.
 */
export function argoManifests(yaml: string, { arguments: parameters, serviceAccount }: ArgoSettings): ArgoManifest[] {
  const manifests = parseAllDocuments(yaml, { version: "1.1" }).map((document) => document.toJS() as ArgoManifest);
  const template = manifests.findLast(({ kind }) => kind === "WorkflowTemplate");
  return manifests.map((manifest) => {
    const spec = manifest["spec"] as Record<string, unknown>;
    if (manifest === template && serviceAccount !== undefined) return { ...manifest, spec: { ...spec, serviceAccountName: serviceAccount } };
    if (manifest.kind !== "CronWorkflow" || parameters.length === 0) return manifest;
    return { ...manifest, spec: { ...spec, workflowSpec: { ...(spec["workflowSpec"] as object), arguments: { parameters } } } };
  });
}
