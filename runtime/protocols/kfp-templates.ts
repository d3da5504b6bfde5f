/**
 * Text, lists and objects that the compiler builds from several run-time values. KFP's launcher would paste text into
 * the JSON of the executor input, where a quotation mark breaks it; so the compiler writes markers of its own, and gives
 * the values as further inputs. Nothing else looks like a marker, for `{{` is escaped in all other text.
 */
import type { Json } from "../../compiler/ir/types.ts";

const marker = /\{\{\$\.hmc\.text\['([^']+)'\]\}\}/g;
const wholeMarker = /^\{\{\$\.hmc\.value\['([^']+)'\]\}\}$/;

/** The parameters with their markers filled from one another. */
export function fillTemplates(parameters: { readonly [name: string]: Json }): { [name: string]: Json } {
  const filled: { [name: string]: Json } = {};
  for (const [name, value] of Object.entries(parameters)) filled[name] = fill(value, parameters) ?? null;
  return filled;
}

/** Undefined where the value of a marker is absent. */
function fill(value: Json, parameters: { readonly [name: string]: Json }): Json | undefined {
  if (typeof value === "string") {
    const whole = wholeMarker.exec(value)?.[1];
    if (whole !== undefined) return Object.hasOwn(parameters, whole) ? parameters[whole] : undefined;
    return value.includes("{{$.hmc.") ? value.replace(marker, (_, name: string) => textOf(Object.hasOwn(parameters, name) ? parameters[name] : undefined)) : value;
  }
  if (Array.isArray(value)) return value.map((item) => fill(item, parameters) ?? null);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]): [string, Json][] => {
      const inner = fill(item, parameters);
      return inner === undefined ? [] : [[key, inner]];
    }),
  );
}

/** Text as a template literal writes it. */
function textOf(value: Json | undefined): string {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
}
