/** Which values TypeScript takes where, by the types of the IR. */
import type { ArtifactType, Json, ParameterType, ValueType } from "../../ir/types.ts";
import { isAnyArtifact } from "./module.ts";

/** Whether TypeScript takes a value of one type where another is asked for. */
export function isAssignable(from: ValueType, to: ValueType): boolean {
  if (to.kind === "json") return true;
  switch (from.kind) {
    case "json":
      return false;
    case "artifact":
      return to.kind === "artifact" && from.list === to.list && (isAnyArtifact(to) || isSameArtifact(from, to));
    case "string":
      return to.kind === "string" && isWithin(from.literals, to.literals);
    case "number":
    case "integer":
      return (to.kind === "number" || to.kind === "integer") && isWithin(from.literals, to.literals);
    case "list":
      return to.kind === "list" && isListAssignable(from, to);
    case "struct":
      return to.kind === "struct" && isStructAssignable(from, to);
    default:
      return from.kind === to.kind;
  }
}

/** Whether `value as T` is allowed without a step over `unknown`. */
export function isComparable(from: ValueType, to: ValueType): boolean {
  return isAssignable(from, to) || isAssignable(to, from) || (from.kind === "list" && to.kind === "list" && isComparable(from.items, to.items));
}

function isSameArtifact(a: ArtifactType, b: ArtifactType): boolean {
  return a.schemaTitle === b.schemaTitle && a.schemaVersion === b.schemaVersion && a.instanceSchema === b.instanceSchema;
}

/** No literals are all values of the kind. */
function isWithin(from: readonly (string | number)[] | undefined, to: readonly (string | number)[] | undefined): boolean {
  return to === undefined || (from !== undefined && from.every((literal) => to.includes(literal)));
}

type List = Extract<ParameterType, { kind: "list" }>;
type Struct = Extract<ParameterType, { kind: "struct" }>;

function isListAssignable(from: List, to: List): boolean {
  if (to.tuple !== undefined) return from.tuple?.length === to.tuple.length && to.tuple.every((item, index) => isAssignable(from.tuple?.[index] ?? from.items, item));
  return (from.tuple ?? [from.items]).every((item) => isAssignable(item, to.items));
}

function isStructAssignable(from: Struct, to: Struct): boolean {
  for (const [name, property] of Object.entries(to.properties)) {
    const given = from.properties[name];
    if (given === undefined) {
      if (!property.optional || from.additional !== undefined) return false;
    } else if ((given.optional && !property.optional) || (given.nullable === true && property.nullable !== true) || !isAssignable(given.type, property.type)) return false;
  }
  const { additional } = to;
  if (additional === undefined) return true;
  const others = Object.entries(from.properties).filter(([name]) => to.properties[name] === undefined);
  return others.every(([, property]) => isAssignable(property.type, additional)) && (from.additional === undefined || isAssignable(from.additional, additional));
}

/** Whether TypeScript takes the literal of a constant where a type is asked for. */
export function constantFits(value: Json, type: ValueType): boolean {
  switch (type.kind) {
    case "json":
      return true;
    case "string":
      return typeof value === "string" && (type.literals?.includes(value) ?? true);
    case "number":
    case "integer":
      return typeof value === "number" && (type.literals?.includes(value) ?? true);
    case "boolean":
      return typeof value === "boolean";
    case "list":
      if (!Array.isArray(value)) return false;
      if (type.tuple !== undefined) return value.length === type.tuple.length && type.tuple.every((item, index) => constantFits(value[index] ?? null, item));
      return value.every((item) => constantFits(item, type.items));
    case "struct": {
      if (value === null || typeof value !== "object" || Array.isArray(value)) return false;
      const missing = Object.entries(type.properties).some(([name, property]) => !property.optional && value[name] === undefined);
      return !missing && Object.entries(value).every(([name, entry]) => {
        const property = type.properties[name];
        const expected = property?.type ?? type.additional;
        return expected !== undefined && ((entry === null && property?.nullable === true) || constantFits(entry, expected));
      });
    }
    default:
      return false;
  }
}
