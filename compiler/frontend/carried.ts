/** Variables that a `while` hands from turn to turn: what is read of them becomes carried values of the loop. */
import type { ts } from "ts-morph";
import { uniqueName } from "../ir/names.ts";
import type { Expression, ValueType } from "../ir/types.ts";
import { mayBeAbsent } from "./conditions.ts";
import { entriesOf } from "./expressions.ts";
import type { Lowering } from "./lowering.ts";
import { memberOf, toExpression } from "./to-expression.ts";
import { valueType } from "./types.ts";
import { unify } from "./value-types.ts";
import type { CarriedType, CarriedValue, TaskValue, Turns, Value } from "./values.ts";

/** The name that no variable can have: whether a turn has ended with `break`. */
export const BREAK = "break";

/** What a variable, or what is read of it, is in a turn or after the loop. */
export function carriedExpression(lowering: Lowering, value: CarriedValue, at: ts.Node): Expression | undefined {
  const { turns } = value;
  const name = [nameOf(turns, value.symbol), ...value.path].join(".");
  let carried = turns.node.carried.find((known) => known.name === name);
  if (carried === undefined) {
    const initial = toExpression(lowering, value.initial, at);
    if (initial === undefined) return undefined;
    const known = turns.types.get(name) ?? { type: (isEmpty(initial) ? declaredType(lowering, value, at) : undefined) ?? initial.type, optional: mayBeAbsent(lowering, initial) };
    turns.types.set(name, known);
    carried = { name, type: known.type, initial, next: initial, span: lowering.context.spanOf(at) };
    turns.node.carried.push(carried);
    turns.open.push({ carried, value, at });
    if (turns.ends !== undefined) closeCarried(lowering, turns);
  }
  return { kind: value.isFinal ? "final" : "carried", loop: turns.node.id, name, type: carried.type, span: lowering.context.spanOf(at) };
}

function nameOf(turns: Turns, symbol: ts.Symbol): string {
  const known = turns.names.get(symbol) ?? uniqueName(symbol.name, new Set(turns.names.values()));
  turns.names.set(symbol, known);
  return known;
}

/**
 * Reads what a turn makes of the values that are carried, once the body has been read. These may read further ones.
 */
export function closeCarried(lowering: Lowering, turns: Turns): void {
  for (let open = turns.open.shift(); open !== undefined; open = turns.open.shift()) {
    const { carried, value, at } = open;
    const end = value.path.reduce<Value | undefined>((object, key) => (object === undefined ? undefined : memberOf(lowering, object, key, at)), turns.ends?.get(value.symbol));
    const next = end === undefined ? undefined : toExpression(lowering, end, at);
    if (next === undefined) continue;
    carried.next = next;
    const before = turns.types.get(carried.name);
    const after: CarriedType = { type: carriedType(carried.initial, next, carried.type), optional: before?.optional === true || mayBeAbsent(lowering, next) };
    if (JSON.stringify(before) === JSON.stringify(after)) continue;
    turns.types.set(carried.name, after);
    carried.type = after.type;
    turns.isOutdated = true;
  }
}

/** A type that holds the value of the first turn and those of all others. */
function carriedType(initial: Expression, next: Expression, known: ValueType): ValueType {
  if (next.kind === "absent" || (next.kind === "carried" && JSON.stringify(next.type) === JSON.stringify(known))) return known;
  return isEmpty(initial) && (known.kind === "json" || (known.kind === "list" && known.items.kind === "json")) ? next.type : unify(known, next.type);
}

/** Whether a first value says nothing of the type: there is none, or a list without items. */
function isEmpty(initial: Expression): boolean {
  return initial.kind === "absent" || (initial.kind === "constant" && Array.isArray(initial.value) && initial.value.length === 0);
}

/** The type with which a variable is declared, of the member that is read. */
function declaredType(lowering: Lowering, { symbol, path }: CarriedValue, at: ts.Node): ValueType | undefined {
  const { context } = lowering;
  const type = path.reduce<ts.Type | undefined>((object, key) => {
    const member = object === undefined ? undefined : context.checker.getNonNullableType(object).getProperty(key);
    return member === undefined ? undefined : context.checker.getTypeOfSymbol(member);
  }, context.checker.getTypeOfSymbol(symbol));
  return type === undefined ? undefined : valueType({ ...context, report: () => undefined }, type, at, symbol.name);
}

/** Whether the members of a value are values of their own, so that each is carried by itself. */
export function isApart(value: Value, key: string): boolean {
  switch (value.kind) {
    case "object":
      return true;
    case "constant":
      return value.folded.kind === "object" || value.folded.kind === "undefined";
    case "task":
      return value.outputs[key] !== undefined;
    case "choice":
      return value.expression === undefined && value.values.some((arm) => isApart(arm, key));
    case "carried":
      return isApart(value.initial, key);
    default:
      return false;
  }
}

/** A member of a variable whose members are carried one by one. */
export function memberOfCarried(lowering: Lowering, value: CarriedValue, key: string, at: ts.Node): Value {
  const initial = memberOf(lowering, value.initial, key, at);
  return initial.kind === "invalid" ? initial : { ...value, path: [...value.path, key], initial };
}

/** The members of a variable that holds an object or a task of several outputs; undefined for any other. */
export function carriedEntries(value: CarriedValue): Map<string, Value> | undefined {
  const { initial: start } = value;
  if (start.kind === "constant" && start.folded.kind !== "object") return undefined;
  const entries = start.kind === "task" && start.single === undefined ? outputsOf(start) : entriesOf(start);
  if (entries === undefined) return undefined;
  return new Map([...entries].map(([key, initial]): [string, Value] => [key, { ...value, path: [...value.path, key], initial }]));
}

function outputsOf({ task, outputs }: TaskValue): Map<string, Value> {
  return new Map(Object.entries(outputs).map(([output, type]): [string, Value] => [output, { kind: "expression", expression: { kind: "output", task: task.id, output, type, span: task.span } }]));
}
