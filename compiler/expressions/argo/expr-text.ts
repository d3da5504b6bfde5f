/** Expressions as the controller runs them: from text to value, with messages that show the place of a fault. */
import { exprErrorText } from "./expr-error-text.ts";
import { evaluateExpr } from "./expr-evaluate.ts";
import { parseExpr } from "./expr-parser.lazy.ts";
import { ExprSyntaxError } from "./expr.ts";
import { ExprEvaluationError, type ExprEnv, type ExprValue } from "./expr-value.ts";
import { printGo } from "./go-print.ts";

/** A text that has no value. `message` is the controller's, over three lines where it shows a place. */
export class ExprTextError extends Error {
  override name = "ExprTextError";
  constructor(
    message: string,
    /** Whether the expression ran, i.e. its syntax and its types are right. */
    readonly compiles: boolean,
  ) {
    super(message);
  }
}

/**
 * The value of an expression's text.
 *
 * @throws ExprTextError
 */
export function evaluateExprText(text: string, env: ExprEnv): ExprValue {
  try {
    return evaluateExpr(parseExpr(text), env);
  } catch (error) {
    if (error instanceof ExprSyntaxError) throw new ExprTextError(exprErrorText(text, error), false);
    if (!(error instanceof ExprEvaluationError)) throw error;
    throw new ExprTextError(exprErrorText(text, { message: error.message, offset: error.offset ?? 0 }), error.compiles);
  }
}

/**
 * Whether a condition holds: the expression of a hook or a retry strategy, and `depends`.
 *
 * @throws ExprTextError
 */
export function evaluateExprCondition(text: string, env: ExprEnv): boolean {
  const value = conditionValue(text, env);
  if (typeof value !== "boolean") throw new ExprTextError(`unable to cast expression result '${castText(value)}' to bool`, true);
  return value;
}

function conditionValue(text: string, env: ExprEnv): ExprValue {
  try {
    return evaluateExprText(text, env);
  } catch (error) {
    if (!(error instanceof ExprTextError) || !error.compiles) throw error;
    throw new ExprTextError(`unable to evaluate expression '${text}': ${error.message}`, true);
  }
}

/** Go prints with `%s`, which marks what is no text. */
function castText(value: ExprValue): string {
  return typeof value === "string" ? value : `%!s(${value === null ? "<nil>" : `${typeof value === "bigint" ? "int" : typeof value === "number" ? "float64" : "value"}=${printGo(value)}`})`;
}
