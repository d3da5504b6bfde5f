/** Pipeline files as KFP's API server reads them. Source: backend/src/apiserver/template. */
import { parseAllDocuments, stringify } from "yaml";
import { invalid } from "./refusal.ts";

type Json = Record<string, unknown>;

/** A pipeline, and what it asks of Kubernetes. */
export interface PipelineSource {
  spec: Json;
  platform?: Json;
}

/** The fields of the message PipelineSpec. Source: api/v2alpha1/pipeline_spec.proto. */
const specFields: ReadonlySet<string> = new Set(["pipelineInfo", "deploymentSpec", "schemaVersion", "sdkVersion", "components", "root", "defaultPipelineRoot"]);

/** What MLMD takes as the name of a pipeline. Source: `pipelineNamePattern` in backend/src/apiserver/common/utils.go. */
const namePattern = /^[a-z0-9][a-z0-9-]{0,127}$/;

/** Reads a file of one or two YAML documents; refuses what is no pipeline. */
export function readPipeline(text: string): PipelineSource {
  const documents = parseAllDocuments(text, { version: "1.1" });
  const broken = [...documents].flatMap(({ errors }) => errors)[0];
  if (broken !== undefined) throw invalid(`failed to parse pipeline spec YAML: ${broken.message}`);
  const values = [...documents].map((document): unknown => document.toJS()).filter(isObject);
  const [spec, ...more] = values.filter(isPipeline);
  if (spec === undefined) throw invalid("unknown template format");
  if (more.length > 0) throw invalid("multiple pipeline specs provided");
  if (spec["schemaVersion"] !== "2.1.0") throw invalid(`KFP only supports schema version 2.1.0, but the pipeline spec has version ${String(spec["schemaVersion"] ?? "")}`);
  if (!namePattern.test(nameOf(spec))) throw invalid("pipeline's name must contain only lowercase alphanumeric characters or '-' and must start with alphanumeric characters");
  const [platform, second] = values.filter((value) => Object.keys(value).join() === "platforms" && isObject(value["platforms"]) && value["platforms"]["kubernetes"] !== undefined);
  if (second !== undefined) throw invalid("multiple platform specs provided");
  return { spec, ...(platform === undefined ? {} : { platform }) };
}

/** A pipeline that stands in a request, in either shape that the API shows. */
export function pipelineOfRequest(value: Json): PipelineSource {
  const { pipeline_spec, platform_spec } = value;
  return readPipeline((pipeline_spec === undefined ? [value] : [pipeline_spec, ...(platform_spec === undefined ? [] : [platform_spec])]).map((document) => stringify(document)).join("\n---\n"));
}

/** As the field `pipeline_spec` shows it. Source: `YamlStringToPipelineSpecStruct` in api_util.go. */
export function shownPipeline({ spec, platform }: PipelineSource): Json {
  return platform === undefined ? spec : { pipeline_spec: spec, platform_spec: platform };
}

/** Checks the values of the parameters of a run. Source: `validatePipelineJobInputs` in v2_template.go. */
export function checkParameters({ spec }: PipelineSource, given: Readonly<Record<string, unknown>>): void {
  const wanted = parametersOf(spec);
  for (const [name, { parameterType, isOptional, defaultValue }] of Object.entries(wanted)) {
    const value = given[name];
    if (value === undefined && isOptional !== true && defaultValue === undefined) throw invalid(`parameter ${name} is not optional, yet has neither default value nor user provided value`);
    if (value !== undefined) checkType(name, parameterType, value);
  }
  const extra = Object.keys(given).filter((name) => !Object.hasOwn(wanted, name));
  if (extra.length > 0) throw invalid(`parameter(s) provided are not required by pipeline: ${extra.join(", ")}`);
}

interface Parameter {
  parameterType?: string;
  isOptional?: boolean;
  defaultValue?: unknown;
}

function parametersOf(spec: Json): Record<string, Parameter> {
  const { inputDefinitions } = spec["root"] as { inputDefinitions?: { parameters?: Record<string, Parameter> } };
  return inputDefinitions?.parameters ?? {};
}

function checkType(name: string, type: string | undefined, value: unknown): void {
  const refused = (wanted: string, kind: string) => invalid(`input parameter ${name} requires type ${wanted}, but the input parameter is not of ${kind} value type`);
  switch (type) {
    case "NUMBER_DOUBLE":
    case "NUMBER_INTEGER":
      if (typeof value !== "number") throw invalid(`input parameter ${name} requires type double or integer, but the parameter value is not of number value type`);
      return;
    case "STRING":
      if (typeof value !== "string") throw refused("string", "string");
      return;
    case "BOOLEAN":
      if (typeof value !== "boolean") throw refused("bool", "bool");
      return;
    case "LIST":
      if (!Array.isArray(value)) throw refused("list", "list");
      return;
    case "STRUCT":
      if (!isObject(value)) throw refused("struct", "struct");
      return;
    default:
      throw invalid(`input parameter ${name} has unspecified type`);
  }
}

function isPipeline(value: Json): boolean {
  return Object.keys(value).every((field) => specFields.has(field)) && nameOf(value) !== "" && isObject(value["root"]);
}

function nameOf({ pipelineInfo }: Json): string {
  return isObject(pipelineInfo) ? String(pipelineInfo["name"] ?? "") : "";
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
