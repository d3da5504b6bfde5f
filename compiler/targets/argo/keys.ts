/**
 * Where artifacts lie that a loop collects: `<prefix of the pipeline>/<base>/<index>`, with one index for each loop around
 * their task, so that the directory of a prefix holds what was collected (reference argo.md 2.8). Where a called pipeline gives
 * them, the caller passes on the key to the task of it that writes them.
 */
import { bug } from "../../bug.ts";
import { expressionKey } from "../../ir/expression-key.ts";
import { blocksOf, choosableBlocks, expressionsOf, expressionTree, nodesOf, selectsOf, tasksOf } from "../../ir/traverse.ts";
import type { Block, Branch, Document, Expression, Pipeline, Try } from "../../ir/types.ts";

export interface KeyedOutput {
  /** The directory of the pipeline's prefix: one for all tasks that give items of the same list. */
  base: string;
  /** Ids of the loops around the task, outermost first. */
  loops: string[];
}

/** A key that the callers of the pipeline give, for one of its outputs. */
export interface GivenKey {
  of: string;
}

export interface Keys {
  /** By `expressionKey` of each fan-in of artifacts. */
  collects: Map<string, KeyedOutput>;
  /** By task and output; the tasks run components or pipelines. */
  outputs: Map<string, Map<string, KeyedOutput | GivenKey>>;
  /** Fan-ins whose items no task of the loop writes itself. */
  unknown: Expression[];
}

type Collect = Extract<Expression, { kind: "collect" }>;

interface Producer {
  task: string;
  output: string;
}

/**
 * The keys that a pipeline needs.
 *
 * @param given its outputs whose keys the callers give
 */
export function keysOf(document: Document, pipeline: Pipeline, given: readonly string[] = []): Keys {
  const keys: Keys = { collects: new Map(), outputs: new Map(), unknown: [] };
  const around = loopsAround(pipeline.body);
  const producers = producersIn(document, pipeline, new Set());
  for (const collect of collectsOf(pipeline)) {
    const found = producers(collect.value);
    const loops = found?.[0] === undefined ? undefined : around.get(found[0].task);
    if (found === undefined || loops === undefined || !loops.includes(collect.loop) || found.some(({ task }) => around.get(task)?.join() !== loops.join())) {
      keys.unknown.push(collect);
      continue;
    }
    const known = new Set(found.flatMap(({ task, output }) => basesOf(keys, task, output)));
    const [base] = [...known, `${found[0]?.task}.${found[0]?.output}`];
    if (known.size > 1 || base === undefined) {
      keys.unknown.push(collect);
      continue;
    }
    keys.collects.set(expressionKey(collect), { base, loops });
    for (const producer of found) setKey(keys, producer, { base, loops });
  }
  for (const name of given) {
    const value = pipeline.outputs[name]?.value;
    for (const producer of (value === undefined ? undefined : producers(value)) ?? []) {
      // One artifact cannot lie at two places.
      if (keys.outputs.get(producer.task)?.has(producer.output) === true && value !== undefined) keys.unknown.push(value);
      setKey(keys, producer, { of: name });
    }
  }
  return keys;
}

function setKey(keys: Keys, { task, output }: Producer, key: KeyedOutput | GivenKey): void {
  const own = keys.outputs.get(task) ?? new Map<string, KeyedOutput | GivenKey>();
  keys.outputs.set(task, own.set(output, key));
}

function basesOf(keys: Keys, task: string, output: string): string[] {
  const key = keys.outputs.get(task)?.get(output);
  return key === undefined || "of" in key ? [] : [key.base];
}

/** Finds the tasks that write an artifact of a pipeline; undefined where it is no task whose key can be chosen. */
function producersIn(document: Document, pipeline: Pipeline, met: ReadonlySet<string>): (value: Expression) => Producer[] | undefined {
  const choosers = new Map([...nodesOf(pipeline.body)].flatMap((node): [string, Branch | Try][] => (node.kind === "branch" || node.kind === "try" ? [[node.id, node]] : [])));
  const targets = new Map([...tasksOf(pipeline.body)].map(({ id, target }) => [id, target]));
  const isKeyed = (task: string, output: string): boolean => {
    const target = targets.get(task);
    if (target?.kind !== "pipeline") return target !== undefined && document.components[target.id]?.kind !== "importer";
    return !met.has(target.id) && takesKey(document, document.pipelines[target.id], output, new Set(met).add(target.id));
  };
  const producers = (value: Expression): Producer[] | undefined => {
    switch (value.kind) {
      case "absent":
        return [];
      case "output":
        return isKeyed(value.task, value.output) ? [value] : undefined;
      case "collect":
        return producers(value.value);
      case "call":
        return value.function === "flat" && value.arguments[0] !== undefined ? producers(value.arguments[0]) : undefined;
      case "select": {
        const node = choosers.get(value.branch) ?? bug(`there is no node "${value.branch}"`);
        const values = selectsOf(node).find(({ name }) => name === value.name)?.values ?? [];
        const blocks = choosableBlocks(node);
        // Tasks of several arms have one key, for only one of them runs; `catch` runs after the body. One outside of its arm always runs.
        const found = values.map((chosen, position) => {
          const inBlock = new Set([...tasksOf(blocks[position] ?? { nodes: [] })].map(({ id }) => id));
          const given = producers(chosen);
          return given?.every(({ task }) => inBlock.has(task)) === true ? given : undefined;
        });
        return found.includes(undefined) ? undefined : found.flatMap((list) => list ?? []);
      }
      default:
        return undefined;
    }
  };
  return producers;
}

/** Whether the callers of a pipeline can choose where an output lies: tasks write it that stand in no loop. */
function takesKey(document: Document, pipeline: Pipeline | undefined, output: string, met: ReadonlySet<string>): boolean {
  const value = pipeline?.outputs[output]?.value;
  if (pipeline === undefined || value === undefined) return false;
  const around = loopsAround(pipeline.body);
  const found = producersIn(document, pipeline, met)(value);
  return found !== undefined && found.length > 0 && found.every(({ task }) => around.get(task)?.length === 0);
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
