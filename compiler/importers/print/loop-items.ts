/** Items of a loop over a list that does not say what is in it: where they are used, they are said to be of a type. */
import { expressionsOf, expressionTree, nodesOf } from "../../ir/traverse.ts";
import type { Expression, Loop, ParameterType, ValueType } from "../../ir/types.ts";
import type { Body } from "./body.ts";
import { isAssignable } from "./casts.ts";
import { itemTypeOf } from "./static-types.ts";
import { holdsJson, typeOfConstant } from "./types.ts";

type Item = Extract<Expression, { kind: "item" }>;
type Struct = Extract<ParameterType, { kind: "struct" }>;

/** Notes the type of the items of a constant list, where it is not that of the list: the list is then said to be one of these. */
export function chooseItemType(body: Body, loop: Loop): void {
  const { items, itemType } = loop;
  if (items.kind !== "constant") return;
  if (itemType.kind !== "json" && !isAssignable(itemTypeOf(body, loop.id), itemType)) body.itemTypes.set(loop.id, itemType);
  else if (holdsJson(typeOfConstant(items.value))) body.mixedLoops.add(loop.id);
}

/** The fields of the item that are read several times, and the type which has them: they are bound once. */
export interface BoundFields {
  item: Item;
  type: Struct;
  fields: string[];
}

export function boundFields(body: Body, loop: Loop): BoundFields[] {
  const groups = new Map<string, { item: Item; reads: Extract<Expression, { kind: "member" }>[] }>();
  for (const node of nodesOf(loop.body)) {
    for (const part of expressionsOf(node).flatMap((value) => [...expressionTree(value)])) {
      if (part.kind !== "member" || part.object.kind !== "item" || part.object.loop !== loop.id) continue;
      const key = JSON.stringify(part.object.type);
      const group = groups.get(key) ?? { item: part.object, reads: [] };
      groups.set(key, group);
      group.reads.push(part);
    }
  }
  return [...groups.values()].flatMap(({ item, reads }) => {
    const own = itemTypeOf(body, loop.id);
    const fields = [...new Set(reads.map(({ key }) => key))];
    const type = item.type.kind === "struct" && item.type.additional === undefined ? item.type : structOf(reads);
    return reads.length < 2 || hasFields(own, fields) ? [] : [{ item, type, fields }];
  });
}

function hasFields(type: ValueType, fields: readonly string[]): boolean {
  return type.kind === "struct" && (type.additional !== undefined || fields.every((field) => type.properties[field] !== undefined));
}

/** A type with the fields that are read, as the reads take them. */
function structOf(reads: readonly Extract<Expression, { kind: "member" }>[]): Struct {
  const properties: Struct["properties"] = {};
  for (const { key, type } of reads) {
    const read: ParameterType = type.kind === "artifact" ? { kind: "json" } : type;
    const known = properties[key];
    properties[key] = { type: known === undefined || JSON.stringify(known.type) === JSON.stringify(read) ? read : { kind: "json" }, optional: false };
  }
  return { kind: "struct", properties };
}

/** The key of the variable of a bound field. */
export function fieldKey(item: Item, field: string): string {
  return `field:${JSON.stringify([item.loop, item.type, field])}`;
}
