/** Whether a constant fits a type of the IR. */
import type { Json, ParameterType, ValueType } from "../ir/types.ts";

export interface Misfit {
  /** Where inside the value, e.g. `.steps[0]`; empty for the value itself. */
  path: string;
  value: Json;
  /** What it must be, as words: `a whole number`. */
  expected: string;
}

/** The first place where a value does not fit; undefined when it does. */
export function misfit(type: ValueType, value: Json, path = ""): Misfit | undefined {
  const wrong = (expected: string): Misfit => ({ path, value, expected });
  switch (type.kind) {
    case "string":
      if (typeof value !== "string") return wrong("text");
      return type.literals === undefined || type.literals.includes(value) ? undefined : wrong(oneOf(type.literals));
    case "number":
    case "integer":
      if (typeof value !== "number") return wrong(type.kind === "integer" ? "a whole number" : "a number");
      if (type.kind === "integer" && !Number.isSafeInteger(value)) return wrong("a whole number");
      return type.literals === undefined || type.literals.includes(value) ? undefined : wrong(oneOf(type.literals));
    case "boolean":
      return typeof value === "boolean" ? undefined : wrong("true or false");
    case "list":
      if (!Array.isArray(value)) return wrong("a list");
      return firstMisfit(value.map((item, index) => [type.tuple?.[index] ?? type.items, item, `${path}[${index}]`]));
    case "struct": {
      if (value === null || typeof value !== "object" || Array.isArray(value)) return wrong("an object");
      const entries: [ParameterType, Json, string][] = [];
      for (const [name, member] of Object.entries(value)) {
        const property = type.properties[name];
        const memberType = property?.type ?? type.additional;
        if (memberType !== undefined && !(property?.nullable === true && member === null)) entries.push([memberType, member, `${path}.${name}`]);
      }
      return firstMisfit(entries);
    }
    case "json":
      return undefined;
    case "status":
      return wrong("the status of a task");
    case "taskConfig":
      return wrong("the settings of a task");
    case "artifact":
      return wrong("an artifact");
  }
}

function firstMisfit(entries: [ParameterType, Json, string][]): Misfit | undefined {
  for (const [type, value, path] of entries) {
    const found = misfit(type, value, path);
    if (found !== undefined) return found;
  }
  return undefined;
}

function oneOf(literals: (string | number)[]): string {
  return `one of ${literals.map((literal) => JSON.stringify(literal)).join(", ")}`;
}
