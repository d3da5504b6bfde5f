/** Reads documents as the API server does: fields in their order, numbers where text is meant, nothing of unknown names. */
import { goNumber } from "./go.ts";
import { SimulationError } from "./errors.ts";
import { isEmpty, type Shape, STRUCTS } from "./structs.ts";
import type { Json, JsonObject } from "./types.ts";

/**
 * A value read as an object of Argo's.
 *
 * @param struct the name of the struct in `structs.ts`
 * @param path where the value is, for errors
 * @throws SimulationError for a field of an unknown name or of the wrong type
 */
export function read<T>(struct: string, value: unknown, path: string): T {
  return readStruct(struct, value, path) as T;
}

function readStruct(name: string, value: unknown, path: string): JsonObject {
  if (!isRecord(value)) throw new SimulationError(path, `must be an object, not ${kindOf(value)}`);
  const { fields, open } = STRUCTS[name] ?? { fields: [] };
  const result: JsonObject = {};
  const known = new Set<string>();
  for (const [field, shape, keep] of fields) {
    known.add(field);
    const given = value[field];
    if (given === undefined || given === null) {
      if (keep === "always") result[field] = emptyOf(shape);
      continue;
    }
    const got = readShape(shape, given, `${path}.${field}`);
    if (keep !== undefined || !isEmpty(got)) result[field] = got;
  }
  for (const [field, given] of Object.entries(value)) {
    if (known.has(field) || given === undefined) continue;
    if (!open) throw new SimulationError(`${path}.${field}`, "is no field that the simulator knows");
    result[field] = readJson(given, `${path}.${field}`);
  }
  return result;
}

function readShape(shape: Shape, value: unknown, path: string): Json {
  if (shape === "json") return readJson(value, path);
  if (shape === "anyText") return anyText(value, path);
  if (typeof shape === "string") return readScalar(shape, value, path);
  if ("struct" in shape) return readStruct(shape.struct, value, path);
  if ("list" in shape) {
    if (!Array.isArray(value)) throw new SimulationError(path, `must be a list, not ${kindOf(value)}`);
    return value.map((item: unknown, index) => readShape(shape.list, item, `${path}[${index}]`));
  }
  if (!isRecord(value)) throw new SimulationError(path, `must be an object, not ${kindOf(value)}`);
  const entries = Object.keys(value).sort().map((key) => [key, readShape(shape.map, value[key], `${path}.${key}`)]);
  return Object.fromEntries(entries) as JsonObject;
}

function readScalar(shape: "text" | "boolean" | "number" | "numberOrText", value: unknown, path: string): Json {
  const fits = {
    text: typeof value === "string",
    boolean: typeof value === "boolean",
    number: typeof value === "number" && Number.isFinite(value),
    numberOrText: typeof value === "string" || (typeof value === "number" && Number.isFinite(value)),
  };
  if (fits[shape]) return value as Json;
  const what = { text: "text", boolean: "true or false", number: "a number", numberOrText: "a number or text" };
  throw new SimulationError(path, `must be ${what[shape]}, not ${kindOf(value)}`);
}

/** Argo's `AnyString`: objects and lists become empty text. */
function anyText(value: unknown, path: string): string {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
      return goNumber(value);
    case "bigint":
      return goNumber(Number(value));
    case "boolean":
      return String(value);
    case "object":
      return "";
    default:
      throw new SimulationError(path, `must be text, not ${kindOf(value)}`);
  }
}

function readJson(value: unknown, path: string): Json {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map((item: unknown, index) => readJson(item, `${path}[${index}]`));
  if (!isRecord(value)) throw new SimulationError(path, `must be JSON, not ${kindOf(value)}`);
  const entries = Object.keys(value).filter((key) => value[key] !== undefined);
  return Object.fromEntries(entries.map((key) => [key, readJson(value[key], `${path}.${key}`)]));
}

function emptyOf(shape: Shape): Json {
  if (typeof shape === "object" && "list" in shape) return [];
  return typeof shape === "object" && "struct" in shape ? readStruct(shape.struct, {}, "") : "";
}

export function isRecord(value: unknown): value is { [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (value instanceof Date) return "a date";
  return { string: "text", number: "a number", boolean: "true or false", object: "an object", bigint: "a number" }[typeof value as string] ?? typeof value;
}
