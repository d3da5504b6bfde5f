/** What expressions of expr-lang come to, and what they read. */

/**
 * A value: `bigint` is Go's `int`, `number` Go's `float64`, an object without prototype-born names is Go's
 * `map[string]any`, a `Map` is `map[any]any`.
 */
export type ExprValue = null | boolean | bigint | number | string | readonly ExprValue[] | ExprObject | ReadonlyMap<ExprValue, ExprValue> | ExprFunction | ExprTime | ExprDuration | ExprOpaque;

export interface ExprObject {
  readonly [name: string]: ExprValue;
}

/** The names an expression may read. `argoEnv` makes one of Argo's names with dots. */
export type ExprEnv = ExprObject;

/** The type of an argument or a result of a function, as Go has it; "any" is everything. */
export type ExprParameterType = "any" | "string" | "int" | "int64" | "float" | "bool" | "[]any" | "[]string" | "map[string]any" | "time" | "duration";

/** A function of the environment. Arguments are checked against its parameters before it is called. */
export class ExprFunction {
  readonly kind = "function";
  constructor(
    readonly name: string,
    readonly parameters: readonly ExprParameterType[],
    readonly result: ExprParameterType,
    readonly call: (...given: ExprValue[]) => ExprValue,
    /** The type of all further arguments, where there may be any number. */
    readonly rest?: ExprParameterType,
  ) {}
}

/** A moment, in nanoseconds since 1970, and the seconds east of UTC in which it is shown. */
export class ExprTime {
  readonly kind = "time";
  constructor(
    readonly nanoseconds: bigint,
    readonly zone: number = 0,
    /** The zone's name, e.g. `UTC`; empty where only its seconds are known. */
    readonly zoneName: string = "UTC",
  ) {}
}

/** A span of time in nanoseconds. */
export class ExprDuration {
  readonly kind = "duration";
  constructor(readonly nanoseconds: bigint) {}
}

/** Something expressions only pass on, e.g. an artifact. */
export class ExprOpaque {
  readonly kind = "opaque";
  constructor(
    readonly value: unknown,
    /** How Go calls its type in messages. */
    readonly type: string = "v1alpha1.Artifact",
  ) {}
}

/** An expression that has no value: a name that is not there, types that do not fit, an index out of range. */
export class ExprEvaluationError extends Error {
  override name = "ExprEvaluationError";
  constructor(
    message: string,
    /** Where in the expression the fault lies, if one place is known. */
    readonly offset?: number,
    /** Whether the expression is refused as a whole before anything is evaluated, as it is with the types of these names. */
    readonly compiles: boolean = true,
  ) {
    super(message);
  }
}

const holdsTexts = Symbol("map[string]string");

/** Marks an object as Go's `map[string]string`: a key that is not there gives an empty text. */
export function textMap(entries: readonly (readonly [string, string])[]): ExprObject {
  return Object.defineProperty(Object.fromEntries(entries), holdsTexts, { value: true });
}

export function isTextMap(value: ExprValue): boolean {
  return typeof value === "object" && value !== null && holdsTexts in value;
}

/** Whether a value is Go's `map[string]any`. */
export function isObject(value: ExprValue): value is ExprObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Map) && !(value instanceof ExprFunction) && !(value instanceof ExprTime) && !(value instanceof ExprDuration) && !(value instanceof ExprOpaque);
}

export function isList(value: ExprValue): value is readonly ExprValue[] {
  return Array.isArray(value);
}

/** The type of a value as Go prints it with `%T`. */
export function goTypeOf(value: ExprValue): string {
  switch (typeof value) {
    case "boolean":
      return "bool";
    case "bigint":
      return "int";
    case "number":
      return "float64";
    case "string":
      return "string";
  }
  if (value === null) return "<nil>";
  if (isList(value)) return "[]interface {}";
  if (value instanceof Map) return value.size > 0 && [...value.values()].every(isList) ? "map[interface {}][]interface {}" : "map[interface {}]interface {}";
  if (value instanceof ExprFunction) return "func";
  if (value instanceof ExprTime) return "time.Time";
  if (value instanceof ExprDuration) return "time.Duration";
  return value instanceof ExprOpaque ? value.type : isTextMap(value) ? "map[string]string" : "map[string]interface {}";
}
