/** Conditions: a group for each arm, and one around them where there are several. */
import { bug } from "../../bug.ts";
import { allOf, printCel, type Cel } from "../../expressions/cel.ts";
import type { Arm, Branch } from "../../ir/types.ts";
import { conditionOf, groupPlace } from "./conditions.ts";
import { addGroup, type Dag } from "./graph.ts";
import { lowerBlock } from "./lower.ts";
import { groupNames } from "./names.ts";
import { armsToRun, hasWrapper } from "./numbering.ts";
import type { BranchState, Scope } from "./scope.ts";

/** Adds the branch to the DAG. */
export function lowerBranch(scope: Scope, dag: Dag, branch: Branch): void {
  const arms = armsToRun(branch);
  const wrapper = hasWrapper(branch) ? addGroup(dag, groupNames.branches(numberOf(scope, branch)), branch.span) : undefined;
  const state: BranchState = { branch, wrapper, arms: new Map(), selects: new Map() };
  scope.branches.set(branch.id, state);
  if (wrapper !== undefined && branch.displayName !== undefined) wrapper.task.displayName = branch.displayName;
  if (wrapper !== undefined) scope.nodes.set(branch.id, wrapper.task);
  for (const arm of arms) {
    const outer = scope.conditions.length;
    const group = addGroup(wrapper?.dag ?? dag, groupNames.condition(numberOf(scope, arm)), arm.span);
    if (arm.displayName !== undefined) group.task.displayName = arm.displayName;
    const condition = armCondition(scope, branch, arm, group.dag);
    if (condition !== undefined) group.task.condition = printCel(condition);
    state.arms.set(arm, group.dag);
    if (wrapper === undefined) scope.nodes.set(branch.id, group.task);
    lowerBlock(scope, group.dag, arm.block);
    scope.conditions.length = outer;
  }
}

/** The arm's own condition, after the negation of those before it. */
function armCondition(scope: Scope, branch: Branch, arm: Arm, dag: Dag): Cel | undefined {
  const parts: Cel[] = [];
  for (const other of branch.arms) {
    const cel = other.condition === undefined ? undefined : conditionOf(scope, groupPlace(scope, dag), other.condition);
    if (other.condition !== undefined && cel === undefined) return undefined;
    if (cel !== undefined) parts.push(other === arm ? cel : { kind: "not", operand: cel });
    if (other === arm) break;
  }
  return parts.length === 0 ? undefined : allOf(parts);
}

function numberOf(scope: Scope, of: Branch | Arm): number {
  return scope.numbers.group.get(of) ?? bug("a branch without a number");
}
