/** The numbers of groups, as the SDK counts them: one counter in a pipeline, in order of the source. */
import { expressionsOf, nodesOf, operandsOf } from "../../ir/traverse.ts";
import type { Arm, Block, Branch, Expression, Loop, Try } from "../../ir/types.ts";
import { collectIn } from "./references.ts";

export interface GroupNumbers {
  /** The wrapper of a branch, an arm, a loop, a try. */
  group: Map<Branch | Arm | Loop | Try, number>;
  /** The extra number of a loop over a constant: that of its item. */
  item: Map<Loop, number>;
  /** The groups around a loop or try that the real back end needs. */
  guard: Map<Loop | Try, { outer: number; inner: number; empty: number }>;
}

/** Whether the items of a loop are known at compile time. */
export function isConstantList(items: Expression): boolean {
  return items.kind === "constant" || (items.kind === "range" && items.count.kind === "constant") || (items.kind === "list" && items.items.every(isConstantList)) || (items.kind === "struct" && Object.values(items.fields).every(isConstantList));
}

/** Ids of the loops whose results are used right outside them; those of a nested loop go through the outer one's. */
export function collectedLoops(block: Block, outputs: Iterable<Expression>): Set<string> {
  const found = new Set<string>();
  const visit = (expression: Expression): void => {
    if (expression.kind === "collect") {
      found.add(expression.loop);
      let inner: Expression | undefined = expression.value;
      while (inner !== undefined && collectIn(inner) !== undefined) inner = collectIn(inner)?.value;
      if (inner !== undefined) visit(inner);
    } else for (const operand of operandsOf(expression)) visit(operand);
  };
  for (const node of nodesOf(block)) for (const expression of expressionsOf(node)) visit(expression);
  for (const output of outputs) visit(output);
  return found;
}

/** The arms of a branch that become groups: those in which something runs, or all where a one-of needs them. */
export function armsToRun(branch: Branch): Arm[] {
  return branch.selects.length > 0 ? branch.arms : branch.arms.filter((arm) => arm.block.nodes.length > 0);
}

/** Whether the arms of a branch stand in a group of their own. The SDK makes none for a lone `If`. */
export function hasWrapper(branch: Branch): boolean {
  return branch.selects.length > 0 || armsToRun(branch).length > 1;
}

/**
 * Numbers every group of a pipeline.
 *
 * @param guarded loops and tries that get groups around them
 */
export function numberGroups(block: Block, guarded: (node: Loop | Try) => boolean): GroupNumbers {
  const numbers: GroupNumbers = { group: new Map(), item: new Map(), guard: new Map() };
  let last = 0;
  const next = (): number => ++last;
  const visit = (inner: Block): void => {
    for (const node of inner.nodes) {
      switch (node.kind) {
        case "task":
        case "while":
          break;
        case "branch": {
          const [first, ...others] = armsToRun(node);
          if (first === undefined) break;
          const number = next();
          visit(first.block);
          // The SDK numbers the `If` before it knows of an `Else`, and then gives the number to the wrapper.
          if (hasWrapper(node)) {
            numbers.group.set(node, number);
            numbers.group.set(first, next());
          } else {
            numbers.group.set(first, number);
          }
          for (const arm of others) {
            numbers.group.set(arm, next());
            visit(arm.block);
          }
          break;
        }
        case "loop":
          if (guarded(node)) numbers.guard.set(node, { outer: next(), inner: next(), empty: next() });
          if (isConstantList(node.items)) numbers.item.set(node, next());
          numbers.group.set(node, next());
          visit(node.body);
          break;
        case "try":
          if (guarded(node)) numbers.guard.set(node, { outer: next(), inner: 0, empty: 0 });
          numbers.group.set(node, next());
          visit(node.body);
          if (node.catch !== undefined) visit(node.catch);
          if (node.finally !== undefined) visit(node.finally);
          break;
      }
    }
  };
  visit(block);
  return numbers;
}
