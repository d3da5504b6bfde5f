/** The Argo target: a pipeline of the IR as Workflow, WorkflowTemplate or CronWorkflow of plain Argo Workflows. */
import { bug } from "../../bug.ts";
import type { Document } from "../../ir/types.ts";
import { refusal, type Emission, type EmissionOptions } from "../emission.ts";
import { report, type Build, type Repository } from "./build.ts";
import { templatesOf } from "./finish.ts";
import { documentsOf, objectName, type DocumentKind, type SpecParts } from "./documents.ts";
import { flatten } from "./flatten.ts";
import { withLibraries } from "./library.ts";
import { lowerEntry } from "./lower.ts";
import { checkPatched } from "./patched.ts";
import { printArgo } from "./print.ts";
import { checkSizes } from "./sizes.ts";
import { splitRegions } from "./split.ts";
import { argoCapabilities, argoLimits, type ArgoVersion } from "./versions.ts";

export interface ArgoOptions extends EmissionOptions {
  /** The version of Argo that the result is for. */
  version: ArgoVersion;
  /** What is made: one run, a template, or a template and its schedule. */
  kind?: DocumentKind;
  /** The kind of store behind the artifact repository. */
  repository: Repository;
}

/**
 * Compiles one pipeline of a document to Argo's YAML.
 *
 * @returns the YAML, or undefined where an error was reported, or a bundle is missing
 */
export function emitArgo(document: Document, pipelineId: string, options: ArgoOptions): Emission {
  const pipeline = document.pipelines[pipelineId] ?? bug(`no pipeline "${pipelineId}"`);
  const build: Build = {
    document,
    entrypoint: options.entrypoint,
    inline: { bundles: options.inline ?? new Map(), missing: new Set() },
    version: options.version,
    repository: options.repository,
    diagnostics: [],
    entry: undefined,
    regions: [],
    pipelines: new Map(),
    leaves: new Map(),
    onExit: undefined,
  };
  for (const [input, { type, span }] of Object.entries(pipeline.inputs)) if (type.kind === "artifact") report(build, "HMC4114", span, { input, pipeline: pipeline.name });
  const entry = lowerEntry(build, pipeline);
  if (build.diagnostics.some(({ severity }) => severity === "error")) return refusal(build.diagnostics);
  flatten(build);
  const { fullCrds } = argoCapabilities(options.version);
  if (fullCrds) splitRegions(build, argoLimits.tasks);
  const templates = templatesOf(build);
  const parts: SpecParts = { entrypoint: entry.region.template, onExit: build.onExit?.template, templates };
  const whole = documentsOf(build, pipeline, parts, options.kind);
  const manifests = fullCrds ? withLibraries(whole, argoLimits.templates, (number) => objectName(`${pipeline.id}-library-${number}`, argoLimits.workflowName)) : whole;
  checkSizes(build, pipeline, manifests);
  checkPatched(build, pipeline, manifests);
  if (build.diagnostics.some(({ severity }) => severity === "error")) return refusal(build.diagnostics);
  const missing = [...build.inline.missing];
  if (missing.length > 0 || options.isCheck === true) return { yaml: undefined, diagnostics: build.diagnostics, missing };
  return { yaml: printArgo(document, pipeline, manifests, options), diagnostics: build.diagnostics, missing };
}
