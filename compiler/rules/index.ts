/** Every rule over the IR that holds for all targets. */
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Document } from "../ir/types.ts";
import { argoOptions } from "./argo-options.ts";
import { constantControl } from "./constant-control.ts";
import { cycles } from "./cycles.ts";
import { emptyPipeline } from "./empty-pipeline.ts";
import { environment } from "./environment.ts";
import { image } from "./image.ts";
import { kubernetesNames } from "./kubernetes-names.ts";
import { limits } from "./limits.ts";
import { names } from "./names.ts";
import { placement } from "./placement.ts";
import { redundantOrder } from "./redundant-order.ts";
import { resources } from "./resources.ts";
import type { Rule } from "./rule.ts";
import { schedule } from "./schedule.ts";
import { unusedOutputs } from "./unused-outputs.ts";
import { unusedParameters } from "./unused-parameters.ts";
import { volumes } from "./volumes.ts";

export const rules: readonly Rule[] = [
  names, emptyPipeline, cycles, redundantOrder, constantControl, unusedOutputs, unusedParameters, environment,
  schedule, image, resources, volumes, kubernetesNames, limits, placement, argoOptions,
];

/**
 * What all rules find in a document, in no particular order.
 *
 * @param place `local` leaves out what matters only to pods and schedules, such as images
 */
export function checkDocument(document: Document, place: "cluster" | "local" = "cluster"): Diagnostic[] {
  return rulesAt(place).flatMap((rule) => rule.check(document));
}

/** Whether `checkDocument` looks for a code at a place; true for every code that is no rule's. */
export function isCheckedAt(place: "cluster" | "local", code: string): boolean {
  const isOf = (rule: Rule): boolean => rule.codes.some((known) => known === code);
  return rulesAt(place).some(isOf) || !rules.some(isOf);
}

function rulesAt(place: "cluster" | "local"): readonly Rule[] {
  return place === "cluster" ? rules : rules.filter((rule) => rule.scope === "always");
}
