/** Going on with an earlier run: which of its results are taken, and what runs anew. */
import { join } from "node:path";
import { diagnostic, type Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { nearestName } from "../../compiler/diagnostics/nearest.ts";
import { blocksOf, tasksOf } from "../../compiler/ir/traverse.ts";
import type { Block, Document, Node, Pipeline, Task } from "../../compiler/ir/types.ts";
import type { RunManifest } from "./manifest.ts";
import type { Earlier } from "./reuse.ts";
import { nodesOnce } from "./plan.ts";
import { readRunManifest, RunStore, runsFolder } from "./store.ts";
import { taskGraph } from "./task-graph.ts";
import { matchingPaths, sameIteration, taskPaths, withoutIterations, type TaskPath } from "./task-path.ts";

/** With neither `from` nor `only` the run goes on in its own folder; else a new one takes its results. */
export interface Continuation {
  run: RunManifest;
  /** This task and all that need it run anew. */
  from?: string;
  /** This task alone runs. */
  only?: string;
}

export interface Planned {
  document: Document;
  pipeline: Pipeline;
  earlier: Earlier;
}

/** What is run, and what is taken from where. A run that goes on in its own folder goes on with what it was started for. */
export function planContinuation(document: Document, pipeline: Pipeline, root: string, { run, from, only }: Continuation): Planned | { problems: Diagnostic[] } {
  const isNew = from !== undefined || only !== undefined;
  const selection = isNew ? { from, only } : { from: run.from, only: run.only };
  const own = isNew ? [] : [{ store: RunStore.open(root, run), isForced: () => false }];
  const base = isNew ? run : run.keeps === undefined ? undefined : readRunManifest(join(runsFolder(root), run.keeps));
  const given = selection.only ?? selection.from;
  if (given === undefined) return { document, pipeline, earlier: { sources: own, isForced: () => false, mayRun: () => true, evenIfChanged: false } };
  const paths = taskPaths(document, pipeline);
  const [path, ...others] = matchingPaths(paths, given);
  if (path === undefined || others.length > 0) {
    const names = (path === undefined ? paths : [path, ...others]).map(({ name }) => name);
    return { problems: [diagnostic("HMC6028", undefined, { task: given, option: selection.only === undefined ? "--from" : "--only", names, suggestion: path === undefined ? nearestName(given, names) : undefined, ambiguous: path !== undefined })] };
  }
  // A text that is the end of a key names no iterations of the loops before.
  const key = withoutIterations(given) === path.name ? given : path.name;
  const inside = forcedBy(document, pipeline, path);
  const isTask = (other: string): boolean => withoutIterations(other) === path.name || withoutIterations(other).startsWith(`${path.name}/`);
  const isForced = (other: string): boolean => sameIteration(key, other) && (selection.only === undefined ? inside(other) : isTask(other));
  const sources = [...own, ...(base === undefined ? [] : [{ store: RunStore.open(root, base), isForced }])];
  if (selection.only === undefined) return { document, pipeline, earlier: { sources, isForced, mayRun: () => true, evenIfChanged: false } };
  const reduced = reducedTo(document, pipeline, path.calls);
  const stores = sources.map(({ store }) => store);
  const missing = missingResults(document, reduced.pipeline, stores, path);
  if (missing.length > 0) return { problems: [diagnostic("HMC6026", undefined, { task: path.name, run: (base ?? run).id, missing })] };
  return { ...reduced, earlier: { sources, isForced, mayRun: isForced, evenIfChanged: true } };
}

/** Whether a key is that of a task, or of one that needs it, in the pipelines that lead to the task. */
function forcedBy(document: Document, pipeline: Pipeline, { calls }: TaskPath): (key: string) => boolean {
  const levels: { tasks: ReadonlySet<string>; call: string }[] = [];
  let inner: Pipeline | undefined = pipeline;
  for (const [level, call] of calls.entries()) {
    if (inner === undefined) break;
    const downstream = taskGraph(inner).downstream(call);
    levels.push({ tasks: level === calls.length - 1 ? new Set([...downstream, call]) : downstream, call });
    inner = calledBy(document, inner, call);
  }
  return (key) => {
    let level = 0;
    for (const part of key.split("/")) {
      const here = levels[level];
      if (here === undefined) return false;
      if (here.tasks.has(part)) return true;
      if (part === here.call) level++;
    }
    return false;
  };
}

function calledBy(document: Document, pipeline: Pipeline, call: string): Pipeline | undefined {
  const task = [...tasksOf(pipeline.body)].find(({ id }) => id === call);
  return task?.target.kind === "pipeline" ? document.pipelines[task.target.id] : undefined;
}

/** Tasks outside of loops that the task needs, and that the earlier run has neither finished nor skipped. */
function missingResults(document: Document, reduced: Pipeline, stores: readonly RunStore[], path: TaskPath): string[] {
  const skipped = new Set(stores.flatMap(({ folder }) => readRunManifest(folder)?.tasks ?? []).flatMap(({ key, state }) => (state === "skipped" ? [key] : [])));
  const once = [...nodesOnce(reduced.body)].flatMap((node) => (node.kind === "task" ? [node] : []));
  return once.flatMap(({ id, target }) => {
    const component = target.kind === "component" ? document.components[target.id] : undefined;
    if (component === undefined || component.kind === "importer" || id === path.calls[0] || skipped.has(id)) return [];
    return stores.some((store) => store.readTask(id)?.state === "succeeded") ? [] : [id];
  });
}

/** The pipeline with only what a task needs, and the task; its outputs are those of the task. */
function reducedTo(document: Document, pipeline: Pipeline, calls: readonly string[]): { document: Document; pipeline: Pipeline } {
  const [call = "", ...inner] = calls;
  const keep = new Set([...taskGraph(pipeline).upstream(call), call]);
  const target = [...tasksOf(pipeline.body)].find(({ id }) => id === call);
  const called = inner.length > 0 && target?.target.kind === "pipeline" ? document.pipelines[target.target.id] : undefined;
  const within = called === undefined ? undefined : reducedTo(document, called, inner);
  // Other calls of the same pipeline stay whole.
  const reducedId = within === undefined ? undefined : `${within.pipeline.id}~only`;
  const body = keepTasks(pipeline.body, keep, (task) => (task.id === call && reducedId !== undefined ? { ...task, target: { kind: "pipeline", id: reducedId } } : task));
  const component = target?.target.kind === "component" ? document.components[target.target.id] : undefined;
  const outputs = Object.entries(component?.outputs ?? {}).map(([name, { type, span }]): [string, Pipeline["outputs"][string]] => [name, { type, span, value: { kind: "output", task: call, output: name, type, span } }]);
  const changed = within === undefined || reducedId === undefined ? document : { ...within.document, pipelines: { ...within.document.pipelines, [reducedId]: { ...within.pipeline, id: reducedId } } };
  return { document: changed, pipeline: { ...pipeline, body, outputs: isOnce(pipeline, call) ? Object.fromEntries(outputs) : {} } };
}

function isOnce(pipeline: Pipeline, id: string): boolean {
  return [...nodesOnce(pipeline.body)].some((node) => node.id === id);
}

/** A block with some of its tasks, and the regions around them. */
function keepTasks(block: Block, keep: ReadonlySet<string>, change: (task: Task) => Task): Block {
  const inner = (given: Block): Block => keepTasks(given, keep, change);
  return {
    nodes: block.nodes.flatMap((node): Node[] => {
      if (node.kind === "task") return keep.has(node.id) ? [{ ...change(node), after: node.after.filter((id) => keep.has(id)) }] : [];
      if (!blocksOf(node).some((given) => [...tasksOf(given)].some(({ id }) => keep.has(id)))) return [];
      switch (node.kind) {
        case "branch":
          return [{ ...node, arms: node.arms.map((arm) => ({ ...arm, block: inner(arm.block) })) }];
        case "loop":
        case "while":
          return [{ ...node, body: inner(node.body) }];
        case "try":
          return [{ ...node, body: inner(node.body), ...(node.catch === undefined ? {} : { catch: inner(node.catch) }), ...(node.finally === undefined ? {} : { finally: inner(node.finally) }) }];
      }
    }),
  };
}

/** Ops whose code is not that of the results which are there. */
export function changedCode({ sources }: Earlier, code: ReadonlyMap<string, string>): string[] {
  const changed = new Set<string>();
  for (const { component, state, code: before } of sources.flatMap(({ store }) => store.taskManifests())) {
    const now = code.get(component);
    if (state === "succeeded" && before !== undefined && now !== undefined && now !== before) changed.add(component);
  }
  return [...changed].sort();
}
