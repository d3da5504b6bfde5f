/** `triggerPolicy.condition`: CEL over the inputs of a group. */
import { escapeText } from "../../../runtime/text.ts";
import type { Cel } from "../../expressions/cel.ts";
import { expressionTree } from "../../ir/traverse.ts";
import type { Expression } from "../../ir/types.ts";
import { deliver } from "./channels.ts";
import { channelPrefix, type Channel, type Dag } from "./graph.ts";
import { carriedItem, enterField, isLoopField } from "./loop-fields.ts";
import { channelOf, type Reference } from "./references.ts";
import { contextInput, contextPlaceholders, contextPort, hasContext, isOfTask, refuseContext } from "./run-context.ts";
import { report, type Scope } from "./scope.ts";
import { mayEnter } from "./supply.ts";
import { parsedText } from "./selectors.ts";
import { translate, Untranslatable, type Leaves } from "./translate.ts";

/**
 * The condition of a group. Every value in it becomes an input of the group.
 *
 * @returns undefined where CEL cannot express it or a value cannot be had, which is reported
 */
export function conditionOf(scope: Scope, dag: Dag, expression: Expression): Cel | undefined {
  let complete = true;
  const missing = (): Cel => {
    complete = false;
    return { kind: "null" };
  };
  const read = (channel: Channel): string => {
    if (!scope.build.real) scope.conditions.push(channel);
    const source = deliver(channel, dag);
    return "input" in source ? source.input : "";
  };
  const input = (name: string): Cel => ({ kind: "index", object: { kind: "name", name: "inputs.parameter_values" }, index: { kind: "string", value: name } });
  const parameter = (channel: Channel): Cel => input(read(channel));
  const owner = dag.owner;
  const leaves: Leaves = {
    value: (reference) => {
      const channel = channelOf(scope, reference);
      if (channel === undefined || owner === undefined) return missing();
      if (!dag.present.has(channel) && !mayEnter(scope, channel, owner, reference.span)) return missing();
      const value = parameter(channel);
      return !scope.build.real || parsedText(channel, reference.type) === undefined ? value : { kind: "call", function: "parseJson", arguments: [value] };
    },
    text: () => undefined,
    field: (member) => {
      if (scope.build.real || !isLoopField(member)) return undefined;
      const name = enterField(scope, dag, member);
      const item = carriedItem(scope, member);
      if (item !== undefined) scope.conditions.push(item);
      return name === undefined ? missing() : input(channelPrefix + name);
    },
    property: (reference, path) => property(scope, reference, path, read) ?? undefined,
    context: (text) => {
      if (owner === undefined || !hasContext(scope, text)) return missing();
      if (isOfTask(text.name)) {
        refuseContext(scope, text.name, text.span, "in a condition", "Compare it in the task that it belongs to");
        return missing();
      }
      const name = contextInput(text.name);
      dag.inputs.set(name, contextPort);
      owner.parameters.set(name, { runtimeValue: { constant: contextPlaceholders[text.name] } });
      return input(name);
    },
    present: (reference) => {
      const channel = channelOf(scope, reference);
      if (channel === undefined) return missing();
      if (!channel.nullable) return { kind: "bool", value: true };
      // Only the driver of the group itself sees that a value is missing: further in, it fails.
      if (channel.home !== owner?.dag) {
        report(scope.build, "HMC4014", reference.span, { input: channel.name, version: scope.build.capabilities.version });
        return missing();
      }
      return { kind: "binary", operator: "in", left: { kind: "string", value: read(channel) }, right: { kind: "name", name: "inputs.parameter_values" } };
    },
    literal: comparesOutputs(expression) ? escapeText : (text) => text,
    quote: "'",
  };
  for (const channel of presentIn(scope, expression)) dag.present.add(channel);
  const cel = translate(expression, leaves);
  if (cel instanceof Untranslatable) return report(scope.build, "HMC4004", cel.expression.span, { construct: cel.construct, version: scope.build.capabilities.version });
  if (!complete) return undefined;
  return expression.type.kind === "boolean" && isPlain(expression) ? { kind: "binary", operator: "==", left: cel, right: { kind: "bool", value: true } } : cel;
}

/** The values that are there wherever the condition holds: `x !== undefined && …`. */
function presentIn(scope: Scope, expression: Expression): Channel[] {
  if (expression.kind === "binary" && expression.operator === "&&") return [...presentIn(scope, expression.left), ...presentIn(scope, expression.right)];
  if (expression.kind !== "present" || expression.value.kind !== "input") return [];
  const channel = channelOf(scope, expression.value);
  return channel === undefined ? [] : [channel];
}

/** A bare value or field, which the SDK compares with `true`. */
function isPlain(expression: Expression): boolean {
  return ["input", "output", "item", "select", "member", "element"].includes(expression.kind);
}

/** Outputs of ops and what is made of them travel encoded; parameters of the run do not. */
function comparesOutputs(expression: Expression): boolean {
  for (const inner of expressionTree(expression)) if (["output", "item", "select", "collect"].includes(inner.kind)) return true;
  return false;
}

/** `uri` or a metadata value of an artifact that the group gets as an input. */
function property(scope: Scope, reference: Reference, path: string[], read: (channel: Channel) => string): Cel | undefined {
  const channel = channelOf(scope, reference);
  const [first, ...keys] = path;
  if (channel === undefined || (first !== "uri" && first !== "name" && first !== "metadata")) return undefined;
  const list: Cel = { kind: "field", object: { kind: "index", object: { kind: "name", name: "inputs.artifacts" }, index: { kind: "string", value: read(channel) } }, name: "artifacts" };
  const artifact: Cel = { kind: "index", object: list, index: { kind: "int", value: 0 } };
  return keys.reduce<Cel>((object, key) => ({ kind: "index", object, index: { kind: "string", value: key } }), { kind: "field", object: artifact, name: first });
}
