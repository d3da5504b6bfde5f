/** The parameters of a pipeline as those of a workflow. */
import { nearestName } from "../../diagnostics/nearest.ts";
import type { Input, Json, Pipeline, PipelineOptions, Span } from "../../ir/types.ts";
import { argoPipelineOptions } from "./argo-options.ts";
import { report, type Build } from "./build.ts";
import { freeName, parameterName } from "./names.ts";
import { ABSENT } from "./region.ts";
import type { JsonObject, Parameter } from "./spec.ts";
import { constantText } from "./translate.ts";

/**
 * What `argo submit -p` and the web UI offer: for each parameter its value, its description, and the values that it may have.
 * One without a value must be given to each run. Templates read them by these names.
 */
export function workflowParameters(build: Build, pipeline: Pipeline): Parameter[] {
  const from = argoPipelineOptions(pipeline.options).parametersFrom ?? {};
  const inputs = Object.entries(pipeline.inputs).filter(([, { type }]) => type.kind !== "artifact");
  for (const name of Object.keys(from)) {
    if (inputs.some(([known]) => known === name)) continue;
    const suggestion = nearestName(name, inputs.map(([known]) => known));
    report(build, "HMC4146", optionSpan(pipeline.options, "argo", pipeline.span), { kind: "parameter", option: `argo.parametersFrom.${name}`, name, task: pipeline.id, suggestion });
  }
  const taken = new Set<string>();
  return inputs.map(([name, input]) => {
    const initial = initialText(input);
    const source = from[name];
    const values = literalsOf(input);
    return {
      name: freeName(parameterName(name), taken),
      ...(source !== undefined ? { valueFrom: { configMapKeyRef: referenceOf(source), ...(initial === undefined ? {} : { default: initial }) } } : initial === undefined ? {} : { value: initial }),
      ...(input.description === undefined ? {} : { description: input.description }),
      ...(values === undefined ? {} : { enum: values }),
    };
  });
}

/** Values of parameters as a run is given them: by the names that the workflow has, as texts. */
export function workflowArguments({ inputs }: Pipeline, values: Readonly<Record<string, Json>>): { name: string; value: string }[] {
  const taken = new Set<string>();
  return Object.entries(inputs).filter(([, { type }]) => type.kind !== "artifact").flatMap(([input]) => {
    const name = freeName(parameterName(input), taken);
    const value = values[input];
    return value === undefined ? [] : [{ name, value: constantText(value) }];
  });
}

/** The parameters that each run must be given. */
export function requiredParameters(pipeline: Pipeline): [name: string, input: Input][] {
  const from = argoPipelineOptions(pipeline.options).parametersFrom ?? {};
  return Object.entries(pipeline.inputs).filter(([name, input]) => input.type.kind !== "artifact" && initialText(input) === undefined && from[name] === undefined);
}

function initialText({ default: initial, optional }: Input): string | undefined {
  if (initial !== undefined) return constantText(initial);
  return optional ? ABSENT : undefined;
}

function literalsOf({ type, optional, default: initial }: Input): string[] | undefined {
  if (type.kind !== "string" && type.kind !== "number" && type.kind !== "integer") return undefined;
  const literals: readonly (string | number)[] | undefined = type.literals;
  if (literals === undefined || literals.length === 0) return undefined;
  return [...literals.map((literal) => constantText(literal)), ...(optional && initial === undefined ? [ABSENT] : [])];
}

function referenceOf({ configMap, key, optional }: { configMap: string; key: string; optional?: boolean }): JsonObject {
  return { name: configMap, key, ...(optional === undefined ? {} : { optional }) };
}

/** Where an option of a pipeline was written. */
export function optionSpan(options: PipelineOptions, option: string, otherwise: Span): Span {
  return options.spans?.[option] ?? otherwise;
}
