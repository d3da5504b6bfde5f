/** Constants as literals. */
import type { Json } from "../../ir/types.ts";
import { bracketed, line, type Doc } from "./layout.ts";
import { text, type Module } from "./module.ts";
import { propertyName } from "./types.ts";

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
