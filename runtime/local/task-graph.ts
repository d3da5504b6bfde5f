/** Which tasks of a pipeline another task needs, and which need it: by data, by order, by the conditions and loops around. */
import { blocksOf, expressionsOf, expressionTree, nodesOf, tasksOf } from "../../compiler/ir/traverse.ts";
import type { Block, Expression, Node, Pipeline } from "../../compiler/ir/types.ts";

export interface TaskGraph {
  /** Ids of the tasks that need this one, also through others. */
  downstream(task: string): ReadonlySet<string>;
  /** Ids of the tasks that this one needs, also through others. */
  upstream(task: string): ReadonlySet<string>;
}

/** The graph of one pipeline; what a task that calls another pipeline needs is one with the task. */
export function taskGraph(pipeline: Pipeline): TaskGraph {
  const nodes = new Map([...nodesOf(pipeline.body)].map((node) => [node.id, node]));
  const needs = new Map<string, Set<string>>();
  const visit = (block: Block, around: ReadonlySet<string>): void => {
    for (const node of block.nodes) {
      const own = new Set([...around, ...entryNeeds(node, nodes)]);
      if (node.kind === "task") needs.set(node.id, own);
      else if (node.kind === "try") {
        const body = tasksIn(node.body);
        const caught = node.catch === undefined ? [] : tasksIn(node.catch);
        visit(node.body, own);
        if (node.catch !== undefined) visit(node.catch, new Set([...own, ...body]));
        if (node.finally !== undefined) visit(node.finally, new Set([...own, ...body, ...caught]));
      } else if (node.kind === "while") {
        // What a turn gives is what the next one gets.
        visit(node.body, new Set([...own, ...tasksIn(node.body)]));
      } else for (const inner of blocksOf(node)) visit(inner, own);
    }
  };
  visit(pipeline.body, new Set());
  const neededBy = new Map<string, Set<string>>();
  for (const [task, needed] of needs) for (const other of needed) neededBy.set(other, (neededBy.get(other) ?? new Set()).add(task));
  return { downstream: (task) => closure(task, neededBy), upstream: (task) => closure(task, needs) };
}

/** The tasks whose results decide whether and with what a node begins. Of a branch, not the values that it gives in the end. */
function entryNeeds(node: Node, nodes: ReadonlyMap<string, Node>): string[] {
  const after = node.kind === "task" ? node.after : [];
  return [...after, ...entryExpressions(node).flatMap(references)].flatMap((id) => {
    const referred = nodes.get(id);
    return referred === undefined ? [] : referred.kind === "task" ? [id] : tasksInNode(referred);
  });
}

function entryExpressions(node: Node): Expression[] {
  switch (node.kind) {
    case "branch":
      return node.arms.flatMap((arm) => (arm.condition === undefined ? [] : [arm.condition]));
    case "while":
      return [node.condition, ...node.carried.map(({ initial }) => initial)];
    case "try":
      return [];
    case "task":
    case "loop":
      return expressionsOf(node);
  }
}

/** Ids of the nodes that an expression reads. */
function references(expression: Expression): string[] {
  return [...expressionTree(expression)].flatMap((part) => {
    switch (part.kind) {
      case "output":
      case "taskStatus":
        return [part.task];
      case "collect":
      case "final":
        return [part.loop];
      case "select":
        return [part.branch];
      case "status":
        return [part.try];
      default:
        return [];
    }
  });
}

/** A branch gives values of tasks that may stand before it. */
function tasksInNode(node: Node): string[] {
  return [...blocksOf(node).flatMap(tasksIn), ...expressionsOf(node).flatMap(references)];
}

function tasksIn(block: Block): string[] {
  return [...tasksOf(block)].map(({ id }) => id);
}

function closure(start: string, edges: ReadonlyMap<string, ReadonlySet<string>>): Set<string> {
  const found = new Set<string>();
  const waiting = [...(edges.get(start) ?? [])];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    waiting.push(...(edges.get(id) ?? []));
  }
  return found;
}
