/** The state of printing the body of one pipeline, and what is known at a point of it. */
import type { Expression, Pipeline, TaskTarget, ValueType } from "../../ir/types.ts";
import type { Doc } from "./layout.ts";
import { calledBy, type Module } from "./module.ts";
import type { Place } from "./places.ts";
import { isPropertyName, type NameScope } from "./names.ts";
import { quoted } from "./texts.ts";
import { keys, type Uses } from "./uses.ts";

export interface Body {
  module: Module;
  pipeline: Pipeline;
  uses: Uses;
  /** The variables of the body by what they hold: `task:id`, `input:name`, `item:loop`, `results:loop`, and the keys of `uses`. */
  names: Map<string, string>;
  /** Calls that stand where their only use is, by the id of the task or loop. */
  inline: Map<string, Doc>;
  /** Ids of tasks so far, as the frontend counts them. */
  taskIds: Set<string>;
  /** The types that the items of constant lists are said to have. */
  itemTypes: Map<string, ValueType>;
  /** Loops over constants of several types, of which TypeScript knows more than the IR. */
  mixedLoops: Set<string>;
  /** Variables that hold a list of handles, by key. */
  listHandles: Set<string>;
  /** Of conditionals that guard a value that may be absent: the key of that value, which `?.` follows. */
  guarded: Set<string>;
}

/** A literal that a value may still be, where conditions around have ruled others out. */
export type Literal = string | number | boolean;

export interface Site {
  body: Body;
  place: Place;
  scope: NameScope;
  /** What TypeScript knows of values that conditions compare, by their text. */
  narrowed: ReadonlyMap<string, readonly Literal[]>;
}

/** An expression and how tightly it binds. */
export interface Printed {
  doc: Doc;
  level: number;
}

/** How tightly operators bind; higher ones need no parentheses inside of lower ones. A cast has parentheses wherever an operator is around it. */
export const levels = { cast: 0, conditional: 1, coalesce: 2, or: 3, and: 4, equality: 5, relational: 6, additive: 7, multiplicative: 8, unary: 9, postfix: 10 } as const;

export function atLeast({ doc, level }: Printed, needed: number): Doc {
  return level < needed ? ["(", doc, ")"] : doc;
}

/** `object.key`, `object["my key"]`. */
export function access(object: Doc, key: string, chain = ""): Doc {
  return isPropertyName(key) ? [object, chain === "" ? "." : chain, key] : [object, chain, "[", quoted(key), "]"];
}

/** How an output is read of the result of a call: a scalar result of an op is the result itself, and so is an imported artifact. */
export function outputOf(module: Module, target: TaskTarget, result: Doc, output: string): Doc {
  const called = calledBy(module, target);
  const isItself = "kind" in called && ((called.kind === "op" && output === "Output") || called.kind === "importer");
  return isItself ? result : access(result, output);
}

/** The key of the variable that holds a value outside of the `try` in which it comes about. */
export function exportKey(expression: Expression): string | undefined {
  if (expression.kind === "output") return keys.output(expression.task, expression.output);
  if (expression.kind === "final") return keys.final(expression.loop, expression.name);
  return expression.kind === "collect" ? keys.collect(expression) : undefined;
}
