/** The files of versions that are on a server. */
import { stringify } from "yaml";
import type { PipelineVersion } from "../../../runtime/remote/kfp/api-types.ts";
import { runningVersion, type Found, type Version } from "./found.ts";

/** The version that runs by itself, or else the newest, with its file; undefined where there is none, or the server does not give its file. */
export function deployedVersion(found: Found): { version: Version; yaml: string } | undefined {
  const version = runningVersion(found) ?? found.versions[0];
  const yaml = version === undefined ? undefined : yamlOfVersion(version);
  return version === undefined || yaml === undefined ? undefined : { version, yaml };
}

/**
 * A version as YAML, as KFP reads it (1.1: what looks like a date is in quotes): the pipeline, and after it what Kubernetes is asked for. The server gives the first alone, or both under `pipeline_spec` and
 * `platform_spec`. Undefined where it gives none, as for pipelines of KFP 1.
 */
export function yamlOfVersion({ pipeline_spec: given }: PipelineVersion): string | undefined {
  if (given === undefined || Object.keys(given).length === 0) return undefined;
  const { pipeline_spec: spec, platform_spec: platform } = given;
  const documents = spec === undefined ? [given] : platform === undefined ? [spec] : [spec, platform];
  return documents.map((document) => stringify(document, { aliasDuplicateObjects: false, version: "1.1" })).join("---\n");
}
