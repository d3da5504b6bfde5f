/** The functions of sprig for lists, maps, JSON and defaults. */
import { fail } from "./expr-operators.ts";
import { ExprEvaluationError, goTypeOf, isList, isObject, type ExprObject, type ExprValue } from "./expr-value.ts";
import { readGoJson, writeGoJson } from "./go-json.ts";
import { printGo } from "./go-print.ts";
import { compareGo } from "./go-text.ts";
import { sprigInt } from "./sprig-numbers.ts";
import { sprigStrings } from "./sprig-texts.ts";
import type { SprigFunction } from "./sprig.ts";

/** Whether a value is the zero of its type. */
function isEmpty(value: ExprValue | undefined): boolean {
  if (value === undefined || value === null || value === false || value === 0 || value === 0n || value === "") return true;
  if (isList(value)) return value.length === 0;
  return value instanceof Map ? value.size === 0 : isObject(value) && Object.keys(value).length === 0;
}

const objectOf = (value: ExprValue | undefined): ExprObject => (value !== undefined && isObject(value) ? value : {});
const keyOf = (value: ExprValue | undefined) => (typeof value === "string" ? value : "");

function listOf(value: ExprValue | undefined, action: string): readonly ExprValue[] {
  return value !== undefined && isList(value) ? value : fail(value === undefined || value === null ? "runtime error: invalid memory address or nil pointer dereference" : action === "slice" ? `list should be type of slice or array but ${kindOf(value)}` : `Cannot ${action} on type ${kindOf(value)}`);
}

/** Equal in kind, too: sprig compares with `reflect.DeepEqual`. */
function isSame(a: ExprValue, b: ExprValue): boolean {
  if (isList(a) && isList(b)) return a.length === b.length && a.every((item, index) => isSame(item, b[index] ?? null));
  if (isObject(a) && isObject(b)) return Object.keys(a).length === Object.keys(b).length && Object.keys(a).every((key) => Object.hasOwn(b, key) && isSame(a[key] ?? null, b[key] ?? null));
  return a === b;
}

function list(action: string, call: (items: readonly ExprValue[], ...more: ExprValue[]) => ExprValue, more: readonly "any"[] = [], rest?: "any"): SprigFunction {
  return { parameters: ["any", ...more], ...(rest === undefined ? {} : { rest }), result: "any", call: (given, ...others) => call(listOf(given, action), ...others) };
}

function dictionary(given: readonly ExprValue[]): ExprValue {
  const pairs: [string, ExprValue][] = [];
  for (let index = 0; index < given.length; index += 2) pairs.push([printGo(given[index] ?? null), index + 1 < given.length ? (given[index + 1] ?? null) : ""]);
  return Object.fromEntries(pairs);
}

/** Values of the first map win, but where they are empty. */
function merged(into: ExprObject, from: ExprObject, overwrites: boolean): ExprObject {
  const result: Record<string, ExprValue> = { ...into };
  for (const [key, value] of Object.entries(from)) {
    const known = result[key] ?? null;
    if (isObject(known) && isObject(value)) result[key] = merged(known, value, overwrites);
    else if (overwrites ? !isEmpty(value) || !Object.hasOwn(result, key) : isEmpty(known)) result[key] = value;
  }
  return result;
}

function chunks(size: number, items: readonly ExprValue[]): ExprValue {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}

function dig(given: readonly ExprValue[]): ExprValue {
  if (given.length < 3) return fail("dig needs at least three arguments");
  const [otherwise = null, from] = given.slice(-2);
  let value: ExprValue = from ?? null;
  for (const key of given.slice(0, -2)) {
    if (!isObject(value)) return fail(`interface conversion: interface {} is ${goTypeOf(value)}, not map[string]interface {}`);
    if (!Object.hasOwn(value, keyOf(key))) return otherwise;
    value = value[keyOf(key)] ?? null;
  }
  return value;
}

function attempt(run: () => ExprValue): ExprValue {
  try {
    return run();
  } catch (error) {
    if (error instanceof ExprEvaluationError) return null;
    throw error;
  }
}

function cut(items: readonly ExprValue[], from?: ExprValue, to?: ExprValue): ExprValue {
  if (items.length === 0) return null;
  const [start, end] = [Number(sprigInt(from)), to === undefined ? items.length : Number(sprigInt(to))];
  return start < 0 || start > end || end > items.length ? fail("reflect.Value.Slice: slice index out of bounds") : items.slice(start, end);
}

const filtered = (of: ExprObject, keeps: (key: string) => boolean): ExprValue => Object.fromEntries(Object.entries(of).filter(([key]) => keeps(key)));
const json = (indent: string): SprigFunction => ({ parameters: ["any"], result: "string", call: (value = null) => writeGoJson(value, indent) });
/** Without `must`, what has no JSON gives no text. */
const lenientJson = (indent: string): SprigFunction => ({ parameters: ["any"], result: "string", call: (value = null) => attempt(() => writeGoJson(value, indent)) ?? "" });
const raw: SprigFunction = { parameters: ["any"], result: "string", call: (value = null) => writeGoJson(value).replace(/\\u003c/g, "<").replace(/\\u003e/g, ">").replace(/\\u0026/g, "&") };
const push = list("push", (items, item = null) => [...items, item], ["any"]);
const first = list("find first", (items) => items[0] ?? null);
const last = list("find last", (items) => items.at(-1) ?? null);
const rest = list("find rest", (items) => items.slice(1));
const initial = list("find initial", (items) => items.slice(0, -1));
const all: SprigFunction = { parameters: [], rest: "any", result: "[]any", call: (...given) => given };

export const sprigLists: Readonly<Record<string, SprigFunction>> = {
  default: { parameters: ["any"], rest: "any", result: "any", call: (otherwise = null, given = null) => (isEmpty(given) ? otherwise : given) },
  empty: { parameters: ["any"], result: "bool", call: (value) => isEmpty(value) },
  coalesce: { parameters: [], rest: "any", result: "any", call: (...given) => given.find((value) => !isEmpty(value)) ?? null },
  all: { parameters: [], rest: "any", result: "bool", call: (...given) => given.every((value) => !isEmpty(value)) },
  any: { parameters: [], rest: "any", result: "bool", call: (...given) => given.some((value) => !isEmpty(value)) },
  ternary: { parameters: ["any", "any", "bool"], result: "any", call: (yes = null, no = null, test) => (test === true ? yes : no) },
  fromJson: { parameters: ["string"], result: "any", call: (value) => attempt(() => readGoJson(keyOf(value))) },
  mustFromJson: { parameters: ["string"], result: "any", call: (value) => readGoJson(keyOf(value)) },
  toJson: lenientJson(""),
  mustToJson: json(""),
  toPrettyJson: lenientJson("  "),
  mustToPrettyJson: json("  "),
  toRawJson: raw,
  mustToRawJson: raw,
  list: all,
  tuple: all,
  append: push,
  push,
  mustAppend: push,
  mustPush: push,
  prepend: list("prepend", (items, item = null) => [item, ...items], ["any"]),
  first,
  mustFirst: first,
  last,
  mustLast: last,
  rest,
  mustRest: rest,
  initial,
  mustInitial: initial,
  reverse: list("find reverse", (items) => [...items].reverse()),
  compact: list("compact", (items) => items.filter((item) => !isEmpty(item))),
  uniq: list("find uniq", (items) => items.reduce<ExprValue[]>((known, item) => (known.some((one) => isSame(one, item)) ? known : [...known, item]), [])),
  without: list("find without", (items, ...unwanted) => items.filter((item) => !unwanted.some((one) => isSame(one, item))), [], "any"),
  has: { parameters: ["any", "any"], result: "bool", call: (needle = null, items = null) => items !== null && listOf(items, "find has").some((item) => isSame(item, needle)) },
  slice: list("slice", cut, [], "any"),
  concat: { parameters: [], rest: "any", result: "any", call: (...given) => given.flatMap((one) => listOf(one, "concat")) },
  chunk: { parameters: ["int", "any"], result: "any", call: (size, items) => chunks(Number(size), listOf(items, "chunk")) },
  sortAlpha: { parameters: ["any"], result: "[]string", call: (items) => sprigStrings(items).sort(compareGo) },
  dict: { parameters: [], rest: "any", result: "map[string]any", call: (...given) => dictionary(given) },
  get: { parameters: ["map[string]any", "string"], result: "any", call: (of, key) => (Object.hasOwn(objectOf(of), keyOf(key)) ? (objectOf(of)[keyOf(key)] ?? null) : "") },
  hasKey: { parameters: ["map[string]any", "string"], result: "bool", call: (of, key) => Object.hasOwn(objectOf(of), keyOf(key)) },
  set: { parameters: ["map[string]any", "string", "any"], result: "map[string]any", call: (of, key, value = null) => ({ ...objectOf(of), [keyOf(key)]: value }) },
  unset: { parameters: ["map[string]any", "string"], result: "map[string]any", call: (of, key) => filtered(objectOf(of), (one) => one !== keyOf(key)) },
  keys: { parameters: [], rest: "map[string]any", result: "[]string", call: (...given) => given.flatMap((of) => Object.keys(objectOf(of))) },
  values: { parameters: ["map[string]any"], result: "any", call: (of) => Object.values(objectOf(of)) },
  pick: { parameters: ["map[string]any"], rest: "string", result: "map[string]any", call: (of, ...wanted) => filtered(objectOf(of), (key) => wanted.includes(key)) },
  omit: { parameters: ["map[string]any"], rest: "string", result: "map[string]any", call: (of, ...unwanted) => filtered(objectOf(of), (key) => !unwanted.includes(key)) },
  pluck: { parameters: ["string"], rest: "map[string]any", result: "any", call: (key, ...given) => given.flatMap((of) => (Object.hasOwn(objectOf(of), keyOf(key)) ? [objectOf(of)[keyOf(key)] ?? null] : [])) },
  merge: { parameters: ["map[string]any"], rest: "map[string]any", result: "any", call: (into, ...given) => given.map(objectOf).reduce((sum, from) => merged(sum, from, false), objectOf(into)) },
  mergeOverwrite: { parameters: ["map[string]any"], rest: "map[string]any", result: "any", call: (into, ...given) => given.map(objectOf).reduce((sum, from) => merged(sum, from, true), objectOf(into)) },
  dig: { parameters: [], rest: "any", result: "any", call: (...given) => dig(given) },
  deepCopy: { parameters: ["any"], result: "any", call: (value = null) => value },
  deepEqual: { parameters: ["any", "any"], result: "bool", call: (a = null, b = null) => isSame(a, b) },
  kindOf: { parameters: ["any"], result: "string", call: (value = null) => kindOf(value) },
  kindIs: { parameters: ["string", "any"], result: "bool", call: (kind, value = null) => kindOf(value) === kind },
  typeOf: { parameters: ["any"], result: "string", call: (value = null) => goTypeOf(value) },
  typeIs: { parameters: ["string", "any"], result: "bool", call: (type, value = null) => goTypeOf(value) === type },
};

function kindOf(value: ExprValue): string {
  return value === null ? "invalid" : isList(value) ? "slice" : isObject(value) || value instanceof Map ? "map" : goTypeOf(value);
}
