/** Expressions, evaluated over variables. */
import { argoEnv } from "../../compiler/expressions/argo/argo-env.ts";
import { exprChildren, ExprSyntaxError, type ExprNode } from "../../compiler/expressions/argo/expr.ts";
import { exprErrorText } from "../../compiler/expressions/argo/expr-error-text.ts";
import { evaluateExpr } from "../../compiler/expressions/argo/expr-evaluate.ts";
import { parseExpr } from "../../compiler/expressions/argo/expr-parser.ts";
import { ExprEvaluationError, ExprOpaque, type ExprEnv, type ExprValue } from "../../compiler/expressions/argo/expr-value.ts";
import { printGo } from "../../compiler/expressions/argo/go-print.ts";
import { quoteGo } from "../../compiler/expressions/argo/go-text.ts";
import { ControllerError } from "./errors.ts";
import type { Artifact } from "./types.ts";
import type { Variable, Variables } from "./variables.ts";

/** An expression that was read, or the message of why it cannot be. */
export type Parsed = { readonly node: ExprNode; readonly members: ReadonlySet<string> | undefined } | { readonly failure: string };

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
    return { node, members: membersOf(node) };
  } catch (error) {
    if (error instanceof ExprSyntaxError) return { failure: exprErrorText(expression, error) };
    throw error;
  }
}

/** The tasks and steps that an expression can read; undefined where that is only known when it is evaluated. */
function membersOf(node: ExprNode): ReadonlySet<string> | undefined {
  const members = new Set<string>();
  const visit = (at: ExprNode): boolean => {
    if (at.kind === "member" && at.object.kind === "identifier" && isGroup(at.object.name) && at.property.kind === "string") {
      members.add(at.property.value);
      return true;
    }
    if (at.kind === "identifier" && (isGroup(at.name) || at.name === "$env")) return false;
    return exprChildren(at).every(visit);
  };
  return visit(node) ? members : undefined;
}

const isGroup = (name: string): boolean => name === "tasks" || name === "steps";

/** What an expression sees of variables. Artifacts are left out where `texts` says so. */
export function environmentOf(variables: Variables, parsed: Parsed, texts: boolean): ExprEnv {
  const values = new Map<string, ExprValue>();
  for (const [name, value] of variables.all("node" in parsed ? parsed.members : undefined)) {
    if (value === null || typeof value === "string") values.set(name, value);
    else if (!texts) values.set(name, new ExprOpaque(value));
  }
  const environment = argoEnv(values);
  const group = variables.memberGroup();
  return group === undefined || Object.hasOwn(environment, group) ? environment : { ...environment, [group]: {} };
}

/**
 * The value of an expression.
 *
 * @throws ControllerError with the message of expr-lang
 */
export function evaluateIn(expression: string, parsed: Parsed, environment: ExprEnv): ExprValue {
  if ("failure" in parsed) throw new ControllerError(parsed.failure);
  try {
    return evaluateExpr(parsed.node, environment);
  } catch (error) {
    if (!(error instanceof ExprEvaluationError)) throw error;
    throw new ControllerError(error.offset === undefined ? error.message : exprErrorText(expression, { message: error.message, offset: error.offset }));
  }
}

/** The value of an expression over variables, artifacts among them. */
export function evaluate(expression: string, variables: Variables): ExprValue {
  const parsed = parse(expression);
  return evaluateIn(expression, parsed, environmentOf(variables, parsed, false));
}

/**
 * Whether a condition of a hook or a retry strategy holds. It sees no artifacts.
 *
 * @throws ControllerError where it is no condition
 */
export function evaluateBoolean(expression: string, variables: Variables): boolean {
  const parsed = parse(expression);
  return booleanOf(expression, evaluated(expression, parsed, environmentOf(variables, parsed, true)));
}

/** The same over names without dots. */
export function evaluateBooleanOf(expression: string, environment: ExprEnv): boolean {
  return booleanOf(expression, evaluated(expression, parse(expression), environment));
}

/** What goes wrong while a condition is evaluated is told together with the condition, what is wrong with it is not. */
function evaluated(expression: string, parsed: Parsed, environment: ExprEnv): ExprValue {
  if ("failure" in parsed) throw new ControllerError(parsed.failure);
  try {
    return evaluateExpr(parsed.node, environment);
  } catch (error) {
    if (!(error instanceof ExprEvaluationError)) throw error;
    const message = error.offset === undefined ? error.message : exprErrorText(expression, { message: error.message, offset: error.offset });
    throw new ControllerError(error.compiles ? `unable to evaluate expression '${expression}': ${message}` : message);
  }
}

function booleanOf(expression: string, value: ExprValue): boolean {
  if (typeof value === "boolean") return value;
  throw new ControllerError(`unable to cast expression result '${printGo(value)}' to bool`);
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
export function resolveReference(reference: string, variables: Variables): ExprValue {
  const tag = reference.replace(/^\{\{/, "").replace(/\}\}$/, "").trim();
  if (tag.startsWith("=")) return resolveExpression(tag.slice(1), tag, variables);
  const value: Variable | undefined = variables.get(tag);
  if (value === undefined) throw new ControllerError(`Unable to resolve: ${quoted(tag)}`);
  return value === null || typeof value === "string" ? value : new ExprOpaque(value);
}

/** An expression in a reference sees variables by their whole names only. */
function resolveExpression(expression: string, tag: string, variables: Variables): ExprValue {
  const parsed = parse(expression);
  if ("failure" in parsed) throw new ControllerError(`Unable to compile: ${quoted(expression)}`);
  const flat: { [name: string]: ExprValue } = {};
  for (const [name, value] of variables.all()) flat[name] = value === null || typeof value === "string" ? value : new ExprOpaque(value);
  let value: ExprValue;
  try {
    value = evaluateExpr(parsed.node, flat);
  } catch (error) {
    if (error instanceof ExprEvaluationError) throw new ControllerError(`${error.compiles ? "Invalid expression" : "Unable to compile"}: ${quoted(expression)}`);
    throw error;
  }
  if (value === null) throw new ControllerError(`Unable to resolve: ${quoted(tag)}`);
  return value;
}

