/** CEL in expressions of the IR: what KFP's driver would compute, on this machine. */
import { bug } from "../../compiler/bug.ts";
import { CelError, evaluateCel, type CelValue } from "../../compiler/expressions/cel-evaluate.ts";
import { parseCel } from "../../compiler/expressions/cel-parser.lazy.ts";
import type { Expression, Json } from "../../compiler/ir/types.ts";
import { textOf } from "../codec.ts";
import { EvaluationError, type Value } from "./evaluate.ts";

/**
 * The value of CEL. Throws `EvaluationError` where there is none.
 *
 * @param of gives the values in it
 */
export function evaluateCelExpression(expression: Extract<Expression, { kind: "cel" }>, of: (expression: Expression) => Value): Value {
  const names = new Map<string, CelValue>();
  const [first, second] = expression.parts;
  if (first !== undefined && typeof first !== "string") return result(String(second ?? ""), accessors(of(first)));
  const text = expression.parts.map((part, index) => {
    if (typeof part === "string") return part;
    const name = `value_${index}`;
    names.set(name, asCel(of(part)));
    return name;
  });
  return result(text.join(""), names);
}

function result(text: string, names: ReadonlyMap<string, CelValue>): Value {
  const read = parseCel(text);
  if ("message" in read) return bug(`CEL that cannot be read: ${read.message}`);
  try {
    return asJson(evaluateCel(read.tree, names));
  } catch (error) {
    if (error instanceof CelError) throw new EvaluationError(`CEL has no value: ${error.message}.`);
    throw error;
  }
}

/** The names by which `cel.of` reads its value, as the driver offers them: the text of every value, and the value by its type. */
function accessors(value: Value): Map<string, CelValue> {
  const given = asCel(value);
  const names = new Map<string, CelValue>([["string_value", textOf(asJson(given) as Json)]]);
  if (typeof given === "number") names.set("number_value", given);
  else if (typeof given === "boolean") names.set("bool_value", given);
  else if (Array.isArray(given)) names.set("list_value", given);
  else if (typeof given === "object" && given !== null) names.set("struct_value", given);
  return names;
}

function asCel(value: Value): CelValue {
  if (value === undefined) throw new EvaluationError("CEL reads a value that is absent.");
  return value as CelValue;
}

/** CEL's whole numbers as JSON has them. */
function asJson(value: CelValue): Value {
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(asJson);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asJson(item)])) as Value;
}
