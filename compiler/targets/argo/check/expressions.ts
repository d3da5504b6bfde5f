/** Expressions: they can be read, and name what exists (reference argo.md 4.2: r45, r46). */
import { checkExpr } from "../../../expressions/argo/expr-check.ts";
import { ExprSyntaxError, type ExprNode } from "../../../expressions/argo/expr.ts";
import { freeNames, type FreeName } from "../../../expressions/argo/expr-names.ts";
import { parseExpr } from "../../../expressions/argo/expr-parser.ts";
import { anyType } from "../../../expressions/argo/expr-type.ts";
import { checkTypes } from "./expression-types.ts";
import { argoFunctionTypes, unknownFunction } from "./functions.ts";
import { problemOf } from "./names-in-scope.ts";
import type { Text } from "./places.ts";
import { reportShared } from "./tags.ts";
import type { Place, Work } from "./work.ts";

/** An expression within a text. */
export interface Expression {
  tree: ExprNode;
  names: FreeName[];
  source: string;
  /** Where its text begins in the text that holds it. */
  offset: number;
}

/** The names that only expressions of certain fields can read. */
const extraNames: Readonly<Record<string, readonly string[]>> = {
  transformation: ["data"],
  successCondition: ["response", "request"],
};

/**
 * Reads and checks an expression of a text.
 *
 * @param offset where the source of the expression begins in the text
 * @returns undefined where it cannot be read
 */
export function checkExpression(work: Work, text: Text, source: string, offset: number): Expression | undefined {
  const tree = readExpression(work, text, source, offset);
  if (tree === undefined) return undefined;
  const names = freeNames(tree);
  const expression = { tree, names, source, offset };
  const isKnown = checkNames(work, text, expression);
  if (checkTypes(work, text, expression) && isKnown) checkFit(work, text, expression);
  return expression;
}

function readExpression(work: Work, text: Text, source: string, offset: number): ExprNode | undefined {
  try {
    return parseExpr(source);
  } catch (error) {
    if (!(error instanceof ExprSyntaxError)) throw error;
    const trimmed = source.trim();
    const rest = text.text.slice(offset + source.length);
    if (text.role !== "expression" && endsEarly(source, rest)) {
      const at = offset + source.length;
      const place = { path: text.path, within: { start: at, end: at + 2 } };
      work.report("HMC8204", place, { text: trimmed }, { fix: { title: "Put a blank between the braces", place, newText: "} }" } });
    } else {
      const at = Math.min(error.offset, source.trimEnd().length);
      work.report("HMC8201", { path: text.path, within: { start: offset + at, end: offset + Math.min(at + 1, source.length) } }, { text: trimmed, problem: error.message });
    }
    return undefined;
  }
}

/** Whether a tag was ended by braces that belong to its expression: more braces are open than closed, and others follow. */
function endsEarly(source: string, rest: string): boolean {
  const next = rest.slice(2).indexOf("}}");
  const opens = rest.slice(2).indexOf("{{");
  const open = (source.match(/[{]/g)?.length ?? 0) - (source.match(/[}]/g)?.length ?? 0);
  return open > 0 && next >= 0 && (opens < 0 || next < opens);
}

/** What expr-lang itself refuses before it evaluates anything: wrong numbers of arguments, operators on what cannot have them. */
function checkFit(work: Work, text: Text, { tree, names, source, offset }: Expression): void {
  const read = Object.fromEntries(names.filter(({ called }) => !called).map(({ path }) => [path[0] ?? "", anyType]));
  const [problem] = checkExpr(tree, { ...read, ...argoFunctionTypes }).problems;
  if (problem !== undefined) work.report("HMC8210", placeOf(text, offset, problem), { text: source.trim(), problem: problem.message });
}

/** Reports names that stand for nothing; gives whether there are none. */
function checkNames(work: Work, text: Text, { names, source, offset }: Expression): boolean {
  let isKnown = true;
  const hyphenated: { start: number; end: number }[] = [];
  for (const name of names) {
    if (isFiller(name) || hyphenated.some(({ start, end }) => name.start >= start && name.start < end)) continue;
    const problem = name.called ? undefined : problemOf(name.path, text.scope, work.library, true);
    const whole = problem === undefined || problem.kind === "conditional-loop" ? undefined : hyphenatedAt(source, name);
    if (whole !== undefined || problem !== undefined) isKnown = false;
    if (whole !== undefined) {
      hyphenated.push(whole);
      const place = placeOf(text, offset, whole);
      work.report("HMC8203", place, { name: source.slice(whole.start, whole.end), better: whole.better }, { fix: { title: `Write "${whole.better}"`, place, newText: whole.better } });
    } else if (name.called) isKnown = checkFunction(work, text, name, offset) && isKnown;
    else if (problem !== undefined) reportProblem(work, text, name, problem, offset);
  }
  return isKnown;
}

/** Whether a name stands in the place of a tag. */
function isFiller({ path }: FreeName): boolean {
  return /^_+$/.test(path[0] ?? "");
}

/** An expression without the simple tags in it, which are filled in first: a name of as many signs in the place of each. */
export function withoutTags(source: string): string {
  return source.replace(/\{\{(?!=).*?\}\}/gs, (tag) => "_".repeat(tag.length));
}

function placeOf(text: Text, offset: number, { start, end }: { start: number; end: number }): Place {
  return { path: text.path, within: { start: offset + start, end: offset + end } };
}

/** `tasks.a-b.status`: where a name that does not exist is followed by a hyphen and letters, without a blank. */
function hyphenatedAt(source: string, name: FreeName): { start: number; end: number; better: string } | undefined {
  if (name.path.length < 2) return undefined;
  const last = name.path.at(-1) ?? "";
  const match = /^((?:-[A-Za-z_]\w*)+)((?:\??\.[A-Za-z_]\w*|\[[^\]]*\])*)/.exec(source.slice(name.end));
  if (match === null || source[name.end - 1] === "]") return undefined;
  const [whole, hyphens = "", rest = ""] = match;
  return { start: name.start, end: name.end + whole.length, better: `${name.path.slice(0, -1).join(".")}['${last}${hyphens}']${rest}` };
}

function checkFunction(work: Work, text: Text, name: FreeName, offset: number): boolean {
  const unknown = unknownFunction(name.path);
  if (unknown !== undefined) work.report("HMC8207", placeOf(text, offset, name), unknown);
  return unknown === undefined;
}

function reportProblem(work: Work, text: Text, name: FreeName, problem: NonNullable<ReturnType<typeof problemOf>>, offset: number): void {
  const place = placeOf(text, offset, name);
  const [root = ""] = name.path;
  if (problem.kind === "unknown") {
    if (Object.hasOwn(argoFunctionTypes, root) || isExtra(text, root)) return;
    work.report("HMC8202", place, { name: root, reason: `Argo gives expressions here no "${root}"`, suggestion: problem.suggestion });
  } else if (problem.kind === "unresolved") work.report("HMC8202", place, { name: name.text, reason: problem.reason, suggestion: problem.suggestion });
  else reportShared(work, text, place, name.text, problem);
}

function isExtra({ field, path }: Text, root: string): boolean {
  return Object.entries(extraNames).some(([holder, names]) => (field === holder || path.includes(holder)) && names.includes(root));
}
