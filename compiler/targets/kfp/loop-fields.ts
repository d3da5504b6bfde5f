/** Items of loops and their fields: what they are declared as, and where the SDK passes fields as values of their own. */
import { bug } from "../../bug.ts";
import type { Expression, Json, Loop, ParameterType, ValueType } from "../../ir/types.ts";
import { connect, deliver } from "./channels.ts";
import { channelPrefix, type Channel, type Dag } from "./graph.ts";
import { loopFieldName } from "./names.ts";
import { isConstantList } from "./numbering.ts";
import { portOf } from "./ports.ts";
import { channelOf } from "./references.ts";
import type { Scope } from "./scope.ts";
import type { Port } from "./spec.ts";

export type Member = Extract<Expression, { kind: "member" }>;

/** Whether an expression is a field of a loop's item. */
export function isLoopField(expression: Expression): expression is Member {
  return expression.kind === "member" && expression.object.kind === "item";
}

/**
 * Makes a field of a loop's item an input of a group, taken out of the item by the task that runs the group. The item
 * becomes an input, too, as in the SDK, except where the loop is over a constant.
 *
 * @returns the full name of the field; undefined where the item has no channel
 */
export function enterField(scope: Scope, group: Dag, member: Member): string | undefined {
  const field = fieldOfItem(scope, member);
  const owner = group.owner;
  if (field === undefined || owner === undefined) return undefined;
  // The SDK goes from the task outwards where the loop is over a constant, and from the list inwards elsewhere.
  if (!isConstantList(loopOf(scope, member.object).items)) deliver(field.item, group);
  group.inputs.set(channelPrefix + field.name, field.port);
  connect(owner, channelPrefix + field.name, deliver(field.item, owner.dag), field.port, field.selector);
  return field.name;
}

/** The full name of a field and how it is taken out of the item; undefined where the item has no channel. */
export function fieldOfItem(scope: Scope, member: Member): { name: string; port: Port; item: Channel; selector: string } | undefined {
  const item = member.object.kind === "item" ? channelOf(scope, member.object) : undefined;
  if (item === undefined) return undefined;
  return { name: loopFieldName(item.name, member.key), port: portOf(fieldType(scope, member)), item, selector: `parseJson(string_value)["${member.key}"]` };
}

/** The item behind a field in a condition, where the SDK passes it on to the groups inside; undefined where the loop is over a constant. */
export function carriedItem(scope: Scope, member: Member): Channel | undefined {
  return isConstantList(loopOf(scope, member.object).items) ? undefined : channelOf(scope, member.object as Extract<Expression, { kind: "item" }>);
}

/**
 * The type of a loop's items as they are declared. The SDK knows no type inside a list that does not say it, and then
 * takes the item for text; in a constant it looks at the first item only.
 */
export function itemTypeOf(scope: Scope, loop: Loop): ValueType {
  const { items, itemType } = loop;
  if (scope.build.real) return itemType;
  if (items.kind === "constant" && Array.isArray(items.value)) {
    if (itemType.kind === "list") return { kind: "list", items: { kind: "json" } };
    return itemType.kind === "json" ? typeOfFirst(items.value) : itemType;
  }
  if (isLoopField(items)) return itemsIn(fieldType(scope, items));
  return items.kind === "item" ? itemsIn(itemTypeOf(scope, loopOf(scope, items))) : itemType;
}

/** The type of a field as the SDK declares it: that of the values of the struct, in a constant that of the first one. */
function fieldType(scope: Scope, member: Member): ValueType {
  const loop = loopOf(scope, member.object);
  const item = itemTypeOf(scope, loop);
  if (item.kind !== "struct") return { kind: "json" };
  const { items } = loop;
  if (items.kind === "constant" && Array.isArray(items.value) && item.additional === undefined) {
    const [first] = items.value;
    return typeOfFirst(first !== null && typeof first === "object" ? Object.values(first) : []);
  }
  const natural = item.properties[member.key]?.type ?? item.additional;
  return natural === undefined || natural.kind === "json" ? { kind: "json" } : member.type;
}

function itemsIn(list: ValueType): ValueType {
  return list.kind === "list" ? list.items : { kind: "json" };
}

/** The type that Python has for the first of some values. */
function typeOfFirst([first]: Json[]): ParameterType {
  switch (typeof first) {
    case "number":
      return { kind: Number.isInteger(first) ? "integer" : "number" };
    case "boolean":
      return { kind: "boolean" };
    case "object":
      if (first === null) return { kind: "json" };
      return Array.isArray(first) ? { kind: "list", items: { kind: "json" } } : { kind: "struct", properties: {}, additional: { kind: "json" } };
    default:
      return { kind: "json" };
  }
}

function loopOf(scope: Scope, item: Expression): Loop {
  return (item.kind === "item" ? scope.loops.get(item.loop)?.loop : undefined) ?? bug("an item without a loop");
}
