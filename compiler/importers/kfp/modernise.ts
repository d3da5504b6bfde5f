/** What a pipeline says in ways that hmc does not keep: deprecated twins are turned into today's fields, the rest is named and left out. */
import { diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Json } from "../../ir/types.ts";
import type { PlatformSpec } from "./platform-spec.ts";
import type { Places } from "./references.ts";
import type { Reports } from "./reports.ts";
import type { ComponentSpec, ExecutorSpec, LegacyValue, ParameterTypeName, PipelineSpec, PrimitiveTypeName, ValueOrRuntimeParameter } from "./spec.ts";

type Path = readonly (string | number)[];

interface Work {
  places: Places;
  reports: Reports;
}

const OBSOLETE = "KFP's servers no longer read it";
const TYPES: Readonly<Record<PrimitiveTypeName, ParameterTypeName>> = { PRIMITIVE_TYPE_UNSPECIFIED: "PARAMETER_TYPE_ENUM_UNSPECIFIED", INT: "NUMBER_INTEGER", DOUBLE: "NUMBER_DOUBLE", STRING: "STRING" };

/** Mends a specification in place, and warns of what it takes out. */
export function modernise(spec: PipelineSpec, platform: PlatformSpec | undefined, places: Places, reports: Reports): void {
  const work: Work = { places, reports };
  if (spec.root !== undefined) moderniseComponent(work, spec.root, ["root"]);
  for (const [name, component] of Object.entries(spec.components ?? {})) moderniseComponent(work, component, ["components", name]);
  for (const [label, executor] of Object.entries(spec.deploymentSpec?.executors ?? {})) moderniseExecutor(work, executor, ["deploymentSpec", "executors", label]);
  for (const [name, single] of Object.entries(platform?.platforms ?? {})) {
    take(work, single, "platform", ["platforms", name], "KFP does not read it");
    take(work, single, "config", ["platforms", name], "KFP does not read it");
  }
}

/** Removes a member, with a warning that names it. */
function take<Form extends object, Key extends keyof Form & string>(work: Work, form: Form, key: Key, path: Path, reason: string): void {
  if (form[key] === undefined) return;
  work.reports.add(diagnostic("HMC7024", work.places.key([...path, key]), { field: key, reason }));
  delete form[key];
}

function moderniseComponent(work: Work, component: ComponentSpec, path: Path): void {
  take(work, component, "singlePlatformSpecs", path, OBSOLETE);
  for (const passthrough of component.taskConfigPassthroughs ?? []) if (passthrough.field === "NONE") delete passthrough.field;
  for (const side of ["inputDefinitions", "outputDefinitions"] as const) {
    for (const parameter of Object.values(component[side]?.parameters ?? {})) {
      const { type } = parameter;
      if (type === undefined) continue;
      delete parameter.type;
      parameter.parameterType ??= TYPES[type];
    }
  }
  for (const [name, artifact] of Object.entries(component.outputDefinitions?.artifacts ?? {})) {
    const at = [...path, "outputDefinitions", "artifacts", name];
    take(work, artifact, "properties", at, OBSOLETE);
    take(work, artifact, "customProperties", at, OBSOLETE);
  }
  for (const side of ["inputDefinitions", "outputDefinitions"] as const) {
    for (const [name, { artifactType }] of Object.entries(component[side]?.artifacts ?? {})) {
      if (artifactType !== undefined) take(work, artifactType, "schemaUri", [...path, side, "artifacts", name, "artifactType"], OBSOLETE);
    }
  }
  for (const [task, { inputs, triggerPolicy }] of Object.entries(component.dag?.tasks ?? {})) {
    // What tasks do anyway.
    if (triggerPolicy?.strategy !== undefined && triggerPolicy.strategy !== "ALL_UPSTREAM_TASKS_COMPLETED") delete triggerPolicy.strategy;
    for (const [name, { runtimeValue }] of Object.entries(inputs?.parameters ?? {})) {
      moderniseValue(runtimeValue);
      if (runtimeValue !== undefined) take(work, runtimeValue, "runtimeParameter", [...path, "dag", "tasks", task, "inputs", "parameters", name, "runtimeValue"], "KFP's servers do not implement it");
    }
  }
}

function moderniseExecutor(work: Work, { importer }: ExecutorSpec, path: Path): void {
  if (importer === undefined) return;
  take(work, importer, "properties", [...path, "importer"], OBSOLETE);
  take(work, importer, "customProperties", [...path, "importer"], OBSOLETE);
  moderniseValue(importer.artifactUri);
  if (importer.typeSchema !== undefined) take(work, importer.typeSchema, "schemaUri", [...path, "importer", "typeSchema"], OBSOLETE);
}

function moderniseValue(value: ValueOrRuntimeParameter | undefined): void {
  if (value?.constantValue === undefined) return;
  const constant = constantOf(value.constantValue);
  delete value.constantValue;
  if (constant !== undefined) value.constant = constant;
}

function constantOf({ intValue, doubleValue, stringValue }: LegacyValue): Json | undefined {
  return stringValue ?? doubleValue ?? (intValue === undefined ? undefined : Number(intValue));
}
