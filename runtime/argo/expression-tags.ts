/** Tags with expressions: `{{= … }}`. */
import { argoIdentifiers, isInEnv } from "../../compiler/expressions/argo/argo-identifiers.ts";
import { writeGoJson } from "../../compiler/expressions/argo/go-json.ts";
import { ExprEvaluationError, type ExprEnv, type ExprValue } from "../../compiler/expressions/argo/expr-value.ts";
import { ControllerError } from "./errors.ts";
import { environmentOf, evaluateIn, parse, quoted } from "./expressions.ts";
import { unescapeHtml } from "./go.ts";
import { mustResolve, type Strictness } from "./substitute.ts";
import type { Variables } from "./variables.ts";
import type { Behaviour } from "./versions.ts";

/** Variables that come to be late. An expression with one of them is left as it is until then. */
const LATE = ["item", "retries", "lastRetry.exitCode", "lastRetry.status", "lastRetry.duration", "lastRetry.message", "workflow.status", "workflow.failures"];
const LATE_BEFORE = ["retries", "workflow.status", "workflow.failures"];

/**
 * What a tag with an expression is replaced by.
 *
 * @param content the expression, as it stands in JSON
 * @throws ControllerError where it cannot be evaluated and must be
 */
export function replaceExpression(content: string, variables: Variables, strictness: Strictness, behaviour: Behaviour): string {
  const source = unescapeHtml(content);
  const expression = unescaped(source);
  if (!behaviour.waitsForReferences) return replaceBefore(source, expression, variables, strictness);
  if (expression === undefined) throw new ControllerError("failed to unmarshall JSON expression: invalid character in string");
  const parsed = parse(expression);
  if ("failure" in parsed) throw new ControllerError(`failed to evaluate expression: ${parsed.failure}`);
  const environment = environmentOf(variables, parsed, true);
  const missing = argoIdentifiers(parsed.node).filter((name) => !isInEnv(name, environment));
  const needed = missing.find((name) => mustResolve(name, strictness));
  if (needed !== undefined) throw new ControllerError(`failed to evaluate expression: ${needed} is missing`);
  const lenient = missing.length > 0 || strictness === "lenient";
  if (lenient && missing.some((name) => LATE.includes(name))) return `{{=${source}}}`;
  return replaced(source, expression, environment, lenient);
}

/** The same before 3.7.11: references are not looked up first. */
function replaceBefore(source: string, expression: string | undefined, variables: Variables, strictness: Strictness): string {
  const lenient = strictness !== "strict";
  if (expression === undefined) {
    if (lenient) return `{{=${source}}}`;
    throw new ControllerError("failed to unmarshall JSON expression: invalid character in string");
  }
  const parsed = parse(expression);
  if ("failure" in parsed) {
    if (lenient) return `{{=${source}}}`;
    throw new ControllerError(`failed to evaluate expression: ${parsed.failure}`);
  }
  const environment = environmentOf(variables, parsed, true);
  const late = argoIdentifiers(parsed.node).filter((name) => LATE_BEFORE.includes(name));
  if (lenient && late.some((name) => !isInEnv(name, environment))) return `{{=${source}}}`;
  return replaced(source, expression, environment, lenient);
}

function replaced(source: string, expression: string, environment: ExprEnv, lenient: boolean): string {
  let value: ExprValue;
  try {
    value = evaluateIn(expression, environment);
  } catch (error) {
    if (!(error instanceof ControllerError)) throw error;
    if (lenient) return `{{=${source}}}`;
    throw new ControllerError(`failed to evaluate expression: ${error.message}`);
  }
  if (value === null) {
    if (lenient) return `{{=${source}}}`;
    throw new ControllerError(`failed to evaluate expression ${quoted(source)}`);
  }
  try {
    const json = writeGoJson(value);
    return typeof value === "string" ? json.slice(1, -1) : quoted(json).slice(1, -1);
  } catch (error) {
    if (!(error instanceof ExprEvaluationError)) throw error;
    if (lenient) return `{{=${source}}}`;
    throw new ControllerError(`failed to marshal evaluated expression: ${error.message}`);
  }
}

function unescaped(source: string): string | undefined {
  try {
    return JSON.parse(`"${source}"`) as string;
  } catch {
    return undefined;
  }
}
