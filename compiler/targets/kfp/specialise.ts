/**
 * Puts tasks that take a value only some arms give into the arms themselves, with the value and without it.
 *
 * KFP resolves a one-of before it looks at any condition, and fails where no arm gives the value (kfp-real 3). So a
 * consumer cannot stand behind the branch: each arm gets its own copy, and what the copies give is a one-of again.
 */
import { uniqueName } from "../../ir/names.ts";
import { mapExpressions, mapNode, mapTask } from "../../ir/rewrite.ts";
import { blocksOf, expressionTree, expressionsOf, nodesOf, runTimeOptions } from "../../ir/traverse.ts";
import type { Block, Branch, Document, Expression, Node, Pipeline, Select, Task, ValueType } from "../../ir/types.ts";

/**
 * The pipeline with every such task moved; the same pipeline where there is none. A task that waits for the branch in
 * another way as well cannot be moved, and stays.
 */
export function specialise(document: Document, pipeline: Pipeline): Pipeline {
  let current = pipeline;
  const taken = new Set<string>();
  for (const node of nodesOf(pipeline.body)) taken.add(node.id);
  for (;;) {
    const next = moveOne(document, current, taken);
    if (next === undefined) return current;
    current = next;
  }
}

interface Move {
  branch: Branch;
  task: Task;
}

function moveOne(document: Document, pipeline: Pipeline, taken: Set<string>): Pipeline | undefined {
  const move = findMove(pipeline);
  if (move === undefined) return undefined;
  const { branch, task } = move;
  const copies = branch.arms.map((_, position): Task => {
    const moved = mapTask(task, (expression) => inArm(branch, expression, position));
    const inputs = Object.fromEntries(Object.entries(moved.inputs).filter(([, value]) => value.kind !== "absent"));
    return { ...moved, id: position === 0 ? task.id : uniqueName(task.id, taken), inputs };
  });
  const selects = Object.entries(outputTypes(document, task)).map(([name, type]): Select => ({
    name: `${task.id}.${name}`,
    type,
    values: copies.map((copy) => ({ kind: "output", task: copy.id, output: name, type, span: task.span })),
    span: task.span,
  }));
  const merged: Branch = {
    ...branch,
    arms: branch.arms.map((arm, position) => ({ ...arm, block: { nodes: [...arm.block.nodes, copies[position] as Task] } })),
    selects: [...branch.selects, ...selects],
    hasElse: true,
  };
  const replace = (expression: Expression): Expression =>
    expression.kind === "output" && expression.task === task.id
      ? { kind: "select", branch: branch.id, name: `${task.id}.${expression.output}`, type: expression.type, span: expression.span }
      : expression;
  const rewritten = (nodes: Node[]): Node[] =>
    nodes.flatMap((node): Node[] => {
      if (node === task) return [];
      if (node === branch) return [merged];
      const mapped = mapNode(node, replace, rewritten);
      return [mapped.kind === "task" ? { ...mapped, after: mapped.after.map((id) => (id === task.id ? branch.id : id)) } : mapped];
    });
  return {
    ...pipeline,
    body: { nodes: rewritten(pipeline.body.nodes) },
    outputs: Object.fromEntries(Object.entries(pipeline.outputs).map(([name, output]) => [name, { ...output, value: mapExpressions(output.value, replace) }])),
  };
}

/** The value of an expression where the arm at `position` was taken. */
function inArm(branch: Branch, expression: Expression, position: number): Expression {
  if (expression.kind !== "select" || expression.branch !== branch.id) return expression;
  return branch.selects.find((select) => select.name === expression.name)?.values[position] ?? expression;
}

// ---------------------------------------------------------------------------------------------- which task

/** The first task with an input or an option that only some arms of a branch beside it give, and that can be moved into them. */
function findMove(pipeline: Pipeline): Move | undefined {
  for (const block of [pipeline.body, ...[...nodesOf(pipeline.body)].flatMap(blocksOf)]) {
    const branches = new Map<string, Branch>();
    for (const node of block.nodes) if (node.kind === "branch") branches.set(node.id, node);
    if (branches.size === 0) continue;
    for (const task of block.nodes) {
      if (task.kind !== "task" || task.ignoreUpstreamFailure || task.when !== undefined) continue;
      const branch = [...Object.values(task.inputs), ...runTimeOptions(task.options).map(({ expression }) => expression)].map((input) => partialBranch(input, branches)).find((found) => found !== undefined);
      if (branch !== undefined && !waitsOtherwise(block, branch, task)) return { branch, task };
    }
  }
  return undefined;
}

/** The branch of a select that is the whole value and that some arm does not give. */
function partialBranch(input: Expression, branches: Map<string, Branch>): Branch | undefined {
  if (input.kind !== "select") return undefined;
  const branch = branches.get(input.branch);
  const select = branch?.selects.find(({ name }) => name === input.name);
  return select?.values.some((value) => value.kind === "absent") ? branch : undefined;
}

/** Whether a task depends on the branch through other nodes too: inside it, it would wait for itself. */
function waitsOtherwise(block: Block, branch: Branch, task: Task): boolean {
  const owners = new Map<string, Node>();
  for (const node of block.nodes) {
    owners.set(node.id, node);
    if (node.kind !== "task") for (const inner of nodesOf({ nodes: [node] })) owners.set(inner.id, node);
  }
  const reached = new Set<Node>();
  const pending = needs(task, owners).filter((node) => node !== branch);
  if (task.after.some((id) => owners.get(id) === branch)) return true;
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node === branch) return true;
    if (reached.has(node)) continue;
    reached.add(node);
    for (const inner of nodesOf({ nodes: [node] })) pending.push(...needs(inner, owners).filter((needed) => needed !== node));
  }
  return false;
}

/** The nodes of the block that a node takes values from or is ordered after. */
function needs(node: Node, owners: Map<string, Node>): Node[] {
  const ids = node.kind === "task" ? [...node.after] : [];
  for (const expression of expressionsOf(node)) {
    for (const part of expressionTree(expression)) {
      if (part.kind === "output") ids.push(part.task);
      if (part.kind === "select") ids.push(part.branch);
      if (part.kind === "collect") ids.push(part.loop);
    }
  }
  return ids.flatMap((id) => owners.get(id) ?? []);
}

function outputTypes(document: Document, task: Task): Record<string, ValueType> {
  const outputs = task.target.kind === "pipeline" ? document.pipelines[task.target.id]?.outputs : document.components[task.target.id]?.outputs;
  return Object.fromEntries(Object.entries(outputs ?? {}).map(([name, output]) => [name, output.type]));
}
