/** Fields of loop items, where the SDK passes them as values of their own. */
import type { Expression } from "../../ir/types.ts";
import { connect, deliver } from "./channels.ts";
import { channelPrefix, type Dag } from "./graph.ts";
import { loopFieldName } from "./names.ts";
import { portOf } from "./ports.ts";
import { channelOf } from "./references.ts";
import type { Scope } from "./scope.ts";

export type Member = Extract<Expression, { kind: "member" }>;

/** Whether an expression is a field of a loop's item. */
export function isLoopField(expression: Expression): expression is Member {
  return expression.kind === "member" && expression.object.kind === "item";
}

/**
 * Makes a field of a loop's item an input of a group, taken out of the item by the task that runs the group. The item
 * becomes an input, too, as in the SDK.
 *
 * @returns the full name of the field; undefined where the item has no channel
 */
export function enterField(scope: Scope, group: Dag, member: Member): string | undefined {
  const item = member.object.kind === "item" ? channelOf(scope, member.object) : undefined;
  const owner = group.owner;
  if (item === undefined || owner === undefined) return undefined;
  const name = loopFieldName(item.name, member.key);
  const port = portOf(member.type);
  deliver(item, group);
  group.inputs.set(channelPrefix + name, port);
  connect(owner, channelPrefix + name, deliver(item, owner.dag), port, `parseJson(string_value)["${member.key}"]`);
  return name;
}
