/** Constants as literals. */
import type { Json, ValueType } from "../../ir/types.ts";
import { bracketed, line, type Doc } from "./layout.ts";
import { constantFits, isAssignable } from "./casts.ts";
import { constantName, text, type Module } from "./module.ts";
import { propertyName, typeOfConstant, typeText } from "./types.ts";

/**
 * The literal of a JSON value.
 *
 * @param hint what it is for: the name of a constant for a text of several lines
 */
export function literal(module: Module, value: Json, hint: string): Doc {
  if (typeof value === "string") return text(module, value, hint);
  if (Array.isArray(value)) return bracketed("[", value.map((item) => literal(module, item, hint)), "]");
  if (value === null || typeof value !== "object") return String(value);
  return objectLiteral(Object.entries(value).map(([key, entry]) => property(key, literal(module, entry, key))));
}

/** `{ a: 1, b }`. */
export function objectLiteral(properties: readonly Doc[]): Doc {
  return bracketed("{", properties, "}", line);
}

/** `key: value`, or `key` alone where the value is a variable of that name. */
export function property(key: string, value: Doc): Doc {
  return value === key ? key : [propertyName(key), ": ", value];
}

/**
 * A constant in a body. An object with a list inside is a constant of the module: written in place, the frontend takes it for a
 * struct of its parts.
 *
 * @param target the type of the place, which annotates the constant where its own type is wider
 */
export function constant(module: Module, value: Json, hint: string, target?: ValueType): Doc {
  if (!holdsListInObject(value, false)) return literal(module, value, hint);
  return moduleConstant(module, value, hint, target);
}

/** A constant list to loop over. With lists in it it is a constant of the module: a loop over one that is written in place is unrolled. */
export function constantItems(module: Module, value: Json, hint: string): Doc {
  const holdsList = (item: Json): boolean => Array.isArray(item) || (item !== null && typeof item === "object" && Object.values(item).some(holdsList));
  return Array.isArray(value) && value.some(holdsList) ? moduleConstant(module, value, hint) : literal(module, value, hint);
}

function moduleConstant(module: Module, value: Json, hint: string, target?: ValueType): Doc {
  const isWider = target !== undefined && constantFits(value, target) && !isAssignable(typeOfConstant(value), target);
  const type: Doc = isWider ? typeText(module, target) : "";
  return constantName(module, JSON.stringify([value, isWider ? target : null]), hint, type, literal(module, value, hint));
}

function holdsListInObject(value: Json, isInObject: boolean): boolean {
  if (Array.isArray(value)) return isInObject || value.some((item) => holdsListInObject(item, false));
  return value !== null && typeof value === "object" && Object.values(value).some((entry) => holdsListInObject(entry, true));
}
