/** What the built-in functions of expr-lang take and give, as far as it checks that before it evaluates. */
import type { ExprCall, ExprNode } from "./expr.ts";
import {
  anyType, boolType, durationType, floatType, groupsType, intType, isAssignable, isNumber, isUnknown, keyedType, listOf, listType, stringType, stringsType, timeType, typeOfParameter, unknownType, type ExprType,
} from "./expr-type.ts";
import type { ExprFunction } from "./expr-value.ts";

/** Reports a problem at a node; nothing is known of the node then. */
export type Complain = (node: ExprNode, message: string) => ExprType;
type Visit = (node: ExprNode) => ExprType;

interface Signature {
  parameters: readonly ExprType[];
  result: ExprType;
}

const signature = (parameters: readonly ExprType[], result: ExprType): Signature => ({ parameters, result });
const text = stringType;
const intsType: ExprType = { kind: "array", go: "[]int", element: intType };
const floatsType: ExprType = { kind: "array", go: "[]float64", element: floatType };
const whole = [signature([intType, intType], intType)];

/** The functions whose overloads are tried one after the other. */
const overloads: Readonly<Record<string, readonly Signature[]>> = {
  type: [signature([anyType], text)],
  string: [signature([anyType], text)],
  trim: [signature([text], text), signature([text, text], text)],
  trimPrefix: [signature([text, text], text), signature([text], text)],
  trimSuffix: [signature([text, text], text), signature([text], text)],
  upper: [signature([text], text)],
  lower: [signature([text], text)],
  split: [signature([text, text], stringsType), signature([text, text, intType], stringsType)],
  splitAfter: [signature([text, text], stringsType), signature([text, text, intType], stringsType)],
  replace: [signature([text, text, text, intType], text), signature([text, text, text], text)],
  repeat: [signature([text, intType], text)],
  join: [signature([stringsType, text], text), signature([listType, text], text), signature([listType], text), signature([stringsType, text], text), signature([stringsType], text)],
  indexOf: [signature([text, text], intType)],
  lastIndexOf: [signature([text, text], intType)],
  hasPrefix: [signature([text, text], boolType)],
  hasSuffix: [signature([text, text], boolType)],
  toJSON: [signature([anyType], text)],
  fromJSON: [signature([text], anyType)],
  toBase64: [signature([text], text)],
  fromBase64: [signature([text], text)],
  duration: [signature([text], durationType)],
  timezone: [signature([text], { kind: "opaque", go: "*time.Location" })],
  sort: [
    ...[listType, intsType, floatsType, stringsType].map((list) => signature([list, text], listType)),
    ...[listType, floatsType, stringsType, intsType].map((list) => signature([list], listType)),
  ],
  bitand: whole, bitor: whole, bitxor: whole, bitnand: whole, bitshl: whole, bitshr: whole, bitushr: whole, bitnot: [signature([intType], intType)],
};

/** Checks a call of a built-in function that takes no predicate. */
export function checkBuiltIn(name: string, node: ExprCall, visit: Visit, complain: Complain, names: Readonly<Record<string, ExprType>>): ExprType {
  const signatures = overloads[name];
  if (signatures !== undefined) {
    let last: { node: ExprNode; message: string } | undefined;
    const given = node.arguments.map(visit);
    for (const one of signatures) {
      last = misfit(name, one.parameters, node, given);
      if (last === undefined) return one.result;
    }
    return last === undefined ? unknownType : complain(last.node, last.message);
  }
  if (name === "get") return checkGet(node, visit, complain, names);
  const given = node.arguments.map(visit).map((type) => (type.kind === "unknown" ? anyType : type));
  const result = validated(name, given);
  return typeof result === "string" ? complain(node, result) : result;
}

/** Checks a call of a function of the environment. */
export function checkSignature(name: string, called: ExprFunction, node: ExprCall, visit: Visit, complain: Complain): ExprType {
  const fixed = called.parameters.map(typeOfParameter);
  const { rest } = called;
  const given = node.arguments.map(visit);
  const parameters = rest === undefined ? fixed : [...fixed, ...given.slice(fixed.length).map(() => typeOfParameter(rest))];
  const wrong = misfit(name, parameters, node, given);
  return wrong === undefined ? typeOfParameter(called.result) : complain(wrong.node, wrong.message);
}

function misfit(name: string, parameters: readonly ExprType[], node: ExprCall, given: readonly ExprType[]): { node: ExprNode; message: string } | undefined {
  if (given.length > parameters.length) return { node, message: `too many arguments to call ${name}` };
  if (given.length < parameters.length) return { node, message: `not enough arguments to call ${name}` };
  for (const [index, parameter] of parameters.entries()) {
    const argument = node.arguments[index] ?? node;
    const type = given[index] ?? unknownType;
    if (parameter.kind === "float" && type.kind === "int") continue;
    if (type.kind === "nil" && parameter.kind !== "any") return { node: argument, message: `cannot use nil as argument (type ${parameter.go}) to call ${name}` };
    if (!isAssignable(type, parameter) && !isUnknown(type)) return { node: argument, message: `cannot use ${type.go} as argument (type ${parameter.go}) to call ${name} ` };
  }
  return undefined;
}

function checkGet(node: ExprCall, visit: Visit, complain: Complain, names: Readonly<Record<string, ExprType>>): ExprType {
  const [from, property, more] = node.arguments;
  if (from === undefined || property === undefined || more !== undefined) return complain(node, `invalid number of arguments (expected 2, got ${node.arguments.length})`);
  const base = visit(from);
  const key = visit(property);
  if (from.kind === "identifier" && from.name === "$env") return property.kind === "string" && Object.hasOwn(names, property.value) ? (names[property.value] ?? unknownType) : unknownType;
  if (isUnknown(base)) return unknownType;
  if (base.kind === "array") return key.kind === "int" || isUnknown(key) ? (base.element ?? anyType) : complain(property, `non-integer slice index ${key.go}`);
  if (base.kind !== "map") return complain(from, `type ${base.go} does not support indexing`);
  return isAssignable(key, base.key ?? anyType) || isUnknown(key) ? (base.element ?? anyType) : complain(property, `cannot use ${key.go} to get an element from ${base.go}`);
}

const count = (given: readonly ExprType[], expected = "1") => `invalid number of arguments (expected ${expected}, got ${given.length})`;
const named = ({ kind, go }: ExprType) => (kind === "nil" ? "%!s(<nil>)" : go);

/** The result of a function that checks its arguments by itself, or its message. */
function validated(name: string, given: readonly ExprType[]): ExprType | string {
  const [first, second] = given;
  const isList = (type: ExprType) => isUnknown(type) || type.kind === "array";
  switch (name) {
    case "max":
    case "min":
    case "mean":
    case "median": {
      if (first === undefined) return `not enough arguments to call ${name}`;
      const decisive = given.find((type) => !isNumber(type));
      if (decisive === undefined) return first;
      return isList(decisive) ? anyType : `invalid argument for ${name} (type ${named(decisive)})`;
    }
    case "now":
      return first === undefined || first.go === "*time.Location" ? timeType : count(given, "0");
    case "date":
      return first === undefined ? count(given, "at least 1") : given.length > (first.go === "*time.Location" ? 4 : 3) ? count(given, "at most 3") : timeType;
    case "concat":
      if (first === undefined) return "invalid number of arguments (expected at least 1, got 0)";
      return given.every(isList) ? untyped(listType) : `cannot concat ${named(given.find((type) => !isList(type)) ?? first)}`;
    case "take":
      if (first === undefined || second === undefined || given.length > 2) return count(given, "2");
      if (!isList(first)) return `cannot take from ${named(first)}`;
      return isUnknown(second) || second.kind === "int" ? untyped(first) : `cannot take ${named(second)} elements`;
  }
  if (first === undefined || second !== undefined) return count(given);
  switch (name) {
    case "len":
      return isList(first) || first.kind === "map" || first.kind === "string" ? intType : `invalid argument for len (type ${named(first)})`;
    case "abs":
      return isUnknown(first) || isNumber(first) ? first : `invalid argument for abs (type ${named(first)})`;
    case "ceil":
    case "floor":
    case "round":
      return isUnknown(first) || isNumber(first) ? floatType : `invalid argument for ${name} (type ${named(first)})`;
    case "int":
    case "float":
      return isUnknown(first) || isNumber(first) || first.kind === "string" || first.kind === "duration" ? (name === "int" ? intType : floatType) : `invalid argument for ${name} (type ${named(first)})`;
    case "first":
    case "last":
      return isUnknown(first) ? anyType : first.kind === "array" ? elementOf(first) : `cannot get ${name} element from ${named(first)}`;
    case "keys":
    case "values":
      return isUnknown(first) || first.kind === "map" ? listType : `cannot get ${name} from ${named(first)}`;
    case "toPairs":
      return isUnknown(first) || first.kind === "map" ? listType : `cannot transform ${named(first)} to pairs`;
    case "fromPairs":
      return isList(first) ? keyedType : `cannot transform ${named(first)} from pairs`;
    default:
      return isList(first) ? listType : `cannot ${name} ${named(first)}`;
  }
}

/** What Go knows of a list: only whether it holds texts. */
function untyped(type: ExprType): ExprType {
  return type.go === listType.go ? listType : type;
}

function elementOf(list: ExprType): ExprType {
  return list.go === listType.go ? anyType : (list.element ?? anyType);
}

const yesOrNo = new Set(["all", "none", "any", "one", "filter", "count", "find", "findIndex", "findLast", "findLastIndex"]);

/** What a function gives that calls its predicate for each item of a collection. */
export function predicateResult(name: string, node: ExprCall, collection: ExprType, result: ExprType | undefined, complain: Complain): ExprType {
  const [, predicate = node] = node.arguments;
  const item = isUnknown(collection) ? unknownType : (collection.element ?? anyType);
  if (result === undefined) return name === "count" ? intType : item;
  if (result.kind === "nil" && name !== "reduce") return complain(predicate, "predicate should has one input and one output param");
  if (yesOrNo.has(name) && result.kind !== "bool" && !isUnknown(result)) return complain(predicate, `predicate should return boolean (got ${result.go})`);
  switch (name) {
    case "filter":
      return isUnknown(collection) ? listType : listOf(item);
    case "map":
      return listOf(result);
    case "count":
    case "findIndex":
    case "findLastIndex":
      return intType;
    case "sum":
      return isUnknown(result) ? anyType : result;
    case "find":
    case "findLast":
      return item;
    case "groupBy":
      return groupsType;
    case "sortBy":
      return collection;
    case "reduce":
      return result.kind === "nil" ? complain(predicate, "predicate should has two input and one output param") : result;
    default:
      return boolType;
  }
}
