/** What has changed between two sides. Formatting, comments, the order of statements and the files that hold them are no change. */
import { reachablePipelines } from "../ir/traverse.ts";
import type { Pipeline } from "../ir/types.ts";
import { canonicalJson } from "./canonical.ts";
import type { Change, Diff, Rerun, Size } from "./change.ts";
import { componentChanges, matchComponents } from "./components.ts";
import { groupChanges } from "./groups.ts";
import { matchCalled, matchExported, type Exported } from "./match-pipelines.ts";
import { tasksWithin, type Placed } from "./nodes.ts";
import { optionChanges, pipelineOptions } from "./options.ts";
import type { Pairing } from "./pairing.ts";
import { matchParameters, parameterChanges } from "./parameters.ts";
import { pairPipelines, type PipelinePair } from "./pipeline-pair.ts";
import { groupText, placeText } from "./place.ts";
import { rerunsOf } from "./reruns.ts";
import type { Side } from "./side.ts";
import { typeKey } from "./type-key.ts";
import { taskChanges, valueChange } from "./tasks.ts";
import { describeType } from "../ir/describe.ts";

/** Compares two sides. */
export function diff(before: Side, after: Side): Diff {
  const { pairs, removed, added } = matchExported(before, after);
  const fileOf = filesOf(before, after);
  const found = pairs.map((pair) => {
    const { changes, reruns } = comparePair(pair);
    const file = fileOf(pair.after);
    return { changes: changes.map((change) => ({ ...change, ...file })), reruns: reruns.map((rerun) => ({ ...rerun, ...file })) };
  });
  const changes = [
    ...removed.map((one): Change => ({ subject: "pipeline", action: "removed", pipeline: one.pipeline.id, before: contents(one.pipeline), ...fileOf(one) })),
    ...added.map((one): Change => ({ subject: "pipeline", action: "added", pipeline: one.pipeline.id, after: contents(one.pipeline), ...fileOf(one) })),
    ...found.flatMap((one) => one.changes),
  ];
  const programs = [...before.programs, ...after.programs];
  return {
    before: before.label,
    after: after.label,
    // Two pipelines that call the same third one find its changes twice.
    changes: distinct(changes),
    reruns: distinct(found.flatMap((one) => one.reruns)),
    isCodeCompared: programs.every(({ code }) => code !== undefined),
    sizes: [
      ...pairs.map((pair) => ({ ...sizeOf(pair.before, pair.after), ...fileOf(pair.after) })),
      ...removed.map((one) => ({ ...sizeOf(one, undefined), ...fileOf(one) })),
      ...added.map((one) => ({ ...sizeOf(undefined, one), ...fileOf(one) })),
    ],
  };
}

/** Gives the entry file of a pipeline where its id alone does not say which one it is. */
function filesOf(...sides: Side[]): (exported: Exported) => { file?: string } {
  const ids = sides.map(({ programs }) => programs.flatMap(({ document }) => document.exported));
  return ({ program, pipeline: { id } }) => (ids.some((all) => all.filter((other) => other === id).length > 1) ? { file: program.document.entry } : {});
}

function distinct<T>(all: readonly T[]): T[] {
  return [...new Map(all.map((one) => [canonicalJson(one), one])).values()];
}

function contents(pipeline: Pipeline): string {
  const count = pipeline.body.nodes.flatMap(tasksWithin).length;
  return count === 1 ? "1 task" : `${count} tasks`;
}

function sizeOf(before: Exported | undefined, after: Exported | undefined): Size {
  const [first, second] = [before?.program.sizes.get(before.pipeline.id), after?.program.sizes.get(after.pipeline.id)];
  return { pipeline: (after ?? before)?.pipeline.id ?? "", ...(first === undefined ? {} : { before: first }), ...(second === undefined ? {} : { after: second }) };
}

function comparePair({ before, after }: { before: Exported; after: Exported }): { changes: Change[]; reruns: Rerun[] } {
  const components = matchComponents(before.program, after.program);
  const [first, second] = [{ document: before.program.document, pipeline: before.pipeline }, { document: after.program.document, pipeline: after.pipeline }];
  const pipelines = matchCalled(first, second);
  const parameters = new Map<string, Pairing>();
  for (const [from, to] of pipelines.entries()) {
    const [one, other] = [first.document.pipelines[from], second.document.pipelines[to]];
    if (one !== undefined && other !== undefined) parameters.set(from, matchParameters(one, other));
  }
  const reached = reachablePipelines(second.document, second.pipeline).flatMap((pipeline): PipelinePair[] => {
    const old = first.document.pipelines[pipelines.toBefore(pipeline.id) ?? ""];
    const own = old === undefined ? undefined : parameters.get(old.id);
    if (old === undefined || own === undefined) return [];
    return [pairPipelines({ before: { ...first, pipeline: old }, after: { ...second, pipeline }, components, pipelines, parameters: own, parametersOf: (id) => parameters.get(id) })];
  });
  const changes = [...reached.flatMap(pipelineChanges), ...componentChanges(before.program, after.program, components)];
  return { changes, reruns: rerunsOf(reached, before.program, after.program, changes) };
}

/** The changes of one pipeline: what holds for the whole, then its nodes in order of the second side, then what is gone. */
function pipelineChanges(pair: PipelinePair): Change[] {
  const [from, to] = [pair.before.pipeline, pair.after.pipeline];
  const changes: Change[] = [];
  if (from.id !== to.id) changes.push({ subject: "pipeline", action: "renamed", pipeline: to.id, before: from.id, after: to.id });
  changes.push(...optionChanges(pipelineOptions(from.options), pipelineOptions(to.options), { pipeline: to.id }));
  changes.push(...parameterChanges(from, to, pair.parameters));
  for (const placed of pair.after.nodes.all) {
    const old = pair.before.nodes.byId.get(pair.nodes.toBefore(placed.id) ?? "");
    if (old === undefined) changes.push(wholeChange(pair, placed, "added"));
    else if (placed.node.kind === "task" && old.node.kind === "task") changes.push(...taskChanges(pair, { ...old, node: old.node }, { ...placed, node: placed.node }));
    else changes.push(...groupChanges(pair, old, placed));
  }
  for (const placed of pair.before.nodes.all) if (!pair.nodes.hasBefore(placed.id)) changes.push(wholeChange(pair, placed, "removed"));
  changes.push(...outputChanges(pair));
  return changes;
}

/** A node that only one side has: what it runs or does, and where it stands. */
function wholeChange(pair: PipelinePair, placed: Placed, action: "added" | "removed"): Change {
  const { node } = placed;
  const nodes = action === "added" ? pair.after.nodes : pair.before.nodes;
  const what = node.kind === "task" ? node.target.id : groupText(node);
  const text = placed.place === undefined ? what : `${what}, in ${placeText(nodes, placed)}`;
  return { subject: node.kind, action, pipeline: pair.after.pipeline.id, node: placed.id, ...(action === "added" ? { after: text } : { before: text }) };
}

function outputChanges(pair: PipelinePair): Change[] {
  const [from, to] = [pair.before.pipeline, pair.after.pipeline];
  const at = { pipeline: to.id };
  const changes: Change[] = [];
  for (const [name, output] of Object.entries(to.outputs)) {
    const old = from.outputs[name];
    const value = valueChange(pair, old?.value, output.value);
    if (value !== undefined) changes.push({ subject: "output", ...value, ...at, name });
    if (old !== undefined && typeKey(old.type) !== typeKey(output.type)) changes.push({ subject: "output", action: "changed", ...at, name, before: describeType(old.type), after: describeType(output.type) });
  }
  for (const [name, { value }] of Object.entries(from.outputs)) {
    if (to.outputs[name] === undefined) {
      const gone = valueChange(pair, value, undefined);
      if (gone !== undefined) changes.push({ subject: "output", ...gone, ...at, name });
    }
  }
  return changes;
}
