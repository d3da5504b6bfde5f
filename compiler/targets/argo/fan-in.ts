/**
 * Fan-in: what the iterations of a loop give, as one list. Parameters come as the JSON of a list of texts (reference argo.md
 * 2.6), artifacts as a directory of the repository that holds them under their index (2.8).
 */
import { bug } from "../../bug.ts";
import type { ExprNode } from "../../expressions/argo/expr.ts";
import { expressionKey } from "../../ir/expression-key.ts";
import type { Expression } from "../../ir/types.ts";
import { binary, call, choose, item, joined, ofTask, overItems, path, text } from "./expr-build.ts";
import { parameterName } from "./names.ts";
import { absent, constantDepth, exported, metaName, read, type Channel, type LocationDraft } from "./region.ts";
import type { LoopState, Reader, Scope } from "./scope.ts";
import { artifactFor, metaOf, mayLack, textFor, valueFor } from "./values.ts";

type Collect = Extract<Expression, { kind: "collect" }>;

/** The channel of a list of what a loop's iterations give. */
export function collectChannel(scope: Scope, collect: Collect): Channel | undefined {
  const state = scope.loops.get(collect.loop);
  if (state === undefined) return undefined;
  const key = expressionKey(collect.value);
  const known = state.collected.get(key);
  if (known !== undefined) return known;
  const made = isArtifactList(collect) ? collectArtifacts(scope, state, collect) : collectTexts(state, nameOf(collect.value), collect, jsonInBody(scope, state, collect.value));
  if (made !== undefined) state.collected.set(key, made);
  return made;
}

function isArtifactList({ value }: Collect): boolean {
  return value.type.kind === "artifact";
}

/** What an iteration gives, as JSON, so that the controller's list of texts loses nothing. */
function jsonInBody(scope: Scope, state: LoopState, value: Expression): ExprNode {
  const reader: Reader = { scope, region: state.body, task: undefined };
  if (value.kind === "absent") return text("null");
  const isString = value.type.kind === "string";
  if (!mayLack(reader, value)) return isString ? call("toJson", valueFor(reader, value)) : textFor(reader, value);
  const given = textFor(reader, value);
  return choose(binary("==", given, absent), text("null"), isString ? call("toJson", given) : given);
}

/** The list of JSON values, one output of the body for each iteration. */
function collectTexts(state: LoopState, wanted: string, like: Pick<Expression, "type">, json: ExprNode): Channel {
  const each = exported(state.body, wanted, { kind: "parameter", type: { kind: "json" }, optional: false }, json, undefined, "null");
  const { name } = state.task;
  // Texts that are all objects or lists come as such, any others as texts; an empty list has no outputs at all.
  const parsed = overItems("map", call("fromJSON", each.value), choose(binary("==", call("type", item), text("string")), call("fromJSON", item), item));
  const list = choose(binary("==", ofTask(name, "status"), text("Skipped")), text("[]"), call("toJson", parsed));
  return exported(state.wrapper, wanted, { kind: "parameter", type: like.type, optional: false }, list, undefined, "[]");
}

function collectArtifacts(scope: Scope, state: LoopState, collect: Collect): Channel | undefined {
  const keyed = scope.keys.collects.get(expressionKey(collect));
  if (keyed === undefined) return undefined;
  const reader: Reader = { scope, region: state.body, task: undefined };
  const inner = artifactFor(reader, collect.value);
  if (inner === undefined) return undefined;
  const metas = metaOf(reader, inner);
  const list = collectTexts(state, metaName(parameterName(keyed.base)), { type: { kind: "list", items: { kind: "json" } } }, metas);
  const nested = collect.value.type.kind === "artifact" && collect.value.type.list;
  const home = state.wrapper.owner?.region ?? bug("a collected loop without a wrapper");
  const meta: Channel = nested ? flattened(list) : list;
  const outside: Reader = { scope, region: home, task: undefined };
  const indices = keyed.loops.slice(0, keyed.loops.indexOf(collect.loop)).map((loop) => read(home, (scope.loops.get(loop) ?? bug(`no loop "${loop}"`)).index, undefined));
  const key = joined([...prefixIn(outside), text(`/${keyed.base}`), ...indices.flatMap((index) => [text("/"), index])]);
  const location: LocationDraft = { kind: scope.build.repository, fields: { [scope.build.repository === "azure" ? "blob" : "key"]: key } };
  // A list that an op gives is a directory itself.
  const depth = constantDepth(home, keyed.loops.length - keyed.loops.indexOf(collect.loop) + (nested && inner.depth === undefined ? 1 : 0));
  const channel: Channel = { kind: "artifact", name: parameterName(keyed.base), type: collect.type, home, value: path("inputs"), optional: true, meta, location, depth };
  return list.from === undefined ? channel : { ...channel, from: list.from };
}

/** The list of the metadata of nested fan-ins is as flat as their directory is read. */
function flattened(list: Channel): Channel {
  return { ...list, value: call("toJson", call("flatten", call("fromJSON", list.value))) };
}

/** The prefix of the keys of a pipeline, in one of its regions. */
export function prefixIn(reader: Reader): ExprNode[] {
  const { scope } = reader;
  if (scope.prefix === undefined) return [text("hmc/"), path("workflow", "uid")];
  return [read(reader.region, scope.prefix, reader.task)];
}

/** The name of an output that passes a value on. */
function nameOf(value: Expression): string {
  switch (value.kind) {
    case "output":
      return value.output === "Output" ? value.task : value.output;
    case "select":
      return value.name;
    case "collect":
      return nameOf(value.value);
    default:
      return "value";
  }
}

