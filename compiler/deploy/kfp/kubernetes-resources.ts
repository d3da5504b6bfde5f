/** A compiled pipeline as the resources that KFP reads from Kubernetes, where its pipelines are kept there: for repositories that a cluster follows. */
import { parseAllDocuments } from "yaml";
import { printYaml } from "../../targets/yaml.ts";
import { bug } from "../../bug.ts";
import { contentDigest } from "../content.ts";

/** Source: `backend/src/crd/kubernetes/v2beta1` of Kubeflow Pipelines 2.17. */
const apiVersion = "pipelines.kubeflow.org/v2beta1";

/**
 * A `Pipeline` and a `PipelineVersion`. A version cannot be changed once it is there, so its name has the hash of its content: the same content gives the
 * same file from any commit.
 *
 * @param yaml what `hmc compile --target kfp` writes
 */
export function kubernetesResources(yaml: string, { id, description }: { id: string; description?: string }): string {
  const [header = ""] = /^(?:#[^\n]*\n)*/.exec(yaml) ?? [];
  const [pipelineSpec = bug("a compiled pipeline has a document"), platformSpec] = parseAllDocuments(yaml, { version: "1.1" }).map((document) => document.toJS() as Record<string, unknown>);
  const versionName = contentDigest(yaml).slice(0, 12);
  const told = description === undefined ? {} : { description };
  return printYaml(header, [
    { apiVersion, kind: "Pipeline", metadata: { name: id }, spec: { displayName: id, ...told } },
    {
      apiVersion, kind: "PipelineVersion", metadata: { name: `${id}-${versionName}` },
      spec: { pipelineName: id, versionName, displayName: versionName, ...told, pipelineSpec, ...(platformSpec === undefined ? {} : { platformSpec }) },
    },
  ], "declared");
}
