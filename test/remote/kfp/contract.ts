/** KFP's published API as data: which requests there are, and what they and their answers hold. See compiler/build/kfp-api.mjs. */
import contract from "./contract.json" with { type: "json" };

interface Parameter {
  name: string;
  in: string;
  type: string;
  required: boolean;
}

export interface Operation {
  method: string;
  path: string;
  parameters: Parameter[];
  /** The media type of the body; null where the call has none. */
  content: string | null;
  body: { type: string; required: boolean } | null;
  response: string | null;
}

type Model = { values: string[] } | { fields: Record<string, string | string[]> };

const operations: readonly Operation[] = contract.operations;
const models = contract.models as unknown as Readonly<Record<string, Model>>;

/** What only the server sets. Source: the comments `Output` of the fields in KFP's proto files, and what its converters make of no request. */
const outputOnly: Readonly<Record<string, readonly string[]>> = {
  V2beta1Pipeline: ["pipeline_id", "created_at", "error"],
  V2beta1PipelineVersion: ["pipeline_version_id", "created_at", "pipeline_spec", "error"],
  V2beta1Experiment: ["experiment_id", "created_at", "storage_state", "last_run_created_at"],
  V2beta1RecurringRun: ["recurring_run_id", "created_at", "updated_at", "status", "error", "namespace"],
  V2beta1Run: ["run_id", "storage_state", "created_at", "scheduled_at", "finished_at", "state", "error", "run_details", "state_history", "plugins_output"],
};

/** Fields of which one at most is set. Source: `oneof` in KFP's proto files. */
const alternatives: Readonly<Record<string, readonly string[]>> = {
  V2beta1RecurringRun: ["pipeline_version_id", "pipeline_spec", "pipeline_version_reference"],
  V2beta1Run: ["pipeline_version_id", "pipeline_spec", "pipeline_version_reference"],
  V2beta1Trigger: ["cron_schedule", "periodic_schedule"],
  V2beta1Predicate: ["int_value", "long_value", "string_value", "timestamp_value", "int_values", "long_values", "string_values"],
};

/** Texts that are 64-bit integers: JSON numbers are taken as well. Source: `format: int64` in backend/api/v2beta1/swagger; protobuf's mapping to JSON. */
const longFields: ReadonlySet<string> = new Set(["max_concurrency", "interval_second", "long_value"]);

/** What the server tells beyond the published model. Source: `healthzResponse` in backend/src/apiserver/main.go. */
const unpublished: Readonly<Record<string, Readonly<Record<string, string>>>> = { V2beta1GetHealthzResponse: { commit_sha: "str", tag_name: "str" } };

/** The operation of a request, with what its path names. Of several that match, the one with fewer names: `/pipelines/upload` is no pipeline. */
export function operationOf(method: string, path: string): { operation: Operation; names: Record<string, string> } | undefined {
  const found = operations.flatMap((operation) => {
    const keys: string[] = [];
    const pattern = operation.path.split(/(\{[^}]+\})/).map((part) => {
      if (!part.startsWith("{")) return part.replace(/[.*+?^$()|[\]\\]/g, "\\$&");
      keys.push(part.slice(1, -1));
      return "([^/:]+)";
    }).join("");
    const match = operation.method === method ? new RegExp(`^${pattern}$`).exec(path) : null;
    return match === null ? [] : [{ operation, names: Object.fromEntries(keys.map((key, index) => [key, decodeURIComponent(match[index + 1] ?? "")])) }];
  });
  return found.sort((one, other) => Object.keys(one.names).length - Object.keys(other.names).length)[0];
}

/** What is wrong with the query of a request. */
export function queryProblems({ parameters }: Operation, query: URLSearchParams): string[] {
  const known = new Map(parameters.filter((parameter) => parameter.in === "query").map(({ name, type }) => [name, type]));
  return [...new Set(query.keys())].flatMap((name) => {
    const [value = "", ...more] = query.getAll(name);
    const type = known.get(name);
    if (type === undefined) return [`unknown query parameter "${name}"`];
    if (more.length > 0) return [`the query parameter "${name}" comes more than once`];
    if (type === "int" && !/^-?\d+$/.test(value)) return [`the query parameter "${name}" is no number: ${value}`];
    return type === "bool" && value !== "true" && value !== "false" ? [`the query parameter "${name}" is neither true nor false: ${value}`] : [];
  });
}

/** The fields of the form that a request must have, and those that it has. */
export function formProblems({ parameters }: Operation, given: readonly string[]): string[] {
  const known = parameters.filter((parameter) => parameter.in === "form");
  const unknown = given.filter((field) => !known.some(({ name }) => name === field)).map((field) => `unknown field of the form "${field}"`);
  return [...unknown, ...known.filter(({ name, required }) => required && !given.includes(name)).map(({ name }) => `the form has no "${name}"`)];
}

/** What is wrong with a value of a model, in a request or in an answer. */
export function valueProblems(model: string, value: unknown, at: string, isRequest: boolean): string[] {
  const [, list] = /^list\[(.+)\]$/.exec(model) ?? [];
  if (list !== undefined) return Array.isArray(value) ? value.flatMap((item, index) => valueProblems(list, item, `${at}[${index}]`, isRequest)) : [`${at} is no list`];
  const [, member] = /^dict\(str, (.+)\)$/.exec(model) ?? [];
  if (member !== undefined) return isObject(value) ? Object.entries(value).flatMap(([key, item]) => (member === "object" ? [] : valueProblems(member, item, `${at}.${key}`, isRequest))) : [`${at} is no map`];
  const known = models[model];
  if (known === undefined) return isOfType(model, value) ? [] : [`${at} is no ${model}`];
  if ("values" in known) return known.values.includes(String(value)) ? [] : [`${at} is none of ${known.values.join(", ")}`];
  if (!isObject(value)) return [`${at} is no object`];
  const several = (alternatives[model] ?? []).filter((field) => value[field] !== undefined);
  const problems = Object.entries(value).flatMap(([field, item]) => {
    const type = known.fields[field] ?? (isRequest ? undefined : unpublished[model]?.[field]);
    if (type === undefined) return [`${at} has the unknown field "${field}"`];
    if (isRequest && outputOnly[model]?.includes(field) === true) return [`${at}.${field} is set by the server only`];
    if (Array.isArray(type)) return type.includes(String(item)) ? [] : [`${at}.${field} is none of ${type.join(", ")}`];
    if (longFields.has(field)) return /^-?\d+$/.test(String(item)) && (isRequest || typeof item === "string") ? [] : [`${at}.${field} is no 64-bit integer`];
    return valueProblems(type, item, `${at}.${field}`, isRequest);
  });
  return several.length > 1 ? [...problems, `${at} has more than one of ${several.join(", ")}`] : problems;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isOfType(type: string, value: unknown): boolean {
  switch (type) {
    case "str":
      return typeof value === "string";
    case "datetime":
      return typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value) && !Number.isNaN(Date.parse(value));
    case "int":
      return Number.isInteger(value);
    case "float":
      return typeof value === "number";
    case "bool":
      return typeof value === "boolean";
    case "object":
      return isObject(value);
    default:
      return false;
  }
}
