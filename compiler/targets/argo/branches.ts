/** Branches: tasks with conditions that exclude each other, and the values that their arms give (reference argo.md 2.4). */
import type { ExprNode } from "../../expressions/argo/expr.ts";
import type { Arm, Block, Branch, Expression, Select } from "../../ir/types.ts";
import { allOf, binary, choose, not, ofTask, text } from "./expr-build.ts";
import { lowerBlock } from "./lower.ts";
import { addRegion, exported, type Channel, type Region, type Requirement, type TaskDraft } from "./region.ts";
import type { Handle, Reader, Scope } from "./scope.ts";
import { exportChoice, mayLack, textFromInside, valueFor } from "./values.ts";

/** An arm that runs something has a task; one that runs nothing is known by its condition. */
interface ArmDraft {
  arm: Arm;
  task: TaskDraft | undefined;
  region: Region | undefined;
  /** That it is the arm taken, as the outputs of the branch see it; the last arm needs no test. */
  taken: ExprNode | undefined;
}

/** Adds a branch. Its arms stand in the region itself, or in one of their own where they give values. */
export function lowerBranch(scope: Scope, region: Region, node: Branch): Handle {
  const group = node.selects.length === 0 ? undefined : addRegion(region, node.id, node.span);
  const host = group?.region ?? region;
  scope.branches.set(node.id, { branch: node, selects: new Map() });
  const arms = node.arms.map((arm, position) => lowerArm(scope, host, node, arm, position));
  if (group === undefined) return { region, requirements: waysThrough(node, arms) };
  const reader: Reader = { scope, region: host, task: undefined };
  const state = scope.branches.get(node.id);
  for (const select of node.selects) state?.selects.set(select.name, selectChannel(reader, arms, select));
  const handle: Handle = { region, requirements: [{ alternatives: [{ task: group.task, results: ["Succeeded"] }] }] };
  return node.hasElse ? handle : { ...handle, taken: takenChannel(reader, arms) };
}

function lowerArm(scope: Scope, host: Region, node: Branch, arm: Arm, position: number): ArmDraft {
  const isLast = position === node.arms.length - 1;
  const conditionIn = (reader: Reader): ExprNode =>
    allOf([...node.arms.slice(0, position).flatMap(({ condition }) => (condition === undefined ? [] : [not(valueFor(reader, condition))])), ...(arm.condition === undefined ? [] : [valueFor(reader, arm.condition)])]);
  if (arm.block.nodes.length === 0) return { arm, task: undefined, region: undefined, taken: isLast ? undefined : conditionIn({ scope, region: host, task: undefined }) };
  const { task, region } = addRegion(host, armName(node, arm, position), arm.span);
  task.when.push(conditionIn({ scope, region: host, task }));
  lowerBlock(scope, region, arm.block);
  return { arm, task, region, taken: isLast ? undefined : binary("==", ofTask(task.name, "status"), text("Succeeded")) };
}

/** An arm of one task is named like the task, for it will be that task. */
function armName(node: Branch, arm: Arm, position: number): string {
  const only = onlyTask(arm.block);
  if (only !== undefined) return only;
  if (position === 0) return `${node.id}-then`;
  return arm.condition === undefined ? `${node.id}-else` : `${node.id}-elif-${position}`;
}

/** The id of the task of a block that holds nothing else. */
export function onlyTask(block: Block): string | undefined {
  const [first, ...others] = block.nodes;
  return first?.kind === "task" && others.length === 0 ? first.id : undefined;
}

/** What it takes for a later task to run: one arm has succeeded, or each was skipped where an arm does nothing. */
function waysThrough(node: Branch, arms: readonly ArmDraft[]): Requirement[] {
  const tasks = arms.flatMap(({ task }) => task ?? []);
  const mayDoNothing = arms.some(({ task }, position) => task === undefined && (node.hasElse || position < arms.length - 1));
  if (mayDoNothing) return tasks.map((task) => ({ alternatives: [{ task, results: ["Succeeded", "Skipped"] }] }));
  return tasks.length === 0 ? [] : [{ alternatives: tasks.map((task) => ({ task, results: ["Succeeded"] as const })) }];
}

function selectChannel(reader: Reader, arms: readonly ArmDraft[], select: Select): Channel {
  const valueOf = (position: number): Expression => select.values[position] ?? { kind: "absent", type: select.type, span: select.span };
  const among = (of: (value: Expression, arm: ArmDraft) => ExprNode): ExprNode =>
    arms.reduceRight<ExprNode | undefined>((rest, arm, position) => {
      const value = of(valueOf(position), arm);
      return rest === undefined || arm.taken === undefined ? value : choose(arm.taken, value, rest);
    }, undefined) ?? text("");
  if (select.type.kind === "artifact") return exportChoice(reader, select.name, select, (of) => among((value) => of(value)), arms.map((_, position) => valueOf(position)));
  const optional = arms.some((arm, position) => mayLack(arm.region === undefined ? reader : { ...reader, region: arm.region }, valueOf(position)));
  const value = among((given, arm) => textFromInside(reader, arm.region ?? reader.region, select.name, given));
  return exported(reader.region, select.name, { kind: "parameter", type: select.type, optional }, value);
}

/** Whether an arm was taken, for what stands after a branch without `else`. */
function takenChannel(reader: Reader, arms: readonly ArmDraft[]): Channel {
  const tests = arms.flatMap(({ taken }) => taken ?? []);
  const value = choose(tests.reduce((left, right) => binary("||", left, right)), text("true"), text("false"));
  return exported(reader.region, "hmc-taken", { kind: "parameter", type: { kind: "string" }, optional: false }, value);
}
