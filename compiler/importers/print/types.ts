/** Types of the IR as TypeScript. */
import type { Json, ParameterType, ValueType } from "../../ir/types.ts";
import { documented } from "./comments.ts";
import { group, hardLine, ifBroken, indent, join, line, type Doc } from "./layout.ts";
import { artifactName, languageType, type Module } from "./module.ts";
import { isPropertyName } from "./names.ts";
import { quoted } from "./texts.ts";

/** The type of a value as it is written. */
export function typeText(module: Module, type: ValueType): Doc {
  switch (type.kind) {
    case "string":
      return type.literals === undefined || type.literals.length === 0 ? "string" : type.literals.map(quoted).join(" | ");
    case "number":
    case "integer":
      if (type.literals !== undefined && type.literals.length > 0) return type.literals.join(" | ");
      return type.kind === "number" ? "number" : languageType(module, "Int");
    case "boolean":
      return "boolean";
    case "list":
      if (type.tuple !== undefined && type.tuple.length > 0) return ["[", join(", ", type.tuple.map((item) => typeText(module, item))), "]"];
      return listText(module, type.items);
    case "struct":
      return structText(module, type);
    case "json":
      return "unknown";
    case "status":
      return languageType(module, "RunStatus");
    case "taskConfig":
      return languageType(module, "TaskConfig");
    case "artifact":
      return type.list ? `${artifactName(module, type)}[]` : artifactName(module, type);
  }
}

function listText(module: Module, items: ParameterType): Doc {
  const isUnion = (items.kind === "string" || items.kind === "number" || items.kind === "integer") && (items.literals?.length ?? 0) > 1;
  const item = typeText(module, items);
  return isUnion ? ["(", item, ")[]"] : [item, "[]"];
}

/** One property of an object type. */
export interface Member {
  name: string;
  type: Doc;
  optional: boolean;
  description?: string | undefined;
}

/** `{ a: string; b?: Int }`, with the descriptions of its members as JSDoc. */
export function objectType(members: readonly Member[], more: readonly Doc[] = []): Doc {
  const texts = members.map(({ name, type, optional, description }) => documented(description, [propertyName(name), optional ? "?: " : ": ", type]));
  const all = [...texts, ...more];
  if (all.length === 0) return "{}";
  const isDocumented = members.some(({ description }) => description !== undefined && description.trim() !== "");
  return group("{", indent(line, join([";", line], all)), ifBroken(";"), isDocumented ? hardLine : line, "}");
}

function structText(module: Module, type: Extract<ParameterType, { kind: "struct" }>): Doc {
  const members = Object.entries(type.properties).map(([name, property]) => ({
    name,
    type: property.nullable === true && property.type.kind !== "json" ? [typeText(module, property.type), " | null"] : typeText(module, property.type),
    optional: property.optional,
    description: property.description,
  }));
  if (type.additional === undefined) return objectType(members);
  const additional = typeText(module, type.additional);
  if (members.length === 0) return ["Record<string, ", additional, ">"];
  if (type.additional.kind === "json") return objectType(members, [["[key: string]: ", additional]]);
  return [objectType(members), " & Record<string, ", additional, ">"];
}

/** A name as the key of an object or a type. */
export function propertyName(name: string): string {
  return isPropertyName(name) ? name : quoted(name);
}

// ---------------------------------------------------------------------------------------------- reading types

/** The type of one item of a list; undefined where it is none. */
export function itemOf(type: ValueType): ValueType | undefined {
  if (type.kind === "list") return type.items;
  if (type.kind === "artifact" && type.list) return { ...type, list: false };
  return type.kind === "json" ? type : undefined;
}

/** The list of values of a type; of artifacts, the artifact list. */
export function listOf(type: ValueType): ValueType {
  return type.kind === "artifact" ? { ...type, list: true } : { kind: "list", items: type };
}

/** The type that TypeScript gives a constant; `json` where it is a mixture. */
export function typeOfConstant(value: Json): ParameterType {
  if (value === null) return { kind: "json" };
  if (Array.isArray(value)) {
    const [first, ...others] = value.map(typeOfConstant);
    return { kind: "list", items: others.reduce<ParameterType>((a, b) => common(a, b), first ?? { kind: "json" }) };
  }
  switch (typeof value) {
    case "string":
      return { kind: "string" };
    case "boolean":
      return { kind: "boolean" };
    case "number":
      return { kind: Number.isInteger(value) ? "integer" : "number" };
    default:
      return { kind: "struct", properties: Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, { type: typeOfConstant(entry), optional: false }])) };
  }
}

/** A type that holds the values of both. */
export function common(a: ParameterType, b: ParameterType): ParameterType {
  if (a.kind === "list" && b.kind === "list") return { kind: "list", items: common(a.items, b.items) };
  if (a.kind === "struct" && b.kind === "struct") {
    const properties: typeof a.properties = {};
    for (const key of new Set([...Object.keys(a.properties), ...Object.keys(b.properties)])) {
      const [left, right] = [a.properties[key], b.properties[key]];
      if (left !== undefined && right !== undefined) properties[key] = { type: common(left.type, right.type), optional: left.optional || right.optional };
      else if (left !== undefined || right !== undefined) properties[key] = { type: (left ?? right)?.type ?? { kind: "json" }, optional: true };
    }
    const additional = a.additional ?? b.additional;
    return { kind: "struct", properties, ...(additional === undefined ? {} : { additional }) };
  }
  if (JSON.stringify(a) === JSON.stringify(b)) return a;
  if (isNumeric(a) && isNumeric(b)) return { kind: a.kind === "integer" && b.kind === "integer" ? "integer" : "number" };
  return a.kind === b.kind && a.kind === "string" ? { kind: "string" } : { kind: "json" };
}

function isNumeric(type: ParameterType): boolean {
  return type.kind === "number" || type.kind === "integer";
}

/** Whether a type has `json` anywhere in it. */
export function holdsJson(type: ValueType): boolean {
  switch (type.kind) {
    case "json":
      return true;
    case "list":
      return holdsJson(type.items) || (type.tuple ?? []).some(holdsJson);
    case "struct":
      return Object.values(type.properties).some((property) => holdsJson(property.type)) || (type.additional !== undefined && holdsJson(type.additional));
    default:
      return false;
  }
}
