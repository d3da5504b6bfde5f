/** The statements of a body: tasks, branches, loops and `try`. */
import { bug } from "../../bug.ts";
import { expressionKey } from "../../ir/expression-key.ts";
import type { Block, Branch, Expression, Loop, Node, Task, Try } from "../../ir/types.ts";
import { levels, atLeast, type Site } from "./body.ts";
import { taskCall } from "./calls.ts";
import { isComparable } from "./casts.ts";
import { docComment } from "./comments.ts";
import { choice, expression, itemsOfLoop, selectName, typed } from "./expressions.ts";
import { handleText, nameOfValue, recordNames } from "./fan-in.ts";
import { objectLiteral, property } from "./constants.ts";
import { group, hardLine, indent, join, line, type Doc } from "./layout.ts";
import { languageType } from "./module.ts";
import { camelCase, innerScope, plural, takeName } from "./names.ts";
import { assuming } from "./narrowing.ts";
import { boundFields, chooseItemType, fieldKey } from "./loop-items.ts";
import { orderedNodes } from "./order.ts";
import { placeOfBlock } from "./places.ts";
import { itemTypeOf, staticType } from "./static-types.ts";
import { propertyName, typeText } from "./types.ts";
import { readsOf, readsOfResult, type Declaration, type Handle, type Result } from "./uses.ts";

/** What a block ends with: values that it assigns or returns. */
export interface Tail {
  /** The tasks and loops whose variables it reads, with repetitions. */
  reads: string[];
  /** Printed after the nodes, when their names are known. */
  print: (site: Site) => Doc[];
  /** Of a callback, what it returns as an expression. */
  value?: (site: Site) => Doc;
}

const noTail: Tail = { reads: [], print: () => [] };

/** `{ …statements… }` of a block, in a scope of its own. */
function braces(statements: readonly Doc[]): Doc {
  return statements.length === 0 ? "{}" : ["{", indent(hardLine, join(hardLine, statements)), hardLine, "}"];
}

export function blockSite(site: Site, block: Block, narrowed = site.narrowed): Site {
  return { ...site, place: placeOfBlock(site.body.uses.places, block), scope: innerScope(site.scope), narrowed };
}

/** The statements of a block. The site is that of the block itself. */
export function blockStatements(site: Site, block: Block, tail: Tail = noTail): Doc[] {
  const statements: Doc[] = [];
  const nodes = orderedNodes(site.body.uses.places, block);
  for (const [index, node] of nodes.entries()) {
    statements.push(...declarations(site, node));
    if (index === nodes.length - 1 && standsInTail(site, node, tail)) site.body.inline.set(node.id, node.kind === "task" ? taskCall(site, node) : loopCall(site, node));
    else statements.push(...nodeStatements(site, node));
  }
  return [...statements, ...tail.print(site)];
}

type Inlinable = Task | Loop;

/** Whether the only use of a task or of a loop's results is what the block ends with. */
function standsInTail({ body: { uses } }: Site, node: Node, tail: Tail): node is Inlinable {
  if (node.kind !== "task" && !(node.kind === "loop" && node.displayName === undefined && uses.results.has(node.id))) return false;
  if (uses.exports.has(node.id) || uses.handleAssignments.has(node.id)) return false;
  return uses.count.get(node.id) === 1 && tail.reads.includes(node.id);
}

function nodeStatements(site: Site, node: Node): Doc[] {
  switch (node.kind) {
    case "task":
      return taskStatements(site, node);
    case "branch":
      return [...branchStatements(site, node), ...assignments(site, node.id)];
    case "loop":
      return loopStatements(site, node);
    case "try":
      return tryStatements(site, node);
  }
}

// ---------------------------------------------------------------------------------------------- variables

/** Variables that are assigned inside of the node. */
function declarations(site: Site, node: Node): Doc[] {
  const declared = site.body.uses.declarations.get(node.id) ?? [];
  return declared.flatMap((declaration) => (asTernary(site, node) === undefined || declaration.kind !== "select" ? [declarationText(site, declaration)] : []));
}

function declarationText(site: Site, declaration: Declaration): Doc {
  const { body, scope } = site;
  const { module, names } = body;
  switch (declaration.kind) {
    case "select": {
      const { select, branch } = declaration;
      const name = takeName(scope, camelCase(select.name) === select.name ? select.name : camelCase(select.name), "Value");
      names.set(selectName(branch, select.name), name);
      const optional = select.values.some((value) => staticType(body, value).optional);
      const initial = initialValue(site, branch, select.values);
      const isPlain = initial?.kind === "constant" && initial.value !== null && typeof initial.value !== "object" && !("literals" in select.type) && !optional && initial.type.kind === select.type.kind;
      const type: Doc = isPlain ? "" : [": ", typeText(module, select.type), optional ? " | undefined" : ""];
      return ["let ", name, type, initial === undefined ? "" : [" = ", typed(site, initial, select.type, optional, name).doc], ";"];
    }
    case "export": {
      const name = takeName(scope, nameOfValue(declaration.expression), "Value");
      names.set(declaration.key, name);
      const { type, optional } = staticType(body, declaration.expression);
      return ["let ", name, ": ", typeText(module, type), optional ? " | undefined" : "", ";"];
    }
    case "handle": {
      const name = takeName(scope, "last");
      names.set(declaration.key, name);
      if (declaration.list) body.listHandles.add(declaration.key);
      return ["let ", name, ": ", languageType(module, "TaskHandle"), declaration.list ? "[]" : "", declaration.definite && !declaration.list ? "" : " | undefined", ";"];
    }
  }
}

/** What a select is before the branch: its value in an `else` that is not written. */
function initialValue({ body }: Site, id: string, values: readonly Expression[]): Expression | undefined {
  const branch = body.uses.places.nodes.get(id);
  const last = values.at(-1);
  if (branch?.kind !== "branch" || writesElse(branch) || last === undefined || last.kind === "absent") return undefined;
  return last;
}

/** Whether an `else` is printed: one that is written, or that holds something. */
function writesElse(branch: Branch): boolean {
  return branch.hasElse || (branch.arms.at(-1)?.block.nodes.length ?? 0) > 0;
}

/** After a node: what is kept of it for the outside. */
function assignments(site: Site, id: string): Doc[] {
  const { uses, names } = site.body;
  const exported = (uses.exports.get(id) ?? []).map(({ key, expression: value }) => [names.get(key) ?? bug("no variable"), " = ", expression(site, value).doc, ";"]);
  const handles = (uses.handleAssignments.get(id) ?? []).map(({ key, handle }) => [names.get(key) ?? bug("no variable"), " = ", handleText(site.body, site.scope, handle, handle.kind === "variable" ? undefined : site.body.inline.get(handle.id)), ";"]);
  return [...exported, ...handles];
}

// ---------------------------------------------------------------------------------------------- tasks

function taskStatements(site: Site, task: Task): Doc[] {
  const { body } = site;
  const call = taskCall(site, task);
  const count = body.uses.count.get(task.id) ?? 0;
  if (count === 0) return [[call, ";"]];
  if (isOnlyKept(site, task.id)) {
    body.inline.set(task.id, call);
    return assignments(site, task.id);
  }
  const name = taskName(site, task);
  body.names.set(`task:${task.id}`, name);
  return [["const ", name, " = ", call, ";"], ...assignments(site, task.id)];
}

/** Whether the only thing that reads a node is one variable of the outside. */
function isOnlyKept({ body: { uses } }: Site, id: string): boolean {
  return uses.count.get(id) === 1 && (uses.exports.get(id) ?? []).length + (uses.handleAssignments.get(id) ?? []).length === 1;
}

/** `train`, `trainTask2` where `train` is the component. */
function taskName({ body, scope }: Site, task: Task): string {
  const base = task.target.kind === "component" && body.module.document.components[task.target.id]?.kind === "importer" ? "importer" : task.target.id;
  const [, number] = task.id.startsWith(base) ? (/^-(\d+)$/.exec(task.id.slice(base.length)) ?? []) : [];
  if (number === undefined) return takeName(scope, camelCase(task.id), "Task");
  // The number stands at the end, after what keeps the name apart from the component.
  const isFree = takeName(innerScope(body.module.scope), camelCase(base)) === camelCase(base);
  return takeName(scope, `${camelCase(base)}${isFree ? "" : "Task"}${number}`);
}

// ---------------------------------------------------------------------------------------------- branches

function branchStatements(site: Site, branch: Branch): Doc[] {
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
  return {
    reads: given.flatMap(({ value }) => readsOf(value)),
    print: (site) => given.map(({ select, value }) => {
      const name = site.body.names.get(selectName(branch.id, select.name)) ?? bug("a select without a variable");
      const optional = select.values.some((other) => staticType(site.body, other).optional);
      return [name, " = ", typed(site, value, select.type, optional, name).doc, ";"];
    }),
  };
}

interface Ternary {
  select: Branch["selects"][number];
  condition: Expression;
}

/** A branch that only chooses between the results of a task on either side. */
function asTernary({ body: { uses } }: Site, node: Node): Ternary | undefined {
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
  const test = atLeast(expression(site, condition), levels.conditional + 1);
  const optional = select.values.some((value) => staticType(body, value).optional);
  const sides = branch.arms.map((arm, index): Doc => {
    const inner = blockSite(site, arm.block, assuming(site, condition, index === 0));
    for (const task of arm.block.nodes) if (task.kind === "task") body.inline.set(task.id, taskCall(inner, task));
    const value = select.values[index] ?? bug("a select without a value");
    return atLeast(typed(inner, value, select.type, optional), levels.conditional);
  });
  const name = takeName(scope, camelCase(select.name) === select.name ? select.name : camelCase(select.name), "Value");
  body.names.set(selectName(branch.id, select.name), name);
  return ["const ", name, " = ", choice(test, sides[0] ?? "", sides[1] ?? ""), ";"];
}

// ---------------------------------------------------------------------------------------------- loops

function loopStatements(site: Site, loop: Loop): Doc[] {
  const { body } = site;
  const comment = docComment(loop.displayName);
  const commented = (statement: Doc): Doc => (comment === undefined ? statement : [comment, hardLine, statement]);
  const result = body.uses.results.get(loop.id);
  if (result === undefined) return [commented(usesIndex(loop) ? [loopCall(site, loop), ";"] : forOf(site, loop))];
  const call = loopCall(site, loop);
  if (isOnlyKept(site, loop.id)) {
    body.inline.set(loop.id, call);
    return assignments(site, loop.id).map(commented);
  }
  const name = takeName(site.scope, resultsName(site, result));
  body.names.set(`results:${loop.id}`, name);
  return [commented(["const ", name, " = ", call, ";"]), ...assignments(site, loop.id)];
}

function forOf(site: Site, loop: Loop): Doc {
  chooseItemType(site.body, loop);
  const items = itemsOfLoop(site, loop).doc;
  const inner = blockSite(site, loop.body);
  const name = itemName(inner, loop);
  return ["for (const ", name, " of ", items, ") ", braces([...bindFields(inner, loop), ...blockStatements(inner, loop.body)])];
}

/** `xs.map((x) => …)`, or `xs.forEach((x, index) => …)` where nothing is collected. */
function loopCall(site: Site, loop: Loop): Doc {
  const { body } = site;
  chooseItemType(body, loop);
  const items = atLeast(itemsOfLoop(site, loop), levels.postfix);
  const inner = blockSite(site, loop.body);
  const parameters: Doc[] = [itemName(inner, loop)];
  if (usesIndex(loop)) {
    const index = takeName(inner.scope, "index");
    body.names.set(`index:${loop.id}`, index);
    parameters.push(", ", index);
  }
  const result = body.uses.results.get(loop.id);
  if (result === undefined) return [items, ".forEach((", parameters, ") => ", braces([...bindFields(inner, loop), ...blockStatements(inner, loop.body)]), ")"];
  let value: Doc = "undefined";
  const returned = (at: Site): Doc => (value = resultText(at, result));
  const bound = bindFields(inner, loop);
  const statements = [...bound, ...blockStatements(inner, loop.body, { reads: readsOfResult(result), print: (at) => [["return ", returned(at), ";"]] })];
  // Alone, what is returned needs no braces.
  if (statements.length > 1) return [items, ".map((", parameters, ") => ", braces(statements), ")"];
  const isObject = result.kind === "record" || (result.kind === "value" && result.value.kind === "struct");
  return [items, ".map((", parameters, ") =>", isObject ? [" (", value, ")"] : group(indent(line, value)), ")"];
}

function resultText(site: Site, result: Result): Doc {
  const { body } = site;
  const handle = (found: Handle): Doc => handleText(body, site.scope, found, found.kind === "variable" ? undefined : body.inline.get(found.id));
  // A list of what some iterations skip is one of what the others give.
  const given = (value: Expression): Doc => (staticType(body, value).optional ? [atLeast(expression(site, value), levels.postfix), "!"] : expression(site, value).doc);
  switch (result.kind) {
    case "task":
      return handle({ kind: "task", id: result.id });
    case "value":
      return given(result.value);
    case "nested":
      return body.inline.get(result.loop) ?? body.names.get(`results:${result.loop}`) ?? bug("a loop without results");
    case "handle":
      return handle(result.handle);
    case "record": {
      const names = recordNames(result);
      const named = [...names.values()];
      return objectLiteral([
        ...result.values.map((value, index) => property(named[index] ?? "value", given(value))),
        ...result.handles.map((found, index) => property(named[result.values.length + index] ?? "task", handle(found))),
      ]);
    }
  }
}

function resultsName(site: Site, result: Result): string {
  switch (result.kind) {
    case "task":
      return plural(`${camelCase(result.id).replace(/\d+$/, "")}Task`);
    case "value":
      return plural(nameOfValue(result.value));
    case "nested": {
      const inner = site.body.uses.results.get(result.loop);
      return inner === undefined ? "results" : resultsName(site, inner);
    }
    case "handle":
      return "tasks";
    case "record":
      return "results";
  }
}

function itemName({ body, scope }: Site, loop: Loop): string {
  // Of `_` nobody reads any: one may stand before another.
  const name = /^_+$/.test(loop.itemName) && !body.module.scope.names.has(loop.itemName) ? loop.itemName : takeName(scope, loop.itemName, "Item");
  body.names.set(`item:${loop.id}`, name);
  return name;
}

/** `const { a, b } = item as { a: string; b: Int };` of fields that the type of the list does not have. */
function bindFields({ body, scope }: Site, loop: Loop): Doc[] {
  return boundFields(body, loop).map(({ item, type, fields }) => {
    const bindings = fields.map((field): Doc => {
      const name = takeName(scope, field, "Field");
      body.names.set(fieldKey(item, field), name);
      return name === field ? name : [propertyName(field), ": ", name];
    });
    const own = itemTypeOf(body, loop.id);
    const step = isComparable(own, type) && !body.mixedLoops.has(loop.id) ? "" : "unknown as ";
    return ["const { ", join(", ", bindings), " } = ", body.names.get(`item:${loop.id}`) ?? "item", ` as ${step}`, typeText(body.module, type), ";"];
  });
}

/** Whether anything in a loop reads its index. */
function usesIndex(loop: Loop): boolean {
  return JSON.stringify(loop.body).includes(JSON.stringify({ kind: "index", loop: loop.id }).slice(1, -1));
}

// ---------------------------------------------------------------------------------------------- try

function tryStatements(site: Site, node: Try): Doc[] {
  const part = (block: Block): Doc => braces(blockStatements(blockSite(site, block), block));
  const statement: Doc[] = ["try ", part(node.body)];
  if (node.catch !== undefined) statement.push(" catch ", part(node.catch));
  if (node.finally !== undefined) statement.push(" finally ", part(node.finally));
  const comment = docComment(node.displayName);
  return [comment === undefined ? statement : [comment, hardLine, statement]];
}

