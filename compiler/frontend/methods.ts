/** Methods of values that are known only at run time: those that the engines can compute without a task. */
import type { ts } from "ts-morph";
import type { BuiltinFunction, Expression, ParameterType, ValueType } from "../ir/types.ts";
import { report, type Lowering } from "./lowering.ts";
import { toExpression } from "./to-expression.ts";
import { invalid, type Value } from "./values.ts";

interface Method {
  function: BuiltinFunction;
  type: ParameterType;
}

const text: ParameterType = { kind: "string" };
const truth: ParameterType = { kind: "boolean" };

const stringMethods = new Map<string, Method>([
  ["includes", { function: "includes", type: truth }],
  ["startsWith", { function: "startsWith", type: truth }],
  ["endsWith", { function: "endsWith", type: truth }],
  ["toLowerCase", { function: "toLowerCase", type: text }],
  ["toUpperCase", { function: "toUpperCase", type: text }],
  ["trim", { function: "trim", type: text }],
  ["split", { function: "split", type: { kind: "list", items: text } }],
  ["replaceAll", { function: "replaceAll", type: text }],
  ["toString", { function: "toString", type: text }],
]);

const listMethods = new Map<string, Method>([
  ["includes", { function: "includes", type: truth }],
  ["join", { function: "join", type: text }],
]);

const scalarMethods = new Map<string, Method>([["toString", { function: "toString", type: text }]]);

function methodOf(type: ValueType, name: string): Method | undefined {
  switch (type.kind) {
    case "string":
      return stringMethods.get(name);
    case "list":
      return listMethods.get(name);
    case "number":
    case "integer":
    case "boolean":
      return scalarMethods.get(name);
    default:
      return undefined;
  }
}

/**
 * `receiver.method(given)` on a run-time value.
 *
 * @param at the receiver, for positions
 */
export function lowerMethod(lowering: Lowering, node: ts.CallExpression, receiver: Value, method: string, given: Value[], at: ts.Node): Value {
  const object = toExpression(lowering, receiver, at);
  if (object === undefined) return invalid;
  const known = methodOf(object.type, method);
  if (known === undefined) return report(lowering, "HMC1003", node, { operation: `".${method}(…)"` });
  const operands: Expression[] = [object];
  for (const [index, value] of given.entries()) {
    const operand = toExpression(lowering, value, node.arguments[index] ?? node);
    if (operand === undefined) return invalid;
    operands.push(operand);
  }
  return { kind: "expression", expression: { kind: "call", function: known.function, arguments: operands, type: known.type, span: lowering.context.spanOf(node) } };
}
