/** What the operators of expr-lang make of values. Operands that do not fit are an `ExprEvaluationError`. */
import { ExprDuration, ExprEvaluationError, ExprTime, goTypeOf, isList, isObject, isTextMap, type ExprValue } from "./expr-value.ts";
import { powerGo } from "./go-power.ts";
import { decodeGo } from "./go-strings.ts";
import { compareGo } from "./go-text.ts";

export function fail(message: string): never {
  throw new ExprEvaluationError(message);
}

/** A value where Go insists on a type. */
function insist(value: ExprValue, type: string): never {
  return fail(`interface conversion: interface {} is ${value === null ? "nil" : goTypeOf(value)}, not ${type}`);
}

export function boolOf(value: ExprValue): boolean {
  return typeof value === "boolean" ? value : insist(value, "bool");
}

export function textOf(value: ExprValue, type = "string"): string {
  return typeof value === "string" ? value : insist(value, type);
}

export function intOf(value: ExprValue): bigint {
  return typeof value === "bigint" ? value : insist(value, "int");
}

/** A number as Go's `int()`: a fraction is cut off. */
export function toInt(value: ExprValue): bigint {
  if (typeof value === "bigint") return value;
  return typeof value === "number" ? intOfFloat(value) : fail(`invalid operation: int(${goTypeOf(value)})`);
}

/** What does not fit 64 bits is the least whole number, as on the processors that controllers run on. */
export function intOfFloat(value: number): bigint {
  const least = -(2n ** 63n);
  if (!Number.isFinite(value)) return least;
  const whole = BigInt(Math.trunc(value));
  return whole >= least && whole < -least ? whole : least;
}

export function isNumeric(value: ExprValue): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

function toFloat(value: ExprValue): number {
  return isNumeric(value) ? Number(value) : fail(`invalid operation: float(${goTypeOf(value)})`);
}

/** Numbers are equal across their kinds; lists and maps by what they hold. */
export function isEqual(left: ExprValue, right: ExprValue): boolean {
  if (typeof left === "bigint" && typeof right === "bigint") return left === right;
  if (isNumeric(left) && isNumeric(right)) return Number(left) === Number(right);
  if (isList(left) && isList(right)) return left.length === right.length && left.every((item, index) => isEqual(item, right[index] ?? null));
  if (left instanceof ExprTime && right instanceof ExprTime) return left.nanoseconds === right.nanoseconds;
  if (left instanceof ExprDuration && right instanceof ExprDuration) return left.nanoseconds === right.nanoseconds;
  return isDeeplyEqual(left, right);
}

/** Within maps a number is only equal to one of its kind. */
function isDeeplyEqual(left: ExprValue, right: ExprValue): boolean {
  if (isList(left) && isList(right)) return left.length === right.length && left.every((item, index) => isDeeplyEqual(item, right[index] ?? null));
  if (left instanceof Map && right instanceof Map) return left.size === right.size && [...left].every(([key, value]) => right.has(key) && isDeeplyEqual(value, right.get(key) ?? null));
  if (isObject(left) && isObject(right)) {
    const keys = Object.keys(left);
    return keys.length === Object.keys(right).length && keys.every((key) => Object.hasOwn(right, key) && isDeeplyEqual(left[key] ?? null, right[key] ?? null));
  }
  return left === right;
}

export type Comparison = "<" | "<=" | ">" | ">=";

export function compare(operator: Comparison, left: ExprValue, right: ExprValue): boolean {
  const [a, b] = comparable(left, right) ?? fail(`invalid operation: ${goTypeOf(left)} ${operator} ${goTypeOf(right)}`);
  switch (operator) {
    case "<":
      return a < b;
    case "<=":
      return a <= b;
    case ">":
      return a > b;
    case ">=":
      return a >= b;
  }
}

function comparable(left: ExprValue, right: ExprValue): [number | bigint, number | bigint] | undefined {
  if (typeof left === "bigint" && typeof right === "bigint") return [left, right];
  if (isNumeric(left) && isNumeric(right)) return [Number(left), Number(right)];
  if (typeof left === "string" && typeof right === "string") return [compareGo(left, right), 0];
  if ((left instanceof ExprTime && right instanceof ExprTime) || (left instanceof ExprDuration && right instanceof ExprDuration)) return [left.nanoseconds, right.nanoseconds];
  return undefined;
}

const wrap = (value: bigint) => BigInt.asIntN(64, value);

export function arithmetic(operator: "+" | "-" | "*" | "/" | "%" | "**" | "^", left: ExprValue, right: ExprValue): ExprValue {
  switch (operator) {
    case "**":
    case "^":
      return powerGo(toFloat(left), toFloat(right));
    case "/":
      return isNumeric(left) && isNumeric(right) ? Number(left) / Number(right) : misfit(operator, left, right);
    case "%":
      if (typeof left !== "bigint" || typeof right !== "bigint") return misfit(operator, left, right);
      return right === 0n ? fail("runtime error: integer divide by zero") : left % right;
    case "+":
      if (typeof left === "string" && typeof right === "string") return left + right;
      break;
  }
  if (typeof left === "bigint" && typeof right === "bigint") return wrap(operator === "+" ? left + right : operator === "-" ? left - right : left * right);
  if (isNumeric(left) && isNumeric(right)) {
    const [a, b] = [Number(left), Number(right)];
    return operator === "+" ? a + b : operator === "-" ? a - b : a * b;
  }
  return temporal(operator, left, right) ?? misfit(operator, left, right);
}

function misfit(operator: string, left: ExprValue, right: ExprValue): never {
  return fail(`invalid operation: ${goTypeOf(left)} ${operator} ${goTypeOf(right)}`);
}


function temporal(operator: "+" | "-" | "*", left: ExprValue, right: ExprValue): ExprValue | undefined {
  if (left instanceof ExprTime && right instanceof ExprTime) return operator === "-" ? new ExprDuration(left.nanoseconds - right.nanoseconds) : undefined;
  if (left instanceof ExprTime && right instanceof ExprDuration && operator !== "*") return moved(left, operator === "+" ? right.nanoseconds : -right.nanoseconds);
  if (left instanceof ExprDuration && right instanceof ExprTime) return operator === "+" ? moved(right, left.nanoseconds) : undefined;
  if (left instanceof ExprDuration && right instanceof ExprDuration) return new ExprDuration(wrap(operator === "+" ? left.nanoseconds + right.nanoseconds : operator === "-" ? left.nanoseconds - right.nanoseconds : left.nanoseconds * right.nanoseconds));
  if (operator !== "*") return undefined;
  if (left instanceof ExprDuration && isNumeric(right)) return scaled(left, right);
  return right instanceof ExprDuration && isNumeric(left) ? scaled(right, left) : undefined;
}

function moved({ nanoseconds, zone, zoneName }: ExprTime, by: bigint): ExprTime {
  return new ExprTime(nanoseconds + by, zone, zoneName);
}

function scaled({ nanoseconds }: ExprDuration, factor: number | bigint): ExprDuration {
  return new ExprDuration(typeof factor === "bigint" ? wrap(nanoseconds * factor) : intOfFloat(Number(nanoseconds) * factor));
}

/** `needle in haystack`. */
export function isIn(needle: ExprValue, haystack: ExprValue): boolean {
  if (haystack === null) return false;
  if (isList(haystack)) return haystack.some((item) => isEqual(item, needle));
  if (haystack instanceof Map) return haystack.has(needle);
  return isObject(haystack) ? Object.hasOwn(haystack, keyOf(needle)) : fail(`operator "in" not defined on ${goTypeOf(haystack)}`);
}

/** A key of a map whose keys are texts; nil is the empty text. */
export function keyOf(key: ExprValue): string {
  return key === null ? "" : typeof key === "string" ? key : fail(`reflect.Value.MapIndex: value of type ${goTypeOf(key)} is not assignable to type string`);
}

/** `from[key]`: keys that are not there give nil, places out of range are errors. */
export function fetch(from: ExprValue, key: ExprValue): ExprValue {
  if (from === null) return fail(`cannot fetch ${shownKey(key)} from <nil>`);
  if (isList(from) || typeof from === "string") {
    const length = typeof from === "string" ? Buffer.byteLength(from) : from.length;
    const given = Number(toInt(key));
    const index = given < 0 ? length + given : given;
    if (index < 0 || index >= length) return fail(`index out of range: ${index} (array length is ${length})`);
    return typeof from === "string" ? BigInt(Buffer.from(from)[index] ?? 0) : (from[index] ?? null);
  }
  if (from instanceof Map) return (from as ReadonlyMap<ExprValue, ExprValue>).get(key) ?? null;
  if (!isObject(from)) return fail(`cannot fetch ${shownKey(key)} from ${goTypeOf(from)}`);
  const name = keyOf(key);
  return Object.hasOwn(from, name) ? (from[name] ?? null) : isTextMap(from) ? "" : null;
}

function shownKey(key: ExprValue): string {
  return key === null ? "<nil>" : typeof key === "object" ? goTypeOf(key) : String(key);
}

/** `of[from:to]`; texts are cut by their bytes. */
export function slice(of: ExprValue, from: ExprValue, to: ExprValue | undefined): ExprValue {
  const bytes = typeof of === "string" ? Buffer.from(of) : undefined;
  const list = bytes ?? (isList(of) ? of : undefined);
  if (list === undefined) return to === undefined ? fail(`invalid argument for len (type ${goTypeOf(of)})`) : fail(`cannot slice ${shownKey(from)}`);
  const { length } = list;
  const at = (value: ExprValue) => {
    const index = Number(toInt(value));
    return Math.max(0, index < 0 ? length + index : index);
  };
  const end = to === undefined ? length : Math.min(at(to), length);
  const start = Math.min(at(from), end);
  return bytes === undefined ? (list as readonly ExprValue[]).slice(start, end) : decodeGo(bytes.subarray(start, end));
}
