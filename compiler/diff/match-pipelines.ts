/** Which pipeline of one side is which of the other. */
import { reachablePipelines, tasksOf } from "../ir/traverse.ts";
import type { Document, Pipeline } from "../ir/types.ts";
import { commonPart } from "./common-part.ts";
import { pairing, type Pairing } from "./pairing.ts";
import type { Program, Side } from "./side.ts";

/** A pipeline that an entry file exports. */
export interface Exported {
  program: Program;
  pipeline: Pipeline;
}

export interface ExportedPairs {
  pairs: { before: Exported; after: Exported }[];
  removed: Exported[];
  added: Exported[];
}

/** How much of what two pipelines run must be the same for one to be the other with a new name. */
const likeness = 0.5;

/** The pipelines that the sides export: by id and entry file, by id, then by what they run. */
export function matchExported(before: Side, after: Side): ExportedPairs {
  const pairs: ExportedPairs["pairs"] = [];
  let removed = exportedOf(before);
  let added = exportedOf(after);
  const take = (from: Exported, to: Exported): void => {
    pairs.push({ before: from, after: to });
    removed = removed.filter((one) => one !== from);
    added = added.filter((one) => one !== to);
  };
  const takeUnique = (keyOf: (exported: Exported) => string): void => {
    for (const from of [...removed]) {
      const same = (one: Exported) => keyOf(one) === keyOf(from);
      const [to, another] = added.filter(same);
      if (to !== undefined && another === undefined && removed.filter(same).length === 1) take(from, to);
    }
  };
  takeUnique(({ program, pipeline }) => `${program.document.entry} ${pipeline.id}`);
  takeUnique(({ pipeline }) => pipeline.id);
  for (;;) {
    const [best] = removed.flatMap((from) => added.map((to) => ({ from, to, score: alike(from.pipeline, to.pipeline) }))).filter(({ score }) => score >= likeness).sort((a, b) => b.score - a.score);
    if (best === undefined) break;
    take(best.from, best.to);
  }
  const order = exportedOf(after);
  pairs.sort((a, b) => place(order, a.after) - place(order, b.after));
  return { pairs, removed, added };
}

function place(order: readonly Exported[], { program, pipeline }: Exported): number {
  return order.findIndex((one) => one.program === program && one.pipeline === pipeline);
}

function exportedOf({ programs }: Side): Exported[] {
  return programs.flatMap((program) => program.document.exported.flatMap((id) => {
    const pipeline = program.document.pipelines[id];
    return pipeline === undefined ? [] : [{ program, pipeline }];
  }));
}

/** The pipelines of two documents by id: the exported pair, and those that these call. */
export function matchCalled(before: { document: Document; pipeline: Pipeline }, after: { document: Document; pipeline: Pipeline }): Pairing {
  const pairs = pairing();
  pairs.add(before.pipeline.id, after.pipeline.id);
  const left = reachablePipelines(before.document, before.pipeline).filter(({ id }) => id !== before.pipeline.id);
  const right = reachablePipelines(after.document, after.pipeline).filter(({ id }) => id !== after.pipeline.id);
  for (const { id } of left) if (right.some((other) => other.id === id)) pairs.add(id, id);
  for (;;) {
    const open = left.filter(({ id }) => !pairs.hasBefore(id)).flatMap((from) => right.filter(({ id }) => !pairs.hasAfter(id)).map((to) => ({ from, to, score: alike(from, to) })));
    const [best] = open.filter(({ score }) => score >= likeness).sort((a, b) => b.score - a.score);
    if (best === undefined) return pairs;
    pairs.add(best.from.id, best.to.id);
  }
}

/** Which part of what two pipelines run is common, from 0 to 1. */
function alike(before: Pipeline, after: Pipeline): number {
  const targets = ({ body }: Pipeline) => [...tasksOf(body)].map(({ target }) => `${target.kind} ${target.id}`);
  return commonPart(targets(before), targets(after), 0);
}
