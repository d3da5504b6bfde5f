/**
 * Types within expressions. All that Argo gives to an expression is text, so `inputs.parameters.n > 3` fails at run time
 * (reference argo.md 2.1, 2.3). Only what is sure is reported.
 */
import type { ExprBinary, ExprNode } from "../../../expressions/argo/expr.ts";
import { exprChildren } from "../../../expressions/argo/expr.ts";
import { printExpr } from "../../../expressions/argo/expr-print.ts";
import type { Expression } from "./expressions.ts";
import type { Text } from "./places.ts";
import type { Work } from "./work.ts";

export type ValueType = "text" | "number" | "truth" | "list" | "map" | "nil";

const named: Readonly<Record<ValueType, string>> = { text: "text", number: "a number", truth: "true or false", list: "a list", map: "a map", nil: "nil" };

/** A type with its article, for messages. */
export function describeType(type: ValueType): string {
  return named[type];
}

const results: Readonly<Record<string, ValueType>> = {
  asInt: "number", asFloat: "number", int: "number", float: "number", len: "number", abs: "number", ceil: "number", floor: "number", round: "number", count: "number", sum: "number", indexOf: "number",
  lastIndexOf: "number", findIndex: "number", findLastIndex: "number", string: "text", toJson: "text", toJSON: "text", trim: "text", upper: "text", lower: "text", replace: "text", repeat: "text", join: "text",
  toBase64: "text", fromBase64: "text", type: "text", all: "truth", any: "truth", none: "truth", one: "truth", hasPrefix: "truth", hasSuffix: "truth", filter: "list", map: "list", split: "list", keys: "list", values: "list",
  sort: "list", sortBy: "list", reverse: "list", uniq: "list", concat: "list", flatten: "list",
};

/** The type of an expression, where it is sure whatever the run. */
export function typeOf(node: ExprNode): ValueType | undefined {
  switch (node.kind) {
    case "nil":
      return "nil";
    case "bool":
      return "truth";
    case "int":
    case "float":
      return "number";
    case "string":
      return "text";
    case "array":
      return "list";
    case "map":
      return "map";
    case "member":
      return isText(node) ? "text" : undefined;
    case "call":
      return node.callee.kind === "identifier" ? results[node.callee.name] : undefined;
    case "unary":
      return node.operator === "!" || node.operator === "not" ? "truth" : "number";
    case "binary":
      return typeOfBinary(node);
    case "conditional": {
      const type = typeOf(node.consequent);
      return type === typeOf(node.alternate) ? type : undefined;
    }
    default:
      return undefined;
  }
}

const truthOperators = new Set(["==", "!=", "<", "<=", ">", ">=", "&&", "||", "and", "or", "in", "not in", "contains", "startsWith", "endsWith", "matches"]);

function typeOfBinary({ operator, left, right }: ExprBinary): ValueType | undefined {
  if (truthOperators.has(operator) || operator.startsWith("not ")) return "truth";
  if (operator === "-" || operator === "*" || operator === "/" || operator === "%" || operator === "**" || operator === "^") return typeOf(left) === "number" && typeOf(right) === "number" ? "number" : undefined;
  if (operator === "+") return typeOf(left) === typeOf(right) ? typeOf(left) : undefined;
  return operator === ".." ? "list" : undefined;
}

/** Whether a member is one of the names under which Argo keeps text. */
function isText(node: ExprNode): boolean {
  const path: string[] = [];
  let current = node;
  for (; current.kind === "member"; current = current.object) {
    if (current.property.kind !== "string") return false;
    path.unshift(current.property.value);
  }
  if (current.kind !== "identifier") return false;
  const [first, second, third] = path;
  switch (current.name) {
    case "inputs":
      return first === "parameters" && path.length === 2;
    case "workflow":
      return (first === "parameters" && path.length === 2 && second !== "json") || (path.length === 1 && ["name", "namespace", "uid", "status", "failures", "mainEntrypoint", "serviceAccountName", "duration"].includes(first ?? ""));
    case "tasks":
    case "steps":
      return (second === "outputs" && ((third === "parameters" && path.length === 4) || (third === "result" && path.length === 3))) || (path.length === 2 && ["status", "exitCode", "id"].includes(second ?? ""));
    case "lastRetry":
      return path.length === 1;
    default:
      return false;
  }
}

const order = new Set(["<", "<=", ">", ">="]);
const logic = new Set(["&&", "||", "and", "or"]);

/** Reports operators whose sides cannot go together; gives whether there are none. */
export function checkTypes(work: Work, text: Text, { tree, offset }: Expression): boolean {
  let fits = true;
  const visit = (node: ExprNode): void => {
    for (const child of exprChildren(node)) visit(child);
    let isFine = true;
    if (node.kind === "binary") isFine = checkBinary(work, text, node, offset);
    else if (node.kind === "unary" && (node.operator === "!" || node.operator === "not")) isFine = checkTruth(work, text, node.operand, node.operator, offset);
    else if (node.kind === "conditional") isFine = checkTruth(work, text, node.test, "?", offset);
    fits &&= isFine;
  };
  visit(tree);
  return fits;
}

function placed(text: Text, offset: number, { start, end }: ExprNode): { path: Text["path"]; within: { start: number; end: number } } {
  return { path: text.path, within: { start: offset + start, end: offset + end } };
}

function checkBinary(work: Work, text: Text, node: ExprBinary, offset: number): boolean {
  const { operator } = node;
  if (logic.has(operator)) {
    const isLeft = checkTruth(work, text, node.left, operator, offset);
    return checkTruth(work, text, node.right, operator, offset) && isLeft;
  }
  const [left, right] = [typeOf(node.left), typeOf(node.right)];
  if (left === undefined || right === undefined || left === right) return true;
  const sides = { left: `${named[left]} (${shown(node.left)})`, right: `${named[right]} (${shown(node.right)})` };
  if (order.has(operator) || ["+", "-", "*", "/", "%", "**", "^"].includes(operator)) {
    work.report("HMC8206", placed(text, offset, node), { operator, ...sides, advice: adviceFor(node, left, right) });
    return false;
  }
  if ((operator === "==" || operator === "!=") && left !== "nil" && right !== "nil") {
    work.report("HMC8209", placed(text, offset, node), { left: capitalised(sides.left), right: sides.right, outcome: operator === "==" ? "false" : "true", advice: adviceFor(node, left, right) });
    return false;
  }
  return true;
}

function adviceFor(node: ExprBinary, left: ValueType, right: ValueType): string {
  const words = left === "text" ? node.left : node.right;
  const other = left === "text" ? right : left;
  if (other === "number" && words.kind !== "string") return `Write "asInt(${shown(words)})" or "asFloat(…)"`;
  if (other === "truth" && words.kind !== "string") return `Compare the text: "${shown(words)} == 'true'"`;
  return "Make both sides of one type";
}

/** Logic takes only true and false. */
function checkTruth(work: Work, text: Text, node: ExprNode, operator: string, offset: number): boolean {
  const type = typeOf(node);
  if (type === undefined || type === "truth") return true;
  const advice = type === "text" && node.kind !== "string" ? `Write "${shown(node)} == 'true'"` : "Compare it with something";
  work.report("HMC8206", placed(text, offset, node), { operator, left: `${named[type]} (${shown(node)})`, right: "what must be true or false", advice });
  return false;
}

function shown(node: ExprNode): string {
  const text = printExpr(node);
  return text.length > 50 ? `${text.slice(0, 49)}…` : text;
}

function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
