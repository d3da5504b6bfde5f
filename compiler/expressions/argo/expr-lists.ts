/** The built-in functions of expr-lang for lists and maps that take no predicate. */
import { compare, fail, fetch, isEqual, isNumeric, textOf } from "./expr-operators.ts";
import { sortedBy } from "./expr-predicate-call.ts";
import { ExprDuration, goTypeOf, isList, isObject, type ExprValue } from "./expr-value.ts";

type ListFunction = (...given: ExprValue[]) => ExprValue;

/** What kind of value Go calls it in these functions' messages. */
function kindOf(value: ExprValue): string {
  if (value === null) return "invalid";
  if (value instanceof ExprDuration) return "int64";
  return isList(value) ? "slice" : typeof value === "object" ? (isObject(value) || value instanceof Map ? "map" : "struct") : goTypeOf(value);
}

function list(value: ExprValue | undefined, action: string): readonly ExprValue[] {
  const given = value ?? null;
  return isList(given) ? given : fail(`cannot ${action} ${kindOf(given)}`);
}

function entries(value: ExprValue | undefined, action: string, suffix = ""): [ExprValue, ExprValue][] {
  const given = value ?? null;
  if (given instanceof Map) return [...given];
  return isObject(given) ? Object.entries(given) : fail(`cannot ${action} ${kindOf(given)}${suffix}`);
}

/** The greatest or least number of all, also of those in lists. */
function extreme(name: "max" | "min", given: readonly ExprValue[]): ExprValue {
  return given.reduce<ExprValue>((best, value) => {
    const candidate = isList(value) ? extreme(name, value) : isNumeric(value) ? value : fail(`invalid argument for ${name} (type ${goTypeOf(value)})`);
    return candidate !== null && (best === null || compare(name === "max" ? "<" : ">", best, candidate)) ? candidate : best;
  }, null);
}

/** What is no number comes back as it is where it is the only argument. */
function extremeOf(name: "max" | "min", given: readonly ExprValue[]): ExprValue {
  const [only = null] = given;
  return given.length === 1 && !isList(only) ? only : extreme(name, given);
}

function numbers(name: string, given: readonly ExprValue[]): number[] {
  return given.flatMap((value) => (isList(value) ? numbers(name, value) : isNumeric(value) ? [Number(value)] : fail(`invalid argument for ${name} (type ${goTypeOf(value)})`)));
}

function median(given: readonly ExprValue[]): number {
  const all = numbers("median", given).sort((a, b) => a - b);
  const middle = all.length >> 1;
  const [low = 0, high = 0] = [all[middle - 1], all[middle]];
  return all.length % 2 === 1 || all.length === 0 ? high : (low + high) / 2;
}

function flattened(given: readonly ExprValue[]): ExprValue[] {
  return given.flatMap((item) => (isList(item) ? flattened(item) : [item]));
}

function pairOf(pair: ExprValue): [ExprValue, ExprValue] {
  if (!isList(pair)) return fail("invalid pair");
  const [key = null, value = null] = pair;
  return pair.length === 2 ? [key, value] : fail("invalid pair length");
}

export const listFunctions: Readonly<Record<string, ListFunction>> = {
  max: (...given) => extremeOf("max", given),
  min: (...given) => extremeOf("min", given),
  mean: (...given) => {
    const all = numbers("mean", given);
    return all.length === 0 ? 0 : all.reduce((sum, value) => sum + value, 0) / all.length;
  },
  median: (...given) => median(given),
  first: (from = null) => edge(from, 0n),
  last: (from = null) => edge(from, -1n),
  take: (from, count = null) => {
    const items = list(from, "take from");
    if (typeof count !== "bigint") return fail(`cannot take ${kindOf(count)} elements`);
    return count < 0n ? fail("reflect.Value.Slice: slice index out of bounds") : items.slice(0, Number(count));
  },
  keys: (from) => entries(from, "get keys from").map(([key]) => key),
  values: (from) => entries(from, "get values from").map(([, value]) => value),
  toPairs: (from) => entries(from, "transform", " to pairs"),
  fromPairs: (from) => new Map(list(from, "transform from pairs").map(pairOf)),
  reverse: (from) => [...list(from, "reverse")].reverse(),
  uniq: (from) => list(from, "uniq").reduce<ExprValue[]>((all, item) => (all.some((known) => isEqual(item, known)) ? all : [...all, item]), []),
  concat: (...given) => given.flatMap((one) => list(one, "concat")),
  flatten: (from) => flattened(list(from, "flatten")),
  sort: (from = null, order = "asc") => {
    const direction = textOf(order);
    if (direction !== "asc" && direction !== "desc") return fail(`invalid order ${direction}, expected asc or desc`);
    return isList(from) ? sortedBy(from, from, direction) : [];
  },
};

/** The first or last item, nil where there is none. */
function edge(from: ExprValue, index: bigint): ExprValue {
  const isEmpty = from === null || (isList(from) || typeof from === "string" ? from.length === 0 : !isObject(from) && !(from instanceof Map));
  return isEmpty || isObject(from) ? null : fetch(from, index);
}
