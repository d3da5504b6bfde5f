/**
 * Expressions of the IR in expr-lang, with JavaScript's meaning. Parameters are text (reference argo.md 2.1): strings as they
 * are, everything else as JSON; so an expression has two forms, the value in its own type, and the text of a parameter.
 */
import { escapeJson, escapeText } from "../../../runtime/text.ts";
import { bug } from "../../bug.ts";
import type { ExprNode } from "../../expressions/argo/expr.ts";
import type { BuiltinFunction, Expression, Json, ParameterType, ValueType } from "../../ir/types.ts";
import { accumulator, binary, bool, call, choose, index, item, joined, list, local, map, member, negate, nil, not, number, overItems, text } from "./expr-build.ts";
import type { Reference } from "./references.ts";
import { isReference } from "./references.ts";
import { absent } from "./region.ts";

/** How the run-time values of an expression are read. */
export interface Leaves {
  /** The text of the parameter, and whether that may be `ABSENT`; undefined where there is none, which has been reported. */
  read(reference: Reference): { text: ExprNode; optional: boolean; phaseOf?: string };
  /** JSON of the name, URI and metadata of an artifact. */
  artifact(expression: Expression): ExprNode;
  context(expression: Extract<Expression, { kind: "context" }>): ExprNode;
  /** A variable of Argo: `workflow.duration`. */
  variable(name: string): ExprNode;
}

/** A construct that expr-lang cannot express. */
export class Untranslatable {
  constructor(
    readonly expression: Expression,
    readonly construct: string,
  ) {}
}

/** The text of a parameter that has the value of the expression. Throws `Untranslatable`. */
export function textOf(expression: Expression, leaves: Leaves): ExprNode {
  return new Translation(leaves).text(expression);
}

/** The value in its own type. Throws `Untranslatable`. */
export function valueOf(expression: Expression, leaves: Leaves): ExprNode {
  return new Translation(leaves).value(expression);
}

/** The value of the text of a parameter. */
export function decoded(type: ValueType, parameter: ExprNode): ExprNode {
  switch (type.kind) {
    case "string":
      return parameter;
    case "number":
      return call("asFloat", parameter);
    case "integer":
      return call("asInt", parameter);
    case "boolean":
      return binary("==", parameter, text("true"));
    default:
      return call("fromJSON", parameter);
  }
}

/** The text of a constant. */
export function constantText(value: Json): string {
  return typeof value === "string" ? escapeText(value) : JSON.stringify(escapeJson(value));
}

export class Translation {
  constructor(readonly leaves: Leaves) {}

  text(expression: Expression): ExprNode {
    if (expression.kind === "absent") return absent;
    if (expression.kind === "constant") return text(constantText(expression.value));
    if (isReference(expression)) {
      const found = this.leaves.read(expression);
      return found.phaseOf === undefined ? found.text : call("toJson", statusOf(found.text, found.phaseOf));
    }
    if (expression.kind === "coalesce") return choose(this.present(expression.value), this.text(expression.value), this.text(expression.fallback));
    if (expression.kind === "conditional") return choose(this.value(expression.test), this.text(expression.consequent), this.text(expression.alternate));
    if (this.mayLack(expression)) return choose(this.present(expression), this.encoded(expression), absent);
    return this.encoded(expression);
  }

  encoded(expression: Expression): ExprNode {
    const value = this.value(expression);
    return typeOf(expression).kind === "string" ? value : call("toJson", value);
  }

  value(expression: Expression): ExprNode {
    if (expression.type.kind === "artifact") return call("fromJSON", this.leaves.artifact(expression));
    if (isReference(expression)) {
      const found = this.leaves.read(expression);
      return found.phaseOf === undefined ? decoded(expression.type, found.text) : statusOf(found.text, found.phaseOf);
    }
    switch (expression.kind) {
      case "constant":
        return this.constant(expression.value);
      case "absent":
        return nil;
      case "context":
        return this.leaves.context(expression);
      case "argo":
        return this.leaves.variable(expression.name);
      case "cel":
        throw new Untranslatable(expression, "CEL, which only KFP reads");
      case "member":
        return this.member(expression);
      case "element":
        return index(this.value(expression.object), this.key(expression.index));
      case "template":
        return joined(expression.parts.map((part) => this.written(part)));
      case "unary":
        return expression.operator === "!" ? not(this.value(expression.operand)) : negate(this.value(expression.operand));
      case "binary":
        return this.binary(expression);
      case "conditional":
        return choose(this.value(expression.test), this.value(expression.consequent), this.value(expression.alternate));
      case "coalesce":
        return choose(this.present(expression.value), this.value(expression.value), this.value(expression.fallback));
      case "present":
        return this.present(expression.value);
      case "call":
        return this.call(expression.function, expression.arguments, expression);
      case "list":
        return list(expression.items.map((entry) => (this.mayLack(entry) ? choose(this.present(entry), this.value(entry), nil) : this.value(entry))));
      case "struct":
        return this.struct(Object.entries(expression.fields));
      case "range":
        return binary("..", number(0), binary("-", this.value(expression.count), number(1)));
      default:
        return bug("an expression without a meaning");
    }
  }

  /** Lists and structs as JSON, so that their numbers compare with those of other JSON. */
  constant(value: Json): ExprNode {
    switch (typeof value) {
      case "boolean":
        return bool(value);
      case "number":
        return number(value);
      case "string":
        return text(escapeText(value));
      default:
        return value === null ? nil : call("fromJSON", text(constantText(value)));
    }
  }

  /** A struct without the fields that have no value. */
  struct(fields: [string, Expression][]): ExprNode {
    const key = (field: string): string => escapeText(field);
    if (!fields.some(([, field]) => this.mayLack(field))) return map(fields.map(([field, value]) => [key(field), this.value(value)]));
    const entries = fields.map(([field, value]) => list([bool(true), text(key(field)), this.value(value)]));
    const guarded = fields.map(([field, value], at) => (this.mayLack(value) ? choose(this.present(value), list([bool(true), text(key(field)), this.value(value)]), list([bool(false)])) : (entries[at] ?? nil)));
    return call("fromPairs", overItems("map", overItems("filter", list(guarded), index(item, number(0))), list([index(item, number(1)), index(item, number(2))])));
  }

  member(expression: Extract<Expression, { kind: "member" }>): ExprNode {
    const { object, key } = expression;
    const inner = this.value(object);
    // A status as Argo has it is known field by field.
    if (inner.kind === "map") {
      const field = inner.entries.find((entry) => entry.key.kind === "string" && entry.key.value === key);
      if (field !== undefined) return field.value;
    }
    return cast(member(inner, escapeText(key), this.mayLack(object)), typeOf(expression));
  }

  key(expression: Expression): ExprNode {
    return typeOf(expression).kind === "string" ? this.value(expression) : call("int", this.value(expression));
  }

  /** Whether a value is there. */
  present(expression: Expression): ExprNode {
    if (expression.type.kind === "artifact") return binary("!=", this.leaves.artifact(expression), absent);
    if (isReference(expression)) {
      const { text: parameter, optional } = this.leaves.read(expression);
      return optional ? binary("!=", parameter, absent) : bool(true);
    }
    switch (expression.kind) {
      case "absent":
        return bool(false);
      case "member":
      case "element": {
        const object = this.value(expression.object);
        const isList = typeOf(expression.object).kind === "list";
        const key = expression.kind === "member" ? text(escapeText(expression.key)) : this.key(expression.index);
        const has = isList ? binary(">", call("len", object), key) : binary("in", key, object);
        const inside = binary("&&", has, binary("!=", index(object, key), nil));
        return this.mayLack(expression.object) ? binary("&&", this.present(expression.object), inside) : inside;
      }
      case "coalesce":
        return binary("||", this.present(expression.value), this.present(expression.fallback));
      case "conditional":
        return choose(this.value(expression.test), this.present(expression.consequent), this.present(expression.alternate));
      default:
        return bool(true);
    }
  }

  /** Whether an expression may have no value at run time. */
  mayLack(expression: Expression): boolean {
    if (isReference(expression) && expression.type.kind !== "artifact") return this.leaves.read(expression).optional;
    switch (expression.kind) {
      case "absent":
        return true;
      case "member":
        return isOptionalMember(expression);
      case "coalesce":
        return this.mayLack(expression.fallback);
      case "conditional":
        return this.mayLack(expression.consequent) || this.mayLack(expression.alternate);
      default:
        return false;
    }
  }

  /** The value as text in a template, as JavaScript writes it; lists and objects as JSON. */
  written(expression: Expression): ExprNode {
    if (expression.kind === "constant") return text(escapeText(typeof expression.value === "string" ? expression.value : JSON.stringify(expression.value)));
    const { kind } = typeOf(expression);
    if (kind === "string") return this.value(expression);
    // It may be a text, which stands as it is.
    if (kind === "json") return local(this.value(expression), (value) => choose(binary("==", call("type", value), text("string")), value, call("toJson", value)));
    // What ops give is canonical already; numbers of other programs may be written in another way.
    if (isReference(expression) && kind !== "number" && kind !== "status") return this.leaves.read(expression).text;
    return call("toJson", this.value(expression));
  }

  binary(expression: Extract<Expression, { kind: "binary" }>): ExprNode {
    const { left, right, operator } = expression;
    switch (operator) {
      case "&&":
      case "||":
        if (typeOf(left).kind !== "boolean" || typeOf(right).kind !== "boolean") throw new Untranslatable(expression, `"${operator}" between values that are not boolean`);
        return binary(operator, this.value(left), this.value(right));
      case "+":
        if (expression.type.kind === "string") return joined([this.written(left), this.written(right)]);
        return binary("+", this.value(left), this.value(right));
      case "%":
        return this.remainder(left, right);
      default:
        return binary(operator, this.value(left), this.value(right));
    }
  }

  /** What is left over; expr-lang has `%` for whole numbers only. */
  remainder(left: Expression, right: Expression): ExprNode {
    if (isWhole(left) && isWhole(right)) return binary("%", this.value(left), this.value(right));
    const [dividend, divisor] = [this.value(left), this.value(right)];
    return binary("-", dividend, binary("*", divisor, call("int", binary("/", dividend, divisor))));
  }

  call(called: BuiltinFunction, given: Expression[], expression: Expression): ExprNode {
    const argument = (position: number): Expression => given[position] ?? bug(`"${called}" lacks argument ${position}`);
    const value = (position: number): ExprNode => this.value(argument(position));
    switch (called) {
      case "length":
        return call("len", value(0));
      case "includes":
        return typeOf(argument(0)).kind === "string" ? binary("contains", value(0), value(1)) : binary("in", value(1), value(0));
      case "startsWith":
      case "endsWith":
      case "matches":
        return binary(called, value(0), value(1));
      case "toString":
        return this.written(argument(0));
      case "toNumber":
        return typeOf(argument(0)).kind === "boolean" ? choose(value(0), number(1), number(0)) : call("asFloat", value(0));
      case "toInteger":
        return call("int", call("asFloat", value(0)));
      case "toBoolean":
        return this.truth(argument(0), expression);
      case "toLowerCase":
        return call("lower", value(0));
      case "toUpperCase":
        return call("upper", value(0));
      case "trim":
        return call("trim", value(0));
      case "split":
        return call("split", value(0), value(1));
      case "join":
        return call("join", overItems("map", value(0), call("string", item)), given.length > 1 ? value(1) : text(","));
      case "replaceAll":
        return call("replace", value(0), value(1), value(2));
      case "flat":
        return overItems("reduce", value(0), call("concat", accumulator, item), list([]));
      case "keys":
        return call("sort", call("keys", value(0)));
      case "floor":
      case "ceil":
      case "abs":
        return call(called, value(0));
      case "round":
        return call("floor", binary("+", value(0), number(0.5)));
      case "min":
      case "max":
        return call(called, ...given.map((_, position) => value(position)));
      case "stringify":
        return call("toJson", value(0));
      case "parse":
        return call("fromJSON", value(0));
    }
  }

  truth(expression: Expression, whole: Expression): ExprNode {
    const { kind } = typeOf(expression);
    const present = this.mayLack(expression) ? this.present(expression) : undefined;
    const both = (test: ExprNode): ExprNode => (present === undefined ? test : binary("&&", present, test));
    switch (kind) {
      case "boolean":
        return both(this.value(expression));
      case "string":
        return both(binary("!=", this.value(expression), text("")));
      case "number":
      case "integer":
        return both(binary("!=", this.value(expression), number(0)));
      case "list":
      case "struct":
        return present ?? bool(true);
      default:
        throw new Untranslatable(whole, `the truth of a value whose type is not known`);
    }
  }
}

/** What `RunStatus` holds, from a phase of Argo. */
export function statusOf(phase: ExprNode, task: string): ExprNode {
  return map([
    ["state", choose(binary("==", phase, text("Succeeded")), text("SUCCEEDED"), text("FAILED"))],
    ["taskName", text(task)],
    ["error", map([["code", number(0)], ["message", text("")]])],
  ]);
}

/** A field of JSON is read as what the source says it is: whole numbers as such, for they become text. */
function cast(field: ExprNode, type: ParameterType): ExprNode {
  return type.kind === "integer" ? call("int", field) : field;
}

/** Whether an expression gives an `int` of expr-lang. */
function isWhole(expression: Expression): boolean {
  if (expression.kind === "constant") return Number.isSafeInteger(expression.value);
  return isReference(expression) && typeOf(expression).kind === "integer";
}

function isOptionalMember(expression: Extract<Expression, { kind: "member" }>): boolean {
  const { type } = expression.object;
  if (type.kind !== "struct") return false;
  const property = type.properties[expression.key];
  return property !== undefined && (property.optional || property.nullable === true);
}

function typeOf(expression: Expression): ParameterType {
  return expression.type.kind === "artifact" ? { kind: "json" } : expression.type;
}

