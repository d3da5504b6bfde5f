/**
 * The types that expr-lang knows of an expression before it is evaluated. It refuses an expression whose types do not
 * fit, also where the part at fault would never be evaluated.
 */
import { ExprDuration, ExprFunction, ExprOpaque, ExprTime, isList, isObject, type ExprParameterType, type ExprValue } from "./expr-value.ts";

/**
 * A type. Of `unknown` nothing is known; `any` is known to hold anything, e.g. a member of a map: other types can be
 * assigned to it. `go` is its name in messages.
 */
export interface ExprType {
  readonly kind: "unknown" | "any" | "nil" | "bool" | "int" | "float" | "string" | "array" | "map" | "function" | "time" | "duration" | "opaque";
  readonly go: string;
  /** What the items of an array are. */
  readonly element?: ExprType;
  /** The keys of a map. */
  readonly key?: ExprType;
  readonly function?: ExprFunction;
}

const simple = (kind: ExprType["kind"], go: string): ExprType => ({ kind, go });

export const unknownType = simple("unknown", "unknown");
export const anyType = simple("any", "interface {}");
export const nilType = simple("nil", "unknown");
export const boolType = simple("bool", "bool");
export const intType = simple("int", "int");
export const floatType = simple("float", "float64");
export const stringType = simple("string", "string");
export const timeType = simple("time", "time.Time");
export const durationType = simple("duration", "time.Duration");
export const stringsType: ExprType = { kind: "array", go: "[]string", element: stringType };
export const listType: ExprType = { kind: "array", go: "[]interface {}", element: anyType };
export const objectType: ExprType = { kind: "map", go: "map[string]interface {}", key: stringType, element: anyType };
export const keyedType: ExprType = { kind: "map", go: "map[interface {}]interface {}", key: anyType, element: anyType };
export const groupsType: ExprType = { kind: "map", go: "map[interface {}][]interface {}", key: anyType, element: listType };

/** A list whose items are known to be of a type, though Go only knows a list of anything. */
export function listOf(element: ExprType): ExprType {
  return { ...listType, element };
}

/** The type of a value of the environment. What a map or a list holds is not looked at, as in Go. */
export function typeOfValue(value: ExprValue): ExprType {
  switch (typeof value) {
    case "boolean":
      return boolType;
    case "bigint":
      return intType;
    case "number":
      return floatType;
    case "string":
      return stringType;
  }
  if (value === null) return nilType;
  if (isList(value)) return listType;
  if (value instanceof ExprFunction) return functionType(value);
  if (value instanceof ExprTime) return timeType;
  if (value instanceof ExprDuration) return durationType;
  if (value instanceof ExprOpaque) return simple("opaque", value.type);
  return isObject(value) ? objectType : keyedType;
}

export function functionType(value: ExprFunction): ExprType {
  return { kind: "function", go: `func(${value.parameters.map((parameter) => typeOfParameter(parameter).go).join(", ")}) ${typeOfParameter(value.result).go}`, function: value };
}

const parameterTypes: Readonly<Record<ExprParameterType, ExprType>> = {
  any: anyType, string: stringType, int: intType, int64: { kind: "int", go: "int64" }, float: floatType, bool: boolType, "[]any": listType, "[]string": stringsType, "map[string]any": objectType, time: timeType, duration: durationType,
};

export function typeOfParameter(parameter: ExprParameterType): ExprType {
  return parameterTypes[parameter];
}

export function isUnknown({ kind }: ExprType): boolean {
  return kind === "unknown" || kind === "any";
}

export function isNumber({ kind }: ExprType): boolean {
  return kind === "int" || kind === "float";
}

/** Whether Go would assign a value of one type to a place of another. */
export function isAssignable(from: ExprType, to: ExprType): boolean {
  if (from.kind === "nil") return to.kind === "any" || to.kind === "map" || to.kind === "array" || to.kind === "function";
  if (from.kind === "unknown" || to.kind === "unknown" || to.kind === "nil") return false;
  return to.kind === "any" || from.go === to.go;
}

export function isComparable(left: ExprType, right: ExprType): boolean {
  if (isUnknown(left) || isUnknown(right) || left.kind === "nil" || right.kind === "nil") return true;
  return (isNumber(left) && isNumber(right)) || (left.kind === right.kind && (left.kind === "time" || left.kind === "duration" || left.kind === "array")) || isAssignable(left, right);
}

/** Whether two types may fit, as at least one is not known: the other is one of these kinds. */
export function maybeFit(left: ExprType, right: ExprType, kinds: readonly ExprType["kind"][]): boolean {
  if (isUnknown(left)) return isUnknown(right) || kinds.includes(right.kind);
  return isUnknown(right) && kinds.includes(left.kind);
}
