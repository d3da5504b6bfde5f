/**
 * Where artifacts lie that a loop collects: `<prefix of the pipeline>/<base>/<index>`, with one index for each loop around
 * their task, so that the directory of a prefix holds what was collected (reference argo.md 2.8).
 */
import { expressionKey } from "../../ir/expression-key.ts";
import { blocksOf, expressionsOf, expressionTree, nodesOf } from "../../ir/traverse.ts";
import type { Block, Document, Expression, Pipeline, Select } from "../../ir/types.ts";

export interface KeyedOutput {
  /** The directory of the pipeline's prefix: one for all tasks that give items of the same list. */
  base: string;
  /** Ids of the loops around the task, outermost first. */
  loops: string[];
}

export interface Keys {
  /** By `expressionKey` of each fan-in of artifacts. */
  collects: Map<string, KeyedOutput>;
  /** By task and output. */
  outputs: Map<string, Map<string, KeyedOutput>>;
  /** Fan-ins whose items no task of the loop writes itself. */
  unknown: Expression[];
}

type Collect = Extract<Expression, { kind: "collect" }>;

/** The keys that a pipeline needs. */
export function keysOf(document: Document, pipeline: Pipeline): Keys {
  const keys: Keys = { collects: new Map(), outputs: new Map(), unknown: [] };
  const around = loopsAround(pipeline.body);
  const selects = selectsOf(pipeline);
  const components = new Set<string>();
  for (const node of nodesOf(pipeline.body)) if (node.kind === "task" && node.target.kind === "component" && document.components[node.target.id]?.kind !== "importer") components.add(node.id);
  const producers = (value: Expression): { task: string; output: string }[] | undefined => {
    switch (value.kind) {
      case "absent":
        return [];
      case "output":
        return components.has(value.task) ? [value] : undefined;
      case "collect":
        return producers(value.value);
      case "call":
        return value.function === "flat" && value.arguments[0] !== undefined ? producers(value.arguments[0]) : undefined;
      case "select": {
        const found = (selects.get(`${value.branch} ${value.name}`)?.values ?? []).map(producers);
        return found.includes(undefined) ? undefined : found.flatMap((list) => list ?? []);
      }
      default:
        return undefined;
    }
  };
  for (const collect of collectsOf(pipeline)) {
    const given = producers(collect.value);
    const loops = given?.[0] === undefined ? undefined : around.get(given[0].task);
    if (given === undefined || loops === undefined || !loops.includes(collect.loop) || given.some(({ task }) => around.get(task)?.join() !== loops.join())) {
      keys.unknown.push(collect);
      continue;
    }
    const known = new Set(given.flatMap(({ task, output }) => keys.outputs.get(task)?.get(output)?.base ?? []));
    const [base] = [...known, `${given[0]?.task}.${given[0]?.output}`];
    if (known.size > 1 || base === undefined) {
      keys.unknown.push(collect);
      continue;
    }
    keys.collects.set(expressionKey(collect), { base, loops });
    for (const { task, output } of given) {
      const own = keys.outputs.get(task) ?? new Map<string, KeyedOutput>();
      keys.outputs.set(task, own.set(output, { base, loops }));
    }
  }
  return keys;
}

/** Whether a pipeline, or one that it calls, collects artifacts. */
export function needsPrefix(document: Document, id: string, met: ReadonlySet<string> = new Set()): boolean {
  const pipeline = document.pipelines[id];
  if (pipeline === undefined || met.has(id)) return false;
  if (!collectsOf(pipeline).next().done) return true;
  const within = new Set(met).add(id);
  for (const node of nodesOf(pipeline.body)) if (node.kind === "task" && node.target.kind === "pipeline" && needsPrefix(document, node.target.id, within)) return true;
  return false;
}

function* collectsOf(pipeline: Pipeline): Generator<Collect> {
  const read = [...Object.values(pipeline.outputs).map(({ value }) => value)];
  for (const node of nodesOf(pipeline.body)) read.push(...expressionsOf(node));
  for (const expression of read) for (const part of expressionTree(expression)) if (part.kind === "collect" && part.value.type.kind === "artifact") yield part;
}

/** The ids of the loops around each task. */
function loopsAround(block: Block): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const visit = (inner: Block, loops: string[]): void => {
    for (const node of inner.nodes) {
      if (node.kind === "task") found.set(node.id, loops);
      for (const below of blocksOf(node)) visit(below, node.kind === "loop" ? [...loops, node.id] : loops);
    }
  };
  visit(block, []);
  return found;
}

function selectsOf(pipeline: Pipeline): Map<string, Select> {
  const found = new Map<string, Select>();
  for (const node of nodesOf(pipeline.body)) if (node.kind === "branch") for (const select of node.selects) found.set(`${node.id} ${select.name}`, select);
  return found;
}
