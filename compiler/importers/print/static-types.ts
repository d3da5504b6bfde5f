/** The type that TypeScript gives a printed expression, as a type of the IR. */
import { expressionTree, selectsOf } from "../../ir/traverse.ts";
import type { Carried, Expression, ParameterType, ValueType } from "../../ir/types.ts";
import type { Body } from "./body.ts";
import { isAssignable } from "./casts.ts";
import { calledBy } from "./module.ts";
import { common, itemOf, listOf, typeOfConstant } from "./types.ts";

export interface Static {
  type: ValueType;
  /** Whether it may be `undefined`. */
  optional: boolean;
}

const text: ParameterType = { kind: "string" };
const truth: ParameterType = { kind: "boolean" };
const whole: ParameterType = { kind: "integer" };

export function staticType(body: Body, expression: Expression): Static {
  const inner = (part: Expression): Static => staticType(body, part);
  const there = (type: ValueType): Static => ({ type, optional: false });
  switch (expression.kind) {
    case "constant":
      return there(typeOfConstant(expression.value));
    case "absent":
      return { type: expression.type, optional: true };
    case "input": {
      const input = body.pipeline.inputs[expression.name];
      return input === undefined ? there(expression.type) : { type: input.type, optional: input.optional && input.default === undefined };
    }
    case "output":
      return outputType(body, expression);
    case "item":
      return there(assertedItem(body, expression) ?? itemTypeOf(body, expression.loop));
    case "index":
      return there(whole);
    case "carried":
    case "final": {
      const node = body.uses.places.nodes.get(expression.loop);
      const carried = node?.kind === "while" ? node.carried.find(({ name }) => name === expression.name) : undefined;
      return carried === undefined ? there(expression.type) : { type: carried.type, optional: mayEndAbsent(body, carried) };
    }
    case "select": {
      const node = body.uses.places.nodes.get(expression.branch);
      const select = node === undefined ? undefined : selectsOf(node).find(({ name }) => name === expression.name);
      return select === undefined ? there(expression.type) : { type: select.type, optional: select.values.some((value) => inner(value).optional) };
    }
    case "collect":
      return there(listOf(inner(expression.value).type));
    case "status":
    case "taskStatus":
      return there({ kind: "status" });
    case "context":
    case "argo":
    case "template":
      return there(text);
    case "cel":
      return there(expression.type);
    case "member":
      return memberType(inner(expression.object), expression.key, expression.type);
    case "element":
      return elementType(inner(expression.object).type, expression);
    case "unary":
      return there(expression.operator === "!" ? truth : { kind: "number" });
    case "binary":
      return there("+-*/%".includes(expression.operator) ? { kind: "number" } : truth);
    case "conditional": {
      const [a, b] = [inner(expression.consequent), inner(expression.alternate)];
      if (expression.alternate.kind === "absent") return { type: a.type, optional: true };
      return { type: unified(a.type, b.type), optional: a.optional || b.optional };
    }
    case "coalesce": {
      const [value, fallback] = [inner(expression.value), inner(expression.fallback)];
      return { type: unified(value.type, fallback.type), optional: fallback.optional };
    }
    case "present":
      return there(truth);
    case "call":
      return there(callType(body, expression));
    case "list":
      return there(expression.items.map((item) => inner(item).type).reduce<ValueType | undefined>((a, b) => (a === undefined ? listOf(b) : unified(a, listOf(b))), undefined) ?? expression.type);
    case "struct":
      return there({
        kind: "struct",
        properties: Object.fromEntries(Object.entries(expression.fields).map(([name, field]) => {
          const { type, optional } = inner(field);
          return [name, { type: type.kind === "artifact" ? { kind: "json" } : type, optional }];
        })),
      });
    case "range":
      return there({ kind: "list", items: whole });
  }
}

/** Whether a carried value may be `undefined`: at first, or by what a turn gives. */
export function mayEndAbsent(body: Body, { initial, next }: Carried): boolean {
  if (staticType(body, initial).optional) return true;
  // What a turn only hands on is there if it was.
  return ![...expressionTree(next)].some(({ kind }) => kind === "carried") && staticType(body, next).optional;
}

function unified(a: ValueType, b: ValueType): ValueType {
  if (a.kind !== "artifact" && b.kind !== "artifact") return common(a, b);
  return JSON.stringify(a) === JSON.stringify(b) ? a : { kind: "artifact", schemaTitle: "system.Artifact", schemaVersion: "0.0.1", list: a.kind === "artifact" && a.list };
}

function outputType(body: Body, expression: Extract<Expression, { kind: "output" }>): Static {
  const task = body.uses.places.nodes.get(expression.task);
  const declared = task?.kind === "task" ? calledBy(body.module, task.target).outputs[expression.output] : undefined;
  const optional = body.module.optionalOutputs.has(task?.kind === "task" ? `${task.target.kind}:${task.target.id}.${expression.output}` : "");
  return { type: declared?.type ?? expression.type, optional };
}

/** The type of the items of a loop, after the cast of what it goes over. */
export function itemTypeOf(body: Body, loop: string): ValueType {
  const known = body.itemTypes.get(loop);
  if (known !== undefined) return known;
  const node = body.uses.places.nodes.get(loop);
  if (node?.kind !== "loop") return { kind: "json" };
  return itemOf(staticType(body, node.items).type) ?? { kind: "json" };
}

/** The type that an item is said to have where it is used; undefined where it has it already. */
export function assertedItem(body: Body, { loop, type }: Extract<Expression, { kind: "item" }>): ValueType | undefined {
  return type.kind === "json" || isAssignable(itemTypeOf(body, loop), type) ? undefined : type;
}

const anyValue: ParameterType = { kind: "struct", properties: {}, additional: { kind: "json" } };

/** @param wanted the type of the IR, which a cast of the object gives where its own type does not say */
export function memberType(object: Static, key: string, wanted: ValueType): Static {
  const { type } = object;
  if (type.kind === "struct") {
    const property = type.properties[key];
    if (property !== undefined) return { type: property.type, optional: property.optional };
    if (type.additional !== undefined) return { type: type.additional, optional: true };
  }
  if (type.kind === "status" && key === "state") return { type: { kind: "string", literals: ["SUCCEEDED", "FAILED"] }, optional: false };
  if (type.kind === "status" && key === "taskName") return { type: text, optional: false };
  if (type.kind === "status" && key === "error") {
    return { type: { kind: "struct", properties: { code: { type: whole, optional: false }, message: { type: text, optional: false } } }, optional: false };
  }
  if (type.kind === "artifact") return { type: key === "metadata" ? anyValue : text, optional: false };
  return { type: wanted, optional: false };
}

function elementType(object: ValueType, expression: Extract<Expression, { kind: "element" }>): Static {
  const index = expression.index.kind === "constant" ? expression.index.value : undefined;
  const tupleItem = object.kind === "list" && typeof index === "number" ? object.tuple?.[index] : undefined;
  if (tupleItem !== undefined) return { type: tupleItem, optional: false };
  if (object.kind === "struct" && object.additional !== undefined) return { type: object.additional, optional: true };
  return { type: itemOf(object) ?? expression.type, optional: true };
}

function callType(body: Body, expression: Extract<Expression, { kind: "call" }>): ValueType {
  switch (expression.function) {
    case "length":
    case "toInteger":
    case "floor":
    case "ceil":
    case "round":
    case "toNumber":
    case "abs":
    case "min":
    case "max":
      return { kind: "number" };
    case "includes":
    case "startsWith":
    case "endsWith":
    case "matches":
    case "toBoolean":
      return truth;
    case "toString":
    case "toLowerCase":
    case "toUpperCase":
    case "trim":
    case "join":
    case "replaceAll":
    case "stringify":
      return text;
    case "split":
    case "keys":
      return { kind: "list", items: text };
    case "flat": {
      const [list] = expression.arguments;
      const type = list === undefined ? expression.type : staticType(body, list).type;
      return type.kind === "list" && type.items.kind === "list" ? type.items : type;
    }
    case "parse":
      return { kind: "json" };
  }
}
