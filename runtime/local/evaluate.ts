/**
 * Evaluates the expressions of the IR. The semantics are JavaScript's; what the targets emit must give the same.
 * It asks a `Scope` for what tasks have given, and so knows nothing of how they run.
 */
import { bug } from "../../compiler/bug.ts";
import { contextOfArgo } from "../../compiler/ir/argo-variables.ts";
import type { BinaryOperator, BuiltinFunction, ContextName, Expression, Json } from "../../compiler/ir/types.ts";
import type { Status } from "../codec.ts";
import type { Artifact } from "../protocols/kfp.ts";
import { evaluateCelExpression } from "./evaluate-cel.ts";

/** A run-time value: JSON, an artifact, or a list of artifacts; `undefined` where there is none. */
export type Value = Json | Artifact | Artifact[] | Status | undefined | Value[];

/** What an expression can read. */
export interface Scope {
  input(name: string): Value;
  output(task: string, output: string): Value;
  item(loop: string): Value;
  index(loop: string): number;
  /** What a carried value of a `while` around is in this turn. */
  carried(loop: string, name: string): Value;
  /** What it was in the end, of one that has ended. */
  final(loop: string, name: string): Value;
  /** The expression that the taken arm gives to a select. */
  selected(branch: string, name: string): Expression;
  /** The scopes of the iterations of a loop, in order of its items. */
  iterations(loop: string): Scope[];
  status(id: string): Status;
  /** What a task that had ended gave: its status, whether it failed or not. */
  taskStatus(task: string): Status;
  context(name: ContextName): string;
}

/** An expression that has no value, e.g. a member of an absent struct. */
export class EvaluationError extends Error {
  override name = "EvaluationError";
}

/** The value of an expression. Throws `EvaluationError` where JavaScript would throw. */
export function evaluate(expression: Expression, scope: Scope): Value {
  const of = (operand: Expression): Value => evaluate(operand, scope);
  switch (expression.kind) {
    case "constant":
      return expression.value;
    case "absent":
      return undefined;
    case "input":
      return scope.input(expression.name);
    case "output":
      return scope.output(expression.task, expression.output);
    case "item":
      return scope.item(expression.loop);
    case "index":
      return scope.index(expression.loop);
    case "carried":
      return scope.carried(expression.loop, expression.name);
    case "final":
      return scope.final(expression.loop, expression.name);
    case "select":
      return of(scope.selected(expression.branch, expression.name));
    case "collect":
      return scope.iterations(expression.loop).map((iteration) => evaluate(expression.value, iteration));
    case "status":
      return scope.status(expression.try);
    case "taskStatus":
      return scope.taskStatus(expression.task);
    case "context":
      return scope.context(expression.name);
    case "argo":
      return scope.context(contextOfArgo(expression.name) ?? bug(`a local run has no "${expression.name}"`));
    case "cel":
      return evaluateCelExpression(expression, of);
    case "member":
      return member(of(expression.object), expression.key);
    case "element":
      return element(of(expression.object), of(expression.index));
    case "template":
      return expression.parts.map((part) => text(of(part))).join("");
    case "unary":
      return expression.operator === "!" ? !of(expression.operand) : -number(of(expression.operand));
    case "binary":
      return binary(expression.operator, expression.left, expression.right, scope);
    case "conditional":
      return of(expression.test) ? of(expression.consequent) : of(expression.alternate);
    case "coalesce":
      return of(expression.value) ?? of(expression.fallback);
    case "present":
      return of(expression.value) !== undefined;
    case "call":
      return call(expression.function, expression.arguments.map(of));
    case "list":
      return expression.items.map(of);
    case "struct":
      return struct(expression.fields, of);
    case "range":
      return Array.from({ length: Math.max(0, number(of(expression.count))) }, (_, index) => index);
    default:
      return unknown(expression);
  }
}

/** Text of a value in a template: as in JavaScript, but lists and structs are compact JSON. */
export function text(value: Value): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function struct(fields: Record<string, Expression>, of: (expression: Expression) => Value): Value {
  const result: { [key: string]: Json } = {};
  for (const [key, field] of Object.entries(fields)) {
    const value = of(field);
    if (value !== undefined) Object.defineProperty(result, key, { value, writable: true, enumerable: true, configurable: true });
  }
  return result;
}

function binary(operator: BinaryOperator, leftOperand: Expression, rightOperand: Expression, scope: Scope): Value {
  const left = evaluate(leftOperand, scope);
  if (operator === "&&") return left ? evaluate(rightOperand, scope) : left;
  if (operator === "||") return left ? left : evaluate(rightOperand, scope);
  const right = evaluate(rightOperand, scope);
  switch (operator) {
    case "==":
      return equal(left, right);
    case "!=":
      return !equal(left, right);
    case "+":
      return typeof left === "string" || typeof right === "string" ? text(left) + text(right) : number(left) + number(right);
    case "-":
      return number(left) - number(right);
    case "*":
      return number(left) * number(right);
    case "/":
      return number(left) / number(right);
    case "%":
      return number(left) % number(right);
    case "<":
      return compare(left, right, (a, b) => a < b);
    case "<=":
      return compare(left, right, (a, b) => a <= b);
    case ">":
      return compare(left, right, (a, b) => a > b);
    case ">=":
      return compare(left, right, (a, b) => a >= b);
    default:
      return unknown(operator);
  }
}

/** `===` on scalars. Lists and structs have no identity between tasks, so they are compared by content. */
function equal(left: Value, right: Value): boolean {
  if (left === right) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null || Array.isArray(left) !== Array.isArray(right)) return false;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && equal((left as { [key: string]: Json })[key], (right as { [key: string]: Json })[key]))
  );
}

function compare(left: Value, right: Value, order: (a: string | number, b: string | number) => boolean): boolean {
  return typeof left === "string" && typeof right === "string" ? order(left, right) : order(number(left), number(right));
}

function number(value: Value): number {
  if (value === undefined) throw new EvaluationError("A number is needed where there is no value.");
  return Number(value);
}

function member(object: Value, key: string): Value {
  if (object === undefined || object === null) throw new EvaluationError(`Cannot read "${key}" of a value that is absent.`);
  if (typeof object === "string" || Array.isArray(object)) return key === "length" ? object.length : undefined;
  if (typeof object !== "object") return undefined;
  return Object.hasOwn(object, key) ? (object as { [key: string]: Json })[key] : undefined;
}

function element(object: Value, index: Value): Value {
  if (typeof index === "number" && (typeof object === "string" || Array.isArray(object))) return object[index];
  return member(object, text(index));
}

/** `arguments[0]` is the receiver of a method. */
function call(name: BuiltinFunction, values: Value[]): Value {
  const [first, second, third] = values;
  const receiver = (): string => {
    if (typeof first !== "string") throw new EvaluationError(`"${name}" needs text, but there is ${text(first)}.`);
    return first;
  };
  const items = (): Value[] => {
    if (!Array.isArray(first)) throw new EvaluationError(`"${name}" needs a list, but there is ${text(first)}.`);
    return first;
  };
  switch (name) {
    case "length":
      return typeof first === "string" ? first.length : items().length;
    case "includes":
      return typeof first === "string" ? first.includes(text(second)) : items().some((item) => equal(item, second));
    case "startsWith":
      return receiver().startsWith(text(second));
    case "endsWith":
      return receiver().endsWith(text(second));
    case "matches":
      return new RegExp(text(second)).test(receiver());
    case "toString":
      return text(first);
    case "toNumber":
      return number(first);
    case "toInteger":
      return Math.trunc(number(first));
    case "toBoolean":
      return Boolean(first);
    case "toLowerCase":
      return receiver().toLowerCase();
    case "toUpperCase":
      return receiver().toUpperCase();
    case "trim":
      return receiver().trim();
    case "split":
      return receiver().split(text(second));
    case "join":
      return items().map((item) => (item === undefined || item === null ? "" : text(item))).join(second === undefined ? "," : text(second));
    case "replaceAll":
      return receiver().replaceAll(text(second), () => text(third));
    case "flat":
      return items().flat();
    case "keys":
      return Object.keys((first ?? {}) as object);
    case "floor":
      return Math.floor(number(first));
    case "ceil":
      return Math.ceil(number(first));
    case "round":
      return Math.round(number(first));
    case "abs":
      return Math.abs(number(first));
    case "min":
      return Math.min(...values.map(number));
    case "max":
      return Math.max(...values.map(number));
    case "stringify":
      return JSON.stringify(first);
    case "parse":
      return parse(receiver());
    default:
      return unknown(name);
  }
}

function unknown(what: never): never {
  return bug(`the expression ${JSON.stringify(what)} has no meaning`);
}

function parse(value: string): Value {
  try {
    return JSON.parse(value) as Json;
  } catch (error) {
    throw new EvaluationError(`JSON.parse failed: ${(error as Error).message}.`);
  }
}
