/** What lowering to Argo knows while it works: of the whole compilation. */
import type { DiagnosticCode, Parameters } from "../../diagnostics/registry.ts";
import { diagnostic, type Diagnostic, type RelatedSpan } from "../../diagnostics/diagnostic.ts";
import type { Document, Span } from "../../ir/types.ts";
import type { InlineCode } from "../inline.ts";
import type { Channel, Region } from "./region.ts";
import type { Template } from "./spec.ts";
import type { ArgoVersion } from "./versions.ts";

/** The kind of store behind Argo's artifact repository; keyed artifacts name it. */
export type Repository = "s3" | "gcs" | "azure" | "oss";

/** One compilation. */
export interface Build {
  document: Document;
  /** The command that starts the entrypoint in the image. */
  entrypoint: readonly string[];
  inline: InlineCode;
  version: ArgoVersion;
  repository: Repository;
  diagnostics: Diagnostic[];
  /** The region of the pipeline that is compiled. */
  entry: Region | undefined;
  /** Every region, outer before inner. */
  regions: Region[];
  /** The region of each pipeline that has been met: one for each choice of outputs whose keys callers give. */
  pipelines: Map<string, PipelineRegion>;
  /** Templates of components, by what they run and how, in order of their use. */
  leaves: Map<string, Leaf>;
  /** What runs when the whole workflow has ended. */
  onExit: Region | undefined;
}

/** The template of a component. Its name is given last, in `name-templates.ts`. */
export interface Leaf {
  template: string;
  component: string;
  spec: Template;
}

/** A pipeline as its callers see it. */
export interface PipelineRegion {
  /** The id of the pipeline. */
  id: string;
  region: Region;
  /** The names of the template's inputs and outputs by those of the pipeline. */
  inputs: Map<string, string>;
  outputs: Map<string, string>;
  /** The prefix of its keys in the artifact repository, where it collects artifacts. */
  prefix: Channel | undefined;
}

/** Reports a diagnostic once: a component is lowered for each of its tasks. */
export function report<C extends DiagnosticCode>(build: Build, code: C, span: Span | undefined, parameters: Parameters<C>, related: RelatedSpan[] = []): undefined {
  const found = diagnostic(code, span, parameters, { related });
  const isSame = (other: Diagnostic): boolean => other.code === code && other.message === found.message && other.span?.start === span?.start && other.span?.file === span?.file;
  if (!build.diagnostics.some(isSame)) build.diagnostics.push(found);
  return undefined;
}
