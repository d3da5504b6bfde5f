/** The types of v1 components, and their defaults, as KFP's SDK reads them. */
import type { Json } from "../../ir/types.ts";
import { pythonFloat } from "./python-text.ts";
import type { ArtifactTypeSchema, ParameterTypeName } from "./spec.ts";
import type { YamlNode } from "../../yaml/tree.ts";
import { toJson } from "../../yaml/tree.ts";

const PARAMETERS: ReadonlyMap<string, ParameterTypeName> = new Map([
  ["integer", "NUMBER_INTEGER"],
  ["int", "NUMBER_INTEGER"],
  ["double", "NUMBER_DOUBLE"],
  ["float", "NUMBER_DOUBLE"],
  ["string", "STRING"],
  ["str", "STRING"],
  ["text", "STRING"],
  ["bool", "BOOLEAN"],
  ["boolean", "BOOLEAN"],
  ["dict", "STRUCT"],
  ["list", "LIST"],
  ["jsonobject", "STRUCT"],
  ["jsonarray", "LIST"],
]);
const ARTIFACTS: ReadonlyMap<string, string> = new Map(
  ["Artifact", "Model", "Dataset", "Metrics", "ClassificationMetrics", "SlicedClassificationMetrics", "HTML", "Markdown"].map((name) => [name.toLowerCase(), `system.${name}`] as const),
);

export type V1Type = { kind: "parameter"; type: ParameterTypeName } | { kind: "artifact"; type: ArtifactTypeSchema };

/** What a type of v1 is in KFP v2: a name that it does not know, and a type with properties, is an artifact of no special kind. */
export function v1Type(declared: string | undefined, isInput: boolean): V1Type {
  const name = declared === undefined ? "" : withoutItems(declared);
  if (isInput && name === "PipelineTaskFinalStatus") return { kind: "parameter", type: "TASK_FINAL_STATUS" };
  const parameter = PARAMETERS.get(name.toLowerCase());
  if (parameter !== undefined) return { kind: "parameter", type: parameter };
  const schemaTitle = /^google.[A-Za-z]+$/.test(name) ? name : (ARTIFACTS.get(name.toLowerCase()) ?? "system.Artifact");
  return { kind: "artifact", type: { schemaTitle, schemaVersion: "0.0.1" } };
}

/** `typing.List[str]` → `List`. */
function withoutItems(name: string): string {
  const bare = name.replace(/^typing\./, "");
  return /^(?:list|dict)/i.test(bare) ? (bare.split("[")[0] ?? bare) : bare;
}

/** Whether the SDK takes the file of `outputPath` for that of a parameter: it looks at the first word of the type only. */
export function isWrittenAsParameter(declared: string | undefined): boolean {
  const word = /^(?:typing\.)?(\w+)/.exec(declared ?? "")?.[1] ?? declared ?? "";
  return PARAMETERS.has(word.toLowerCase()) || word === "PipelineTaskFinalStatus" || word === "TaskConfig";
}

/** The default of an input, cast to its type; or why it cannot be. */
export function v1Default(declared: string | undefined, node: YamlNode, isFloat: boolean): { value: Json } | { problem: string } {
  const value = toJson(node);
  switch (PARAMETERS.get((declared ?? "").toLowerCase())) {
    case "NUMBER_INTEGER":
      if (typeof value === "number") return { value: Math.trunc(value) };
      if (typeof value === "boolean") return { value: value ? 1 : 0 };
      return typeof value === "string" && /^\s*[-+]?\d+(?:_\d+)*\s*$/.test(value) ? { value: Number(value.replaceAll("_", "")) } : { problem: "is no whole number" };
    case "NUMBER_DOUBLE":
      if (typeof value === "number") return { value };
      if (typeof value === "boolean") return { value: value ? 1 : 0 };
      return typeof value === "string" && /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*$/.test(value) ? { value: Number(value) } : { problem: "is no number" };
    case "STRING":
      if (typeof value === "boolean") return { value: value ? "True" : "False" };
      if (typeof value !== "number") return { value };
      return { value: isFloat ? pythonFloat(value) : node.kind === "scalar" ? String(node.value) : "" };
    case "BOOLEAN":
      if (typeof value === "boolean") return { value };
      if (typeof value === "string" && /^(?:y|yes|t|true|on|1)$/i.test(value)) return { value: true };
      return typeof value === "string" && /^(?:n|no|f|false|off|0)$/i.test(value) ? { value: false } : { problem: "is no truth value" };
    case "LIST":
    case "STRUCT": {
      const parsed = typeof value === "string" ? parsedJson(value) : value;
      return holdsNull(parsed) ? { problem: "holds null, which the SDK refuses" } : { value: parsed };
    }
    default:
      return { value };
  }
}

function holdsNull(value: Json): boolean {
  return value === null || (typeof value === "object" && Object.values(value).some(holdsNull));
}

/** The value of JSON text; other text as it is. */
function parsedJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
