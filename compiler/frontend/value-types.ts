/** The types of values that the frontend makes itself; those of ops come from the checker (`types.ts`). */
import type { Json, ParameterType, ValueType } from "../ir/types.ts";

/** The type of a constant. */
export function constantType(value: Json): ParameterType {
  if (value === null) return { kind: "json" };
  if (Array.isArray(value)) {
    const types = value.map(constantType);
    const items = types.reduce<ParameterType | undefined>((a, b) => (a === undefined ? b : unifyParameters(a, b)), undefined) ?? { kind: "json" };
    // A list of several kinds, such as an entry of an object, is a tuple.
    return items.kind === "json" && types.length > 0 ? { kind: "list", items, tuple: types } : { kind: "list", items };
  }
  switch (typeof value) {
    case "string":
      return { kind: "string" };
    case "boolean":
      return { kind: "boolean" };
    case "number":
      return Number.isInteger(value) ? { kind: "integer" } : { kind: "number" };
    default:
      return {
        kind: "struct",
        properties: Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, { type: constantType(entry), optional: false, ...(entry === null ? { nullable: true } : {}) }])),
      };
  }
}

/** A type that holds the values of both. */
export function unify(a: ValueType, b: ValueType): ValueType {
  if (a.kind === "artifact" || b.kind === "artifact") {
    if (a.kind !== "artifact" || b.kind !== "artifact") return { kind: "json" };
    const isSame = a.schemaTitle === b.schemaTitle && a.schemaVersion === b.schemaVersion && a.instanceSchema === b.instanceSchema;
    return isSame ? a : { kind: "artifact", schemaTitle: "system.Artifact", schemaVersion: "0.0.1", list: a.list };
  }
  return unifyParameters(a, b);
}

function unifyParameters(a: ParameterType, b: ParameterType): ParameterType {
  if (a.kind === b.kind) {
    if (a.kind === "list" && b.kind === "list") return unifyLists(a, b);
    if (a.kind === "struct" && b.kind === "struct") return unifyStructs(a, b);
    if ((a.kind === "string" || a.kind === "number" || a.kind === "integer") && JSON.stringify(a) !== JSON.stringify(b)) return { kind: a.kind };
    return a;
  }
  const kinds = [a.kind, b.kind];
  if (kinds.includes("integer") && kinds.includes("number")) return { kind: "number" };
  return { kind: "json" };
}

type List = Extract<ParameterType, { kind: "list" }>;

function unifyLists(a: List, b: List): ParameterType {
  const items = unifyParameters(a.items, b.items);
  const other = b.tuple;
  if (a.tuple === undefined || other === undefined || a.tuple.length !== other.length) return { kind: "list", items };
  return { kind: "list", items, tuple: a.tuple.map((type, index) => unifyParameters(type, other[index] ?? { kind: "json" })) };
}

type Struct = Extract<ParameterType, { kind: "struct" }>;

function unifyStructs(a: Struct, b: Struct): ParameterType {
  const properties: Struct["properties"] = {};
  for (const key of new Set([...Object.keys(a.properties), ...Object.keys(b.properties)])) {
    const left = a.properties[key];
    const right = b.properties[key];
    if (left !== undefined && right !== undefined) properties[key] = { type: unifyParameters(left.type, right.type), optional: left.optional || right.optional };
    else properties[key] = { ...((left ?? right) as Struct["properties"][string]), optional: true };
  }
  const additional = a.additional ?? b.additional;
  return { kind: "struct", properties, ...(additional === undefined ? {} : { additional }) };
}

/** The list of values of a type; of artifacts, the artifact list. */
export function listOf(type: ValueType): ValueType {
  return type.kind === "artifact" ? { ...type, list: true } : { kind: "list", items: type };
}

/** The type of one item of a list; undefined where it is none. */
export function itemOf(type: ValueType): ValueType | undefined {
  if (type.kind === "list") return type.items;
  if (type.kind === "artifact" && type.list) return { ...type, list: false };
  return type.kind === "json" ? type : undefined;
}

/** The type of a member of a struct, a status or an artifact. */
export function memberType(type: ValueType, key: string): ParameterType | undefined {
  switch (type.kind) {
    case "struct":
      return type.properties[key]?.type ?? type.additional;
    case "json":
      return { kind: "json" };
    case "status":
      if (key === "error") return { kind: "struct", properties: { code: { type: { kind: "integer" }, optional: false }, message: { type: { kind: "string" }, optional: false } } };
      return key === "state" || key === "taskName" ? { kind: "string" } : undefined;
    case "artifact":
      if (type.list) return undefined;
      if (key === "uri" || key === "path" || key === "name") return { kind: "string" };
      return key === "metadata" ? { kind: "struct", properties: {}, additional: { kind: "json" } } : undefined;
    default:
      return undefined;
  }
}
