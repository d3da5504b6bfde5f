/** KFP's published API as data: which requests there are, and what they and their answers hold. See compiler/build/kfp-api.mjs. */
import contract from "./contract.json" with { type: "json" };

export interface Operation {
  method: string;
  path: string;
  /** Types by name. */
  query: Record<string, string>;
  files: string[];
  body: string | null;
  response: string | null;
}

type Model = { values: string[] } | { fields: Record<string, string | string[]> };

const operations = contract.operations as unknown as Operation[];
const models = contract.models as unknown as Record<string, Model>;

/** What only the server sets. Source: the comments `Output` of the fields in KFP's proto files. */
const outputOnly: Readonly<Record<string, readonly string[]>> = {
  V2beta1Pipeline: ["pipeline_id", "created_at", "error"],
  V2beta1Experiment: ["experiment_id", "created_at", "storage_state", "last_run_created_at"],
  V2beta1RecurringRun: ["recurring_run_id", "created_at", "updated_at", "status", "error"],
  V2beta1Run: ["run_id", "storage_state", "created_at", "scheduled_at", "finished_at", "state", "error", "run_details", "state_history"],
};

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
export function queryProblems({ query: known }: Operation, query: Readonly<Record<string, string>>): string[] {
  return Object.entries(query).flatMap(([name, value]) => {
    const type = known[name];
    if (type === undefined) return [`unknown query parameter "${name}"`];
    return type === "int" && !/^\d+$/.test(value) ? [`the query parameter "${name}" is no number: ${value}`] : [];
  });
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
  return Object.entries(value).flatMap(([field, item]) => {
    const type = known.fields[field];
    if (type === undefined) return [`${at} has the unknown field "${field}"`];
    if (isRequest && outputOnly[model]?.includes(field) === true) return [`${at}.${field} is set by the server only`];
    return Array.isArray(type) ? (type.includes(String(item)) ? [] : [`${at}.${field} is none of ${type.join(", ")}`]) : valueProblems(type, item, `${at}.${field}`, isRequest);
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isOfType(type: string, value: unknown): boolean {
  switch (type) {
    case "str":
      return typeof value === "string";
    case "datetime":
      return typeof value === "string" && !Number.isNaN(Date.parse(value));
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
