/** The service of pipelines and their versions. Source: pipeline_server.go and resource_manager.go. */
import { randomUUID } from "node:crypto";
import type { Pipeline, PipelineVersion } from "../../../runtime/remote/kfp/api-types.ts";
import { readPipeline, shownPipeline, type PipelineSource } from "./pipeline-spec.ts";
import { alreadyExists, attempting, internally, invalid, notFound } from "./refusal.ts";
import { isSameName, listed, nowOf, remove, shown, type Query, type Store } from "./state.ts";

/** The longest names, in bytes. Source: backend/src/apiserver/validation/length.go. */
export const longestNames = { Pipeline: 128, PipelineVersion: 127 } as const;

export function createPipeline(store: Store, given: Pipeline): Pipeline {
  const { description, tags } = given;
  const [name, display_name] = namesOf(given);
  internally("Failed to convert API pipeline to model pipeline", () => {
    if (Buffer.byteLength(name) > longestNames.Pipeline) throw invalid(`Pipeline.Name length cannot exceed ${longestNames.Pipeline}`);
  });
  const namespace = namespaceOfPipelines(store, given.namespace);
  if (name === "") throw invalid("name is required");
  return addPipeline(store, { name, display_name, description, namespace, tags } as Pipeline);
}

/** Adds a pipeline whose name is not yet there. */
export function addPipeline(store: Store, given: Pipeline): Pipeline {
  const { name = "", namespace } = given;
  if (store.state.pipelines.some((other) => isSameName(other.name, name) && other.namespace === namespace)) {
    throw alreadyExists(`Failed to create a new pipeline. The name ${name} already exists. Please specify a new name`);
  }
  const pipeline: Pipeline = { pipeline_id: randomUUID(), ...shown(given), created_at: nowOf(store) };
  store.state.pipelines.push(pipeline);
  return pipeline;
}

/** Adds a version of a file that is a pipeline. */
export function addVersion(store: Store, given: PipelineVersion, file: string): PipelineVersion {
  const source = readPipeline(file);
  const { pipeline_id, name = "" } = given;
  if (store.state.versions.some((other) => other.pipeline_id === pipeline_id && isSameName(other.name, name))) {
    throw alreadyExists(`Failed to create a new pipeline version. The name ${name} already exist. Specify a new name`);
  }
  const pipeline_version_id = randomUUID();
  const version: PipelineVersion = { pipeline_version_id, ...shown(given), created_at: nowOf(store), pipeline_spec: shownPipeline(source) };
  store.state.versions.push(version);
  store.state.files.set(pipeline_version_id, file);
  return version;
}

export function listPipelines(store: Store, query: Query): object {
  const namespace = namespaceOfPipelines(store, query["namespace"]);
  return listed(store, "pipelines", "pipelines", store.state.pipelines.filter((pipeline) => pipeline.namespace === namespace), query);
}

export function pipelineOf({ state }: Store, id: string): Pipeline {
  const found = state.pipelines.find(({ pipeline_id }) => pipeline_id === id);
  if (found === undefined) throw notFound("Pipeline", id);
  return found;
}

export function pipelineNamed(store: Store, name: string, given: string | undefined): Pipeline {
  const namespace = namespaceOfPipelines(store, given);
  const found = store.state.pipelines.find((pipeline) => isSameName(pipeline.name, name) && pipeline.namespace === namespace);
  if (found === undefined) throw notFound("Namespace/Pipeline", `${namespace ?? ""}/${name}`);
  return found;
}

export function deletePipeline(store: Store, id: string, isCascade: boolean): object {
  const pipeline = attempting(`Failed to delete pipeline with id ${id} as it was not found`, () => pipelineOf(store, id));
  const versions = store.state.versions.filter(({ pipeline_id }) => pipeline_id === id);
  if (versions.length > 0 && !isCascade) {
    throw invalid(`Failed to delete pipeline with id ${id} as it has existing pipeline versions (e.g. ${versions[0]?.pipeline_version_id ?? ""}). Set cascade=true to delete all versions`);
  }
  for (const version of versions) remove(store.state.versions, version);
  return remove(store.state.pipelines, pipeline);
}

export function listVersions(store: Store, pipelineId: string, query: Query): object {
  attempting(`Failed to get namespace for pipeline id ${pipelineId}`, () => pipelineOf(store, pipelineId));
  return listed(store, "versions", "pipeline_versions", store.state.versions.filter(({ pipeline_id }) => pipeline_id === pipelineId), query);
}

/** A version by its id alone: KFP does not look whether it is one of the pipeline that the path names. */
export function versionOf({ state }: Store, id: string): PipelineVersion {
  const found = state.versions.find(({ pipeline_version_id }) => pipeline_version_id === id);
  if (found === undefined) throw notFound("PipelineVersion", id);
  return found;
}

/** KFP fetches such a version from an address. This server fetches nothing, and answers as for an address that may not be fetched. */
export function createVersion({ package_url, pipeline_id = "" }: PipelineVersion): never {
  const what = "Failed to create a pipeline version.";
  if (package_url === undefined) throw invalid(`${what} Package URL is nil`);
  if ((package_url.pipeline_url ?? "") === "") throw invalid(`${what} Package URL is empty`);
  if (pipeline_id === "") throw invalid(`${what} Parent pipeline id is empty`);
  throw invalid("Pipeline URL validation failed");
}

/** The version that a run is made of: the named one, or the latest of the pipeline. Source: `fetchPipelineVersionFromPipelineSpec` in resource_manager.go. */
export function referredVersion(store: Store, pipelineId: string, versionId: string): PipelineVersion {
  if (versionId === "") {
    pipelineOf(store, pipelineId);
    return latestVersion(store, pipelineId);
  }
  const version = attempting(`Failed to fetch a pipeline version and its manifest from pipeline version ${versionId}`, () => versionOf(store, versionId));
  const own = version.pipeline_id ?? "";
  if (pipelineId !== "" && pipelineId !== own) throw invalid(`Pipeline version ${versionId} belongs to pipeline ${own} (not ${pipelineId})`);
  return version;
}

/** The file of a version, read. */
export function sourceOf({ state }: Store, { pipeline_version_id = "" }: PipelineVersion): PipelineSource {
  return readPipeline(state.files.get(pipeline_version_id) ?? "");
}

/** A name and a shown name, of which one may be missing. Source: `toModelPipeline` in api_converter.go. */
function namesOf({ name = "", display_name = "" }: Pipeline): [string, string] {
  return [name === "" ? display_name : name, display_name === "" ? name : display_name];
}

/** The latest is that of the last second; of several, that with the greatest id. */
function latestVersion({ state }: Store, pipelineId: string): PipelineVersion {
  const key = ({ created_at = "", pipeline_version_id = "" }: PipelineVersion) => `${created_at} ${pipeline_version_id}`;
  const latest = state.versions.filter(({ pipeline_id }) => pipeline_id === pipelineId).reduce<PipelineVersion | undefined>((best, version) => (best !== undefined && key(best) > key(version) ? best : version), undefined);
  if (latest === undefined) throw notFound("PipelineVersion", pipelineId);
  return latest;
}

/** A server with one user knows no namespaces: what is given is not looked at. Source: `ReplaceNamespace`, `ValidateNamespaceRequired`. */
export function namespaceOfPipelines({ isMultiUser }: Store, given = ""): string | undefined {
  if (!isMultiUser) return undefined;
  if (given === "") throw invalid("Namespace is required for pipeline operations");
  return given;
}
