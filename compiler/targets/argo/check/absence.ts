/**
 * Outputs of tasks that may have been skipped: what reads them hangs, fails or gets garbage, by version
 * (reference argo.md 1.7, 2.0 rules 6 to 8, 4.2).
 */
import { exprChildren, type ExprNode } from "../../../expressions/argo/expr.ts";
import { freeNames, type FreeName } from "../../../expressions/argo/expr-names.ts";
import { dependsResults, type DependsResult } from "../../../expressions/argo/depends.ts";
import { evaluateDepends } from "../../../expressions/argo/depends-evaluate.ts";
import { tagName, type Tag } from "../../../expressions/argo/tags.ts";
import { argoCapabilities, type SkippedReference } from "../versions.ts";
import { coverAll } from "./exhaustive.ts";
import type { Expression } from "./expressions.ts";
import { isConditional } from "./flow.ts";
import { fieldsOf, isGiven, itemsOf } from "./json.ts";
import { outputOf, readingOf, type Reading } from "./names-in-scope.ts";
import type { Text } from "./places.ts";
import { declarationAt, partsOf } from "./tags.ts";
import type { Extra, Place, Work } from "./work.ts";

/** Checks what the simple tags of a text read. */
export function checkAbsentTag(work: Work, text: Text, tag: Tag): void {
  const name = tagName(tag);
  const reading = readingOf(partsOf(name), text.scope, work.library);
  if (reading === undefined || reading.what === "other") return;
  const place: Place = { path: text.path, within: { start: tag.start, end: tag.end } };
  if (text.scope.siblings?.reader === undefined) return checkOutput(work, text, reading, place);
  if (!mayBeAbsent(text, reading) || isCaught(work, text, reading)) return;
  work.report("HMC8111", place, { tag: `{{${name}}}`, task: reading.task.name, root: text.scope.siblings.root, effect: effectOn(work, text) }, skippedAt(reading));
}

/** Checks what an expression reads without asking first. */
export function checkAbsentNames(work: Work, text: Text, expression: Expression): void {
  const guarded = guardedNames(expression.tree);
  for (const name of expression.names) {
    const reading = readingOf(name.path, text.scope, work.library);
    if (reading === undefined || reading.what === "other" || name.guarded || name.optionalFrom !== undefined) continue;
    const place: Place = { path: text.path, within: { start: expression.offset + name.start, end: expression.offset + name.end } };
    const isGuarded = guarded.has(name.start);
    if (text.scope.siblings?.reader === undefined) {
      if (!isGuarded) checkOutput(work, text, reading, place);
    } else if (!isGuarded && mayBeAbsent(text, reading) && declaredDefault(reading) === undefined && !isLastOfSure(text, name, expression)) {
      work.report("HMC8111", place, { tag: name.text, task: reading.task.name, root: text.scope.siblings.root, effect: "the expression fails, or the workflow never ends" }, skippedAt(reading));
    }
  }
  if (text.scope.siblings?.reader === undefined && text.role === "expression") checkLastResort(work, text, expression);
}

/** Whether a name is the last of `a ?? b`, and the reader only starts where one of those has succeeded. */
function isLastOfSure({ scope }: Text, { start }: FreeName, { tree }: Expression): boolean {
  const { siblings } = scope;
  const chain = coalesceChain(tree, start);
  const condition = siblings?.reader === undefined ? undefined : siblings.flow.depends(siblings.reader);
  if (chain === undefined || condition === undefined) return false;
  const tasks = new Set(chain.flatMap((node) => freeNames(node).map(({ path }) => path[1] ?? "")));
  return !evaluateDepends(condition, (task) => new Set<DependsResult>(tasks.has(task) ? ["Skipped", "Omitted", "Failed", "Errored"] : dependsResults));
}

/** The sides of the `??` chain that ends with what begins at an offset. */
function coalesceChain(node: ExprNode, start: number): ExprNode[] | undefined {
  if (node.kind === "binary" && node.operator === "??" && node.right.start === start) return [...sidesOf(node.left), node.right];
  return exprChildren(node).map((child) => coalesceChain(child, start)).find((chain) => chain !== undefined);
}

function sidesOf(node: ExprNode): ExprNode[] {
  return node.kind === "binary" && node.operator === "??" ? [...sidesOf(node.left), node.right] : [node];
}

/** A remark on what lets a task be skipped. */
function skippedAt({ task }: Reading): Extra {
  if (isConditional(task)) return { related: [{ message: "It is skipped where this does not hold.", place: { path: [...task.path, "when"] } }] };
  return { related: [{ message: "The task that is read.", place: { path: [...task.path, "name"] } }] };
}

/** Whether a task that reads another's output may run when there is none. */
function mayBeAbsent({ scope }: Text, { task }: Reading): boolean {
  const { siblings } = scope;
  if (siblings?.reader === undefined || siblings.reader.name === task.name) return false;
  if (task.loops.length > 0 && isConditional(task)) return false;
  return siblings.flow.ancestors(siblings.reader.name).has(task.name) && !siblings.flow.succeeded(siblings.reader.name).has(task.name);
}

function declaredDefault(reading: Reading): unknown {
  return reading.what === "parameter" ? fieldsOf(outputOf(reading)?.fields["valueFrom"])["default"] : undefined;
}

/** Whether something takes the place of the missing value, on the versions that look for it. */
function isCaught(work: Work, text: Text, reading: Reading): boolean {
  const { reader } = text.scope.siblings ?? {};
  if (reader === undefined) return false;
  if (isGiven(reader.fields["when"]) && String(reader.fields["when"]).includes(`${reading.task.name}.status`)) return true;
  const argument = argumentAt(text);
  if (reading.what === "artifact") return argument?.["optional"] === true || consumerInput(work, text)?.["optional"] === true;
  if (behaviour(work) !== "absent") return false;
  return declaredDefault(reading) !== undefined || isGiven(consumerInput(work, text)?.["default"]);
}

/** The argument that a text of a task belongs to. */
function argumentAt({ path, scope }: Text): Readonly<Record<string, unknown>> | undefined {
  const at = path.indexOf("arguments");
  const [what, index] = [path[at + 1], path[at + 2]];
  if (at < 0 || (what !== "parameters" && what !== "artifacts") || typeof index !== "number") return undefined;
  return scope.siblings?.reader?.arguments[what][index]?.fields;
}

/** The input of the called template that the argument is for. */
function consumerInput(work: Work, text: Text): Readonly<Record<string, unknown>> | undefined {
  const name = argumentAt(text)?.["name"];
  const { reader } = text.scope.siblings ?? {};
  if (reader === undefined || name === undefined) return undefined;
  const template = reader.call.inline ?? text.scope.home.templates.find((candidate) => candidate.name === reader.call.template);
  const inputs = text.path.includes("artifacts") ? template?.inputs.artifacts : template?.inputs.parameters;
  return inputs?.find((input) => input.name === name)?.fields;
}

/** What the target version makes of the tag, from its floor on. */
function behaviour(work: Work): SkippedReference {
  const { skippedReferences, floor } = argoCapabilities(work.version);
  const patch = (version: string): number => Number(version.split(".")[2]);
  return skippedReferences.findLast(({ from }) => patch(from) <= patch(floor))?.behaviour ?? "absent";
}

const effects: Readonly<Record<SkippedReference, string>> = {
  literal: "the text of the tag is passed on as it is",
  hang: "the workflow never ends",
  empty: "the empty text is passed on",
  absent: "the task fails",
};

function effectOn(work: Work, { role }: Text): string {
  return role === "argument" ? effects[behaviour(work)] : "the task fails, or the workflow never ends";
}

/** An output of a DAG or of steps that reads a task which may be skipped. */
function checkOutput(work: Work, text: Text, reading: Reading, place: Place): void {
  const declaration = declarationAt(text);
  const { flow } = text.scope.siblings ?? {};
  if (declaration === undefined || flow === undefined || !flow.maySkip(reading.task.name)) return;
  const hasFallback = reading.what === "artifact" ? declaration.fields["optional"] === true && text.role !== "expression" : isGiven(fieldsOf(declaration.fields["valueFrom"])["default"]);
  if (hasFallback || declaredDefault(reading) !== undefined) return;
  work.report("HMC8114", place, { output: declaration.name, task: reading.task.name }, skippedAt(reading));
}

/** The starts of the names that are read only where a condition has been asked before. */
function guardedNames(tree: ExprNode): Set<number> {
  const guarded = new Set<number>();
  const mark = (node: ExprNode): void => freeNames(node).forEach((name) => guarded.add(name.start));
  const visit = (node: ExprNode): void => {
    if (node.kind === "conditional") {
      mark(node.consequent);
      mark(node.alternate);
    } else if (node.kind === "binary" && ["&&", "||", "and", "or"].includes(node.operator)) mark(node.right);
    for (const child of exprChildren(node)) visit(child);
  };
  visit(tree);
  return guarded;
}

/**
 * A chain of `tasks['x'].status == 'Succeeded' ? … : …` ends with a task that may be skipped, too, and the conditions of the tasks leave
 * a case in which none of them runs.
 */
function checkLastResort(work: Work, text: Text, { tree, offset }: Expression): void {
  const asked: string[] = [];
  let node = tree;
  while (node.kind === "conditional") {
    const status = freeNames(node.test).find(isStatus);
    if (status === undefined) return;
    asked.push(status.path[1] ?? "");
    node = node.alternate;
  }
  const [last] = freeNames(node);
  if (asked.length === 0 || last === undefined || last.guarded || last.optionalFrom !== undefined) return;
  const reading = readingOf(last.path, text.scope, work.library);
  const { siblings } = text.scope;
  if (reading === undefined || siblings === undefined || reading.what === "other" || !siblings.flow.maySkip(reading.task.name)) return;
  const tasks = [...asked, reading.task.name].flatMap((name) => siblings.byName.get(name) ?? []);
  if (tasks.some((task) => itemsOf(task.fields["dependencies"]).length > 0 || isGiven(task.fields["depends"]))) return;
  if (coverAll(tasks.map((task) => String(task.fields["when"] ?? "true")))) return;
  checkOutput(work, text, reading, { path: text.path, within: { start: offset + last.start, end: offset + last.end } });
}

function isStatus({ path }: FreeName): boolean {
  return path.length === 3 && path[2] === "status";
}
