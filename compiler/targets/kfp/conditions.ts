/** `triggerPolicy.condition`: CEL over the inputs of a group or task. */
import { bug } from "../../bug.ts";
import type { Cel } from "../../expressions/cel.ts";
import { expressionTree } from "../../ir/traverse.ts";
import type { ContextName, Expression, Span } from "../../ir/types.ts";
import { deliver } from "./channels.ts";
import { channelPrefix, type Channel, type Dag, type Task } from "./graph.ts";
import { carriedItem, enterField, isLoopField, type Member } from "./loop-fields.ts";
import { channelOf, type Reference } from "./references.ts";
import { contextInput, hasContext, isOfTask, refuseContext } from "./run-context.ts";
import { report, type Scope } from "./scope.ts";
import { sharedText } from "./shared-text.ts";
import { mayEnter } from "./supply.ts";
import { checkCel, parsedText } from "./selectors.ts";
import { translate, Untranslatable, type Leaves } from "./translate.ts";

/** The task that a condition stands on, and how it reads a value: the name of the input that brings it. */
export interface ConditionPlace {
  task: Task;
  /** Values that an earlier part of the condition has seen to be there. */
  present: Set<Channel>;
  read(channel: Channel, span: Span): string;
  /** A field of a loop's item, in the shape of the SDK; undefined where there is none. */
  readField(member: Member): string | undefined;
  readContext(name: ContextName): string;
}

/** A group reads values from inputs of its DAG; the SDK passes them on to every group inside that has a task. */
export function groupPlace(scope: Scope, dag: Dag): ConditionPlace {
  const task = dag.owner ?? bug("a condition on a pipeline");
  return {
    task,
    present: dag.present,
    read: (channel) => {
      if (!scope.build.real) scope.conditions.push(channel);
      const source = deliver(channel, dag);
      return "input" in source ? source.input : "";
    },
    readField: (member) => {
      const name = enterField(scope, dag, member);
      const item = carriedItem(scope, member);
      if (item !== undefined) scope.conditions.push(item);
      return name === undefined ? undefined : channelPrefix + name;
    },
    readContext: (name) => contextInput(task, name),
  };
}

/**
 * The condition of a task or group. Every value in it is read from an input.
 *
 * @returns undefined where CEL cannot express it or a value cannot be had, which is reported
 */
export function conditionOf(scope: Scope, place: ConditionPlace, expression: Expression): Cel | undefined {
  const { task } = place;
  let complete = true;
  const missing = (): Cel => {
    complete = false;
    return { kind: "null" };
  };
  const input = (name: string): Cel => ({ kind: "index", object: { kind: "name", name: "inputs.parameter_values" }, index: { kind: "string", value: name } });
  const named = (reference: Reference, channel = channelOf(scope, reference)): Cel => {
    if (channel === undefined) return missing();
    if (!place.present.has(channel) && !mayEnter(scope, channel, task, reference.span)) return missing();
    return input(place.read(channel, reference.span));
  };
  const leaves: Leaves = {
    value: (reference) => {
      const channel = channelOf(scope, reference);
      const value = named(reference, channel);
      if (channel === undefined) return value;
      return !scope.build.real || parsedText(channel, reference.type) === undefined ? value : { kind: "call", function: "parseJson", arguments: [value] };
    },
    accessor: named,
    readsOneValue: false,
    text: () => undefined,
    field: (member) => {
      if (scope.build.real || !isLoopField(member)) return undefined;
      const name = place.readField(member);
      return name === undefined ? missing() : input(name);
    },
    property: (reference, path) => property(scope, place, reference, path) ?? undefined,
    context: (text) => {
      if (!hasContext(scope, text)) return missing();
      if (isOfTask(text.name)) {
        refuseContext(scope, text.name, text.span, "in a condition", "Compare it in the task that it belongs to");
        return missing();
      }
      return input(place.readContext(text.name));
    },
    present: (reference) => {
      const channel = channelOf(scope, reference);
      if (channel === undefined) return missing();
      if (!channel.nullable) return { kind: "bool", value: true };
      // Only the driver of the group itself sees that a value is missing: further in, it fails.
      if (channel.home !== task.dag) {
        report(scope.build, "HMC4014", reference.span, { input: channel.name, version: scope.build.capabilities.version });
        return missing();
      }
      return { kind: "binary", operator: "in", left: { kind: "string", value: place.read(channel, reference.span) }, right: { kind: "name", name: "inputs.parameter_values" } };
    },
    literal: comparesOutputs(expression) ? sharedText(scope.build, "a condition", expression.span) : (text) => text,
    quote: "'",
  };
  for (const channel of presentIn(scope, expression)) place.present.add(channel);
  const cel = translate(expression, leaves);
  if (cel instanceof Untranslatable) return report(scope.build, "HMC4004", cel.expression.span, { construct: cel.construct, version: scope.build.capabilities.version });
  if (!complete) return undefined;
  checkCel(scope.build, expression);
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

/** `uri` or a metadata value of an artifact that comes through an input. */
function property(scope: Scope, place: ConditionPlace, reference: Reference, path: string[]): Cel | undefined {
  const channel = channelOf(scope, reference);
  const [first, ...keys] = path;
  if (channel === undefined || (first !== undefined && first !== "uri" && first !== "name" && first !== "metadata")) return undefined;
  const list: Cel = { kind: "field", object: { kind: "index", object: { kind: "name", name: "inputs.artifacts" }, index: { kind: "string", value: place.read(channel, reference.span) } }, name: "artifacts" };
  const artifact: Cel = { kind: "index", object: list, index: { kind: "int", value: 0 } };
  if (first === undefined) return artifact;
  return keys.reduce<Cel>((object, key) => ({ kind: "index", object, index: { kind: "string", value: key } }), { kind: "field", object: artifact, name: first });
}
