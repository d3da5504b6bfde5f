/** A build and a template for tests of what options become. */
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import type { Document, RunTime, TaskOptions, ValueType } from "../../compiler/ir/types.ts";
import type { Build } from "../../compiler/targets/argo/build.ts";
import { podSettings, type PodSettings } from "../../compiler/targets/argo/pod.ts";
import type { PodContext } from "../../compiler/targets/argo/pod-context.ts";
import { document, input, op, span, text } from "../kfp/documents.ts";

export function buildOf(more: Partial<Build> = {}, of: Document = document([op("train", {})])): Build {
  return { document: of, entrypoint: ["node", "/app/main.mjs"], inline: { bundles: new Map(), missing: new Set() }, version: "4.1", repository: "s3", diagnostics: [], entry: undefined, regions: [], pipelines: new Map(), leaves: new Map(), onExit: undefined, ...more };
}

/** The parameter `name` of the pipeline as an option. */
export function runTime(name: string, type: ValueType = text): RunTime {
  return { expression: input(name, type) };
}

/** A template whose run-time values are inputs of their own names; those of `maybe` may be missing in a run. */
export function contextOf(maybe: readonly string[] = [], more: Partial<PodContext> = {}): PodContext {
  const nameOf = ({ expression }: RunTime): string => (expression.kind === "input" ? expression.name : "value");
  return {
    componentId: "train",
    span,
    text: (value) => `{{inputs.parameters.${nameOf(value)}}}`,
    present: (value) => (maybe.includes(nameOf(value)) ? `inputs.parameters.${nameOf(value)} != 'null'` : undefined),
    parameters: [],
    ...more,
  };
}

/** What options become, and what is said of them. */
export function settingsOf(options: TaskOptions, more: { build?: Partial<Build>; maybe?: string[]; context?: Partial<PodContext> } = {}): { settings: PodSettings; diagnostics: Diagnostic[]; codes: string[] } {
  const build = buildOf(more.build);
  const settings = podSettings(build, { image: "ghcr.io/acme/ops:1.0", ...options }, contextOf(more.maybe, more.context));
  return { settings, diagnostics: build.diagnostics, codes: build.diagnostics.map(({ code }) => code) };
}
