/**
 * Reads the JSON form of a protobuf message, strictly: what it refuses, KFP's Python SDK or its server refuses, too. Gives the canonical
 * form that `spec.ts` describes.
 */
import { diagnostic } from "../../diagnostics/diagnostic.ts";
import { nearestName } from "../../diagnostics/nearest.ts";
import type { Json } from "../../ir/types.ts";
import type { Field, Message } from "./message.ts";
import type { Reports } from "./reports.ts";
import { snakeCase } from "./snake-case.ts";
import type { Source } from "../../yaml/source.ts";
import { type Range, toJson, type YamlMap, type YamlNode } from "../../yaml/tree.ts";

export interface Reading {
  source: Source;
  reports: Reports;
}

const INT32 = [-(2n ** 31n), 2n ** 31n - 1n] as const;
const INT64 = [-(2n ** 63n), 2n ** 63n - 1n] as const;
const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$/;
const DURATION = /^-?[0-9]{1,12}(?:\.[0-9]{1,9})?s$/;
/** Ten thousand years, protobuf's longest duration. */
const LONGEST_SECONDS = 315_576_000_000;

/** The canonical form of a message. Members that are wrong are reported and left out. */
export function readMessage(reading: Reading, message: Message, node: YamlNode, name: string): Record<string, Json> {
  const result: Record<string, Json> = {};
  if (node.kind !== "map") return refuse(reading, node, name, `a map (${message.name})`), result;
  const given = new Map<string, Range>();
  for (const [key, entry] of node.entries) {
    const fieldName = fieldOf(message, key);
    const field = fieldName === undefined ? undefined : message.fields[fieldName];
    if (fieldName === undefined || field === undefined) {
      const suggestion = nearestName(key, Object.keys(message.fields));
      reading.reports.add(diagnostic("HMC7013", spanOf(reading, entry.key), { field: key, message: message.name, suggestion }));
      continue;
    }
    const before = given.get(fieldName);
    if (before !== undefined) reading.reports.add(diagnostic("HMC7005", spanOf(reading, entry.key), { key }, { related: [{ message: "It stands here in the other spelling.", span: spanOf(reading, before) }] }));
    given.set(fieldName, entry.key);
    if (entry.value.kind === "scalar" && entry.value.value === null) {
      given.delete(fieldName);
      if (field.kind === "value") result[fieldName] = null;
      continue;
    }
    const value = readField(reading, field, entry.value, fieldName);
    if (value !== undefined) result[fieldName] = value;
  }
  for (const group of message.oneofs) {
    const [first, second] = group.flatMap((member) => (given.has(member) ? [member] : [])).sort((left, right) => startOf(given, left) - startOf(given, right));
    if (first === undefined || second === undefined) continue;
    reading.reports.add(diagnostic("HMC7016", spanOf(reading, given.get(second) ?? node), { first, second, message: message.name }, { related: [{ message: `"${first}" stands here.`, span: spanOf(reading, given.get(first) ?? node) }] }));
  }
  return result;
}

function startOf(given: ReadonlyMap<string, Range>, name: string): number {
  return given.get(name)?.start ?? 0;
}

/** The field that a key names, in lowerCamelCase or in protobuf's own spelling, which is in snake_case but for `pipelineConfig`. */
function fieldOf(message: Message, key: string): string | undefined {
  if (Object.hasOwn(message.fields, key)) return key;
  if (!key.includes("_") || key === "pipeline_config") return undefined;
  const camel = key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return Object.hasOwn(message.fields, camel) && snakeCase(camel) === key ? camel : undefined;
}

/** The canonical form of a value that is not null; nothing where it is wrong, which is reported. */
function readField(reading: Reading, field: Field, node: YamlNode, name: string): Json | undefined {
  switch (field.kind) {
    case "text":
      return node.kind === "scalar" && typeof node.value === "string" ? node.value : refuse(reading, node, name, "text");
    case "bool":
      return node.kind === "scalar" && typeof node.value === "boolean" ? node.value : refuse(reading, node, name, "true or false");
    case "int32": {
      const value = wholeNumber(node, INT32);
      return value === undefined ? refuse(reading, node, name, "a whole number of at most 32 bits") : Number(value);
    }
    case "int64": {
      const value = wholeNumber(node, INT64);
      return value === undefined ? refuse(reading, node, name, "a whole number of at most 64 bits") : String(value);
    }
    case "double":
      return double(node) ?? refuse(reading, node, name, "a number");
    case "duration": {
      const isDuration = node.kind === "scalar" && typeof node.value === "string" && DURATION.test(node.value) && Math.abs(Number.parseFloat(node.value)) <= LONGEST_SECONDS;
      return isDuration ? (node.value as string) : refuse(reading, node, name, `seconds such as "60s"`);
    }
    case "value":
      return toJson(node);
    case "struct":
      return node.kind === "map" ? toJson(node) : refuse(reading, node, name, "a map");
    case "enum":
      return enumName(reading, field.names, node, name);
    case "list":
      if (node.kind !== "list") return refuse(reading, node, name, "a list");
      return node.items.flatMap((item) => {
        const value = isNull(item) && field.of.kind === "value" ? null : readField(reading, field.of, item, name);
        return value === undefined ? [] : [value];
      });
    case "map":
      return node.kind === "map" ? readMap(reading, field.of, node) : refuse(reading, node, name, "a map");
    case "message":
      return readMessage(reading, field.message(), node, name);
  }
}

function readMap(reading: Reading, of: Field, node: YamlMap): Record<string, Json> {
  const pairs: [string, Json][] = [];
  for (const [key, entry] of node.entries) {
    const value = readField(reading, of, entry.value, key);
    if (value !== undefined) pairs.push([key, value]);
  }
  return Object.fromEntries(pairs);
}

/** A whole number, which JSON may also give as text or as a fraction of nothing. */
function wholeNumber(node: YamlNode, [least, most]: readonly [bigint, bigint]): bigint | undefined {
  if (node.kind !== "scalar") return undefined;
  let { value } = node;
  if (typeof value === "string" && /^-?[0-9]+$/.test(value)) value = BigInt(value.slice(0, 40));
  else if (typeof value === "string" && NUMBER.test(value)) value = Number(value);
  if (typeof value === "number" && Number.isInteger(value)) value = BigInt(value);
  return typeof value === "bigint" && value >= least && value <= most ? value : undefined;
}

function double(node: YamlNode): Json | undefined {
  if (node.kind !== "scalar") return undefined;
  const { value } = node;
  if (typeof value === "number" || typeof value === "bigint") return Number(value);
  if (typeof value !== "string") return undefined;
  if (value === "NaN" || value === "Infinity" || value === "-Infinity") return value;
  return NUMBER.test(value) && Number.isFinite(Number(value)) ? Number(value) : undefined;
}

/** The name of a member of an enum, which may stand there as its number. */
function enumName(reading: Reading, names: readonly string[], node: YamlNode, name: string): string | undefined {
  const value = node.kind === "scalar" ? node.value : undefined;
  if (typeof value === "string" && names.includes(value)) return value;
  const byNumber = typeof value === "number" ? names[value] : undefined;
  if (byNumber !== undefined) return byNumber;
  if (typeof value !== "string" && typeof value !== "number") return refuse(reading, node, name, "one of the names that KFP knows"), undefined;
  const suggestion = nearestName(String(value), names);
  reading.reports.add(diagnostic("HMC7015", spanOf(reading, node), { field: name, value: String(value), names: [...names], suggestion }));
  return undefined;
}

function refuse(reading: Reading, node: YamlNode, name: string, expected: string): undefined {
  reading.reports.add(diagnostic("HMC7014", spanOf(reading, node), { name, expected, actual: describeNode(node) }));
}

function describeNode(node: YamlNode): string {
  if (node.kind === "list") return "a list";
  if (node.kind === "map") return "a map";
  const { value } = node;
  if (value === null) return "nothing";
  if (typeof value !== "string") return String(value);
  return value === "" ? "an empty text" : `the text "${value.length > 40 ? `${value.slice(0, 39)}…` : value}"`;
}

function isNull(node: YamlNode): boolean {
  return node.kind === "scalar" && node.value === null;
}

function spanOf(reading: Reading, { start, end }: Range): ReturnType<Source["span"]> {
  return reading.source.span(start, end);
}
