/** `while`: a DAG template that calls itself with the values of the next turn (reference argo.md 2.12). */
import type { ExprNode } from "../../expressions/argo/expr.ts";
import type { Carried, Expression, While } from "../../ir/types.ts";
import { report } from "./build.ts";
import { binary, choose, ofTask, path, text } from "./expr-build.ts";
import { lowerBlock } from "./lower.ts";
import { parameterName } from "./names.ts";
import { absent, addRegion, addTask, exported, metaName, read, require, type Channel, type Region, type TaskDraft } from "./region.ts";
import type { Handle, Reader, Scope } from "./scope.ts";
import { artifactArgument, artifactFor, depthOf, emptyFile, mayLack, metaOf, textFor, valueFor } from "./values.ts";

/**
 * Adds a loop whose end is decided at run time: `while-1` runs the turn where the condition holds, the turn runs the body and
 * then `while-1` again. Both give the carried values as they are at the end.
 */
export function lowerWhile(scope: Scope, region: Region, node: While): Handle {
  const loop = addRegion(region, node.id, node.span);
  const turn = addRegion(loop.region, `${node.id}-turn`, node.span);
  const outside: Reader = { scope, region, task: loop.task };
  const carried = new Map(node.carried.map((value) => [value.name, carriedChannel(outside, loop.region, value)]));
  const state = { loop: node, carried, final: new Map<string, Channel>() };
  scope.whiles.set(node.id, state);
  const goesOn = valueFor({ scope, region: loop.region, task: turn.task }, node.condition);
  turn.task.when.push(node.test === "before" ? goesOn : binary("||", firstTurn(loop), goesOn));
  lowerBlock(scope, turn.region, node.body);
  const again = addTask(turn.region, "again", loop.region, node.span);
  for (const task of turn.region.tasks.values()) if (task !== again) require(again, [{ task, results: ["Succeeded", "Skipped", "Omitted"] }]);
  if (node.test === "after") again.parameters.set("hmc-first", text("false"));
  for (const value of node.carried) passNext({ scope, region: turn.region, task: again }, value, carried.get(value.name));
  passOn(loop.region, turn.region, again);
  for (const value of node.carried) {
    const channel = carried.get(value.name);
    if (channel !== undefined) state.final.set(value.name, finalChannel(loop.region, turn, again, channel));
  }
  return { region, requirements: [{ alternatives: [{ task: loop.task, results: ["Succeeded"] }] }] };
}

/** A carried value as an input of the loop. */
function carriedChannel(outside: Reader, home: Region, value: Carried): Channel {
  const name = parameterName(value.name.replaceAll(".", "-"));
  const task = outside.task as TaskDraft;
  const optional = mayLack(outside, value.initial);
  if (value.type.kind !== "artifact") {
    home.parameters.set(name, { optional: false });
    task.parameters.set(name, textFor(outside, value.initial));
    return { kind: "parameter", name, type: value.type, home, value: path("inputs", "parameters", name), optional };
  }
  home.artifacts.set(name, { optional });
  home.parameters.set(metaName(name), { optional: false });
  passArtifact(outside, name, value.initial);
  const meta: Channel = { kind: "parameter", name: metaName(name), type: { kind: "string" }, home, value: path("inputs", "parameters", metaName(name)), optional };
  return { kind: "artifact", name, type: value.type, home, value: path("inputs", "artifacts", name), optional, meta };
}

/** The first turn of `do … while` asks for nothing. */
function firstTurn(loop: { task: TaskDraft; region: Region }): ExprNode {
  loop.region.parameters.set("hmc-first", { optional: false });
  loop.task.parameters.set("hmc-first", text("true"));
  return binary("==", path("inputs", "parameters", "hmc-first"), text("true"));
}

function passNext(reader: Reader, value: Carried, channel: Channel | undefined): void {
  const task = reader.task as TaskDraft;
  if (channel === undefined) return;
  if (channel.kind === "parameter") {
    task.parameters.set(channel.name, textFor(reader, value.next));
    return;
  }
  passArtifact(reader, channel.name, value.next);
}

/** Gives a task an artifact with its metadata; an empty file where there is none, so that expressions may name it. */
function passArtifact(reader: Reader, input: string, value: Expression): void {
  const task = reader.task as TaskDraft;
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
function passOn(loop: Region, turn: Region, again: TaskDraft): void {
  for (const [channel, input] of loop.imported) {
    const value = read(turn, channel, again);
    if (channel.kind === "parameter") again.parameters.set(input, value);
    else again.artifacts.set(input, { from: value, optional: channel.optional });
  }
}

/** What a carried value is after the last turn: what the turn gives, or what it was where there was none. */
function finalChannel(loop: Region, turn: { task: TaskDraft; region: Region }, again: TaskDraft, channel: Channel): Channel {
  const last = (kind: "parameters" | "artifacts", output: string): Channel["value"] => ofTask(again.name, "outputs", kind, output);
  const ran = binary("==", ofTask(turn.task.name, "status"), text("Succeeded"));
  const meta = channel.meta;
  const metaAfter = meta === undefined ? undefined : exported(turn.region, meta.name, meta, last("parameters", meta.name));
  const after = exported(turn.region, channel.name, channel, last(channel.kind === "parameter" ? "parameters" : "artifacts", channel.name));
  const outerMeta: Channel | undefined = meta === undefined || metaAfter === undefined ? undefined : { ...meta, value: choose(ran, metaAfter.value, meta.value) };
  return exported(loop, channel.name, channel, choose(ran, after.value, channel.value), outerMeta);
}
