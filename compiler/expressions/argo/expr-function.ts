/** Calls a function of the environment as Go does: what does not fit its parameters is an error. */
import { fail } from "./expr-operators.ts";
import { ExprDuration, ExprTime, goTypeOf, isList, isObject, isTextMap, type ExprFunction, type ExprParameterType, type ExprValue } from "./expr-value.ts";

const goNames: Readonly<Record<ExprParameterType, string>> = {
  any: "interface {}", string: "string", int: "int", int64: "int64", float: "float64", bool: "bool", "[]any": "[]interface {}", "[]string": "[]string", "map[string]any": "map[string]interface {}", time: "time.Time", duration: "time.Duration",
};

/** What nil stands for where Go knows no nil. */
const zeros: Readonly<Partial<Record<ExprParameterType, ExprValue>>> = { string: "", int: 0n, float: 0, bool: false };

/** @param results the types of the arguments that other functions gave: Go does not take an `int64` for an `int` */
export function callFunction(called: ExprFunction, given: readonly ExprValue[], results: readonly (ExprParameterType | undefined)[]): ExprValue {
  const { parameters, rest } = called;
  if (rest === undefined ? given.length !== parameters.length : given.length < parameters.length) {
    return fail(`invalid number of arguments: expected ${rest === undefined ? "" : "at least "}${parameters.length}, got ${given.length}`);
  }
  const isLong = given.some((_, index) => results[index] === "int64" && (parameters[index] ?? rest) === "int");
  if (isLong) return fail("reflect: Call using int64 as type int");
  return called.call(...given.map((value, index) => converted(value, parameters[index] ?? rest ?? "any", index >= parameters.length)));
}

function converted(value: ExprValue, type: ExprParameterType, isFurther: boolean): ExprValue {
  if (value === null) return zeros[type] ?? null;
  if (fits(value, type)) return value;
  return fail(isFurther ? `reflect: cannot use ${goTypeOf(value)} as type ${goNames[type]} in Call` : `reflect: Call using ${goTypeOf(value)} as type ${goNames[type]}`);
}

function fits(value: ExprValue, type: ExprParameterType): boolean {
  switch (type) {
    case "any":
      return true;
    case "string":
      return typeof value === "string";
    case "int":
    case "int64":
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
      return isObject(value) && !isTextMap(value);
    case "time":
      return value instanceof ExprTime;
    case "duration":
      return value instanceof ExprDuration;
  }
}
