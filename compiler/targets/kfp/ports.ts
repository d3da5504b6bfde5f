/** From the IR's types to the declarations of KFP. */
import type { ArtifactType, Input, Json, ParameterType, ValueType } from "../../ir/types.ts";
import type { ArtifactSpec, ParameterSpec, ParameterTypeName, Port } from "./spec.ts";

/** The parameter type that carries a type's values; what a list or struct holds is not declared in KFP. */
export function parameterTypeName(type: ParameterType): ParameterTypeName {
  switch (type.kind) {
    case "string":
    case "json":
      return "STRING";
    case "number":
      return "NUMBER_DOUBLE";
    case "integer":
      return "NUMBER_INTEGER";
    case "boolean":
      return "BOOLEAN";
    case "list":
      return "LIST";
    case "struct":
      return "STRUCT";
    case "status":
      return "TASK_FINAL_STATUS";
    case "taskConfig":
      return "TASK_CONFIG";
  }
}

function artifactSpec(type: ArtifactType): ArtifactSpec {
  const { schemaTitle, schemaVersion, instanceSchema, list } = type;
  const artifactType = { ...(schemaTitle === "" ? {} : { schemaTitle }), ...(schemaVersion === "" ? {} : { schemaVersion }), ...(instanceSchema === undefined ? {} : { instanceSchema }) };
  return { artifactType, ...(list ? { isArtifactList: true } : {}) };
}

/**
 * The declaration of an output, or of a value on its way.
 *
 * @param metadata of an output artifact
 */
export function portOf(type: ValueType, description?: string, metadata?: Record<string, Json>): Port {
  const described = description === undefined ? {} : { description };
  return type.kind === "artifact"
    ? { kind: "artifact", spec: { ...artifactSpec(type), ...described, ...(metadata === undefined ? {} : { metadata }) } }
    : { kind: "parameter", spec: { parameterType: parameterTypeName(type), ...described } };
}

/**
 * The declaration of an input. On the real back end a default always comes with `isOptional`: without it the launcher
 * gives an empty string in place of the default (kfp-real 0.2). What the engine itself gives is always optional, as the
 * SDK has it.
 *
 * @param encode makes text safe for the engine
 * @param real whether it is for the real back end
 */
export function inputPortOf(input: Input, encode: (value: Json) => Json, real: boolean): Port {
  const port = portOf(input.type, input.description);
  const optional = input.optional || (real && input.default !== undefined) || input.type.kind === "status" || input.type.kind === "taskConfig";
  if (port.kind === "artifact") return optional ? { kind: "artifact", spec: { ...port.spec, isOptional: true } } : port;
  const spec: ParameterSpec = { ...port.spec };
  if (optional) spec.isOptional = true;
  if (input.default !== undefined && input.default !== null) spec.defaultValue = encode(input.default);
  if ((input.type.kind === "string" || input.type.kind === "number" || input.type.kind === "integer") && input.type.literals !== undefined) {
    spec.literals = input.type.literals.map(encode);
  }
  return { kind: "parameter", spec };
}
