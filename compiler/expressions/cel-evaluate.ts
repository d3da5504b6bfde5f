/**
 * Evaluates CEL, as far as KFP's driver does. Whole numbers that CEL itself makes are `int` and divide as such; numbers
 * that come from JSON are `double`.
 */
import type { Cel, CelBinaryOperator } from "./cel.ts";

/** A value: JSON, with `bigint` for CEL's `int`. */
export type CelValue = null | boolean | number | bigint | string | CelValue[] | { [key: string]: CelValue };

/** An expression that has no value, e.g. a key that is not there. */
export class CelError extends Error {
  override name = "CelError";
}

/**
 * The value of an expression. Throws `CelError` where CEL has none.
 *
 * @param names what the free names stand for
 */
export function evaluateCel(cel: Cel, names: ReadonlyMap<string, CelValue>): CelValue {
  const of = (inner: Cel): CelValue => evaluateCel(inner, names);
  switch (cel.kind) {
    case "bool":
    case "string":
    case "double":
      return cel.value;
    case "null":
      return null;
    case "int":
      return BigInt(cel.value);
    case "name":
      return names.get(cel.name) ?? fail(`there is nothing called "${cel.name}"`);
    case "field":
      return member(of(cel.object), cel.name);
    case "index":
      return member(of(cel.object), of(cel.index));
    case "call":
      return call(cel.function, cel.arguments, of);
    case "method":
      return method(cel.method, of(cel.object), cel.arguments.map(of));
    case "not":
      return !truth(of(cel.operand));
    case "negate": {
      const operand = of(cel.operand);
      return typeof operand === "bigint" ? -operand : typeof operand === "number" ? -operand : fail(`"-" needs a number`);
    }
    case "binary":
      return cel.operator === "&&" || cel.operator === "||" ? logical(cel.operator, cel.left, cel.right, of) : binary(cel.operator, of(cel.left), of(cel.right));
    case "conditional":
      return truth(of(cel.test)) ? of(cel.consequent) : of(cel.alternate);
    case "list":
      return cel.items.map(of);
    case "verbatim":
      return of(cel.tree);
  }
}

function fail(reason: string): never {
  throw new CelError(reason);
}

function truth(value: CelValue): boolean {
  return typeof value === "boolean" ? value : fail(`a condition is ${shown(value)}, not true or false`);
}

function shown(value: CelValue): string {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? Number(inner) : inner));
}

/** The side that decides wins, even where the other one has no value. */
function logical(operator: "&&" | "||", left: Cel, right: Cel, of: (cel: Cel) => CelValue): boolean {
  const decides = operator === "||";
  try {
    return truth(of(left)) === decides ? decides : truth(of(right));
  } catch (error) {
    if (!(error instanceof CelError)) throw error;
    if (truth(of(right)) === decides) return decides;
    throw error;
  }
}

function isNumber(value: CelValue): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

function binary(operator: Exclude<CelBinaryOperator, "&&" | "||">, left: CelValue, right: CelValue): CelValue {
  switch (operator) {
    case "==":
      return equal(left, right);
    case "!=":
      return !equal(left, right);
    case "<":
    case "<=":
    case ">":
    case ">=":
      return compare(operator, left, right);
    case "in":
      if (Array.isArray(right)) return right.some((item) => equal(item, left));
      return isMap(right) ? Object.hasOwn(right, String(left)) : fail(`"in" needs a list or an object`);
    case "+":
      if (typeof left === "string" && typeof right === "string") return left + right;
      if (Array.isArray(left) && Array.isArray(right)) return [...left, ...right];
      return arithmetic(operator, left, right);
    default:
      return arithmetic(operator, left, right);
  }
}

/** Numbers are equal across their kinds, everything else only to its own. */
function equal(left: CelValue, right: CelValue): boolean {
  if (isNumber(left) && isNumber(right)) return Number(left) === Number(right);
  if (Array.isArray(left) && Array.isArray(right)) return left.length === right.length && left.every((item, index) => equal(item, right[index] ?? null));
  if (isMap(left) && isMap(right)) {
    const keys = Object.keys(left);
    return keys.length === Object.keys(right).length && keys.every((key) => Object.hasOwn(right, key) && equal(left[key] ?? null, right[key] ?? null));
  }
  return left === right;
}

function compare(operator: "<" | "<=" | ">" | ">=", left: CelValue, right: CelValue): boolean {
  const sides = isNumber(left) && isNumber(right) ? [Number(left), Number(right)] : typeof left === typeof right && (typeof left === "string" || typeof left === "boolean") ? [left, right as string | boolean] : undefined;
  const [a, b] = sides ?? fail(`"${operator}" cannot compare ${shown(left)} with ${shown(right)}`);
  if (a === undefined || b === undefined) return false;
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

function arithmetic(operator: "+" | "-" | "*" | "/" | "%", left: CelValue, right: CelValue): CelValue {
  if (typeof left === "bigint" && typeof right === "bigint") {
    if ((operator === "/" || operator === "%") && right === 0n) return fail("a division by zero");
    return operator === "+" ? left + right : operator === "-" ? left - right : operator === "*" ? left * right : operator === "/" ? left / right : left % right;
  }
  if (typeof left === "number" && typeof right === "number" && operator !== "%") {
    return operator === "+" ? left + right : operator === "-" ? left - right : operator === "*" ? left * right : left / right;
  }
  return fail(`"${operator}" has no meaning for ${shown(left)} and ${shown(right)}`);
}

function isMap(value: CelValue): value is { [key: string]: CelValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function member(object: CelValue, key: CelValue): CelValue {
  if (Array.isArray(object) && isNumber(key)) return object[Number(key)] ?? fail(`index out of bounds: ${Number(key)}`);
  if (isMap(object) && typeof key === "string" && Object.hasOwn(object, key)) return object[key] ?? null;
  return fail(`no such key: ${String(key)}`);
}

function call(name: string, given: readonly Cel[], of: (cel: Cel) => CelValue): CelValue {
  const [first] = given;
  if (first === undefined || given.length > 1) return fail(`there is no function "${name}" of ${given.length} values`);
  if (name === "has") return has(first, of);
  const value = of(first);
  switch (name) {
    case "size":
      return sizeOf(value);
    case "int":
      return integerOf(value);
    case "double":
      return numberOf(value);
    case "string":
      return isMap(value) || Array.isArray(value) || value === null ? fail(`there is no text of ${shown(value)}`) : String(value);
    case "bool":
      if (typeof value === "boolean") return value;
      return value === "true" || value === "True" || value === "1" ? true : value === "false" || value === "False" || value === "0" ? false : fail(`${shown(value)} is neither true nor false`);
    case "dyn":
      return value;
    case "parseJson":
      return parsed(value);
    default:
      return fail(`there is no function "${name}"`);
  }
}

/** `has(a.b)`: whether the field is there. */
function has(field: Cel, of: (cel: Cel) => CelValue): boolean {
  if (field.kind !== "field") return fail(`"has()" needs a field`);
  const object = of(field.object);
  return isMap(object) && Object.hasOwn(object, field.name);
}

function sizeOf(value: CelValue): bigint {
  if (typeof value === "string") return BigInt([...value].length);
  if (Array.isArray(value)) return BigInt(value.length);
  return isMap(value) ? BigInt(Object.keys(value).length) : fail(`there is no size of ${shown(value)}`);
}

function integerOf(value: CelValue): bigint {
  if (typeof value === "bigint") return value;
  if (typeof value === "number" && Number.isFinite(value)) return BigInt(Math.trunc(value));
  return typeof value === "string" && /^[+-]?\d+$/.test(value) ? BigInt(value) : fail(`${shown(value)} is no whole number`);
}

function numberOf(value: CelValue): number {
  if (isNumber(value)) return Number(value);
  return typeof value === "string" && value.trim() !== "" && !Number.isNaN(Number(value)) ? Number(value) : fail(`${shown(value)} is no number`);
}

function parsed(value: CelValue): CelValue {
  if (typeof value !== "string") return fail(`"parseJson" needs text, but there is ${shown(value)}`);
  try {
    return JSON.parse(value) as CelValue;
  } catch {
    return fail(`${shown(value)} is no JSON`);
  }
}

function method(name: string, object: CelValue, given: readonly CelValue[]): CelValue {
  if (name === "size" && given.length === 0) return sizeOf(object);
  const [argument] = given;
  if (typeof object !== "string" || typeof argument !== "string" || given.length > 1) return fail(`there is no method "${name}" of ${shown(object)}`);
  switch (name) {
    case "startsWith":
      return object.startsWith(argument);
    case "endsWith":
      return object.endsWith(argument);
    case "contains":
      return object.includes(argument);
    case "matches":
      return new RegExp(argument).test(object);
    default:
      return fail(`there is no method "${name}" of text`);
  }
}
