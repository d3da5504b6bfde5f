/**
 * What the names of a pipeline body stand for while it is read: constants, run-time expressions, tasks, and what
 * control flow makes of them.
 */
import type { ts } from "ts-morph";
import type { Branch, Carried, Expression, Loop, Task, Try, ValueType, While } from "../ir/types.ts";
import type { Folded } from "./folded.ts";
import type { Scope } from "./scope.ts";

export type Value =
  | { kind: "constant"; folded: Folded }
  | { kind: "expression"; expression: Expression }
  | TaskValue
  /** An object literal that holds something else than constants. */
  | { kind: "object"; entries: Map<string, Value>; node: ts.Node }
  | ListValue
  | ChoiceValue
  | CollectedValue
  | { kind: "limited"; items: Value; parallelism: number }
  /** `xs.entries()`. */
  | { kind: "entries"; items: Value }
  | FunctionValue
  | ItemValue
  /** One element of what the iterations of a loop over tasks give: `fits[0]`. */
  | PickedValue
  | CarriedValue
  /** A mistake that has been reported; whatever is made of it is silent. */
  | { kind: "invalid" };

export interface TaskValue {
  kind: "task";
  task: Task;
  outputs: Record<string, ValueType>;
  /** The output that the call itself stands for: `Output` of a scalar op, `artifact` of an importer. */
  single?: string;
}

/** A list whose length is known at compile time. `push` adds to it. */
export interface ListValue {
  kind: "list";
  items: Value[];
  node: ts.Node;
}

/** What the arms of a branch, or body and `catch` of a `try`, give to one variable (one-of). Becomes a select when it is used. */
export interface ChoiceValue {
  kind: "choice";
  branch: Branch | Try;
  /** For the name of the select: the variable, and the members read of it. */
  name: string;
  /** By arm, in order; of a `try` that of the body and that of `catch`. */
  values: Value[];
  members: Map<string, Value>;
  node: ts.Node;
  expression?: Expression;
}

export interface FunctionValue {
  kind: "function";
  node: ts.FunctionLikeDeclaration;
  /** Where it was written: what its free names stand for. */
  scope: Scope;
  /** Whether it is written where it is called, as a callback: then it may assign to variables outside of it. */
  inPlace?: boolean;
}

/** What each iteration of a loop gives (fan-in). */
export interface CollectedValue {
  kind: "collected";
  loop: Loop;
  value: Value;
}

/** An item, or a member of one, of a loop over the tasks of an earlier loop: what is looped over shows at its first use. */
export interface ItemValue {
  kind: "item";
  loop: Loop;
  /** What the item is in each iteration of the earlier loop. */
  source: CollectedValue;
  /** The variable and the members read of it, for messages. */
  name: string;
  /** Shared by the item and its members. */
  projection: { name?: string; expression?: Expression };
}

export interface PickedValue {
  kind: "picked";
  source: CollectedValue;
  index: Expression;
}

/** A variable that a `while` assigns, or a member of one: in the loop what it is in this turn, after it what it was in the end. */
export interface CarriedValue {
  kind: "carried";
  turns: Turns;
  symbol: ts.Symbol;
  /** The members that are read of the variable: `loss` of `state.loss`. */
  path: readonly string[];
  /** What it is before the loop. */
  initial: Value;
  isFinal: boolean;
}

/** A `while` as it is read. What is read of its variables becomes what it carries. */
export interface Turns {
  node: While;
  /** What is known of the carried values by name, also from an earlier reading of the body. */
  types: Map<string, CarriedType>;
  names: Map<ts.Symbol, string>;
  /** What a turn makes of the variables; missing while the body is read. */
  ends?: ReadonlyMap<ts.Symbol, Value>;
  /** Carried values of which it is not yet known what a turn makes of them. */
  open: { carried: Carried; value: CarriedValue; at: ts.Node }[];
  /** Whether a carried value has turned out to be of another type than the one with which the body was read. */
  isOutdated: boolean;
}

export interface CarriedType {
  type: ValueType;
  /** Whether there may be no value. */
  optional: boolean;
}

/** Whether a value holds tasks or several values, so that only its members can be passed on. */
export function isOfTasks(value: Value): boolean {
  return value.kind === "task" || value.kind === "object" || (value.kind === "choice" && value.values.some(isOfTasks)) || (value.kind === "collected" && isOfTasks(value.value)) || (value.kind === "carried" && isOfTasks(value.initial));
}

export const invalid: Value = { kind: "invalid" };
