/** `while`: a DAG template that calls itself with the values of the next turn (reference argo.md 2.12). */
import { mapExpressions } from "../../ir/rewrite.ts";
import type { Carried, Expression, ValueType, While } from "../../ir/types.ts";
import { report } from "./build.ts";
import { binary, choose, ofTask, path, text } from "./expr-build.ts";
import { lowerBlock } from "./lower.ts";
import { parameterName } from "./names.ts";
import { absent, addRegion, addTask, exported, metaName, require, type Channel, type Region, type TaskDraft } from "./region.ts";
import type { Handle, Reader, Scope } from "./scope.ts";
import { artifactArgument, artifactFor, artifactValue, depthOf, emptyFile, mayLack, metaOf, metaValue, textFor, valueFor } from "./values.ts";

/**
 * Adds a loop whose end is decided at run time: `while-1-turn` runs the body and then, where the condition holds, itself with the
 * values of the next turn; `while-1` runs the first turn where there is one. Both give the carried values as they are at the end.
 * So each turn is one level: Argo takes 100 of templates in templates.
 */
export function lowerWhile(scope: Scope, region: Region, node: While): Handle {
  const loop = addRegion(region, node.id, node.span);
  const turn = addRegion(loop.region, `${node.id}-turn`, node.span);
  const first: Reader = { scope, region: loop.region, task: turn.task };
  const state = { loop: node, carried: new Map(node.carried.map((value) => [value.name, carriedChannel(first, turn.region, value)])), final: new Map<string, Channel>() };
  scope.whiles.set(node.id, state);
  const start = node.test === "after" ? undefined : conditionOf(node, ({ initial }) => initial);
  const isCertain = start === undefined || (start.kind === "constant" && start.value === true);
  if (!isCertain) turn.task.when.push(valueFor(first, start));
  lowerBlock(scope, turn.region, node.body);
  const again = addTask(turn.region, "again", turn.region, node.span);
  for (const task of turn.region.tasks.values()) if (task !== again) require(again, [{ task, results: ["Succeeded", "Skipped", "Omitted"] }]);
  const next: Reader = { scope, region: turn.region, task: again };
  again.when.push(valueFor(next, conditionOf(node, (value) => value.next)));
  for (const value of node.carried) {
    const channel = state.carried.get(value.name);
    if (channel === undefined) continue;
    passValue(next, channel.name, value.type, value.next);
    const last = afterTurn({ ...next, task: undefined }, again, channel, value.next);
    state.final.set(value.name, isCertain ? passedOn(loop.region, channel, last) : afterTurn({ ...first, task: undefined }, turn.task, channel, value.initial, last));
  }
  passOn(turn.region, again);
  return { region, requirements: [{ alternatives: [{ task: loop.task, results: ["Succeeded"] }] }] };
}

/** The condition as it is for other values of what the loop carries. */
function conditionOf(node: While, valueOf: (carried: Carried) => Expression): Expression {
  const values = new Map(node.carried.map((value) => [value.name, valueOf(value)]));
  return mapExpressions(node.condition, (part) => {
    if (part.kind === "carried" && part.loop === node.id) return values.get(part.name) ?? part;
    if (part.kind !== "unary" || part.operator !== "!" || part.operand.kind !== "constant") return part;
    return typeof part.operand.value === "boolean" ? { ...part.operand, value: !part.operand.value } : part;
  });
}

/** A carried value as an input of the turn; the first turn gets the initial one. */
function carriedChannel(first: Reader, home: Region, value: Carried): Channel {
  const name = parameterName(value.name.replaceAll(".", "-"));
  const optional = mayLack(first, value.initial);
  passValue(first, name, value.type, value.initial);
  if (value.type.kind !== "artifact") {
    home.parameters.set(name, { optional: false });
    return { kind: "parameter", name, type: value.type, home, value: path("inputs", "parameters", name), optional };
  }
  home.artifacts.set(name, { optional });
  home.parameters.set(metaName(name), { optional: false });
  const meta: Channel = { kind: "parameter", name: metaName(name), type: { kind: "string" }, home, value: path("inputs", "parameters", metaName(name)), optional };
  return { kind: "artifact", name, type: value.type, home, value: path("inputs", "artifacts", name), optional, meta };
}

/** Gives a task a value; an artifact with its metadata, and an empty file where there is none, so that expressions may name it. */
function passValue(reader: Reader, input: string, type: ValueType, value: Expression): void {
  const task = reader.task as TaskDraft;
  if (type.kind !== "artifact") {
    task.parameters.set(input, textFor(reader, value));
    return;
  }
  if (value.kind === "absent") {
    task.artifacts.set(input, { location: emptyFile, optional: true });
    task.parameters.set(metaName(input), absent);
    return;
  }
  const channel = artifactFor(reader, value);
  if (channel === undefined) return;
  if (depthOf(reader, channel) !== undefined) report(reader.scope.build, "HMC4102", value.span, { construct: "A list of artifacts out of nested loops that one turn hands to the next" });
  task.artifacts.set(input, artifactArgument(reader, channel));
  task.parameters.set(metaName(input), metaOf(reader, channel));
}

/** What came in from outside is the same in every turn. */
function passOn(turn: Region, again: TaskDraft): void {
  for (const [channel, input] of turn.imported) {
    const value = path("inputs", channel.kind === "parameter" ? "parameters" : "artifacts", input);
    if (channel.kind === "parameter") again.parameters.set(input, value);
    else again.artifacts.set(input, { from: value, optional: channel.optional });
  }
}

/**
 * What a carried value is in the end, as an output of the region: what the last turn gives, or `otherwise` where there was no further one.
 *
 * @param given what the task gives, where it is known under another name than the value's own
 */
function afterTurn(reader: Reader, task: TaskDraft, channel: Channel, otherwise: Expression, given?: Channel): Channel {
  const ran = binary("==", ofTask(task.name, "status"), text("Succeeded"));
  if (channel.meta === undefined) {
    return exported(reader.region, channel.name, channel, choose(ran, given?.value ?? ofTask(task.name, "outputs", "parameters", channel.name), textFor(reader, otherwise)));
  }
  const meta = choose(ran, given?.meta?.value ?? ofTask(task.name, "outputs", "parameters", channel.meta.name), metaValue(reader, otherwise));
  const artifact = choose(ran, given?.value ?? ofTask(task.name, "outputs", "artifacts", channel.name), artifactValue(reader, otherwise));
  return exported(reader.region, channel.name, channel, artifact, { ...channel.meta, home: reader.region, value: meta });
}

/** What the first turn gives, where there always is one. */
function passedOn(loop: Region, channel: Channel, last: Channel): Channel {
  return exported(loop, channel.name, channel, last.value, last.meta);
}
