/** CEL of conditions and selectors as expressions of the language; what has no counterpart there stays CEL. */
import { printCel, type Cel } from "../../expressions/cel.ts";
import { parseCel } from "../../expressions/cel-parser.ts";
import type { BinaryOperator, BuiltinFunction, Expression, Json, ParameterType, Span, ValueType } from "../../ir/types.ts";
import { placeKey, report, type Path, type Raising } from "./raising.ts";
import { refineField, typeOfJson } from "./types.ts";

/** The tree of a condition; undefined where it cannot be read, which `conditionOf` reports. */
export function parseCondition(text: string): Cel | undefined {
  const result = parseCel(text);
  return "tree" in result ? result.tree : undefined;
}

/**
 * The expression of a condition.
 *
 * @param condition a tree, or a text that could not be read
 * @param inputs the values that the condition may name
 */
export function conditionOf(raising: Raising, condition: Cel | string, inputs: ReadonlyMap<string, Expression>, path: Path): Expression {
  const span = raising.file.locate(path);
  const leaf = (cel: Cel): Expression | undefined => {
    const name = parameterName(cel);
    return name === undefined ? undefined : inputs.get(name);
  };
  if (typeof condition === "string") report(raising, "HMC7031", path, { text: condition, problem: problemOf(condition) });
  const isKept = typeof condition === "string" || raising.verbatim.has(placeKey(path));
  const read = isKept ? undefined : new Reader(leaf, (name) => inputs.get(name), span).read(condition);
  if (read !== undefined) return read;
  return { kind: "cel", parts: withValues(typeof condition === "string" ? condition : printCel(condition), inputs), type: { kind: "boolean" }, span };
}

function problemOf(text: string): string {
  const result = parseCel(text);
  return "message" in result ? result.message : "";
}

/** The expression of a selector: CEL over one value. */
export function raiseSelector(raising: Raising, text: string, value: Expression, wanted: ValueType, path: Path): Expression {
  const leaf = (cel: Cel): Expression | undefined => {
    if (cel.kind === "call" && cel.function === "parseJson" && cel.arguments[0]?.kind === "name" && cel.arguments[0].name === "string_value") return parsed(raising, value);
    if (cel.kind !== "name") return undefined;
    const fits: Record<string, ParameterType["kind"][]> = { string_value: ["string"], number_value: ["number", "integer"], bool_value: ["boolean"], list_value: ["list"], struct_value: ["struct"] };
    return fits[cel.name]?.some((kind) => kind === value.type.kind) === true ? value : undefined;
  };
  const result = parseCel(text);
  if ("message" in result) report(raising, "HMC7031", path, { text, problem: result.message });
  const isKept = "message" in result || raising.verbatim.has(placeKey(path));
  const read = isKept ? undefined : new Reader(leaf, () => undefined, raising.file.locate(path)).read(result.tree);
  if (read === undefined) return { kind: "cel", parts: [value, text], type: wanted, span: raising.file.locate(path) };
  // A field of a list's item has the type that its reader declares.
  if (read.kind === "member" && wanted.kind !== "artifact" && read.object.type.kind !== "artifact") return { ...read, type: refineField(read.object.type, read.key, wanted) };
  return read;
}

/** What `parseJson` makes of the value: lists and structs are read from text anyway, and so are items of lists. */
function parsed(raising: Raising, value: Expression): Expression {
  if (value.kind === "item" && (value.type.kind === "string" || value.type.kind === "json")) {
    becomeJson(value.type);
    const struct: ParameterType = raising.structs.get(value.type) ?? { kind: "struct", properties: {}, additional: { kind: "json" } };
    raising.structs.set(value.type, struct);
    return { ...value, type: struct };
  }
  return value.type.kind === "string" ? { kind: "call", function: "parse", arguments: [value], type: { kind: "json" }, span: value.span } : value;
}

/** An item whose fields are read is no text. The type is shared with the list and the loop. */
function becomeJson(type: ParameterType): void {
  Object.assign(type, { kind: "json" });
}

/** The text with the values in the places of their names. The first part is text, even where that is empty. */
function withValues(text: string, inputs: ReadonlyMap<string, Expression>): (string | Expression)[] {
  const parts: (string | Expression)[] = [];
  let end = 0;
  for (const match of text.matchAll(/inputs\.(?:parameter_values\[(?:'([^'\\]*)'|"([^"\\]*)")\]|artifacts\[(?:'([^'\\]*)'|"([^"\\]*)")\]\.artifacts\[0\])/g)) {
    const artifact = match[3] ?? match[4];
    const value = inputs.get(artifact ?? match[1] ?? match[2] ?? "");
    if (value === undefined || (value.type.kind === "artifact") !== (artifact !== undefined)) continue;
    if (match.index > end || parts.length === 0) parts.push(text.slice(end, match.index));
    parts.push(value);
    end = match.index + match[0].length;
  }
  return end < text.length ? [...parts, text.slice(end)] : parts;
}

/** `x` of `inputs.parameter_values['x']`. */
function parameterName(cel: Cel): string | undefined {
  if (cel.kind !== "index" || cel.index.kind !== "string") return undefined;
  return isParameterValues(cel.object) ? cel.index.value : undefined;
}

function isParameterValues(cel: Cel): boolean {
  return cel.kind === "field" && cel.name === "parameter_values" && cel.object.kind === "name" && cel.object.name === "inputs";
}

const boolean: ParameterType = { kind: "boolean" };
const text: ParameterType = { kind: "string" };
const methods: Record<string, BuiltinFunction> = { startsWith: "startsWith", endsWith: "endsWith", contains: "includes", matches: "matches" };

/** Reads a tree; undefined wherever the language has no counterpart. */
class Reader {
  readonly leaf: (cel: Cel) => Expression | undefined;
  readonly present: (name: string) => Expression | undefined;
  readonly span: Span;
  constructor(leaf: (cel: Cel) => Expression | undefined, present: (name: string) => Expression | undefined, span: Span) {
    this.leaf = leaf;
    this.present = present;
    this.span = span;
  }

  read(cel: Cel): Expression | undefined {
    const leaf = this.leaf(cel);
    if (leaf !== undefined) return leaf;
    switch (cel.kind) {
      case "bool":
      case "string":
        return this.constant(cel.value, cel.kind === "bool" ? boolean : text);
      case "int":
      case "double":
        return this.constant(cel.value, { kind: cel.kind === "int" ? "integer" : "number" });
      case "null":
      case "name":
        return undefined;
      case "field":
        return this.member(cel.object, cel.name);
      case "index":
        return this.index(cel);
      case "call":
        return this.call(cel);
      case "method": {
        const name = methods[cel.method];
        return name === undefined ? undefined : this.builtin(name, boolean, [cel.object, ...cel.arguments]);
      }
      case "not":
      case "negate": {
        const operand = this.read(cel.operand);
        return operand === undefined ? undefined : { kind: "unary", operator: cel.kind === "not" ? "!" : "-", operand, type: cel.kind === "not" ? boolean : operand.type, span: this.span };
      }
      case "binary":
        return this.binary(cel);
      case "conditional": {
        const [test, consequent, alternate] = [this.read(cel.test), this.read(cel.consequent), this.read(cel.alternate)];
        if (test === undefined || consequent === undefined || alternate === undefined) return undefined;
        return { kind: "conditional", test, consequent, alternate, type: consequent.type, span: this.span };
      }
      case "list":
        return this.list(cel);
    }
  }

  constant(value: Json, type: ParameterType): Expression {
    return { kind: "constant", value, type, span: this.span };
  }

  list(cel: Extract<Cel, { kind: "list" }>): Expression | undefined {
    const items = cel.items.map((item) => this.read(item));
    const values = items.map((item) => (item?.kind === "constant" ? item.value : undefined));
    if (values.every((value) => value !== undefined)) return this.constant(values, typeOfJson(values));
    if (!items.every((item) => item !== undefined)) return undefined;
    const [first] = items;
    return { kind: "list", items, type: { kind: "list", items: first === undefined || first.type.kind === "artifact" ? { kind: "json" } : first.type }, span: this.span };
  }

  member(object: Cel, key: string): Expression | undefined {
    const read = this.read(object);
    if (read === undefined || read.type.kind === "artifact") return undefined;
    const known = read.type.kind === "struct" ? read.type.properties[key]?.type : undefined;
    return { kind: "member", object: read, key, type: known ?? { kind: "json" }, span: this.span };
  }

  index(cel: Extract<Cel, { kind: "index" }>): Expression | undefined {
    if (cel.index.kind === "string") return this.member(cel.object, cel.index.value);
    const [object, index] = [this.read(cel.object), this.read(cel.index)];
    if (object === undefined || index === undefined || object.type.kind === "artifact") return undefined;
    return { kind: "element", object, index, type: object.type.kind === "list" ? object.type.items : { kind: "json" }, span: this.span };
  }

  call(cel: Extract<Cel, { kind: "call" }>): Expression | undefined {
    const [first] = cel.arguments;
    const value = first === undefined ? undefined : this.read(first);
    if (value === undefined || cel.arguments.length !== 1) return undefined;
    const isNumber = value.type.kind === "integer" || value.type.kind === "number";
    switch (cel.function) {
      // Whole numbers reach CEL as doubles; the conversions say no more than the types do.
      case "int":
        return value.type.kind === "integer" ? value : this.builtin("toInteger", { kind: "integer" }, cel.arguments);
      case "double":
        return isNumber ? value : this.builtin("toNumber", { kind: "number" }, cel.arguments);
      case "string":
        return this.builtin("toString", text, cel.arguments);
      case "size":
        return this.builtin("length", { kind: "integer" }, cel.arguments);
      case "parseJson":
        return this.builtin("parse", { kind: "json" }, cel.arguments);
      default:
        return undefined;
    }
  }

  builtin(name: BuiltinFunction, type: ParameterType, operands: Cel[]): Expression | undefined {
    const given = operands.map((operand) => this.read(operand));
    return given.every((operand) => operand !== undefined) ? { kind: "call", function: name, arguments: given, type, span: this.span } : undefined;
  }

  binary(cel: Extract<Cel, { kind: "binary" }>): Expression | undefined {
    if (cel.operator === "in") {
      if (isParameterValues(cel.right)) {
        const value = cel.left.kind === "string" ? this.present(cel.left.value) : undefined;
        return value === undefined ? undefined : { kind: "present", value, type: boolean, span: this.span };
      }
      return this.builtin("includes", boolean, [cel.right, cel.left]);
    }
    const [left, right] = [this.read(cel.left), this.read(cel.right)];
    if (left === undefined || right === undefined) return undefined;
    // The SDK compares a bare boolean with true.
    if (cel.operator === "==" && right.kind === "constant" && right.value === true && left.type.kind === "boolean" && left.kind !== "binary" && left.kind !== "unary") return left;
    return { kind: "binary", operator: cel.operator, left, right, type: resultOf(cel.operator, left, right), span: this.span };
  }
}

function resultOf(operator: BinaryOperator, left: Expression, right: Expression): ParameterType {
  switch (operator) {
    case "+":
      return left.type.kind === "string" || right.type.kind === "string" ? text : numeric(left, right);
    case "-":
    case "*":
    case "%":
      return numeric(left, right);
    case "/":
      return { kind: "number" };
    default:
      return boolean;
  }
}

function numeric(left: Expression, right: Expression): ParameterType {
  return { kind: left.type.kind === "integer" && right.type.kind === "integer" ? "integer" : "number" };
}
