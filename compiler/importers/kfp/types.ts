/** From the declarations of KFP to the types of the IR. */
import type { ArtifactType, Input, Json, Output, ParameterType, Span } from "../../ir/types.ts";
import type { Path, Raising } from "./raising.ts";
import type { ArtifactTypeSchema, ComponentInputsSpec, ComponentOutputsSpec, InputParameterSpec, ParameterTypeName } from "./spec.ts";

const json: ParameterType = { kind: "json" };

/** The type of a KFP parameter type. What a list or struct holds is not declared in KFP: loops over it tell more (`refineItems`). */
export function parameterType(name: ParameterTypeName | undefined): ParameterType {
  switch (name) {
    case "NUMBER_DOUBLE":
      return { kind: "number" };
    case "NUMBER_INTEGER":
      return { kind: "integer" };
    case "BOOLEAN":
      return { kind: "boolean" };
    case "LIST":
      return { kind: "list", items: json };
    case "STRUCT":
      return { kind: "struct", properties: {}, additional: json };
    case "TASK_FINAL_STATUS":
      return { kind: "status" };
    case "TASK_CONFIG":
      return { kind: "taskConfig" };
    case "STRING":
    case "PARAMETER_TYPE_ENUM_UNSPECIFIED":
    case undefined:
      return { kind: "string" };
  }
}

export function artifactType(schema: ArtifactTypeSchema | undefined, list = false): ArtifactType {
  return {
    kind: "artifact",
    schemaTitle: schema?.schemaTitle ?? (schema?.instanceSchema === undefined ? "system.Artifact" : ""),
    schemaVersion: schema?.schemaVersion ?? (schema?.instanceSchema === undefined ? "0.0.1" : ""),
    ...(schema?.instanceSchema === undefined ? {} : { instanceSchema: schema.instanceSchema }),
    list,
  };
}

/** The inputs of a component, those that must be given first. */
export function inputsOf(raising: Raising, definitions: ComponentInputsSpec | undefined, path: Path): Record<string, Input> {
  const inputs: [string, Input][] = [];
  const at = (group: string, name: string): Span => raising.file.locate([...path, "inputDefinitions", group, name]);
  for (const [name, spec] of Object.entries(definitions?.artifacts ?? {})) {
    const input: Input = { type: artifactType(spec.artifactType, spec.isArtifactList === true), optional: spec.isOptional === true, span: at("artifacts", name) };
    if (spec.description !== undefined) input.description = spec.description;
    inputs.push([name, input]);
  }
  for (const [name, spec] of Object.entries(definitions?.parameters ?? {})) {
    const type = withLiterals(spec);
    const input: Input = { type, optional: spec.isOptional === true, span: at("parameters", name) };
    if (spec.defaultValue !== undefined) input.default = spec.defaultValue;
    if (Array.isArray(spec.defaultValue) && !spec.defaultValue.every((item) => typeof item === "string")) raising.mixed.add(type);
    if (spec.description !== undefined) input.description = spec.description;
    inputs.push([name, input]);
  }
  const mayLack = ([, input]: [string, Input]): number => Number(input.optional || input.default !== undefined);
  return Object.fromEntries(inputs.sort((a, b) => mayLack(a) - mayLack(b)));
}

function withLiterals(spec: InputParameterSpec): ParameterType {
  const type = parameterType(spec.parameterType);
  const literals = spec.literals ?? [];
  if (literals.length === 0) return type;
  if (type.kind === "string") return { ...type, literals: literals.map(String) };
  return type.kind === "number" || type.kind === "integer" ? { ...type, literals: literals.map(Number) } : type;
}

export function outputsOf(raising: Raising, definitions: ComponentOutputsSpec | undefined, path: Path): Record<string, Output> {
  const outputs: Record<string, Output> = {};
  for (const [name, spec] of Object.entries(definitions?.parameters ?? {})) {
    outputs[name] = { type: parameterType(spec.parameterType), span: raising.file.locate([...path, "outputDefinitions", "parameters", name]) };
    if (spec.description !== undefined) outputs[name].description = spec.description;
  }
  for (const [name, spec] of Object.entries(definitions?.artifacts ?? {})) {
    const output: Output = { type: artifactType(spec.artifactType, spec.isArtifactList === true), span: raising.file.locate([...path, "outputDefinitions", "artifacts", name]) };
    if (spec.description !== undefined) output.description = spec.description;
    if (spec.metadata !== undefined && Object.keys(spec.metadata).length > 0) output.metadata = spec.metadata;
    outputs[name] = output;
  }
  return outputs;
}

/**
 * Tells a list what a loop over it says of its items. Whoever holds the same type sees it: types of declared inputs and
 * outputs are shared by the expressions that read them.
 */
export function refineItems(list: ParameterType, items: ParameterType): void {
  if (list.kind === "list" && list.items.kind === "json") list.items = items;
}

/** Tells a struct of a field that is read of it; other values are taken for text. */
export function refineField(struct: ParameterType, key: string, field: ParameterType): ParameterType {
  if (struct.kind !== "struct") return field;
  const known = struct.properties[key];
  if (known !== undefined) return known.type;
  struct.properties[key] = { type: field, optional: false };
  return field;
}

/** The type of a constant, as far as its text tells. */
export function typeOfJson(value: Json): ParameterType {
  switch (typeof value) {
    case "string":
      return { kind: "string" };
    case "number":
      return Number.isInteger(value) ? { kind: "integer" } : { kind: "number" };
    case "boolean":
      return { kind: "boolean" };
    default:
      if (value === null) return json;
      return Array.isArray(value) ? { kind: "list", items: value[0] === undefined ? json : typeOfJson(value[0]) } : { kind: "struct", properties: {}, additional: json };
  }
}
