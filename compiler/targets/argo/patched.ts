/** Documents with parts that hmc did not write: patches of the user. What Argo would refuse of them is told before it does. */
import { tasksOf } from "../../ir/traverse.ts";
import type { Document, Pipeline, PipelineOptions, Span, TaskOptions } from "../../ir/types.ts";
import { report, type Build } from "./build.ts";
import { checkArgo } from "./check/check.lazy.ts";
import type { Manifest } from "./spec.ts";

/** Checks the documents as `hmc check` does, where a patch is part of them. */
export function checkPatched(build: Build, pipeline: Pipeline, manifests: readonly Manifest[]): void {
  const patch = patchIn(build.document);
  if (patch === undefined) return;
  const found = checkArgo(manifests.map((value) => ({ value })), { version: build.version });
  for (const { severity, code, message } of found) if (severity === "error") report(build, "HMC4115", patch.span ?? pipeline.span, { code, problem: message });
}

/** The first patch for Argo in a document. */
function patchIn(document: Document): { span: Span | undefined } | undefined {
  const layers: (TaskOptions | PipelineOptions)[] = [document.defaults];
  for (const component of Object.values(document.components)) if (component.kind !== "importer" && "options" in component) layers.push(component.options);
  for (const { options, body } of Object.values(document.pipelines)) layers.push(options, options.defaults ?? {}, ...[...tasksOf(body)].map((task) => task.options));
  const patched = layers.find(({ argo }) => argo?.["patch"] !== undefined || argo?.["podSpecPatch"] !== undefined);
  return patched === undefined ? undefined : { span: patched.spans?.["argo"] };
}
