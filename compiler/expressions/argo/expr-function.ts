/** Calls a function of the environment as Go does: what does not fit its parameters is an error. */
import { fail } from "./expr-operators.ts";
import { ExprDuration, ExprTime, goTypeOf, isList, isObject, type ExprFunction, type ExprParameterType, type ExprValue } from "./expr-value.ts";

const goNames: Readonly<Record<ExprParameterType, string>> = {
  any: "interface {}", string: "string", int: "int", float: "float64", bool: "bool", "[]any": "[]interface {}", "[]string": "[]string", "map[string]any": "map[string]interface {}", time: "time.Time", duration: "time.Duration",
};

/** What nil stands for where Go knows no nil. */
const zeros: Readonly<Partial<Record<ExprParameterType, ExprValue>>> = { string: "", int: 0n, float: 0, bool: false };

export function callFunction(called: ExprFunction, given: readonly ExprValue[]): ExprValue {
  const { parameters, rest } = called;
  if (rest === undefined ? given.length !== parameters.length : given.length < parameters.length) {
    return fail(`invalid number of arguments: expected ${rest === undefined ? "" : "at least "}${parameters.length}, got ${given.length}`);
  }
  return called.call(...given.map((value, index) => converted(value, parameters[index] ?? rest ?? "any")));
}

function converted(value: ExprValue, type: ExprParameterType): ExprValue {
  if (value === null) return zeros[type] ?? null;
  return fits(value, type) ? value : fail(`reflect: Call using ${goTypeOf(value)} as type ${goNames[type]}`);
}

function fits(value: ExprValue, type: ExprParameterType): boolean {
  switch (type) {
    case "any":
      return true;
    case "string":
      return typeof value === "string";
    case "int":
      return typeof value === "bigint";
    case "float":
      return typeof value === "number";
    case "bool":
      return typeof value === "boolean";
    case "[]any":
      return isList(value);
    case "[]string":
      return isList(value) && value.every((item) => typeof item === "string");
    case "map[string]any":
      return isObject(value);
    case "time":
      return value instanceof ExprTime;
    case "duration":
      return value instanceof ExprDuration;
  }
}
