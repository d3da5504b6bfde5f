/** `switch` over literals: the arms of a branch. */
import { ts } from "ts-morph";
import type { Expression } from "../ir/types.ts";
import { lowerArms, type ArmSource } from "./branches.ts";
import { mayBeAbsent } from "./conditions.ts";
import { foldConstant } from "./constants.ts";
import { foldedToJson } from "./folded.ts";
import { evaluate } from "./expressions.ts";
import { groupNames } from "./group-names.ts";
import { report, type Lowering } from "./lowering.ts";
import { Scope } from "./scope.ts";
import { readStatements, returned, type Completion, type Rest } from "./statements.ts";
import { toExpression } from "./to-expression.ts";
import { constantType } from "./value-types.ts";
import type { Value } from "./values.ts";

/** Clauses that share one body: `case 1: case 2: …`. */
interface Group {
  tests: ts.Expression[];
  isDefault: boolean;
  statements: readonly ts.Statement[];
  /** The first of the clauses, and the one with the body. */
  first: ts.Node;
  node: ts.Node;
}

/**
 * @param rest what follows, where a clause may return: it is read in the clauses that do not
 */
export function lowerSwitch(lowering: Lowering, scope: Scope, node: ts.SwitchStatement, rest?: Rest): Completion {
  const following = rest ?? ((): Completion => ({ kind: "normal" }));
  const value = evaluate(lowering, scope, node.expression);
  const groups = groupClauses(lowering, node);
  if (value.kind === "invalid" || groups === undefined) return following(scope);
  const read = (arm: Scope, group: Group): Completion => readStatements(lowering, new Scope("block", arm), group.statements, following);
  if (value.kind === "constant") {
    const chosen = groups.find((group) => group.tests.some((test) => sameConstant(lowering, value, test))) ?? groups.find((group) => group.isDefault);
    return chosen === undefined ? following(scope) : read(scope, chosen);
  }
  const subject = toExpression(lowering, value, node.expression);
  if (subject === undefined) return following(scope);
  const sources: ArmSource<Completion>[] = [];
  for (const group of groups.filter((candidate) => !candidate.isDefault)) {
    const condition = anyOf(lowering, subject, group.tests);
    if (condition === undefined) return following(scope);
    sources.push({ condition, read: (arm) => read(arm, group), node: group.node, displayName: groupNames(group.first).own });
  }
  const fallback = groups.find((group) => group.isDefault);
  const last = sources.at(-1);
  if (fallback !== undefined) sources.push({ read: (arm) => read(arm, fallback), node: fallback.node, displayName: groupNames(fallback.first).own });
  else if (last !== undefined && sources.length > 1 && isExhaustive(lowering, subject, groups)) delete last.condition;
  else if (rest !== undefined) sources.push({ read: following, node });
  const [first] = sources;
  if (first === undefined) return following(scope);
  if (first.condition === undefined) return first.read(scope);
  const { own } = groupNames(node);
  // A lone case has no group around it that could have the name.
  if (sources.length === 1) first.displayName ??= own;
  const { branch, results } = lowerArms(lowering, scope, node, sources, sources.length === 1 ? undefined : own);
  return returned(branch, results, node);
}

/** Whether the cases name every literal that the type of the subject allows, so that the last one is the else. */
function isExhaustive(lowering: Lowering, subject: Expression, groups: Group[]): boolean {
  const { type } = subject;
  const literals = type.kind === "string" || type.kind === "integer" || type.kind === "number" ? type.literals : undefined;
  if (literals === undefined || mayBeAbsent(lowering, subject)) return false;
  const named = new Set(groups.flatMap((group) => group.tests).map((test) => foldConstant(lowering.context, test)).map((folded) => (folded === undefined ? undefined : foldedToJson(folded))));
  return literals.every((literal) => named.has(literal));
}

/** The clauses with their bodies, without the closing `break`; undefined after a reported fall-through. */
function groupClauses(lowering: Lowering, node: ts.SwitchStatement): Group[] | undefined {
  const groups: Group[] = [];
  let tests: ts.Expression[] = [];
  let isDefault = false;
  let first: ts.Node | undefined;
  for (const [index, clause] of node.caseBlock.clauses.entries()) {
    if (ts.isCaseClause(clause)) tests.push(clause.expression);
    else isDefault = true;
    first ??= clause;
    const isLast = index === node.caseBlock.clauses.length - 1;
    if (clause.statements.length === 0 && !isLast) continue;
    const [only] = clause.statements;
    const inner: readonly ts.Statement[] = clause.statements.length === 1 && only !== undefined && ts.isBlock(only) ? only.statements : clause.statements;
    const last = inner.at(-1) ?? clause.statements.at(-1);
    const ends = last !== undefined && (ts.isBreakStatement(last) || ts.isReturnStatement(last) || ts.isContinueStatement(last) || ts.isThrowStatement(last));
    const trailing = clause.statements.at(-1);
    if (!ends && !isLast && !(trailing !== undefined && ts.isBreakStatement(trailing))) {
      report(lowering, "HMC1001", clause, { construct: `a "case" that falls through to the next` });
      return undefined;
    }
    groups.push({ tests, isDefault, statements: inner.filter((statement) => !ts.isBreakStatement(statement)), first, node: clause });
    tests = [];
    isDefault = false;
    first = undefined;
  }
  return groups;
}

function sameConstant(lowering: Lowering, value: Extract<Value, { kind: "constant" }>, test: ts.Expression): boolean {
  const folded = foldConstant(lowering.context, test);
  return folded !== undefined && foldedToJson(folded) === foldedToJson(value.folded);
}

/** `subject === a || subject === b`. */
function anyOf(lowering: Lowering, subject: Expression, tests: ts.Expression[]): Expression | undefined {
  let condition: Expression | undefined;
  for (const test of tests) {
    const folded = foldConstant(lowering.context, test);
    const json = folded === undefined ? undefined : foldedToJson(folded);
    if (json === undefined) {
      report(lowering, "HMC1011", test, { what: `A "case"` });
      return undefined;
    }
    const span = lowering.context.spanOf(test);
    const equal: Expression = { kind: "binary", operator: "==", left: subject, right: { kind: "constant", value: json, type: constantType(json), span }, type: { kind: "boolean" }, span };
    condition = condition === undefined ? equal : { kind: "binary", operator: "||", left: condition, right: equal, type: { kind: "boolean" }, span };
  }
  return condition;
}
