/** `try … finally`: a group for the body, and one task that runs when the group has ended. */
import { bug } from "../../bug.ts";
import { uniqueName } from "../../ir/names.ts";
import { expressionsOf, expressionTree, nodesOf } from "../../ir/traverse.ts";
import type { Block, Expression, Try } from "../../ir/types.ts";
import { addGroup, type Channel, type Dag, type Task } from "./graph.ts";
import { lowerBlock } from "./lower.ts";
import { groupNames } from "./names.ts";
import { describe } from "./references.ts";
import { report, type Scope } from "./scope.ts";

/**
 * Whether the body and its exit task need a group around them: directly in a loop the exit task would not find the
 * body, and an exit task runs once for every task that it waits for (kfp-real 6).
 */
export function needsWrapper(node: Try, inLoop: boolean): boolean {
  if (node.finally === undefined) return false;
  if (inLoop) return true;
  const own = idsIn(node.finally);
  const body = idsIn(node.body);
  for (const reference of outsideReferences(node.finally, own)) if (reference.kind !== "output" || !body.has(reference.task)) return true;
  for (const inner of nodesOf(node.finally)) if (inner.kind === "task" && inner.after.some((id) => !own.has(id) && !body.has(id) && id !== node.id)) return true;
  return false;
}

function idsIn(block: Block): Set<string> {
  return new Set([...nodesOf(block)].map(({ id }) => id));
}

type Outside = Extract<Expression, { kind: "output" | "select" | "collect" }>;

/** What a block reads of tasks and regions that are not in it. */
function outsideReferences(block: Block, own: ReadonlySet<string>): Outside[] {
  const found: Outside[] = [];
  for (const node of nodesOf(block)) {
    for (const expression of expressionsOf(node)) {
      for (const inner of expressionTree(expression)) {
        if (inner.kind === "output" && !own.has(inner.task)) found.push(inner);
        if (inner.kind === "select" && !own.has(inner.branch)) found.push(inner);
        if (inner.kind === "collect" && !own.has(inner.loop)) found.push(inner);
      }
    }
  }
  return found;
}

/** Adds the try to the DAG. */
export function lowerTry(scope: Scope, dag: Dag, node: Try): void {
  const { build } = scope;
  const { version } = build.capabilities;
  if (node.catch !== undefined) report(build, "HMC4002", node.catch.nodes[0]?.span ?? node.span, { version });
  const guard = scope.numbers.guard.get(node);
  const wrapper = guard === undefined ? undefined : addGroup(dag, groupNames.exitHandler(guard.outer), node.span);
  const holder = wrapper?.dag ?? dag;
  const body = addGroup(holder, groupNames.exitHandler(scope.numbers.group.get(node) ?? bug("a try without a number")), node.span);
  if (node.displayName !== undefined) body.task.displayName = node.displayName;
  scope.nodes.set(node.id, wrapper?.task ?? body.task);
  const status: Channel = {
    name: `${body.task.key}-status`,
    port: { kind: "parameter", spec: { parameterType: "TASK_FINAL_STATUS" } },
    home: holder,
    from: { status: body.task },
    nullable: false,
  };
  scope.tries.set(node.id, { try: node, body: body.dag, status });
  lowerBlock(scope, body.dag, node.body);
  if (node.finally === undefined || node.finally.nodes.length === 0) return;
  if (build.real) checkReads(scope, node, node.finally);
  const exit = exitTask(scope, holder, node, node.finally);
  if (exit === undefined) return;
  exit.exit = true;
  exit.dependsOn.add(body.task.key);
}

/** One statement is the exit task itself; several become a group, because only one exit task would run. */
function exitTask(scope: Scope, holder: Dag, node: Try, block: Block): Task | undefined {
  const [first, second] = block.nodes;
  if (first?.kind === "task" && second === undefined) {
    lowerBlock(scope, holder, block);
    return scope.nodes.get(first.id);
  }
  const group = addGroup(holder, uniqueName(`finally-${node.id}`, scope.keys), node.span);
  lowerBlock(scope, group.dag, block);
  return group.task;
}

/** Results of the body are empty texts where the body failed. */
function checkReads(scope: Scope, node: Try, block: Block): void {
  const body = idsIn(node.body);
  for (const reference of outsideReferences(block, idsIn(block))) {
    const producer = reference.kind === "output" ? reference.task : reference.kind === "select" ? reference.branch : reference.loop;
    if (body.has(producer)) report(scope.build, "HMC4012", reference.span, { value: describe(reference), version: scope.build.capabilities.version });
  }
}
