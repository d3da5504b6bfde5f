/** The task that a user means with `--from` and `--only`: its key, the key without the numbers of iterations, or the end of one. */
import { nodesOf } from "../../compiler/ir/traverse.ts";
import type { Document, Pipeline } from "../../compiler/ir/types.ts";

/** A task by the calls of pipelines that lead to it: the ids of the calling tasks, then its own. */
export interface TaskPath {
  /** Ids of tasks, one for each pipeline from the outermost. */
  calls: string[];
  /** The key without the numbers of iterations, e.g. `for-1/nested/train`. */
  name: string;
  /** The task runs another pipeline. */
  isCall: boolean;
}

/** Every task of a pipeline and of those that it calls; recursions are followed once. */
export function taskPaths(document: Document, pipeline: Pipeline, around: readonly string[] = []): TaskPath[] {
  return tasksWithLoops(pipeline).flatMap(({ id, prefix, target }): TaskPath[] => {
    const own: TaskPath = { calls: [id], name: [...prefix, id].join("/"), isCall: target.kind === "pipeline" };
    if (target.kind === "component") return [own];
    const inner = document.pipelines[target.id];
    if (inner === undefined || around.includes(inner.id)) return [];
    const below = taskPaths(document, inner, [...around, pipeline.id]);
    return [own, ...below.map(({ calls, name, isCall }) => ({ calls: [id, ...calls], name: `${own.name}/${name}`, isCall }))];
  });
}

function tasksWithLoops(pipeline: Pipeline) {
  const loops = new Map<string, string[]>();
  const found: { id: string; prefix: string[]; target: { kind: "component" | "pipeline"; id: string } }[] = [];
  for (const node of nodesOf(pipeline.body)) {
    if (node.kind === "loop" || node.kind === "while") {
      const prefix = [...(loops.get(node.id) ?? []), node.id];
      for (const inner of nodesOf(node.body)) loops.set(inner.id, prefix);
    } else if (node.kind === "task") found.push({ id: node.id, prefix: loops.get(node.id) ?? [], target: node.target });
  }
  return found;
}

/** A key without the numbers of iterations. */
export function withoutIterations(key: string): string {
  return key.split("/").filter((part) => !/^\d+$/.test(part)).join("/");
}

/** The tasks that a text can mean. */
export function matchingPaths(paths: readonly TaskPath[], given: string): TaskPath[] {
  const name = withoutIterations(given);
  const exact = paths.filter((path) => path.name === name);
  return exact.length > 0 ? exact : paths.filter((path) => path.name.endsWith(`/${name}`));
}

/** Whether a key is one of the iterations that another key names: both may go into loops, and where they go into the same, the numbers agree. */
export function sameIteration(given: string, key: string): boolean {
  const [mine, other] = [given.split("/"), key.split("/")];
  for (const [index, part] of mine.entries()) {
    if (part === other[index]) continue;
    return !/^\d+$/.test(part);
  }
  return true;
}
