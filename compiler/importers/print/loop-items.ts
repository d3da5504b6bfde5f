/** The type of the items of a loop over a list that does not say it: it is told by what the body does with them. */
import { expressionKey } from "../../ir/expression-key.ts";
import { expressionsOf, expressionTree, nodesOf } from "../../ir/traverse.ts";
import type { Expression, Loop, ParameterType } from "../../ir/types.ts";
import type { Body } from "./body.ts";
import { isAssignable } from "./casts.ts";
import { staticType } from "./static-types.ts";
import { itemOf } from "./types.ts";

/** Notes the type of the items, where it is not that of the list: the list is then cast. */
export function chooseItemType(body: Body, loop: Loop): void {
  if (body.itemTypes.has(loop.id)) return;
  const own = itemOf(staticType(body, loop.items).type);
  if (own !== undefined && own.kind !== "json") {
    if (loop.itemType.kind !== "json" && !isAssignable(own, loop.itemType)) body.itemTypes.set(loop.id, loop.itemType);
    return;
  }
  const fields = fieldsRead(loop);
  if (loop.itemType.kind !== "json" && (loop.itemType.kind !== "struct" || Object.keys(fields).every((key) => loop.itemType.kind === "struct" && loop.itemType.properties[key] !== undefined))) {
    body.itemTypes.set(loop.id, loop.itemType);
  } else if (Object.keys(fields).length > 0) {
    body.itemTypes.set(loop.id, { kind: "struct", properties: fields });
  }
}

type Properties = Extract<ParameterType, { kind: "struct" }>["properties"];

/** The fields of the item that the body reads. */
function fieldsRead(loop: Loop): Properties {
  const fields: Properties = {};
  const seen = new Set<string>();
  for (const node of nodesOf(loop.body)) {
    for (const value of expressionsOf(node)) {
      for (const part of expressionTree(value)) {
        if (!isFieldOf(part, loop.id) || seen.has(expressionKey(part))) continue;
        seen.add(expressionKey(part));
        const known = fields[part.key];
        const type: ParameterType = part.type.kind === "artifact" ? { kind: "json" } : part.type;
        fields[part.key] = { type: known === undefined || JSON.stringify(known.type) === JSON.stringify(type) ? type : { kind: "json" }, optional: false };
      }
    }
  }
  return fields;
}

function isFieldOf(value: Expression, loop: string): value is Extract<Expression, { kind: "member" }> {
  return value.kind === "member" && value.object.kind === "item" && value.object.loop === loop;
}
