/** Calls of JavaScript's own functions: `String(x)`, `Math.min(a, b)`; and those that no graph can have. */
import { ts } from "ts-morph";
import type { BuiltinFunction, Expression, ParameterType } from "../ir/types.ts";
import { foldedFromJson, foldedToJson } from "./folded.ts";
import { asFolded, evaluate } from "./expressions.ts";
import { isLanguageConstant } from "./language-functions.ts";
import { report, type Lowering } from "./lowering.ts";
import type { Scope } from "./scope.ts";
import { toExpression } from "./to-expression.ts";
import { invalid, type Value } from "./values.ts";

const conversions: Record<string, { function: BuiltinFunction; type: ParameterType }> = {
  String: { function: "toString", type: { kind: "string" } },
  Number: { function: "toNumber", type: { kind: "number" } },
  Boolean: { function: "toBoolean", type: { kind: "boolean" } },
  parseInt: { function: "toInteger", type: { kind: "integer" } },
  parseFloat: { function: "toNumber", type: { kind: "number" } },
  "Math.trunc": { function: "toInteger", type: { kind: "integer" } },
  "Math.floor": { function: "floor", type: { kind: "integer" } },
  "Math.ceil": { function: "ceil", type: { kind: "integer" } },
  "Math.round": { function: "round", type: { kind: "integer" } },
  "Math.abs": { function: "abs", type: { kind: "number" } },
  "Math.min": { function: "min", type: { kind: "number" } },
  "Math.max": { function: "max", type: { kind: "number" } },
  "JSON.stringify": { function: "stringify", type: { kind: "string" } },
  "JSON.parse": { function: "parse", type: { kind: "json" } },
  "Object.keys": { function: "keys", type: { kind: "list", items: { kind: "string" } } },
};

/** Functions of constants only: no engine computes them on run-time values. */
const ofConstants = new Set(["Object.values", "Object.entries", "Object.fromEntries", "Math.pow", "Math.sqrt", "Math.log", "Math.log2", "Math.log10", "Math.exp", "Math.sign", "Number.isInteger", "Array.isArray", "encodeURIComponent"]);

/** What of the outside world a call reaches for; the first words of the callee. */
const outside = ["Date", "Math.random", "fetch", "performance", "crypto", "process", "setTimeout", "setInterval", "globalThis", "require", "fs", "Intl"];

/** A call of a global function; undefined where the callee is none. */
export function lowerGlobalCall(lowering: Lowering, scope: Scope, node: ts.CallExpression): Value | undefined {
  const name = node.expression.getText().replaceAll(/\s/g, "");
  if (!isGlobal(lowering, node.expression)) return undefined;
  if (name.startsWith("console.")) return report(lowering, "HMC1001", node, { construct: `"${name}"` });
  if (name.startsWith("Promise.")) return report(lowering, "HMC1005", node, { what: `"${name}"` });
  if (outside.some((start) => name === start || name.startsWith(`${start}.`))) return report(lowering, "HMC1004", node, { name });
  const conversion = Object.entries(conversions).find(([known]) => known === name)?.[1];
  if (conversion === undefined && !ofConstants.has(name)) return undefined;
  const values = node.arguments.map((argument) => evaluate(lowering, scope, argument));
  const folded = values.map((value) => asFolded(value, node)).map((value) => (value === undefined ? undefined : foldedToJson(value)));
  if (folded.every((value) => value !== undefined)) return constantCall(lowering, name, folded, node);
  const [first] = values;
  const members = name.startsWith("Object.") && first?.kind === "object" ? membersOf(name, first, node) : undefined;
  if (members !== undefined) return members;
  const operands: Expression[] = [];
  for (const [index, argument] of node.arguments.entries()) {
    const operand = toExpression(lowering, values[index] ?? invalid, argument);
    if (operand === undefined) return invalid;
    operands.push(operand);
  }
  const constants = operands.map((operand) => (operand.kind === "constant" ? operand.value : undefined));
  if (constants.every((value) => value !== undefined)) return constantCall(lowering, name, constants, node);
  if (conversion === undefined) return report(lowering, "HMC1003", node, { operation: `"${name}(…)"` });
  return { kind: "expression", expression: { kind: "call", function: conversion.function, arguments: operands, type: conversion.type, span: lowering.context.spanOf(node) } };
}

/** Keys, values or entries of an object that holds tasks or other run-time values. */
function membersOf(name: string, object: Extract<Value, { kind: "object" }>, node: ts.Node): Value | undefined {
  const keyOf = (key: string): Value => ({ kind: "constant", folded: { kind: "value", value: key, node } });
  const entries = [...object.entries];
  switch (name) {
    case "Object.keys":
      return { kind: "list", items: entries.map(([key]) => keyOf(key)), node };
    case "Object.values":
      return { kind: "list", items: entries.map(([, value]) => value), node };
    case "Object.entries":
      return { kind: "list", items: entries.map(([key, value]) => ({ kind: "list", items: [keyOf(key), value], node })), node };
    default:
      return undefined;
  }
}

/** The functions above have no effect and depend on their arguments only, so they are called right here. */
function constantCall(lowering: Lowering, name: string, given: unknown[], node: ts.Node): Value {
  const [owner, member] = name.split(".");
  const scope = globalThis as unknown as Record<string, unknown>;
  const target = member === undefined ? scope[owner ?? ""] : (scope[owner ?? ""] as Record<string, unknown>)[member];
  try {
    const value = (target as (...given: unknown[]) => unknown)(...given);
    if (typeof value === "number" && !Number.isFinite(value)) return report(lowering, "HMC1003", node, { operation: `"${name}(…)"` });
    const json = JSON.parse(JSON.stringify(value)) as Parameters<typeof fromJson>[0];
    return fromJson(json, node);
  } catch {
    return report(lowering, "HMC1003", node, { operation: `"${name}(…)"` });
  }
}

function fromJson(value: Exclude<ReturnType<typeof foldedToJson>, undefined>, node: ts.Node): Value {
  return { kind: "constant", folded: foldedFromJson(value, node) };
}

/** Whether the leftmost name belongs to a library: what it names has no source that hmc could read. */
export function isForeign(lowering: Lowering, callee: ts.Expression): boolean {
  let root = callee;
  // What a run knows of itself is declared by a library, too, but is a value of the pipeline.
  while (ts.isPropertyAccessExpression(root) && !isLanguageConstant(lowering.context, root, "run")) root = root.expression;
  if (isLanguageConstant(lowering.context, root, "run")) return false;
  const { checker } = lowering.context;
  const symbol = ts.isIdentifier(root) ? checker.getSymbolAtLocation(root) : undefined;
  if (symbol === undefined) return false;
  const { declarations = [] } = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return declarations.length > 0 && declarations.every((declaration) => declaration.getSourceFile().isDeclarationFile);
}

/** Whether the leftmost name is declared by a library or not at all, and not by the project. */
function isGlobal(lowering: Lowering, callee: ts.Expression): boolean {
  let root = callee;
  while (ts.isPropertyAccessExpression(root)) root = root.expression;
  if (ts.isNewExpression(root)) return root.expression.getText() === "Date";
  if (!ts.isIdentifier(root)) return false;
  const symbol = lowering.context.checker.getSymbolAtLocation(root);
  return symbol?.declarations === undefined || symbol.declarations.every((declaration) => declaration.getSourceFile().isDeclarationFile && !ts.isImportClause(declaration) && !ts.isImportSpecifier(declaration));
}
