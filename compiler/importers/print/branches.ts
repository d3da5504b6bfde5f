/** Branches: `if / else if / else`, and `?:` where only the results of tasks differ. */
import { bug } from "../../bug.ts";
import { expressionKey } from "../../ir/expression-key.ts";
import type { Branch, Expression, Node, Select } from "../../ir/types.ts";
import { atLeast, levels, type Site } from "./body.ts";
import { taskCall } from "./calls.ts";
import { docComment } from "./comments.ts";
import { expression, typed } from "./expressions.ts";
import { group, hardLine, indent, line, type Doc } from "./layout.ts";
import { camelCase, takeName } from "./names.ts";
import { assuming } from "./narrowing.ts";
import { choice } from "./operators.ts";
import { blockSite, blockStatements, braces, type Tail } from "./statements.ts";
import { staticType } from "./static-types.ts";
import { keys, readsOf } from "./uses.ts";
import { writesElse } from "./variables.ts";

export function branchStatements(site: Site, branch: Branch): Doc[] {
  const ternary = asTernary(site, branch);
  if (ternary !== undefined) return [ternaryStatement(site, branch, ternary)];
  const parts: Doc[] = [];
  let { narrowed } = site;
  for (const [index, arm] of branch.arms.entries()) {
    const isElse = arm.condition === undefined;
    if (isElse && !writesElse(branch)) break;
    const here: Site = { ...site, narrowed };
    const test = arm.condition === undefined ? undefined : expression(here, arm.condition).doc;
    const inner = blockSite(site, arm.block, arm.condition === undefined ? narrowed : assuming(here, arm.condition, true));
    const body = braces(blockStatements(inner, arm.block, armTail(branch, index)));
    if (arm.condition !== undefined) narrowed = assuming(here, arm.condition, false);
    const comment = index === 0 ? undefined : docComment(arm.displayName);
    const head: Doc = test === undefined ? "" : ["if (", group(indent(["", test])), ") "];
    parts.push(index === 0 ? "" : [" else ", comment === undefined ? "" : [comment, " "]], head, body);
  }
  const tags = branch.displayName === undefined ? [] : [`@branches ${branch.displayName}`];
  const comment = docComment(branch.arms[0]?.displayName, tags);
  return [comment === undefined ? parts : [comment, hardLine, parts]];
}

/** The assignments at the end of an arm. */
function armTail(branch: Branch, index: number): Tail {
  const last = branch.arms.length - 1;
  const given = branch.selects.flatMap((select) => {
    const value = select.values[index];
    const initial = select.values[last];
    if (value === undefined) return [];
    const isInitial = !writesElse(branch) && initial !== undefined && expressionKey(initial) === expressionKey(value);
    const isNothing = value.kind === "absent" && (writesElse(branch) || initial?.kind === "absent");
    return isInitial || isNothing ? [] : [{ select, value }];
  });
  return tailOf(branch.id, given);
}

/** The assignments of what a block gives to selects of the node around it. */
export function tailOf(id: string, given: readonly { select: Select; value: Expression }[]): Tail {
  return {
    reads: given.flatMap(({ value }) => readsOf(value)),
    print: (site) => given.map(({ select, value }) => {
      const name = site.body.names.get(keys.select(id, select.name)) ?? bug("a select without a variable");
      const optional = select.values.some((other) => staticType(site.body, other).optional);
      return [name, " = ", typed(site, value, select.type, optional, name).doc, ";"];
    }),
  };
}

export interface Ternary {
  select: Branch["selects"][number];
  condition: Expression;
}

/** A branch that only chooses between the results of a task on either side. */
export function asTernary({ body: { uses } }: Site, node: Node): Ternary | undefined {
  if (node.kind !== "branch" || node.arms.length !== 2 || node.selects.length !== 1 || !node.hasElse || node.displayName !== undefined) return undefined;
  const [select] = node.selects;
  const condition = node.arms[0]?.condition;
  if (select === undefined || condition === undefined || uses.handleAssignments.has(node.id)) return undefined;
  const isDeclaredHere = uses.declarations.get(node.id)?.some((declaration) => declaration.kind === "select" && declaration.branch === node.id);
  const isSimple = node.arms.every((arm, index) => {
    const value = select.values[index];
    const [task, ...others] = arm.block.nodes;
    if (value === undefined || arm.displayName !== undefined || others.length > 0) return false;
    if (task === undefined) return value.kind === "constant" || value.kind === "absent" || value.kind === "input";
    return task.kind === "task" && uses.count.get(task.id) === 1 && readsOf(value).includes(task.id) && !uses.handleAssignments.has(task.id) && !uses.exports.has(task.id);
  });
  const runs = node.arms.some((arm) => arm.block.nodes.length > 0);
  return isSimple && runs && isDeclaredHere === true ? { select, condition } : undefined;
}

function ternaryStatement(site: Site, branch: Branch, { select, condition }: Ternary): Doc {
  const { body, scope } = site;
  const printed = expression(site, condition);
  const test = atLeast(printed, levels.conditional + 1);
  const optional = select.values.some((value) => staticType(body, value).optional);
  const sides = branch.arms.map((arm, index): Doc => {
    const inner = blockSite(site, arm.block, assuming(site, condition, index === 0));
    for (const task of arm.block.nodes) if (task.kind === "task") body.inline.set(task.id, taskCall(inner, task));
    const value = select.values[index] ?? bug("a select without a value");
    return atLeast(typed(inner, value, select.type, optional), levels.conditional);
  });
  const name = takeName(scope, camelCase(select.name) === select.name ? select.name : camelCase(select.name), "Value");
  body.names.set(keys.select(branch.id, select.name), name);
  const value = choice(test, sides[0] ?? "", sides[1] ?? "");
  const isOperation = printed.level > levels.conditional && printed.level < levels.unary;
  return ["const ", name, " =", isOperation ? group(indent(line, value)) : [" ", value], ";"];
}
