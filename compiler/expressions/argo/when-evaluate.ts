/** What a `when` comes to, as govaluate evaluates it for the controller. */
import { intOfFloat } from "./expr-operators.ts";
import { goRegExp } from "./go-regexp.ts";
import { printGoFloat } from "./go-text.ts";
import { parseWhen } from "./when-parser.ts";
import { WhenError, type When, type WhenBinaryOperator } from "./when.ts";

type WhenValue = null | boolean | number | string | WhenPattern | WhenValue[];

/** What stands directly after `=~`. */
class WhenPattern {
  constructor(readonly source: string) {}
}

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

function evaluated(tree: When, text: string): WhenValue {
  try {
    return valueOf(tree);
  } catch (error) {
    if (!(error instanceof WhenError)) throw error;
    throw new WhenError(`Failed to evaluate 'when' expresion '${text}': ${error.message}`, error.offset);
  }
}

function valueOf(tree: When | undefined): WhenValue {
  if (tree === undefined) return null;
  switch (tree.kind) {
    case "string":
    case "word":
      return tree.pattern === undefined ? tree.value : new WhenPattern(tree.value);
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
  if (typeof b !== "string" && !(b instanceof WhenPattern)) return fail(b, operator, "comparator", "a number");
  const source = typeof b === "string" ? b : b.source;
  const pattern = goRegExp(source);
  if (!(pattern instanceof RegExp)) throw new WhenError(`Unable to compile regexp pattern '${source}': ${pattern.message}`);
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
      return Number(BigInt.asUintN(64, BigInt.asUintN(64, whole(a)) << shiftOf(b)));
    case ">>":
      return Number(BigInt.asUintN(64, whole(a)) >> shiftOf(b));
  }
}

/** More than all bits are not shifted by. */
function shiftOf(value: number): bigint {
  const by = BigInt.asUintN(64, whole(value));
  return by > 64n ? 64n : by;
}

function whole(value: number): bigint {
  return intOfFloat(Math.trunc(value));
}

function shown(value: WhenValue): string {
  if (value === null) return "<nil>";
  if (typeof value === "number") return printGoFloat(value);
  if (value instanceof WhenPattern) return value.source;
  return Array.isArray(value) ? `[${value.map(shown).join(" ")}]` : String(value);
}
