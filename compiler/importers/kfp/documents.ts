/** Which documents of a file are what: a file may hold a pipeline as it is, within a Kubernetes object, or something else by mistake. */
import { diagnostic, type Diagnostic } from "../../diagnostics/diagnostic.ts";
import { nearestName } from "../../diagnostics/nearest.ts";
import { pipelineSpec } from "./messages.ts";
import { snakeCase } from "./snake-case.ts";
import type { Source } from "../../yaml/source.ts";
import { member, memberText, type YamlMap, type YamlNode } from "../../yaml/tree.ts";

export type Documents =
  | { kind: "v2"; spec: YamlNode; platform: YamlNode | undefined; warnings: Diagnostic[] }
  | { kind: "v1"; component: YamlMap }
  | { kind: "none"; error: Diagnostic };

type Part = { kind: "spec"; spec: YamlNode; platform?: YamlNode | undefined; warnings?: Diagnostic[] } | { kind: "platform"; node: YamlMap } | { kind: "v1"; node: YamlMap } | { kind: "pipelineObject"; node: YamlMap };

/** Sorts out the documents of a file that are not empty. */
export function recognise(source: Source, documents: readonly YamlNode[]): Documents {
  const none = (error: Diagnostic): Documents => ({ kind: "none", error });
  const start = source.span(0, 0);
  if (documents.length === 0) return none(diagnostic("HMC7002", start, { file: source.file }));
  const parts: Part[] = [];
  for (const document of documents) {
    const part = recogniseOne(source, document);
    if ("code" in part) return none(part);
    parts.push(part);
  }
  // A `Pipeline` object names what its `PipelineVersion` holds.
  const spec = parts.find((part) => part.kind === "spec");
  const platform = parts.find((part) => part.kind === "platform");
  const [first] = parts;
  const extra = parts.find((part) => part !== spec && part !== platform && !(part.kind === "pipelineObject" && spec !== undefined) && !(part.kind === "v1" && parts.length === 1));
  if (spec !== undefined && extra === undefined) {
    const inner = platform?.node ?? spec.platform;
    return { kind: "v2", spec: spec.spec, platform: inner, warnings: spec.warnings ?? [] };
  }
  if (first?.kind === "v1" && parts.length === 1) return { kind: "v1", component: first.node };
  if (first?.kind === "pipelineObject") {
    return none(diagnostic("HMC7009", start, { what: `a Kubernetes object "Pipeline", which holds no pipeline`, advice: `Give the "PipelineVersion" of it` }));
  }
  if (spec === undefined && first?.kind === "platform") {
    return none(diagnostic("HMC7009", start, { what: "only the platform's settings of a pipeline", advice: "Give the whole file, with the pipeline before them" }));
  }
  const where = documents[parts.findIndex((part) => part === extra)];
  return none(diagnostic("HMC7008", where === undefined ? start : source.span(where.start, where.start + 1), { has: listParts(parts) }));
}

function listParts(parts: readonly Part[]): string {
  const names = { spec: ["pipeline", "pipelines"], platform: ["document of settings", "documents of settings"], v1: ["v1 component", "v1 components"], pipelineObject: ["Kubernetes object", "Kubernetes objects"] } as const;
  const counts = Object.entries(names).flatMap(([kind, [one, many]]) => {
    const count = parts.filter((part) => part.kind === kind).length;
    return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
  });
  return counts.join(" and ");
}

function recogniseOne(source: Source, node: YamlNode): Part | Diagnostic {
  const refuse = (what: string, advice: string): Diagnostic => diagnostic("HMC7009", source.span(node.start, node.start + 1), { what, advice });
  if (node.kind !== "map") return refuse(node.kind === "list" ? "a list" : "plain text", "Give a file that KFP's compiler wrote");
  if (node.entries.has("implementation")) return { kind: "v1", node };
  if (node.entries.has("platforms")) return { kind: "platform", node };
  const kind = memberText(node, "kind");
  const apiVersion = memberText(node, "apiVersion");
  if (kind !== undefined || apiVersion !== undefined) return kubernetesObject(source, node, kind, apiVersion);
  const keys = [...node.entries.keys()];
  if (keys.some((key) => Object.keys(pipelineSpec.fields).some((field) => key === field || key === snakeCase(field)))) return { kind: "spec", spec: node };
  const job = member(node, "pipelineSpec") ?? member(node, "pipeline_spec");
  if (job !== undefined) return { kind: "spec", spec: job, warnings: leftOut(source, node, ["pipelineSpec", "pipeline_spec"], "it belongs to one run of the pipeline") };
  if (keys.some((key) => key === "inputs" || key === "outputs")) return refuse("a v1 component without an implementation", `Add "implementation" with the container that it runs`);
  const suggestion = keys.map((key) => [key, nearestName(key, [...Object.keys(pipelineSpec.fields), "implementation", "platforms"])] as const).find(([, near]) => near !== undefined);
  return refuse("some other YAML", suggestion === undefined ? "Give a file that KFP's compiler wrote" : `Did you mean "${suggestion[1]}" where it has "${suggestion[0]}"?`.replace(/\?$/, ""));
}

function kubernetesObject(source: Source, node: YamlMap, kind: string | undefined, apiVersion: string | undefined): Part | Diagnostic {
  const refuse = (what: string, advice: string): Diagnostic => diagnostic("HMC7009", source.span(node.start, node.start + 1), { what, advice });
  const group = apiVersion?.split("/")[0];
  if (group === "argoproj.io") {
    const metadata = member(node, "metadata");
    const isKfp = [member(metadata, "annotations"), member(metadata, "labels")].some((map) => map?.kind === "map" && [...map.entries.keys()].some((key) => key.startsWith("pipelines.kubeflow.org/")));
    if (isKfp) return refuse(`an Argo "${kind ?? ""}" that the SDK of KFP v1 compiled`, "Compile its source anew with kfp 2, whose files say what Argo's no longer does");
    return refuse(`an Argo "${kind ?? ""}"`, "Give the pipeline that it was compiled from");
  }
  if (group !== "pipelines.kubeflow.org") return refuse(`a Kubernetes object "${kind ?? ""}" of "${apiVersion ?? ""}"`, "Give a file that KFP's compiler wrote");
  const body = member(node, "spec");
  const spec = member(body, "pipelineSpec");
  if (spec !== undefined) return { kind: "spec", spec, platform: member(body, "platformSpec") };
  if (kind === "Pipeline") return { kind: "pipelineObject", node };
  return refuse(`a Kubernetes object "${kind ?? ""}" without "spec.pipelineSpec"`, `Give the "PipelineVersion" that holds the pipeline`);
}

/** A warning for each member of a map that the import leaves out. */
function leftOut(source: Source, node: YamlMap, kept: readonly string[], reason: string): Diagnostic[] {
  return [...node.entries].flatMap(([field, { key }]) => (kept.includes(field) ? [] : [diagnostic("HMC7024", source.span(key.start, key.end), { field, reason })]));
}
