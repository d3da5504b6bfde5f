/** What the `argo` options say of single inputs and outputs: applied to a template that is otherwise finished. */
import { nearestName } from "../../diagnostics/nearest.ts";
import type { TaskOptions } from "../../ir/types.ts";
import { argoTaskOptions, type ArtifactSettings } from "./argo-options.ts";
import { report, type Build, type Repository } from "./build.ts";
import { mergePatch } from "./merge-patch.ts";
import type { PodContext } from "./pod-context.ts";
import type { Artifact, Arguments, JsonObject, Parameter, Template } from "./spec.ts";

/** The members of an artifact that say where it is; at most one may be there. */
const locations = ["s3", "gcs", "oss", "azure", "hdfs", "artifactory", "http", "git", "raw", "plugin"];

/** An artifact by its key alone: bucket and credentials are those of the cluster's repository. Azure calls the key `blob`. */
export function keyedLocation(repository: Repository, key: string): JsonObject {
  return { [repository]: repository === "azure" ? { blob: key } : { key } };
}

/**
 * The template with the settings of its artifacts, the global names of its outputs, and last of all the patch. Names that it
 * has not are reported.
 */
export function withTemplateOptions(build: Build, template: Template, options: TaskOptions, context: PodContext): Template {
  const { artifacts = {}, globalNames = {}, patch } = argoTaskOptions(options);
  let result: Template = template;
  for (const [name, settings] of Object.entries(artifacts)) result = withArtifact(build, result, name, settings, options, context);
  for (const [name, globalName] of Object.entries(globalNames)) result = withGlobalName(build, result, name, globalName, options, context);
  return patch === undefined ? result : (mergePatch(result as unknown as JsonObject, patch) as unknown as Template);
}

function withArtifact(build: Build, template: Template, name: string, settings: ArtifactSettings, options: TaskOptions, context: PodContext): Template {
  const wanted = context.nameOf?.(name) ?? name;
  const known: string[] = [];
  for (const side of ["inputs", "outputs"] as const) {
    const ports = template[side];
    known.push(...(ports?.artifacts ?? []).map((artifact) => artifact.name));
    if (ports?.artifacts?.some((artifact) => artifact.name === wanted) !== true) continue;
    return { ...template, [side]: { ...ports, artifacts: ports.artifacts.map((artifact) => (artifact.name === wanted ? stored(artifact, settings, build.repository) : artifact)) } };
  }
  reportName(build, "artifact", `argo.artifacts.${name}`, name, known, options, context);
  return template;
}

function stored(artifact: Artifact, settings: ArtifactSettings, repository: Repository): Artifact {
  const { key, raw, location, gc, ...same } = settings;
  const place = key !== undefined ? keyedLocation(repository, key) : raw !== undefined ? { raw: { data: raw } } : location;
  const kept = place === undefined ? artifact : (Object.fromEntries(Object.entries(artifact).filter(([member]) => !locations.includes(member))) as unknown as Artifact);
  return { ...kept, ...same, ...place, ...(gc === undefined ? {} : { artifactGC: { strategy: gc } }) };
}

function withGlobalName(build: Build, template: Template, name: string, globalName: string, options: TaskOptions, context: PodContext): Template {
  const wanted = context.nameOf?.(name) ?? name;
  const { parameters = [], artifacts = [] } = template.outputs ?? {};
  const rename = <T extends Parameter | Artifact>(ports: T[]): T[] => ports.map((port) => (port.name === wanted ? { ...port, globalName } : port));
  const known = [...parameters, ...artifacts].map((port) => port.name);
  if (!known.includes(wanted)) {
    reportName(build, "output", `argo.globalNames.${name}`, name, known, options, context);
    return template;
  }
  const outputs: Arguments = {
    ...(parameters.length === 0 ? {} : { parameters: rename(parameters) }),
    ...(artifacts.length === 0 ? {} : { artifacts: rename(artifacts) }),
  };
  return { ...template, outputs };
}

function reportName(build: Build, kind: "artifact" | "output", option: string, name: string, known: string[], options: TaskOptions, context: PodContext): void {
  report(build, "HMC4146", options.spans?.["argo"] ?? context.span, { kind, option, name, task: context.componentId, suggestion: nearestName(name, known) });
}
