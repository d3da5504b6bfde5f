/** Turns what a name stands for into an expression of the IR, and reads the members of values. */
import { ts } from "ts-morph";
import { expressionKey } from "../ir/expression-key.ts";
import { nodesOf, expressionTree } from "../ir/traverse.ts";
import { uniqueName } from "../ir/names.ts";
import type { Branch, Expression, ParameterType, Span, Try, ValueType } from "../ir/types.ts";
import { foldMember, foldedFromJson, foldedToJson, isReference } from "./folded.ts";
import { carriedExpression, isApart, memberOfCarried } from "./carried.ts";
import { entriesOf } from "./expressions.ts";
import { report, type Lowering } from "./lowering.ts";
import { constantType, itemOf, listOf, memberType, unify } from "./value-types.ts";
import { invalid, isOfTasks, type ChoiceValue, type CollectedValue, type ItemValue, type TaskValue, type Value } from "./values.ts";

/**
 * The expression of a value that is used at `node`.
 *
 * @returns undefined after a reported mistake
 */
export function toExpression(lowering: Lowering, value: Value, node: ts.Node): Expression | undefined {
  const span = lowering.context.spanOf(node);
  switch (value.kind) {
    case "invalid":
      return undefined;
    case "expression":
      return value.expression;
    case "constant": {
      if (value.folded.kind === "undefined") return { kind: "absent", type: { kind: "json" }, span };
      const json = foldedToJson(value.folded);
      if (json !== undefined) return { kind: "constant", value: json, type: constantType(json), span };
      report(lowering, "HMC1019", node, isReference(value.folded) && value.folded.kind !== "secret" ? { name: value.folded.kind === "field" ? "fieldPath" : "configMap", place: `in "env"` } : { name: "secret", place: `in "env", "secrets" and volumes` });
      return undefined;
    }
    case "task":
      return taskExpression(value, span);
    case "object": {
      const fields: Record<string, Expression> = {};
      const properties: Record<string, { type: ParameterType; optional: boolean }> = {};
      for (const [key, entry] of value.entries) {
        const field = toExpression(lowering, entry, node);
        if (field === undefined) return undefined;
        if (field.kind === "absent") continue;
        if (field.type.kind === "artifact") {
          report(lowering, "HMC1003", node, { operation: `An object that holds the artifact "${key}"` });
          return undefined;
        }
        fields[key] = field;
        properties[key] = { type: field.type, optional: false };
      }
      return { kind: "struct", fields, type: { kind: "struct", properties }, span };
    }
    case "list": {
      const items: Expression[] = [];
      for (const item of value.items) {
        const expression = toExpression(lowering, item, node);
        if (expression === undefined) return undefined;
        items.push(expression);
      }
      const constants = items.map((item) => (item.kind === "constant" ? item.value : undefined));
      if (constants.every((constant) => constant !== undefined)) return { kind: "constant", value: constants, type: constantType(constants), span };
      return { kind: "list", items, type: listOf(items.map((item) => item.type).reduce<ValueType | undefined>((a, b) => (a === undefined ? b : unify(a, b)), undefined) ?? { kind: "json" }), span };
    }
    case "choice":
      return choiceExpression(lowering, value, node, span);
    case "collected":
      return collectedExpression(lowering, value, node, span);
    case "item":
      return projectItem(lowering, value, node);
    case "carried":
      return carriedExpression(lowering, value, node);
    case "limited":
      return toExpression(lowering, value.items, node);
    case "picked": {
      const list = toExpression(lowering, value.source, node);
      const type = list === undefined ? undefined : itemOf(list.type);
      return list === undefined || type === undefined ? undefined : { kind: "element", object: list, index: value.index, type, span };
    }
    case "entries":
    case "function":
      report(lowering, "HMC1003", node, { operation: value.kind === "function" ? "A function" : `".entries()" outside a loop` });
      return undefined;
  }
}

function taskExpression(value: TaskValue, span: Span): Expression {
  const output = (name: string): Expression => ({ kind: "output", task: value.task.id, output: name, type: value.outputs[name] ?? { kind: "json" }, span });
  if (value.single !== undefined) return output(value.single);
  const fields: Record<string, Expression> = {};
  const properties: Record<string, { type: ParameterType; optional: boolean }> = {};
  for (const [name, type] of Object.entries(value.outputs)) {
    if (type.kind === "artifact") continue;
    fields[name] = output(name);
    properties[name] = { type, optional: false };
  }
  return { kind: "struct", fields, type: { kind: "struct", properties }, span };
}

// ---------------------------------------------------------------------------------------------- one-of

/** Names of the selects of a branch or a `try` that are taken. */
const selectNames = new WeakMap<Branch | Try, Set<string>>();

function choiceExpression(lowering: Lowering, choice: ChoiceValue, node: ts.Node, span: Span): Expression | undefined {
  if (choice.expression !== undefined) return { ...choice.expression, span };
  const values: Expression[] = [];
  for (const value of choice.values) {
    const expression = toExpression(lowering, value, node);
    if (expression === undefined) return undefined;
    values.push(expression);
  }
  const type = values.filter((value) => value.kind !== "absent").map((value) => value.type).reduce<ValueType | undefined>((a, b) => (a === undefined ? b : unify(a, b)), undefined) ?? { kind: "json" };
  const { branch } = choice;
  const given = branch.kind === "branch" ? presentOrAbsent(branch, values) : undefined;
  if (given !== undefined) return given;
  const expression = branch.kind === "branch" && isPureChoice(branch, values) ? conditional(branch, values, type, span) : undefined;
  choice.expression = expression ?? select(choice, values, type, span);
  return choice.expression;
}

/** `x !== undefined ? x : undefined` is `x`. */
function presentOrAbsent(branch: Branch, [given, otherwise, ...more]: Expression[]): Expression | undefined {
  const condition = branch.arms[0]?.condition;
  if (condition?.kind !== "present" || given === undefined || otherwise?.kind !== "absent" || more.length > 0) return undefined;
  return expressionKey(condition.value) === expressionKey(given) ? given : undefined;
}

/** Whether all values are at hand whatever arm is taken, so that no task decides between them. */
function isPureChoice(branch: Branch, values: Expression[]): boolean {
  const inside = new Set<string>();
  for (const arm of branch.arms) for (const node of nodesOf(arm.block)) inside.add(node.id);
  const isInside = (expression: Expression): boolean =>
    (expression.kind === "output" && inside.has(expression.task)) ||
    (expression.kind === "select" && inside.has(expression.branch)) ||
    ((expression.kind === "collect" || expression.kind === "final") && inside.has(expression.loop));
  return values.every((value) => value.kind !== "absent" && value.type.kind !== "artifact" && ![...expressionTree(value)].some(isInside));
}

function conditional(branch: Branch, values: Expression[], type: ValueType, span: Span): Expression | undefined {
  return values.reduceRight<Expression | undefined>((alternate, value, index) => {
    const test = branch.arms[index]?.condition;
    return test === undefined || alternate === undefined ? value : { kind: "conditional", test, consequent: value, alternate, type, span };
  }, undefined);
}

function select(choice: ChoiceValue, values: Expression[], type: ValueType, span: Span): Expression {
  const names = selectNames.get(choice.branch) ?? new Set<string>();
  selectNames.set(choice.branch, names);
  const name = uniqueName(choice.name, names);
  (choice.branch.selects ??= []).push({ name, type, values, span });
  return { kind: "select", branch: choice.branch.id, name, type, span };
}

// ---------------------------------------------------------------------------------------------- fan-in

function collectedExpression(lowering: Lowering, collected: CollectedValue, node: ts.Node, span: Span): Expression | undefined {
  const value = toExpression(lowering, collected.value, node);
  if (value?.kind === "item" && value.loop === collected.loop.id) return { ...collected.loop.items, span };
  if (value !== undefined && ![...expressionTree(value)].some((part) => part.kind === "output" || part.kind === "select" || part.kind === "collect" || part.kind === "final")) {
    report(lowering, "HMC1003", node, { operation: "A list made of the items of a run-time list" });
    return undefined;
  }
  return value === undefined ? undefined : { kind: "collect", loop: collected.loop.id, value, type: listOf(value.type), span };
}

/** Fixes what a loop over earlier tasks goes over: the value that the item, or the first member of it, has in each iteration of theirs. */
function projectItem(lowering: Lowering, item: ItemValue, node: ts.Node): Expression | undefined {
  const { projection } = item;
  const span = lowering.context.spanOf(node);
  if (projection.expression !== undefined) {
    if (projection.name === item.name) return { ...projection.expression, span };
    const list = toExpression(lowering, item.source, node);
    if (list === undefined) return undefined;
    if (list.type.kind === "list") {
      // A second list of the earlier tasks goes along by its index.
      const index: Expression = { kind: "index", loop: item.loop.id, type: { kind: "integer" }, span };
      return { kind: "element", object: list, index, type: list.type.items, span };
    }
    report(lowering, "HMC1015", node, { name: item.name.split(".")[0] ?? item.name });
    return undefined;
  }
  const items = toExpression(lowering, item.source, node);
  if (items === undefined) return undefined;
  const element = itemOf(items.type) ?? { kind: "json" };
  item.loop.items = items;
  item.loop.itemType = element;
  projection.name = item.name;
  projection.expression = { kind: "item", loop: item.loop.id, type: element, span };
  return projection.expression;
}

function memberOfItem(lowering: Lowering, item: ItemValue, key: string, node: ts.Node): Value {
  const value = memberOf(lowering, item.source.value, key, node);
  if (value.kind === "invalid") return value;
  const member: ItemValue = { ...item, source: { ...item.source, value }, name: `${item.name}.${key}` };
  if (isOfTasks(value)) return member;
  const expression = projectItem(lowering, member, node);
  return expression === undefined ? invalid : { kind: "expression", expression };
}

// ---------------------------------------------------------------------------------------------- members

/** `value.key`. Members that do not exist are TypeScript's errors already. */
export function memberOf(lowering: Lowering, value: Value, key: string, node: ts.Node): Value {
  switch (value.kind) {
    case "invalid":
      return value;
    case "constant": {
      // `x?.key`: TypeScript allows no other.
      if (value.folded.kind === "undefined") return value;
      const member = foldMember(value.folded, key, node);
      return member === undefined ? report(lowering, "HMC1003", node, { operation: `The member "${key}"` }) : { kind: "constant", folded: member };
    }
    case "object":
      return value.entries.get(key) ?? { kind: "constant", folded: { kind: "undefined", node } };
    case "task": {
      const type = value.outputs[key];
      if (type !== undefined) return { kind: "expression", expression: { kind: "output", task: value.task.id, output: key, type, span: lowering.context.spanOf(node) } };
      break;
    }
    case "choice": {
      const known = value.members.get(key);
      if (known !== undefined) return known;
      if (value.expression !== undefined) break;
      const values = value.values.map((arm) => memberOf(lowering, arm, key, node));
      const member: Value = values.some((arm) => arm.kind === "invalid") ? invalid : { kind: "choice", branch: value.branch, name: `${value.name}.${key}`, values, members: new Map(), node };
      value.members.set(key, member);
      return member;
    }
    case "collected":
      // As many as the items, which are known earlier.
      if (key === "length") {
        const count = lengthOf(value.loop.items);
        return count === undefined ? memberOfExpression(lowering, value.loop.items, key, node) : { kind: "constant", folded: foldedFromJson(count, node) };
      }
      break;
    case "list":
      if (key === "length") return { kind: "constant", folded: foldedFromJson(value.items.length, node) };
      break;
    case "item":
      if (isOfTasks(value.source.value)) return memberOfItem(lowering, value, key, node);
      break;
    case "carried":
      if (isApart(value.initial, key)) return memberOfCarried(lowering, value, key, node);
      break;
    case "limited":
      return memberOf(lowering, value.items, key, node);
    case "picked": {
      const member = memberOf(lowering, value.source.value, key, node);
      if (member.kind === "invalid") return member;
      const picked: Value = { ...value, source: { ...value.source, value: member } };
      if (isOfTasks(member)) return picked;
      const expression = toExpression(lowering, picked, node);
      return expression === undefined ? invalid : { kind: "expression", expression };
    }
  }
  const object = toExpression(lowering, value, node);
  return object === undefined ? invalid : memberOfExpression(lowering, object, key, node);
}

/** How many items a list has, where that is known at compile time. */
function lengthOf(items: Expression): number | undefined {
  if (items.kind === "constant" && Array.isArray(items.value)) return items.value.length;
  return items.kind === "range" && items.count.kind === "constant" && typeof items.count.value === "number" ? Math.max(0, items.count.value) : undefined;
}

function memberOfExpression(lowering: Lowering, object: Expression, key: string, node: ts.Node): Value {
  const span = lowering.context.spanOf(node);
  if (key === "length" && (object.type.kind === "list" || object.type.kind === "string" || (object.type.kind === "artifact" && object.type.list))) {
    return { kind: "expression", expression: { kind: "call", function: "length", arguments: [object], type: { kind: "integer" }, span } };
  }
  const type = memberType(object.type, key);
  if (type === undefined) return report(lowering, "HMC1003", node, { operation: `The member "${key}"` });
  return { kind: "expression", expression: { kind: "member", object, key, type, span } };
}

/** `value[index]`. */
export function elementOf(lowering: Lowering, value: Value, index: Value, node: ts.Node): Value {
  const key = index.kind === "constant" ? foldedToJson(index.folded) : undefined;
  if (typeof key === "string") return memberOf(lowering, value, key, node);
  if (typeof key === "number" && value.kind === "constant") return memberOf(lowering, value, String(key), node);
  if (typeof key === "number" && value.kind === "list") return value.items[key] ?? { kind: "constant", folded: { kind: "undefined", node } };
  const position = toExpression(lowering, index, node);
  if (position === undefined) return invalid;
  if (value.kind === "collected" && isOfTasks(value.value)) return { kind: "picked", source: value, index: position };
  const table = position.type.kind === "string" ? entriesOf(value) : undefined;
  if (table !== undefined) return lookUp(lowering, table, position, node);
  const object = toExpression(lowering, value, node);
  if (object === undefined) return invalid;
  const type = object.type.kind === "list" ? (typeof key === "number" ? (object.type.tuple?.[key] ?? object.type.items) : object.type.items) : object.type.kind === "artifact" ? { ...object.type, list: false } : object.type.kind === "struct" ? object.type.additional : undefined;
  if (type === undefined) return report(lowering, "HMC1003", node, { operation: "This element" });
  return { kind: "expression", expression: { kind: "element", object, index: position, type, span: lowering.context.spanOf(node) } };
}

/** `{ a: 1, b: 2 }[key]`: a choice by the key. */
function lookUp(lowering: Lowering, table: Map<string, Value>, key: Expression, node: ts.Node): Value {
  const span = lowering.context.spanOf(node);
  const literals = key.type.kind === "string" ? key.type.literals : undefined;
  const names = literals?.every((literal) => table.has(literal)) ? literals : [...table.keys()];
  let chosen: Expression | undefined = names === literals ? undefined : { kind: "absent", type: { kind: "json" }, span };
  for (const name of [...names].reverse()) {
    const value = toExpression(lowering, table.get(name) ?? invalid, node);
    if (value === undefined) return invalid;
    if (value.type.kind === "artifact") return report(lowering, "HMC1003", node, { operation: "A choice of artifacts by key" });
    const test: Expression = { kind: "binary", operator: "==", left: key, right: { kind: "constant", value: name, type: { kind: "string" }, span }, type: { kind: "boolean" }, span };
    const type: ValueType = chosen === undefined || chosen.kind === "absent" ? value.type : unify(value.type, chosen.type);
    chosen = chosen === undefined ? value : { kind: "conditional", test, consequent: value, alternate: chosen, type, span };
  }
  return chosen === undefined ? invalid : { kind: "expression", expression: chosen };
}
