/** Loops: a group that runs once for each item of a list. */
import { bug } from "../../bug.ts";
import type { Json, Loop } from "../../ir/types.ts";
import { deliver, connect } from "./channels.ts";
import { addGroup, channelPrefix, type Channel, type Dag, type LoopSpec } from "./graph.ts";
import { lowerBlock } from "./lower.ts";
import { enterField, isLoopField, itemTypeOf, type Member } from "./loop-fields.ts";
import { constantLoopItemName, groupNames, loopItemName } from "./names.ts";
import { isConstantList } from "./numbering.ts";
import { portOf } from "./ports.ts";
import { isReference } from "./references.ts";
import { relayBound } from "./relay.ts";
import { report, type LoopState, type Scope } from "./scope.ts";
import { sharedEncode } from "./shared-text.ts";
import { bind, fold } from "./values.ts";

/**
 * Whether a loop needs groups around it: where its results are collected and its list may be empty (kfp-real 5), and
 * where its list is computed by a selector, which the driver would apply again in every iteration.
 */
export function needsGuard(loop: Loop, collected: ReadonlySet<string>): boolean {
  return !isConstantList(loop.items) && loop.items.type.kind !== "artifact" && (collected.has(loop.id) || !isReference(loop.items));
}

/** Where the items of a loop come from. */
type List = { kind: "constant"; items: Json[] } | { kind: "channel"; channel: Channel } | { kind: "field"; member: Member };

/** Adds the loop to the DAG. */
export function lowerLoop(scope: Scope, dag: Dag, loop: Loop): void {
  const constant = fold(loop.items);
  if (constant !== undefined) {
    if (!Array.isArray(constant)) return bug("a loop over a constant that is no list");
    if (constant.length === 0 && scope.collected.has(loop.id)) report(scope.build, "HMC4033", loop.items.span, { version: scope.build.capabilities.version });
    addLoop(scope, dag, loop, { kind: "constant", items: constant });
    return;
  }
  if (!scope.build.real && isLoopField(loop.items)) {
    addLoop(scope, dag, loop, { kind: "field", member: loop.items });
    return;
  }
  const list = listChannel(scope, dag, loop);
  const guard = scope.numbers.guard.get(loop);
  if (list !== undefined && guard !== undefined) addGuardedLoop(scope, dag, loop, list, guard);
  else if (list !== undefined) addLoop(scope, dag, loop, { kind: "channel", channel: list.channel });
}

/** The loop in a condition on the length of its list, beside a group that stands in for it where the list is empty. */
function addGuardedLoop(scope: Scope, dag: Dag, loop: Loop, list: { channel: Channel; selector?: string }, guard: { outer: number; inner: number; empty: number }): void {
  const wrapper = addGroup(dag, groupNames.branches(guard.outer), loop.span);
  let { channel } = list;
  if (list.selector !== undefined) {
    const input = channelPrefix + channel.name;
    const port = portOf(loop.items.type);
    wrapper.dag.inputs.set(input, port);
    connect(wrapper.task, input, deliver(channel, dag), port, list.selector);
    channel = { name: channel.name, port, home: wrapper.dag, from: { input }, nullable: false };
  }
  const sizeIn = (group: Dag): string => {
    const source = deliver(channel, group);
    return `size(inputs.parameter_values['${"input" in source ? source.input : bug("a list that is no input of its group")}'])`;
  };
  const filled = addGroup(wrapper.dag, groupNames.condition(guard.inner), loop.span);
  filled.task.condition = `${sizeIn(filled.dag)} > 0`;
  const state = addLoop(scope, filled.dag, loop, { kind: "channel", channel });
  scope.nodes.set(loop.id, wrapper.task);
  if (!scope.collected.has(loop.id)) return;
  const empty = addGroup(wrapper.dag, groupNames.condition(guard.empty), loop.span);
  empty.task.condition = `${sizeIn(empty.dag)} == 0`;
  state.guard = { wrapper: wrapper.dag, empty: empty.dag };
}

/** The list as a channel, and what CEL takes out of it; undefined where there is none, which is reported. */
function listChannel(scope: Scope, dag: Dag, loop: Loop): { channel: Channel; selector?: string } | undefined {
  const { build } = scope;
  const { version } = build.capabilities;
  const { items } = loop;
  if (items.kind === "range") return report(build, "HMC4006", items.span, { version });
  if (items.type.kind === "artifact" && build.real) return report(build, "HMC4009", items.span, { version });
  const bound = bind(scope, items);
  if (bound === undefined) return undefined;
  if (bound.kind === "template" && build.real) {
    const port = portOf(items.type);
    const producer = relayBound(scope, dag, "items", bound, port, `for the list of the loop at line ${loop.span.line}, which is built from run-time values`, items.span, false);
    return { channel: { name: `${producer.task.key}-${producer.output}`, port, home: dag, from: producer, nullable: false } };
  }
  if (bound.kind !== "channel") return report(build, "HMC4004", items.span, { construct: "a loop over a list that is built from run-time values", version });
  if (bound.channel.nullable) {
    const input = bound.channel.name;
    return report(build, "HMC4014", items.span, { input, version });
  }
  return { channel: bound.channel, ...(bound.selector === undefined ? {} : { selector: bound.selector }) };
}

function addLoop(scope: Scope, dag: Dag, loop: Loop, list: List): LoopState {
  const group = addGroup(dag, groupNames.loop(scope.numbers.group.get(loop) ?? bug("a loop without a number")), loop.span);
  if (loop.displayName !== undefined) group.task.displayName = loop.displayName;
  const { name, items } = itemsOf(scope, group.dag, loop, list);
  const itemInput = channelPrefix + name;
  const port = portOf(itemTypeOf(scope, loop));
  group.dag.inputs.set(itemInput, port);
  group.task.loop = { itemInput, items, ...(loop.parallelism === undefined ? {} : { parallelism: loop.parallelism }) };
  const item: Channel = { name, port, home: group.dag, from: { input: itemInput }, nullable: false };
  const state: LoopState = { loop, task: group.task, body: group.dag, item, list: list.kind === "channel" ? list.channel : undefined, guard: undefined, collected: new Map() };
  scope.loops.set(loop.id, state);
  scope.nodes.set(loop.id, group.task);
  lowerBlock(scope, group.dag, loop.body);
  return state;
}

/** The name of the item, and the list as KFP reads it. */
function itemsOf(scope: Scope, dag: Dag, loop: Loop, list: List): { name: string; items: LoopSpec["items"] } {
  switch (list.kind) {
    case "constant": {
      const number = scope.numbers.item.get(loop) ?? bug("a loop over a constant without an item number");
      return { name: constantLoopItemName(number), items: { kind: "raw", json: pythonJson(sharedEncode(scope.build, "the items of a loop", loop.span)(list.items)) } };
    }
    case "channel": {
      const source = deliver(list.channel, dag);
      if (!("input" in source)) return bug("a list that is no input of its loop");
      return { name: loopItemName(list.channel.name), items: { kind: list.channel.port.kind, input: source.input } };
    }
    case "field": {
      const field = enterField(scope, dag, list.member) ?? bug("a loop over a field of nothing");
      return { name: loopItemName(field), items: { kind: "parameter", input: channelPrefix + field } };
    }
  }
}

/** Items as the SDK writes them: Python's JSON with sorted keys, in ASCII. */
function pythonJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(", ")}]`;
  if (value !== null && typeof value === "object") {
    const keys = Object.keys(value).sort();
    return `{${keys.map((key) => `${asciiText(key)}: ${pythonJson(value[key] ?? null)}`).join(", ")}}`;
  }
  return typeof value === "string" ? asciiText(value) : JSON.stringify(value);
}

function asciiText(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
