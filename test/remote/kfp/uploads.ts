/** Uploads of pipeline files, which have no gRPC service: their answers to bad requests say little. Source: pipeline_upload_server.go. */
import type { Pipeline, PipelineVersion } from "../../../runtime/remote/kfp/api-types.ts";
import { addPipeline, addVersion, longestNames, namespaceOfPipelines } from "./pipelines.ts";
import { readPipeline } from "./pipeline-spec.ts";
import { Refusal, UploadRefusal } from "./refusal.ts";
import type { Query, Store } from "./state.ts";

export interface Uploaded {
  name: string;
  content: string;
}

/** The largest file: `MaxFileLength` in backend/src/apiserver/common/const.go. */
const mostBytes = 32 << 20;

/** Makes a pipeline and its first version, which has the same name. */
export function upload(store: Store, query: Query, file: Uploaded): Pipeline {
  checkFile(file, "Failed to read a pipeline spec file");
  const namespace = orPlainly(() => namespaceOfPipelines(store, query["namespace"]));
  const named = namesOf(query, file, "Pipeline");
  const tags = tagsOf(query);
  return orBriefly("Failed to create a pipeline and a pipeline version", () => {
    readPipeline(file.content);
    const pipeline = addPipeline(store, { ...named, ...(namespace === undefined ? {} : { namespace }), ...tags });
    addVersion(store, { pipeline_id: pipeline.pipeline_id ?? "", ...named }, file.content);
    return pipeline;
  });
}

/** Makes a version of a pipeline. */
export function uploadVersion(store: Store, query: Query, file: Uploaded): PipelineVersion {
  const failed = "Failed to create a pipeline version";
  checkFile(file, failed);
  const { pipelineid = "" } = query;
  const named = namesOf(query, file, "PipelineVersion");
  // A pipeline that is not there is a bad request here, and not something that was not found.
  if (!store.state.pipelines.some(({ pipeline_id }) => pipeline_id === pipelineid)) throw new UploadRefusal(400, failed);
  const tags = tagsOf(query);
  return orBriefly(failed, () => addVersion(store, { pipeline_id: pipelineid, ...named, ...tags }, file.content));
}

function checkFile({ name, content }: Uploaded, failed: string): void {
  if (!/\.(?:ya?ml|json)$/.test(name) || Buffer.byteLength(content) > mostBytes) throw new UploadRefusal(400, failed);
}

/** The name is the given one, else the shown name, else that of the file. */
function namesOf({ name = "", display_name = "", description = "" }: Query, file: Uploaded, kind: keyof typeof longestNames): { name: string; display_name: string; description: string } {
  const own = [name, display_name, file.name].find((text) => text !== "") ?? "";
  if (Buffer.byteLength(own) > longestNames[kind]) throw new UploadRefusal(400, `Invalid input error: ${kind}.Name length cannot exceed ${longestNames[kind]}`, true);
  return { name: own, display_name: display_name === "" ? own : display_name, description };
}

function tagsOf({ tags = "" }: Query): { tags?: Record<string, string> } {
  if (tags === "") return {};
  try {
    return { tags: JSON.parse(tags) as Record<string, string> };
  } catch {
    throw new UploadRefusal(400, "Failed to parse tags query parameter. Expected JSON object with string keys and values");
  }
}

/** Of a name that is taken it says only that, of a bad file what is wrong with it. */
function orBriefly<T>(failed: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.code === "InvalidArgument") throw new UploadRefusal(400, error.external);
    throw new UploadRefusal(error.code === "AlreadyExists" ? 409 : 500, failed);
  }
}

function orPlainly<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw error instanceof Refusal ? new UploadRefusal(error.status, error.message, true) : error;
  }
}
