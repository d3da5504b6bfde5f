/** What a `when` comes to, as govaluate evaluates it for the controller. */
import { goRegExp } from "./go-regexp.ts";
import { printGoFloat } from "./go-text.ts";
import { parseWhen } from "./when-parser.ts";
import { WhenError, type When, type WhenBinaryOperator } from "./when.ts";

type WhenValue = null | boolean | number | string | WhenValue[];

/**
 * Whether a task runs whose `when` is this text; an empty text always holds.
 *
 * @throws WhenError with the controller's message
 */
export function evaluateWhen(text: string): boolean {
  if (text === "") return true;
  const value = evaluated(parseWhen(text), text);
  if (typeof value !== "boolean") throw new WhenError(`Expected boolean evaluation for '${text}'. Got ${shown(value)}`);
  return value;
}

/** Patterns that are written down are read before anything is evaluated. */
function evaluated(tree: When, text: string): WhenValue {
  checkPatterns(tree, text);
  try {
    return valueOf(tree);
  } catch (error) {
    if (!(error instanceof WhenError)) throw error;
    throw new WhenError(`Failed to evaluate 'when' expresion '${text}': ${error.message}`, error.offset);
  }
}

function checkPatterns(tree: When, text: string): void {
  if (tree.kind === "group" && tree.inner !== undefined) checkPatterns(tree.inner, text);
  if (tree.kind === "prefix" && tree.operand !== undefined) checkPatterns(tree.operand, text);
  if (tree.kind !== "binary") return;
  checkPatterns(tree.left, text);
  if (tree.right === undefined) return;
  checkPatterns(tree.right, text);
  if (tree.operator !== "=~" && tree.operator !== "!~") return;
  const { right } = tree;
  if (right.kind !== "string" && right.kind !== "word") return;
  const pattern = goRegExp(right.value);
  if (pattern instanceof RegExp) return;
  throw new WhenError(`${right.kind === "string" ? "Invalid" : "Failed to parse"} 'when' expression '${text}': ${pattern.message}`, right.start);
}

function valueOf(tree: When | undefined): WhenValue {
  if (tree === undefined) return null;
  switch (tree.kind) {
    case "string":
    case "word":
    case "number":
    case "bool":
      return tree.value;
    case "time":
      return tree.seconds;
    case "accessor":
      throw new WhenError(`No parameter '${tree.path[0] ?? ""}' found.`, tree.start);
    case "group":
      return valueOf(tree.inner);
    case "prefix":
      return prefixed(tree.operator, valueOf(tree.operand));
    case "binary":
      return binary(tree);
  }
}

function prefixed(operator: "-" | "!" | "~", value: WhenValue): WhenValue {
  if (operator === "!" ? typeof value !== "boolean" : typeof value !== "number") throw new WhenError(`Value '${shown(value)}' cannot be used with the prefix '${operator}'`);
  return operator === "!" ? value === false : operator === "-" ? -(value as number) : Number(BigInt.asIntN(64, ~whole(value as number)));
}

function binary({ operator, left, right }: When & { kind: "binary" }): WhenValue {
  const a = valueOf(left);
  switch (operator) {
    case "&&":
      if (a === false) return false;
      break;
    case "||":
      if (a === true) return true;
      break;
    case "??":
    case ":":
      return a ?? valueOf(right);
    case "?":
      if (a === false) return null;
  }
  return apply(operator, a, valueOf(right));
}

function apply(operator: Exclude<WhenBinaryOperator, ":" | "??">, a: WhenValue, b: WhenValue): WhenValue {
  switch (operator) {
    case ",":
      return Array.isArray(a) ? [...a, b] : [a, b];
    case "?":
      return typeof a === "boolean" ? b : fail(a, operator, "ternary operator", "a bool");
    case "&&":
    case "||":
      return typeof a !== "boolean" ? fail(a, operator, "logical operator", "a bool") : typeof b !== "boolean" ? fail(b, operator, "logical operator", "a bool") : b;
    case "==":
      return same(a, b);
    case "!=":
      return !same(a, b);
    case "<":
    case "<=":
    case ">":
    case ">=":
      return compared(operator, a, b);
    case "=~":
    case "!~":
      return matches(operator, a, b) === (operator === "=~");
    case "in":
      return Array.isArray(b) ? b.some((item) => item === a) : fail(b, operator, "comparator", "a number");
    case "+":
      if (typeof a === "string" || typeof b === "string") return shown(a) + shown(b);
      return typeof a === "number" && typeof b === "number" ? a + b : fail(a, operator, "modifier", "a number");
    default:
      if (typeof a !== "number") return fail(a, operator, "modifier", "a number");
      return typeof b !== "number" ? fail(b, operator, "modifier", "a number") : arithmetic(operator, a, b);
  }
}

function fail(value: WhenValue, operator: string, role: string, needed: string): never {
  throw new WhenError(`Value '${shown(value)}' cannot be used with the ${role} '${operator}', it is not ${needed}`);
}

function same(a: WhenValue | undefined, b: WhenValue | undefined): boolean {
  return Array.isArray(a) && Array.isArray(b) ? a.length === b.length && a.every((item, index) => same(item, b[index])) : a === b;
}

function compared(operator: "<" | "<=" | ">" | ">=", a: WhenValue, b: WhenValue): boolean {
  const order = typeof a === "number" && typeof b === "number" ? a - b : typeof a === "string" && typeof b === "string" ? Buffer.compare(Buffer.from(a), Buffer.from(b)) : fail(a, operator, "comparator", "a number");
  return operator === "<" ? order < 0 : operator === "<=" ? order <= 0 : operator === ">" ? order > 0 : order >= 0;
}

function matches(operator: string, a: WhenValue, b: WhenValue): boolean {
  if (typeof a !== "string") return fail(a, operator, "comparator", "a number");
  if (typeof b !== "string") return fail(b, operator, "comparator", "a number");
  const pattern = goRegExp(b);
  if (!(pattern instanceof RegExp)) throw new WhenError(`Unable to compile regexp pattern '${b}': ${pattern.message}`);
  return pattern.test(a);
}

type Arithmetic = "-" | "*" | "/" | "%" | "**" | "&" | "|" | "^" | "<<" | ">>";

function arithmetic(operator: Arithmetic, a: number, b: number): number {
  switch (operator) {
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return a / b;
    case "%":
      return a % b;
    case "**":
      return a ** b;
    case "&":
      return Number(whole(a) & whole(b));
    case "|":
      return Number(whole(a) | whole(b));
    case "^":
      return Number(whole(a) ^ whole(b));
    case "<<":
      return Number(BigInt.asUintN(64, BigInt.asUintN(64, whole(a)) << BigInt.asUintN(7, whole(b))));
    case ">>":
      return Number(BigInt.asUintN(64, whole(a)) >> BigInt.asUintN(64, whole(b)));
  }
}

function whole(value: number): bigint {
  return Number.isFinite(value) ? BigInt.asIntN(64, BigInt(Math.trunc(value))) : 0n;
}

function shown(value: WhenValue): string {
  if (value === null) return "<nil>";
  if (typeof value === "number") return printGoFloat(value);
  return Array.isArray(value) ? `[${value.map(shown).join(" ")}]` : String(value);
}
