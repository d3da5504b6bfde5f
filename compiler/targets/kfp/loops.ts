/** Loops: a group that runs once for each item of a list. */
import { escapeJson } from "../../../runtime/text.ts";
import { bug } from "../../bug.ts";
import type { Json, Loop } from "../../ir/types.ts";
import { deliver, connect } from "./channels.ts";
import { addGroup, channelPrefix, type Channel, type Dag, type LoopSpec } from "./graph.ts";
import { lowerBlock } from "./lower.ts";
import { constantLoopItemName, groupNames, loopItemName } from "./names.ts";
import { isConstantList } from "./numbering.ts";
import { portOf } from "./ports.ts";
import { isReference } from "./references.ts";
import { report, type LoopState, type Scope } from "./scope.ts";
import { bind, fold } from "./values.ts";

/**
 * Whether a loop needs groups around it: where its results are collected and its list may be empty (kfp-real 5), and
 * where its list is computed by a selector, which the driver would apply again in every iteration.
 */
export function needsGuard(loop: Loop, collected: ReadonlySet<string>): boolean {
  return !isConstantList(loop.items) && loop.items.type.kind !== "artifact" && (collected.has(loop.id) || !isReference(loop.items));
}

/** Adds the loop to the DAG. */
export function lowerLoop(scope: Scope, dag: Dag, loop: Loop): void {
  const number = scope.numbers.group.get(loop) ?? bug("a loop without a number");
  const constant = fold(loop.items);
  if (constant !== undefined) {
    if (!Array.isArray(constant)) return bug("a loop over a constant that is no list");
    const item = constantLoopItemName(scope.numbers.item.get(loop) ?? bug("a loop over a constant without an item number"));
    if (constant.length === 0 && scope.collected.has(loop.id)) report(scope.build, "HMC4033", loop.items.span, { version: scope.build.capabilities.version });
    addLoop(scope, dag, loop, number, item, { kind: "raw", json: pythonJson(escapeJson(constant)) }, undefined);
    return;
  }
  const list = listChannel(scope, loop);
  if (list === undefined) return;
  const guard = scope.numbers.guard.get(loop);
  if (guard === undefined) {
    addLoop(scope, dag, loop, number, loopItemName(list.channel.name), undefined, list.channel);
    return;
  }
  const wrapper = addGroup(dag, groupNames.branches(guard.outer), loop.span);
  let inner = list.channel;
  if (list.selector !== undefined) {
    const input = channelPrefix + list.channel.name;
    const port = portOf(loop.items.type);
    wrapper.dag.inputs.set(input, port);
    connect(wrapper.task, input, deliver(list.channel, dag), port, list.selector);
    inner = { name: list.channel.name, port, home: wrapper.dag, from: { input }, nullable: false };
  }
  const filled = addGroup(wrapper.dag, groupNames.condition(guard.inner), loop.span);
  const items = (group: Dag): string => {
    const source = deliver(inner, group);
    return `size(inputs.parameter_values['${"input" in source ? source.input : ""}'])`;
  };
  filled.task.condition = `${items(filled.dag)} > 0`;
  const state = addLoop(scope, filled.dag, loop, number, loopItemName(list.channel.name), undefined, inner);
  scope.nodes.set(loop.id, wrapper.task);
  if (!scope.collected.has(loop.id)) return;
  const empty = addGroup(wrapper.dag, groupNames.condition(guard.empty), loop.span);
  empty.task.condition = `${items(empty.dag)} == 0`;
  state.guard = { wrapper: wrapper.dag, empty: empty.dag };
}

/** The list as a channel, and what CEL takes out of it; undefined where there is none, which is reported. */
function listChannel(scope: Scope, loop: Loop): { channel: Channel; selector?: string } | undefined {
  const { build } = scope;
  const { version } = build.capabilities;
  const { items } = loop;
  if (items.kind === "range") return report(build, "HMC4006", items.span, { version });
  if (items.type.kind === "artifact" && build.real) return report(build, "HMC4009", items.span, { version });
  const bound = bind(scope, items);
  if (bound === undefined) return undefined;
  if (bound.kind !== "channel") return report(build, "HMC4004", items.span, { construct: "a loop over a list that is built from run-time values", version });
  if (bound.channel.nullable) {
    const input = bound.channel.name;
    return report(build, "HMC4014", items.span, { input, version });
  }
  return { channel: bound.channel, ...(bound.selector === undefined ? {} : { selector: bound.selector }) };
}

function addLoop(scope: Scope, dag: Dag, loop: Loop, number: number, itemName: string, raw: LoopSpec["items"] | undefined, list: Channel | undefined): LoopState {
  const group = addGroup(dag, groupNames.loop(number), loop.span);
  const itemInput = channelPrefix + itemName;
  const port = portOf(loop.itemType);
  const item: Channel = { name: itemName, port, home: group.dag, from: { input: itemInput }, nullable: false };
  const items = raw ?? listItems(list ?? bug("a loop without a list"), group.dag);
  group.dag.inputs.set(itemInput, port);
  group.task.loop = { itemInput, items, ...(loop.parallelism === undefined ? {} : { parallelism: loop.parallelism }) };
  const state: LoopState = { loop, task: group.task, body: group.dag, item, list, guard: undefined, collected: new Map() };
  scope.loops.set(loop.id, state);
  scope.nodes.set(loop.id, group.task);
  lowerBlock(scope, group.dag, loop.body);
  return state;
}

function listItems(list: Channel, dag: Dag): LoopSpec["items"] {
  const source = deliver(list, dag);
  if (!("input" in source)) return bug("a list that is no input of its loop");
  return { kind: list.port.kind, input: source.input };
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
