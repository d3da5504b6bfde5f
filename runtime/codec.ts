/**
 * The one codec of values: it checks and converts what enters and leaves an op by the types of the IR, in every mode.
 * Values here are decoded JSON; `text.ts` carries them through the engines.
 */
import type { Json, ParameterType, StructProperty } from "../compiler/ir/types.ts";

/** A value that does not fit its declared type. */
export class ValueError extends Error {
  override name = "ValueError";
  /** The place inside the value, e.g. `cfg.depth` or `rows[3].id`. */
  readonly path: string;
  /** What is wrong, e.g. `must be a whole number, but is 2.5`. */
  readonly problem: string;

  constructor(path: string, problem: string) {
    super(`"${path}" ${problem}`);
    this.path = path;
    this.problem = problem;
  }
}

/** The final status of a task, as an op sees it. */
export interface Status {
  state: "SUCCEEDED" | "FAILED";
  taskName: string;
  error: { code: number; message: string };
}

/**
 * Checks a decoded JSON value against its type and gives it to the op.
 *
 * @param path how messages name the value, e.g. the name of the input
 * @throws ValueError
 */
export function decodeValue(type: ParameterType, value: Json, path: string): Json {
  if (type.kind === "status") return { ...decodeStatus(value, path) };
  checkValue(type, value, path);
  return value;
}

/**
 * Checks what an op returned and gives the JSON to pass on. Properties that are `undefined` are left out.
 *
 * @throws ValueError
 */
export function encodeValue(type: ParameterType, value: unknown, path: string): Json {
  const json = toJson(value, path);
  if (json === undefined) throw new ValueError(path, "is missing");
  if (type.kind !== "status") checkValue(type, json, path);
  return json;
}

/**
 * Reads a value from the text of a command line. Text for a string stays as it is (`007` stays `"007"`).
 *
 * @throws ValueError
 */
export function parseText(type: ParameterType, text: string, path: string): Json {
  const value = jsonOfText(type, text, path);
  return decodeValue(type, value, path);
}

/** The text of a value in a template or an argument: text as it is, everything else as JSON. */
export function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : value === undefined ? "undefined" : JSON.stringify(value);
}

/** A few words for messages: `an integer`, `one of "a", "b"`. */
export function describeType(type: ParameterType): string {
  switch (type.kind) {
    case "string":
      return type.literals === undefined ? "a string" : `one of ${type.literals.map((literal) => JSON.stringify(literal)).join(", ")}`;
    case "number":
      return type.literals === undefined ? "a number" : `one of ${type.literals.join(", ")}`;
    case "integer":
      return type.literals === undefined ? "a whole number" : `one of ${type.literals.join(", ")}`;
    case "boolean":
      return "true or false";
    case "list":
      return type.tuple === undefined ? "a list" : `a list of ${type.tuple.length} items`;
    case "struct":
      return "an object";
    case "json":
      return "a JSON value";
    case "status":
      return "a final status";
    case "taskConfig":
      return "the settings of a task";
  }
}

function checkValue(type: ParameterType, value: Json, path: string): void {
  const refuse = (): never => {
    throw new ValueError(path, `must be ${describeType(type)}, but is ${show(value)}`);
  };
  switch (type.kind) {
    case "string":
      if (typeof value !== "string" || type.literals?.includes(value) === false) refuse();
      return;
    case "number":
      if (typeof value !== "number" || type.literals?.includes(value) === false) refuse();
      return;
    case "integer":
      if (!Number.isSafeInteger(value) || type.literals?.includes(value as number) === false) refuse();
      return;
    case "boolean":
      if (typeof value !== "boolean") refuse();
      return;
    case "list":
      if (!Array.isArray(value)) return refuse();
      if (type.tuple !== undefined && value.length !== type.tuple.length) refuse();
      value.forEach((item, index) => checkValue(type.tuple?.[index] ?? type.items, item, `${path}[${index}]`));
      return;
    case "struct":
      if (typeof value !== "object" || value === null || Array.isArray(value)) return refuse();
      return checkStruct(type.properties, type.additional, value, path);
    case "taskConfig":
      if (typeof value !== "object" || value === null || Array.isArray(value)) refuse();
      return;
    case "json":
      return;
    case "status":
      decodeStatus(value, path);
      return;
  }
}

function checkStruct(properties: Record<string, StructProperty>, additional: ParameterType | undefined, value: { [key: string]: Json }, path: string): void {
  for (const [key, property] of Object.entries(properties)) {
    const item = Object.hasOwn(value, key) ? value[key] : undefined;
    const itemPath = memberPath(path, key);
    if (item === undefined) {
      if (!property.optional) throw new ValueError(itemPath, "is missing");
    } else if (item === null && property.nullable === true) {
      continue;
    } else {
      checkValue(property.type, item, itemPath);
    }
  }
  for (const [key, item] of Object.entries(value)) {
    if (Object.hasOwn(properties, key)) continue;
    if (additional === undefined) throw new ValueError(memberPath(path, key), "is not declared");
    checkValue(additional, item, memberPath(path, key));
  }
}

function memberPath(path: string, key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}

/**
 * The JSON value that a text stands for, before it is checked: text for a string stays as it is, numbers may be written as people do (`.5`).
 *
 * @throws ValueError
 */
export function jsonOfText(type: ParameterType, text: string, path: string): Json {
  const refuse = (): never => {
    throw new ValueError(path, `must be ${describeType(type)}, but is ${show(text)}`);
  };
  switch (type.kind) {
    case "string":
      return text;
    case "number":
    case "integer":
      return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim()) ? Number(text) : refuse();
    case "boolean":
      return text === "true" ? true : text === "false" ? false : refuse();
    case "list":
    case "struct":
    case "json":
    case "status":
    case "taskConfig":
      try {
        return JSON.parse(text) as Json;
      } catch {
        throw new ValueError(path, `must be ${describeType(type)} in JSON, but is ${show(text)}`);
      }
  }
}

/** States of the open back end (COMPLETE, CACHED, FAILED …), of Vertex (SUCCEEDED …) and of the enum of the IR. */
const succeeded = new Set(["SUCCEEDED", "COMPLETE", "COMPLETED", "CACHED", "SKIPPED", "NOT_TRIGGERED"]);

/** Maps a `PipelineTaskFinalStatus` of any back end to the status that ops see. */
export function decodeStatus(value: Json, path: string): Status {
  if (typeof value !== "object" || value === null || Array.isArray(value) || typeof value["state"] !== "string") {
    throw new ValueError(path, `must be a final status, but is ${show(value)}`);
  }
  const error = value["error"];
  const details = typeof error === "object" && error !== null && !Array.isArray(error) ? error : {};
  const taskName = value["pipelineTaskName"] ?? value["taskName"];
  return {
    state: succeeded.has(value["state"].toUpperCase()) ? "SUCCEEDED" : "FAILED",
    taskName: typeof taskName === "string" ? taskName : "",
    error: { code: typeof details["code"] === "number" ? details["code"] : 0, message: typeof details["message"] === "string" ? details["message"] : "" },
  };
}

/** What an op returned, as JSON; refuses what JSON would change silently. */
function toJson(value: unknown, path: string, within: ReadonlySet<object> = new Set()): Json | undefined {
  switch (typeof value) {
    case "undefined":
      return undefined;
    case "string":
    case "boolean":
      return value;
    case "number":
      if (!Number.isFinite(value)) throw new ValueError(path, `is ${value}, which no back end can pass on`);
      return value;
    case "object":
      break;
    default:
      throw new ValueError(path, `is a ${typeof value}, which cannot leave the process`);
  }
  if (value === null) return null;
  if (within.has(value)) throw new ValueError(path, "contains itself");
  const inside = new Set(within).add(value);
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => {
      const json = toJson(item, `${path}[${index}]`, inside);
      if (json === undefined) throw new ValueError(`${path}[${index}]`, "is undefined");
      return json;
    });
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new ValueError(path, `is a ${value.constructor?.name ?? "class instance"}, which cannot leave the process`);
  }
  const result: { [key: string]: Json } = {};
  for (const [key, item] of Object.entries(value)) {
    const json = toJson(item, memberPath(path, key), inside);
    if (json !== undefined) Object.defineProperty(result, key, { value: json, writable: true, enumerable: true, configurable: true });
  }
  return result;
}

function show(value: Json | undefined): string {
  const text = value === undefined ? "undefined" : JSON.stringify(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}…`;
}
