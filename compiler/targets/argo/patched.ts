/** Documents with parts that hmc did not write: patches of the user, and other templates than containers. What Argo would refuse of them is told before it does. */
import { tasksOf } from "../../ir/traverse.ts";
import type { Document, Pipeline, PipelineOptions, Span, TaskOptions } from "../../ir/types.ts";
import { report, type Build } from "./build.ts";
import { checkArgo } from "./check/check.lazy.ts";
import type { Manifest } from "./spec.ts";

/** Checks the documents as `hmc check` does, where something of the user is part of them. */
export function checkPatched(build: Build, pipeline: Pipeline, manifests: readonly Manifest[]): void {
  const patch = patchIn(build.document) ?? templateIn(build.document);
  if (patch === undefined) return;
  const found = checkArgo(manifests.map((value) => ({ value })), { version: build.version });
  for (const { severity, code, message } of found) if (severity === "error") report(build, "HMC4115", patch.span ?? pipeline.span, { what: patch.what, code, problem: message });
}

/** What of a document the user has written for Argo itself. */
interface Own {
  span: Span | undefined;
  what: string;
}

/** The first component that is a template of Argo. */
function templateIn(document: Document): Own | undefined {
  const found = Object.values(document.components).find((component) => component.kind === "container" && component.template !== undefined);
  return found === undefined ? undefined : { span: found.span, what: `"${found.name}"` };
}

/** The first patch for Argo in a document. */
function patchIn(document: Document): Own | undefined {
  const layers: (TaskOptions | PipelineOptions)[] = [document.defaults];
  for (const component of Object.values(document.components)) if (component.kind !== "importer" && "options" in component) layers.push(component.options);
  for (const { options, body } of Object.values(document.pipelines)) layers.push(options, options.defaults ?? {}, ...[...tasksOf(body)].map((task) => task.options));
  const patched = layers.find(({ argo }) => argo?.["patch"] !== undefined || argo?.["podSpecPatch"] !== undefined);
  return patched === undefined ? undefined : { span: patched.spans?.["argo"], what: `an "argo" patch` };
}
