/** The built-in functions of expr-lang that take no predicate: numbers, texts, JSON and times. Lists are in `expr-lists.ts`. */
import { listFunctions } from "./expr-lists.ts";
import { fail, fetch, intOfFloat, isNumeric, keyOf, textOf, toInt } from "./expr-operators.ts";
import { ExprDuration, ExprFunction, ExprOpaque, ExprTime, goTypeOf, isList, isObject, type ExprValue } from "./expr-value.ts";
import { base64Error, fromBase64, toBase64 } from "./go-base64.ts";
import { readGoJson, writeGoJson } from "./go-json.ts";
import { printGo } from "./go-print.ts";
import { dateLayouts, parseGoDuration, parseGoTime } from "./go-time.ts";
import { goLower, goTrimSpace, goUpper, splitGo } from "./go-strings.ts";

export type BuiltIn = (...given: ExprValue[]) => ExprValue;

/** Calls a built-in function. Arguments of types that are only known now are checked here. */
export function callBuiltIn(name: string, given: readonly ExprValue[]): ExprValue {
  const called = functions[name] ?? listFunctions[name];
  return called === undefined ? fail(`unknown builtin ${name}`) : called(...given);
}

const text = (value: ExprValue | undefined) => textOf(value ?? null);
const number = (value: ExprValue | undefined) => Number(toInt(value ?? null));

/** `int()`: texts are read as decimal numbers. */
export function toExprInt(value: ExprValue): bigint {
  if (typeof value === "number") return intOfFloat(value);
  if (typeof value === "bigint") return value;
  if (value instanceof ExprDuration) return value.nanoseconds;
  if (typeof value !== "string") return fail(`invalid operation: int(${goTypeOf(value)})`);
  const found = /^[+-]?\d+$/.test(value) ? BigInt(value.replace(/^\+/, "")) : undefined;
  return found === undefined || found !== BigInt.asIntN(64, found) ? fail(`invalid operation: int(${value})`) : found;
}

/** `float()`: texts are read as `strconv.ParseFloat` does. */
export function toExprFloat(value: ExprValue): number {
  if (isNumeric(value)) return Number(value);
  return typeof value === "string" ? (parseGoFloat(value) ?? fail(`invalid operation: float(${value})`)) : fail(`invalid operation: float(${goTypeOf(value)})`);
}

/** A decimal or hexadecimal float, infinity or no number; underscores only as Go allows them, i.e. not at all. */
export function parseGoFloat(given: string): number | undefined {
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(given)) {
    const value = Number(given);
    return Number.isFinite(value) ? value : undefined;
  }
  const special = /^([+-]?)(inf|infinity|nan)$/i.exec(given);
  if (special !== null) return special[2]?.toLowerCase() === "nan" ? (special[1] === "" ? Number.NaN : undefined) : special[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const hexadecimal = /^([+-]?)0x([\da-f]*)\.?([\da-f]*)p([+-]?\d+)$/i.exec(given);
  if (hexadecimal === null || `${hexadecimal[2]}${hexadecimal[3]}` === "") return undefined;
  const [, sign, whole = "", fraction = "", exponent] = hexadecimal;
  const value = Number(BigInt(`0x${whole}${fraction}`)) * 2 ** (Number(exponent) - 4 * fraction.length);
  return Number.isFinite(value) ? (sign === "-" ? -value : value) : undefined;
}

function typeName(value: ExprValue): string {
  switch (typeof value) {
    case "boolean":
      return "bool";
    case "bigint":
      return "int";
    case "number":
      return "float";
    case "string":
      return "string";
  }
  if (value === null) return "nil";
  if (isList(value)) return "array";
  if (value instanceof ExprFunction) return "func";
  if (value instanceof ExprTime) return "time.Time";
  if (value instanceof ExprDuration) return "time.Duration";
  return value instanceof ExprOpaque ? "struct" : "map";
}

function rounded(name: string, round: (value: number) => number): BuiltIn {
  return (value = null) => (typeof value === "number" ? round(value) : typeof value === "bigint" ? Number(value) : fail(`invalid argument for ${name} (type ${goTypeOf(value)})`));
}

/** Halves go away from zero. */
export function roundGo(value: number): number {
  const whole = Math.trunc(value);
  return Math.abs(value - whole) >= 0.5 ? whole + Math.sign(value) : whole;
}

function bits(name: string, call: (x: bigint, y: bigint) => bigint): BuiltIn {
  const whole = (value: ExprValue | undefined) => (typeof value === "bigint" ? value : fail(`cannot use ${goTypeOf(value ?? null)} as argument (type int) to call ${name}`));
  return (x, y) => BigInt.asIntN(64, call(whole(x), whole(y)));
}

function shift(call: (x: bigint, y: bigint) => bigint): (x: bigint, y: bigint) => bigint {
  return (x, y) => (y < 0n ? fail(`invalid operation: negative shift count ${y} (type int)`) : call(x, y > 64n ? 64n : y));
}

function date(...given: ExprValue[]): ExprValue {
  const [when, layout, zone] = given;
  if (zone !== undefined) return text(zone) === "UTC" || text(zone) === "" ? date(when ?? null, layout ?? null) : fail(`unknown time zone ${text(zone)}`);
  for (const one of layout === undefined ? dateLayouts : [text(layout)]) {
    const time = parseGoTime(one, text(when));
    if (time !== undefined) return time;
  }
  return fail(layout === undefined ? `invalid date ${text(when)}` : `parsing time "${text(when)}" as "${text(layout)}": cannot parse`);
}

const functions: Readonly<Record<string, BuiltIn>> = {
  len: (value = null) => {
    if (typeof value === "string") return BigInt([...value].length);
    if (isList(value)) return BigInt(value.length);
    if (value instanceof Map) return BigInt(value.size);
    return isObject(value) ? BigInt(Object.keys(value).length) : fail(`invalid argument for len (type ${goTypeOf(value)})`);
  },
  type: (value = null) => typeName(value),
  abs: (value = null) => (typeof value === "bigint" ? BigInt.asIntN(64, value < 0n ? -value : value) : typeof value === "number" ? (value < 0 ? -value : value) : fail(`invalid argument for abs (type ${goTypeOf(value)})`)),
  ceil: rounded("ceil", Math.ceil),
  floor: rounded("floor", Math.floor),
  round: rounded("round", roundGo),
  int: (value = null) => toExprInt(value),
  float: (value = null) => toExprFloat(value),
  string: (value = null) => printGo(value),
  trim: (value, cut) => (cut === undefined ? goTrimSpace(text(value)) : trimmed(text(value), text(cut))),
  trimPrefix: (value, prefix = " ") => (text(value).startsWith(text(prefix)) ? text(value).slice(text(prefix).length) : text(value)),
  trimSuffix: (value, suffix = " ") => (text(value).endsWith(text(suffix)) ? text(value).slice(0, text(value).length - text(suffix).length) : text(value)),
  upper: (value) => goUpper(text(value)),
  lower: (value) => goLower(text(value)),
  split: (value, separator, most) => splitGo(text(value), text(separator), most === undefined ? -1 : number(most), false),
  splitAfter: (value, separator, most) => splitGo(text(value), text(separator), most === undefined ? -1 : number(most), true),
  replace: (value, old, by, most) => splitGo(text(value), text(old), most === undefined || number(most) < 0 ? -1 : number(most) + 1, false, true).join(text(by)),
  repeat: (value, times) => {
    const count = number(times);
    if (count < 0) return fail(`invalid argument for repeat (expected positive integer, got ${count})`);
    return count * Buffer.byteLength(text(value)) >= 1e6 || count > 1e6 ? fail("memory budget exceeded") : text(value).repeat(count);
  },
  join: (list = null, glue = "") => (isList(list) ? list.map((item) => textOf(item)).join(text(glue)) : fail(`invalid argument for join (type ${goTypeOf(list)})`)),
  indexOf: (value, part) => byteIndex(text(value), text(value).indexOf(text(part))),
  lastIndexOf: (value, part) => byteIndex(text(value), text(value).lastIndexOf(text(part))),
  hasPrefix: (value, prefix) => text(value).startsWith(text(prefix)),
  hasSuffix: (value, suffix) => text(value).endsWith(text(suffix)),
  toJSON: (value = null) => writeGoJson(value, "  "),
  fromJSON: (value) => readGoJson(text(value)),
  toBase64: (value) => toBase64(text(value)),
  fromBase64: (value) => fromBase64(text(value)) ?? fail(base64Error(text(value))),
  now: () => new ExprTime(BigInt(Date.now()) * 1_000_000n, 0, "Local"),
  duration: (value) => parseGoDuration(text(value)) ?? fail(`time: invalid duration ${JSON.stringify(text(value))}`),
  date,
  timezone: (value) => (text(value) === "UTC" || text(value) === "" ? new ExprOpaque("UTC", "*time.Location") : fail(`unknown time zone ${text(value)}`)),
  get: (from = null, key = null) => found(from, key),
  bitand: bits("bitand", (x, y) => x & y),
  bitor: bits("bitor", (x, y) => x | y),
  bitxor: bits("bitxor", (x, y) => x ^ y),
  bitnand: bits("bitnand", (x, y) => x & ~y),
  bitshl: bits("bitshl", shift((x, y) => x << y)),
  bitshr: bits("bitshr", shift((x, y) => x >> y)),
  bitushr: bits("bitushr", shift((x, y) => BigInt.asUintN(64, x) >> y)),
  bitnot: (x = null) => bits("bitnot", (value) => ~value)(x, 0n),
};

function trimmed(value: string, cut: string): string {
  const unwanted = new Set(cut);
  const characters = [...value];
  const first = characters.findIndex((character) => !unwanted.has(character));
  return first < 0 ? "" : characters.slice(first, characters.findLastIndex((character) => !unwanted.has(character)) + 1).join("");
}

/** Places in texts are counted in bytes. */
function byteIndex(value: string, index: number): bigint {
  return index < 0 ? -1n : BigInt(Buffer.byteLength(value.slice(0, index)));
}

/** Like `from[key]`, but nil where there is nothing. */
function found(from: ExprValue, key: ExprValue): ExprValue {
  if (isList(from) || typeof from === "string") {
    const length = BigInt(typeof from === "string" ? Buffer.byteLength(from) : from.length);
    const index = toInt(key);
    return index >= length || index < -length ? null : fetch(from, key);
  }
  if (from instanceof Map) return fetch(from, key);
  return isObject(from) && Object.hasOwn(from, keyOf(key)) ? fetch(from, key) : null;
}
