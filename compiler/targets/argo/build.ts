/** What lowering to Argo knows while it works. */
import type { DiagnosticCode, Parameters } from "../../diagnostics/registry.ts";
import { diagnostic, type Diagnostic, type RelatedSpan } from "../../diagnostics/diagnostic.ts";
import type { Document, Span } from "../../ir/types.ts";
import type { Template } from "./spec.ts";
import type { ArgoVersion } from "./versions.ts";

/** The kind of store behind Argo's artifact repository; keyed artifacts name it. */
export type Repository = "s3" | "gcs" | "azure" | "oss";

/** One compilation. */
export interface Build {
  document: Document;
  /** The command that starts the entrypoint in the image. */
  entrypoint: readonly string[];
  version: ArgoVersion;
  repository: Repository;
  diagnostics: Diagnostic[];
  /** Finished templates, in order of their use. */
  templates: Template[];
  /** Names of templates that are taken. */
  names: Set<string>;
  /** Templates of components, by what they run and how. */
  leaves: Map<string, Template>;
}

/** Reports a diagnostic once: a pipeline that is called twice is lowered once, but a component is for each of its tasks. */
export function report<C extends DiagnosticCode>(build: Build, code: C, span: Span | undefined, parameters: Parameters<C>, related: RelatedSpan[] = []): void {
  const found = diagnostic(code, span, parameters, { related });
  const isSame = (other: Diagnostic): boolean => other.code === code && other.message === found.message && other.span?.start === span?.start && other.span?.file === span?.file;
  if (!build.diagnostics.some(isSame)) build.diagnostics.push(found);
}
