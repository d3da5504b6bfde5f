/** Requests to a KFP server of the tests, one by one, as no client sends them. */
import type { KfpServer } from "./server.ts";

export interface Said {
  status: number;
  /** JSON, or the text of what is none. */
  body: Record<string, unknown>;
}

interface Ask {
  query?: Record<string, string>;
  json?: unknown;
  file?: { name: string; content: string; field?: string };
  headers?: Record<string, string>;
}

/** Sends `GET /runs` and the like; the path is below the API. */
export async function ask({ host }: KfpServer, call: string, { query = {}, json, file, headers = {} }: Ask = {}): Promise<Said> {
  const [method = "GET", path = ""] = call.split(" ");
  const search = new URLSearchParams(query).toString();
  const form = new FormData();
  if (file !== undefined) form.append(file.field ?? "uploadfile", new Blob([file.content]), file.name);
  const response = await fetch(`${host}/apis/v2beta1${path}${search === "" ? "" : `?${search}`}`, {
    method,
    headers: { ...(json === undefined ? {} : { "content-type": "application/json" }), ...headers },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    ...(file === undefined ? {} : { body: form }),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type") === "application/json";
  return { status: response.status, body: isJson ? (JSON.parse(text) as Record<string, unknown>) : { text } };
}

/** A filter with one predicate, as a query has it: it is decoded twice. */
export function filterOf(predicate: Record<string, unknown>): string {
  return encodeURIComponent(JSON.stringify({ predicates: [predicate] }));
}

/** A pipeline file with one parameter. */
export function pipelineFile(name = "sums", more = ""): { name: string; content: string } {
  return {
    name: "pipeline.yaml",
    content: `pipelineInfo:
  name: ${name}
schemaVersion: 2.1.0
root:
  dag: {}
  inputDefinitions:
    parameters:
      depth:
        parameterType: NUMBER_INTEGER
        defaultValue: 2
      name:
        parameterType: STRING
        isOptional: true
${more}`,
  };
}

/** The platform part of a file. */
export const platformPart = "---\nplatforms:\n  kubernetes:\n    deploymentSpec: {}\n";

/** Uploads a pipeline, and gives its id and that of its version. */
export async function uploaded(server: KfpServer, name: string): Promise<{ pipeline_id: string; pipeline_version_id: string }> {
  const { body } = await ask(server, "POST /pipelines/upload", { query: { name }, file: pipelineFile() });
  const pipeline_id = String(body["pipeline_id"]);
  return { pipeline_id, pipeline_version_id: server.state.versions.find((version) => version.pipeline_id === pipeline_id)?.pipeline_version_id ?? "" };
}
