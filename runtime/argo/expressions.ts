/** Expressions, evaluated over variables. */
import { argoEnv } from "../../compiler/expressions/argo/argo-env.ts";
import { exprChildren, ExprSyntaxError, type ExprNode } from "../../compiler/expressions/argo/expr.ts";
import { exprErrorText } from "../../compiler/expressions/argo/expr-error-text.ts";
import { parseExpr } from "../../compiler/expressions/argo/expr-parser.lazy.ts";
import { evaluateExprCondition, evaluateExprText, ExprTextError } from "../../compiler/expressions/argo/expr-text.ts";
import { ExprOpaque, type ExprEnv, type ExprValue } from "../../compiler/expressions/argo/expr-value.ts";
import { printGo } from "../../compiler/expressions/argo/go-print.ts";
import { quoteGo } from "../../compiler/expressions/argo/go-text.ts";
import { resolveReference, TagError } from "../../compiler/expressions/argo/replace-tags.ts";
import { ControllerError } from "./errors.ts";
import type { Artifact } from "./types.ts";
import type { Variable, Variables, Wanted } from "./variables.ts";

/** An expression that was read, or the message of why it cannot be. */
export type Parsed = { readonly node: ExprNode; readonly reads: Wanted } | { readonly failure: string };

const KEPT = 10_000;
const known = new Map<string, Parsed>();

/** The tree of an expression. */
export function parse(expression: string): Parsed {
  let parsed = known.get(expression);
  if (!parsed) {
    if (known.size >= KEPT) known.clear();
    known.set(expression, (parsed = parsedAnew(expression)));
  }
  return parsed;
}

function parsedAnew(expression: string): Parsed {
  try {
    const node = parseExpr(expression);
    return { node, reads: readsOf(node) };
  } catch (error) {
    if (error instanceof ExprSyntaxError) return { failure: exprErrorText(expression, error) };
    throw error;
  }
}

/** What an expression can read; undefined where that is only known when it is evaluated. */
function readsOf(node: ExprNode): Wanted {
  const roots = new Set<string>();
  const members = new Set<string>();
  let anyMember = false;
  const visit = (at: ExprNode): void => {
    if (at.kind === "identifier") roots.add(at.name);
    if (at.kind === "identifier" && isGroup(at.name)) anyMember = true;
    if (at.kind === "member" && at.object.kind === "identifier" && isGroup(at.object.name) && at.property.kind === "string") {
      roots.add(at.object.name);
      members.add(at.property.value);
    } else exprChildren(at).forEach(visit);
  };
  visit(node);
  return roots.has("$env") ? { roots: undefined, members: undefined } : { roots, members: anyMember ? undefined : members };
}

const isGroup = (name: string): boolean => name === "tasks" || name === "steps";

/** What an expression sees of variables, as far as it reads them. Artifacts are left out where `texts` says so. */
export function environmentOf(variables: Variables, parsed: Parsed, texts: boolean): ExprEnv {
  const reads: Wanted = "node" in parsed ? parsed.reads : { roots: new Set(), members: new Set() };
  const values = new Map<string, ExprValue>();
  for (const [name, value] of variables.all(reads)) if (!texts || value === null || typeof value === "string") values.set(name, valueOf(value));
  const environment = argoEnv(values);
  const group = variables.memberGroup();
  return group === undefined || Object.hasOwn(environment, group) ? environment : { ...environment, [group]: {} };
}

/**
 * The value of an expression.
 *
 * @throws ControllerError with the message of expr-lang
 */
export function evaluateIn(expression: string, environment: ExprEnv): ExprValue {
  return asController(() => evaluateExprText(expression, environment));
}

function asController<T>(evaluated: () => T): T {
  try {
    return evaluated();
  } catch (error) {
    if (error instanceof ExprTextError) throw new ControllerError(error.message);
    throw error;
  }
}

/** The value of an expression over variables, artifacts among them. */
export function evaluate(expression: string, variables: Variables): ExprValue {
  return evaluateIn(expression, environmentOf(variables, parse(expression), false));
}

/**
 * Whether a condition of a hook or a retry strategy holds. It sees no artifacts.
 *
 * @throws ControllerError where it is no condition
 */
export function evaluateBoolean(expression: string, variables: Variables): boolean {
  return evaluateBooleanIn(expression, environmentOf(variables, parse(expression), true));
}

/** The same over a given environment. */
export function evaluateBooleanIn(expression: string, environment: ExprEnv): boolean {
  return asController(() => evaluateExprCondition(expression, environment));
}

/** The text that an expression comes to. */
export function evaluateText(expression: string, variables: Variables): string {
  const value = evaluate(expression, variables);
  if (typeof value === "string") return value;
  throw new ControllerError("must be a string");
}

/** A value as the text of a parameter. */
export function printed(value: ExprValue): string {
  return printGo(value);
}

/** A text in quotes, as Go writes it. */
export function quoted(text: string): string {
  return `"${quoteGo(text)}"`;
}

/** The artifact that a value is, if it is one. */
export function artifactOf(value: ExprValue): Artifact | undefined {
  if (value instanceof ExprOpaque) return value.value as Artifact;
  return undefined;
}

/**
 * What a reference such as `{{tasks.a.outputs.artifacts.x}}` refers to.
 *
 * @throws ControllerError where there is no such variable
 */
export function resolve(reference: string, variables: Variables): ExprValue {
  const values = new Map<string, ExprValue>();
  const name = reference.replace(/^\{\{/, "").replace(/\}\}$/, "").trim();
  const own = variables.get(name);
  for (const [key, value] of name.startsWith("=") ? variables.all() : own === undefined ? [] : [[name, own] as const]) values.set(key, valueOf(value));
  try {
    return resolveReference(reference, values);
  } catch (error) {
    if (error instanceof TagError) throw new ControllerError(error.message);
    throw error;
  }
}

function valueOf(variable: Variable): ExprValue {
  return variable === null || typeof variable === "string" ? variable : new ExprOpaque(variable);
}
