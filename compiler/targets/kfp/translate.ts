/** Expressions of the IR as CEL, with JavaScript's meaning. */
import { bug } from "../../bug.ts";
import { allOf, printCel, type Cel } from "../../expressions/cel.ts";
import { parseCel } from "../../expressions/cel-parser.lazy.ts";
import { describeContext } from "../../ir/describe.ts";
import type { BinaryOperator, BuiltinFunction, Expression, ParameterType } from "../../ir/types.ts";
import { isReference, parameterType, type Reference } from "./references.ts";

/** How the run-time values of an expression are read in CEL. */
export interface Leaves {
  /** The value in its own type; numbers as doubles. */
  value(reference: Reference): Cel;
  /** The value as JavaScript's text; undefined where that takes a computation. */
  text(reference: Reference): Cel | undefined;
  /** A field that the target passes as a value of its own; undefined where it passes the whole struct. */
  field(member: Extract<Expression, { kind: "member" }>): Cel | undefined;
  /** A property of an artifact; undefined where it cannot be read. */
  property(reference: Reference, path: string[]): Cel | undefined;
  /** The value as CEL that is written by hand reads it: with the name that the engine gives it. */
  accessor(reference: Reference): Cel;
  /** Whether the text of `cel.of` can stand here: it reads the one value by the engine's names. */
  readsOneValue: boolean;
  /** A text of the run; undefined where it cannot be had. */
  context(expression: Extract<Expression, { kind: "context" }>): Cel | undefined;
  /** Whether an optional value is there; undefined where CEL cannot know. */
  present(reference: Reference): Cel | undefined;
  /** How a text literal is written next to the values of an expression. */
  literal(text: string): string;
  /** The quotes of keys. */
  quote: "'" | '"';
}

/** A construct that CEL cannot express. */
export class Untranslatable {
  readonly expression: Expression;
  readonly construct: string;
  constructor(expression: Expression, construct: string) {
    this.expression = expression;
    this.construct = construct;
  }
}

/** The CEL of an expression, or what stands in the way. */
export function translate(expression: Expression, leaves: Leaves): Cel | Untranslatable {
  try {
    return new Translation(leaves).value(expression);
  } catch (error) {
    if (error instanceof Untranslatable) return error;
    throw error;
  }
}

const int = (value: number): Cel => ({ kind: "int", value });
const double = (value: number): Cel => ({ kind: "double", value });
const call = (name: string, ...values: Cel[]): Cel => ({ kind: "call", function: name, arguments: values.map((value) => (conversions.has(name) ? convertible(value) : value)) });
const binary = (operator: Extract<Cel, { kind: "binary" }>["operator"], left: Cel, right: Cel): Cel => ({ kind: "binary", operator, left, right });
const conversions = new Set(["int", "double", "string"]);

/** cel-go 0.30 finds no conversion of a field of a value of unknown type (`no such overload: int(double)`), but one of `dyn` of it. */
function convertible(value: Cel): Cel {
  return value.kind === "index" && value.object.kind !== "name" ? { kind: "call", function: "dyn", arguments: [value] } : value;
}

const choose = (test: Cel, consequent: Cel, alternate: Cel): Cel => ({ kind: "conditional", test, consequent, alternate });

/** Throws `Untranslatable` from wherever it stops; only `translate` sees that. */
class Translation {
  readonly leaves: Leaves;
  constructor(leaves: Leaves) {
    this.leaves = leaves;
  }

  value(expression: Expression): Cel {
    if (isReference(expression)) return this.leaves.value(expression);
    switch (expression.kind) {
      case "constant":
        return this.constant(expression);
      case "context": {
        const known = this.leaves.context(expression);
        if (known === undefined) throw new Untranslatable(expression, `"${describeContext(expression.name)}"`);
        return known;
      }
      case "argo":
        throw new Untranslatable(expression, `Argo's variable "${expression.name}"`);
      case "cel":
        return this.cel(expression);
      case "member":
        return this.member(expression);
      case "element":
        return { kind: "index", object: this.value(expression.object), index: this.index(expression.index) };
      case "template":
        return expression.parts.map((part) => this.text(part)).reduce<Cel | undefined>((left, right) => (left === undefined ? right : binary("+", left, right)), undefined) ?? this.string("");
      case "unary":
        return expression.operator === "!" ? { kind: "not", operand: this.value(expression.operand) } : { kind: "negate", operand: this.value(expression.operand) };
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
      case "absent":
      case "carried":
      case "final":
      case "struct":
      case "range":
        throw new Untranslatable(expression, `"${expression.kind}"`);
    }
  }

  /** CEL as it stands, with the values in their places. */
  cel(expression: Extract<Expression, { kind: "cel" }>): Cel {
    const [first, second] = expression.parts;
    const isOf = typeof first !== "string";
    if (isOf && !this.leaves.readsOneValue) throw new Untranslatable(expression, `"cel.of()" outside an input`);
    const text = isOf ? String(second ?? "") : expression.parts.map((part) => (typeof part === "string" ? part : printCel(this.inCel(part)))).join("");
    const result = parseCel(text);
    if ("message" in result) throw new Untranslatable(expression, `CEL that cannot be read (${result.message})`);
    return { kind: "verbatim", text, tree: result.tree };
  }

  inCel(part: Expression): Cel {
    if (!isReference(part)) return this.value(part);
    if (part.type.kind !== "artifact") return this.leaves.accessor(part);
    const artifact = this.leaves.property(part, []);
    if (artifact === undefined) throw new Untranslatable(part, "an artifact in CEL");
    return artifact;
  }

  string(text: string): Cel {
    return { kind: "string", value: this.leaves.literal(text), quote: this.leaves.quote };
  }

  constant(expression: Extract<Expression, { kind: "constant" }>): Cel {
    const { value } = expression;
    switch (typeof value) {
      case "boolean":
        return { kind: "bool", value };
      case "number":
        return double(value);
      case "string":
        return this.string(value);
      default:
        if (value === null) return { kind: "null" };
        // A list written in CEL is no value that the driver can pass on; one read from JSON is.
        return call("parseJson", this.string(JSON.stringify(value)));
    }
  }

  index(expression: Expression): Cel {
    if (expression.kind === "constant" && typeof expression.value === "number" && Number.isInteger(expression.value)) {
      if (expression.value >= 0) return int(expression.value);
    }
    if (expression.kind === "constant" && typeof expression.value === "string") return { kind: "string", value: expression.value, quote: this.leaves.quote };
    if (parameterType(expression).kind === "string") return this.value(expression);
    return call("int", this.value(expression));
  }

  member(expression: Extract<Expression, { kind: "member" }>): Cel {
    const field = this.leaves.field(expression);
    if (field !== undefined) return field;
    const path = artifactPath(expression);
    if (path !== undefined) {
      const property = this.leaves.property(path.artifact, path.keys);
      if (property === undefined) throw new Untranslatable(expression, `the property "${path.keys.join(".")}" of an artifact`);
      return property;
    }
    if (parameterType(expression.object).kind === "status") return this.statusField(this.value(expression.object), expression);
    return { kind: "index", object: this.value(expression.object), index: { kind: "string", value: expression.key, quote: this.leaves.quote } };
  }

  /** KFP calls a good end `COMPLETE` and leaves the error empty (kfp-real 6). */
  statusField(status: Cel, expression: Extract<Expression, { kind: "member" }>): Cel {
    const key = (object: Cel, name: string): Cel => ({ kind: "index", object, index: { kind: "string", value: name, quote: this.leaves.quote } });
    const literal = (value: string): Cel => ({ kind: "string", value, quote: this.leaves.quote });
    switch (expression.key) {
      case "state":
        return choose(binary("==", key(status, "state"), literal("COMPLETE")), literal("SUCCEEDED"), literal("FAILED"));
      case "taskName":
        return key(status, "pipelineTaskName");
      default:
        throw new Untranslatable(expression, `"${expression.key}" of the run's status`);
    }
  }

  present(expression: Expression): Cel {
    if (isReference(expression)) {
      const present = this.leaves.present(expression);
      if (present === undefined) throw new Untranslatable(expression, "whether a value is there");
      return present;
    }
    if ((expression.kind !== "member" && expression.kind !== "element") || artifactPath(expression) !== undefined) throw new Untranslatable(expression, "whether a value is there");
    const object = this.value(expression.object);
    const key: Cel = expression.kind === "member" ? { kind: "string", value: expression.key, quote: this.leaves.quote } : this.index(expression.index);
    const isList = parameterType(expression.object).kind === "list";
    const inside: Cel[] = [isList ? binary(">", call("size", object), key) : binary("in", key, object), binary("!=", { kind: "index", object, index: key }, { kind: "null" })];
    const mayLack = expression.object.kind === "element" || (expression.object.kind === "member" && isOptionalMember(expression.object));
    return allOf(mayLack ? [this.present(expression.object), ...inside] : inside);
  }

  /** The value as text, as JavaScript writes it. */
  text(expression: Expression): Cel {
    if (expression.kind === "constant") return this.string(typeof expression.value === "string" ? expression.value : JSON.stringify(expression.value));
    const type = parameterType(expression);
    if (type.kind === "string") return this.value(expression);
    const ready = isReference(expression) ? this.leaves.text(expression) : undefined;
    if (ready !== undefined) return ready;
    const value = this.value(expression);
    switch (type.kind) {
      case "boolean":
        return call("string", value);
      case "integer":
        return call("string", call("int", value));
      case "number":
        // CEL writes 1e+06 where JavaScript writes 1000000: whole numbers go through int.
        return choose(binary("==", value, call("double", call("int", value))), call("string", call("int", value)), call("string", value));
      default:
        throw new Untranslatable(expression, `text of a ${type.kind}`);
    }
  }

  binary(expression: Extract<Expression, { kind: "binary" }>): Cel {
    const { left, right } = expression;
    const operator: BinaryOperator = expression.operator;
    switch (operator) {
      case "&&":
      case "||":
        if (parameterType(left).kind !== "boolean" || parameterType(right).kind !== "boolean") throw new Untranslatable(expression, `"${operator}" between values that are not boolean`);
        return binary(operator, this.truth(left), this.truth(right));
      case "==":
      case "!=":
      case "<":
      case "<=":
      case ">":
      case ">=":
        return this.comparison(expression, operator);
      case "+":
        if (expression.type.kind === "string") return binary("+", this.text(left), this.text(right));
        return binary("+", this.value(left), this.value(right));
      case "-":
      case "*":
      case "/":
        return binary(operator, this.value(left), this.value(right));
      case "%":
        if (parameterType(left).kind !== "integer" || parameterType(right).kind !== "integer") throw new Untranslatable(expression, `"%" of numbers that are not whole`);
        return call("double", binary("%", this.integer(left), this.integer(right)));
    }
  }

  /** A boolean; a bare value is compared with `true`, as the SDK writes it. */
  truth(expression: Expression): Cel {
    if (isReference(expression)) return binary("==", this.leaves.value(expression), { kind: "bool", value: true });
    if (expression.kind === "unary" && expression.operator === "!") return { kind: "not", operand: this.truth(expression.operand) };
    return this.value(expression);
  }

  comparison(expression: Extract<Expression, { kind: "binary" }>, operator: "==" | "!=" | "<" | "<=" | ">" | ">="): Cel {
    const [left, right] = [parameterType(expression.left), parameterType(expression.right)];
    for (const type of [left, right]) {
      if (type.kind === "list" || type.kind === "struct" || type.kind === "status") throw new Untranslatable(expression, `"${operator}" between lists or objects`);
    }
    const [leftWhole, rightWhole] = [isWhole(expression.left, left), isWhole(expression.right, right)];
    if (leftWhole && rightWhole) return binary(operator, this.integer(expression.left), this.integer(expression.right));
    return binary(operator, this.number(expression.left, leftWhole), this.number(expression.right, rightWhole));
  }

  /** An operand next to a double: whole run-time values are read as the SDK reads them. */
  number(expression: Expression, whole: boolean): Cel {
    return whole && isReference(expression) ? call("double", call("int", this.leaves.value(expression))) : this.value(expression);
  }

  integer(expression: Expression): Cel {
    if (expression.kind === "constant" && typeof expression.value === "number") return int(expression.value);
    if (expression.kind === "binary" && expression.operator === "%") return binary("%", this.integer(expression.left), this.integer(expression.right));
    if (expression.kind === "call" && expression.function === "length") return call("size", this.value(argument(expression.arguments, 0)));
    return call("int", this.value(expression));
  }

  call(name: BuiltinFunction, given: Expression[], expression: Expression): Cel {
    const first = (): Expression => argument(given, 0);
    const value = (position: number): Cel => this.value(argument(given, position));
    const method = (called: string): Cel => ({ kind: "method", object: value(0), method: called, arguments: [value(1)] });
    switch (name) {
      case "length":
        return call("double", call("size", value(0)));
      case "includes":
        return parameterType(first()).kind === "string" ? method("contains") : binary("in", value(1), this.members(first()));
      case "startsWith":
      case "endsWith":
      case "matches":
        return method(name);
      case "toString":
        return this.text(first());
      case "toNumber":
        return call("double", value(0));
      case "toInteger":
        return call("double", call("int", parameterType(first()).kind === "string" ? call("double", value(0)) : value(0)));
      case "toBoolean":
        return this.toBoolean(first(), expression);
      case "floor":
        return rounded(value(0), ">", "-");
      case "ceil":
        return rounded(value(0), "<", "+");
      case "round":
        return rounded(binary("+", value(0), double(0.5)), ">", "-");
      case "abs":
        return choose(binary("<", value(0), double(0)), { kind: "negate", operand: value(0) }, value(0));
      case "min":
      case "max":
        return given.map((_, position) => value(position)).reduce((left, right) => choose(binary(name === "min" ? "<=" : ">=", left, right), left, right));
      case "parse":
        return call("parseJson", value(0));
      case "toLowerCase":
      case "toUpperCase":
      case "trim":
      case "split":
      case "join":
      case "replaceAll":
      case "flat":
      case "keys":
      case "stringify":
        throw new Untranslatable(expression, `"${name}"`);
    }
  }

  /** The list on the right of `in`. */
  members(list: Expression): Cel {
    if (list.kind === "list") return { kind: "list", items: list.items.map((item) => this.value(item)) };
    if (list.kind === "constant" && Array.isArray(list.value)) return { kind: "list", items: list.value.map((value) => this.constant({ ...list, value })) };
    return this.value(list);
  }

  toBoolean(expression: Expression, whole: Expression): Cel {
    const type = parameterType(expression);
    switch (type.kind) {
      case "boolean":
        return this.truth(expression);
      case "string":
        return binary("!=", this.value(expression), { kind: "string", value: "", quote: this.leaves.quote });
      case "number":
      case "integer":
        return binary("!=", this.value(expression), double(0));
      case "list":
      case "struct":
        return { kind: "bool", value: true };
      default:
        throw new Untranslatable(whole, `the truth of a ${type.kind}`);
    }
  }
}

/** `int` cuts towards zero; one more or less where that is on the wrong side. */
function rounded(value: Cel, wrong: ">" | "<", step: "+" | "-"): Cel {
  const cut = call("double", call("int", value));
  return choose(binary(wrong, cut, value), binary(step, cut, double(1)), cut);
}

function argument(given: Expression[], position: number): Expression {
  return given[position] ?? bug(`a built-in function lacks argument ${position}`);
}

function isWhole(expression: Expression, type: ParameterType): boolean {
  if (expression.kind === "constant") return typeof expression.value === "number" && Number.isInteger(expression.value);
  return type.kind === "integer";
}

function isOptionalMember(expression: Extract<Expression, { kind: "member" }>): boolean {
  const type = expression.object.type;
  if (type.kind !== "struct") return true;
  const property = type.properties[expression.key];
  return property === undefined || property.optional || property.nullable === true;
}

/** The artifact and the path of a property read from it: `uri`, or `metadata` and a key. */
function artifactPath(expression: Expression): { artifact: Reference; keys: string[] } | undefined {
  if (expression.kind !== "member") return undefined;
  if (expression.object.type.kind === "artifact") return isReference(expression.object) ? { artifact: expression.object, keys: [expression.key] } : undefined;
  const outer = artifactPath(expression.object);
  return outer === undefined ? undefined : { artifact: outer.artifact, keys: [...outer.keys, expression.key] };
}
