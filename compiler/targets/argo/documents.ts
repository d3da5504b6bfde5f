/** A compiled pipeline as objects of Kubernetes: a Workflow, a WorkflowTemplate, or a template and its schedule. */
import { createHash } from "node:crypto";
import type { Pipeline } from "../../ir/types.ts";
import { argoPipelineOptions } from "./argo-options.ts";
import { type Build } from "./build.ts";
import { cronFields } from "./cron.ts";
import { mergePatch } from "./merge-patch.ts";
import type { JsonObject, Manifest, Template, WorkflowSpec } from "./spec.ts";
import { argoLimits } from "./versions.ts";
import { checkPipelineOptions, workflowMetadata, workflowOptions, workspacePathOf } from "./workflow-options.ts";
import { workflowParameters } from "./workflow-parameters.ts";
import { withWorkspace } from "./workspace.ts";

/** `workflow`: one run. `template`: what runs are made of. `cron`: a template, and a schedule that makes them. `standing`: `cron` where there is a schedule, else `template`. */
export type DocumentKind = "workflow" | "template" | "cron" | "standing";

/** What lowering gives for the spec. */
export interface SpecParts {
  /** The name of the entry pipeline's template. */
  entrypoint: string;
  /** The template that runs when everything else has ended. */
  onExit?: string | undefined;
  templates: Template[];
}

/** A schedule where the pipeline has one, else one run. */
export function defaultKind(pipeline: Pipeline): DocumentKind {
  return hasSchedule(pipeline) ? "cron" : "workflow";
}

function hasSchedule({ options }: Pipeline): boolean {
  return options.schedule !== undefined || argoPipelineOptions(options).cron?.schedules !== undefined;
}

/**
 * The objects, in the order in which they are to be created. Called pipelines are looked over for options that count only where
 * a run starts.
 */
export function documentsOf(build: Build, pipeline: Pipeline, parts: SpecParts, kind: DocumentKind = defaultKind(pipeline)): Manifest[] {
  for (const id of new Set([pipeline.id, ...[...build.pipelines.values()].map(({ id }) => id)])) {
    const one = build.document.pipelines[id];
    if (one !== undefined) checkPipelineOptions(build, one, id === pipeline.id);
  }
  const { labels, annotations } = workflowMetadata(pipeline);
  const metadata = { labels, ...(annotations === undefined ? {} : { annotations }) };
  const spec = specOf(build, pipeline, parts);
  if (kind === "workflow") return [{ apiVersion: "argoproj.io/v1alpha1", kind: "Workflow", metadata: { generateName: `${objectName(pipeline.id, argoLimits.generateName - 1)}-`, ...metadata }, spec }];
  const name = objectName(pipeline.id, argoLimits.workflowName);
  const template: Manifest = { apiVersion: "argoproj.io/v1alpha1", kind: "WorkflowTemplate", metadata: { name, ...metadata }, spec: { workflowMetadata: metadata, ...spec } };
  if (kind === "template" || (kind === "standing" && !hasSchedule(pipeline))) return [template];
  const cron: Manifest = {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "CronWorkflow",
    metadata: { name: objectName(pipeline.id, argoLimits.cronWorkflowName), ...metadata },
    spec: { ...cronFields(build, pipeline), workflowSpec: { workflowTemplateRef: { name } } },
  };
  return [template, cron];
}

function specOf(build: Build, pipeline: Pipeline, parts: SpecParts): WorkflowSpec {
  const parameters = workflowParameters(build, pipeline);
  const spec: WorkflowSpec = {
    entrypoint: parts.entrypoint,
    ...(parameters.length === 0 ? {} : { arguments: { parameters } }),
    ...(parts.onExit === undefined ? {} : { onExit: parts.onExit }),
    ...workflowOptions(build, pipeline),
    templates: pipeline.options.workspace === undefined ? parts.templates : withWorkspace(parts.templates, workspacePathOf(pipeline.options)),
  };
  const { patch } = argoPipelineOptions(pipeline.options);
  return patch === undefined ? spec : (mergePatch(spec as unknown as JsonObject, patch) as unknown as WorkflowSpec);
}

/** A name of Kubernetes: lower case, digits and dashes. One that is too long ends with a hash of the whole. */
export function objectName(wanted: string, limit: number): string {
  const clean = wanted.toLowerCase().replace(/[^a-z0-9-]+/g, "-").replace(/^-+|-+$/g, "") || "pipeline";
  if (clean.length <= limit) return clean;
  const hash = createHash("sha256").update(wanted).digest("hex").slice(0, 6);
  return `${clean.slice(0, limit - 7).replace(/-+$/, "")}-${hash}`;
}
