/** What has changed in a branch, a loop, a `while`, a `try`. */
import { describeExpression } from "../ir/describe.ts";
import type { Branch, Loop, Node, Try, While } from "../ir/types.ts";
import { canonicalExpression } from "./canonical.ts";
import type { Change } from "./change.ts";
import type { Placed } from "./nodes.ts";
import type { PipelinePair } from "./pipeline-pair.ts";
import { placeText } from "./place.ts";
import { valueChange } from "./tasks.ts";

/** The changes of a group that both sides have. What people read of it stands in comments, and is none. */
export function groupChanges(pair: PipelinePair, before: Placed, after: Placed): Change[] {
  const at = { pipeline: pair.after.pipeline.id, node: after.id };
  const [from, to] = [before.node, after.node];
  const changes: Change[] = [];
  if (to.kind !== "task" && pair.placeOf(before) !== pair.ownPlaceOf(after)) {
    changes.push({ subject: to.kind, action: "moved", ...at, before: placeText(pair.before.nodes, before), after: placeText(pair.after.nodes, after) });
  }
  changes.push(...ownChanges(pair, from, to, at));
  return changes;
}

type At = Pick<Change, "pipeline" | "node">;

function texts(before: string | undefined, after: string | undefined): Pick<Change, "before" | "after"> {
  return { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}

function ownChanges(pair: PipelinePair, from: Node, to: Node, at: At): Change[] {
  if (from.kind === "branch" && to.kind === "branch") return branchChanges(pair, from, to, at);
  if (from.kind === "loop" && to.kind === "loop") return loopChanges(pair, from, to, at);
  if (from.kind === "while" && to.kind === "while") return whileChanges(pair, from, to, at);
  if (from.kind === "try" && to.kind === "try") return tryChanges(from, to, at);
  return [];
}

function branchChanges(pair: PipelinePair, from: Branch, to: Branch, at: At): Change[] {
  const arms = pair.armsOf(from, to);
  const changes: Change[] = [];
  to.arms.forEach((arm, index) => {
    if (arm.condition === undefined) return;
    const old = from.arms[arms.indexOf(index)];
    const change = valueChange(pair, old?.condition, arm.condition);
    if (change !== undefined) changes.push({ subject: "condition", ...change, action: change.action === "rewired" ? "changed" : change.action, ...at });
  });
  from.arms.forEach(({ condition }, index) => {
    if (condition !== undefined && arms[index] === undefined) changes.push({ subject: "condition", action: "removed", ...at, before: describeExpression(condition) });
  });
  const order = arms.filter((index) => index !== undefined);
  if (order.some((index, place) => place > 0 && index < (order[place - 1] ?? 0))) {
    changes.push({ subject: "branch", action: "changed", ...at, name: "order of its conditions", before: conditionsText(from), after: conditionsText(to) });
  }
  return changes;
}

function conditionsText({ arms }: Branch): string {
  return arms.flatMap(({ condition }) => (condition === undefined ? [] : [describeExpression(condition)])).join(", else ");
}

function loopChanges(pair: PipelinePair, from: Loop, to: Loop, at: At): Change[] {
  const changes: Change[] = [];
  const items = valueChange(pair, from.items, to.items);
  if (items !== undefined) changes.push({ subject: "items", ...items, ...at });
  if (from.parallelism !== to.parallelism) {
    const [first, second] = [from.parallelism, to.parallelism].map((limit) => (limit === undefined ? undefined : `${limit}`));
    changes.push({ subject: "parallelism", action: first === undefined ? "added" : second === undefined ? "removed" : "changed", ...at, ...texts(first, second) });
  }
  return changes;
}

function whileChanges(pair: PipelinePair, from: While, to: While, at: At): Change[] {
  const changes: Change[] = [];
  const condition = valueChange(pair, from.condition, to.condition);
  if (condition !== undefined) changes.push({ subject: "condition", ...condition, action: "changed", ...at });
  if (from.test !== to.test) changes.push({ subject: "while", action: "changed", ...at, name: "test", before: `${from.test} each turn`, after: `${to.test} each turn` });
  const text = ({ initial, next }: While["carried"][number]) => `${describeExpression(initial)}, then ${describeExpression(next)}`;
  for (const carried of to.carried) {
    const old = from.carried.find(({ name }) => name === carried.name);
    if (old === undefined) changes.push({ subject: "carried", action: "added", ...at, name: carried.name, after: text(carried) });
    else {
      const isSame = (["initial", "next"] as const).every((part) => canonicalExpression(old[part], pair.naming.before) === canonicalExpression(carried[part], pair.naming.after));
      if (!isSame) changes.push({ subject: "carried", action: "changed", ...at, name: carried.name, before: text(old), after: text(carried) });
    }
  }
  for (const old of from.carried) {
    if (!to.carried.some(({ name }) => name === old.name)) changes.push({ subject: "carried", action: "removed", ...at, name: old.name, before: text(old) });
  }
  return changes;
}

function tryChanges(from: Try, to: Try, at: At): Change[] {
  return (["catch", "finally"] as const).flatMap((part): Change[] => {
    if ((from[part] === undefined) === (to[part] === undefined)) return [];
    return [{ subject: part, action: to[part] === undefined ? "removed" : "added", ...at }];
  });
}
