/** Finds what expr-lang refuses in an expression before it evaluates it: unknown names, and types that do not fit. */
import { exprPlainFunctions, exprPredicateFunctions, type ExprBinary, type ExprCall, type ExprConditional, type ExprMember, type ExprNode, type ExprSlice, type ExprUnary } from "./expr.ts";
import { checkBuiltIn, checkSignature, predicateResult, type Complain } from "./expr-check-calls.ts";
import {
  anyType, boolType, floatType, functionType, intType, isAssignable, isComparable, isNumber, isUnknown, listOf, listType, nilType, objectType, stringType, typeOfValue, unknownType, type ExprType,
} from "./expr-type.ts";
import { binaryType } from "./expr-operator-types.ts";
import { methodOf } from "./expr-methods.ts";
import { ExprDuration, ExprTime, type ExprEnv } from "./expr-value.ts";
import { goRegExp } from "./go-regexp.ts";

/** Any time and any span of time: to know what methods they have. */
const someTime = new ExprTime(0n);
const someSpan = new ExprDuration(0n);

export interface ExprProblem {
  message: string;
  /** Where the part at fault stands, and the offset that expr-lang names. */
  start: number;
  end: number;
  at: number;
}

/** The types of the names an expression may read. */
export type ExprTypes = Readonly<Record<string, ExprType>>;

export interface CheckedExpr {
  /** What is wrong, in the order in which expr-lang finds it. It tells only of the first. */
  problems: ExprProblem[];
  /** The type of each node. */
  types: ReadonlyMap<ExprNode, ExprType>;
}

/** The types of an environment's values. */
export function typesOf(env: ExprEnv): ExprTypes {
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, typeOfValue(value)]));
}

/** Checks an expression for names of these types. */
export function checkExpr(node: ExprNode, names: ExprTypes): CheckedExpr {
  const checker = new Checker(names);
  checker.visit(node);
  return { problems: checker.problems, types: checker.types };
}

class Checker {
  readonly problems: ExprProblem[] = [];
  readonly types = new Map<ExprNode, ExprType>();
  private readonly variables: { name: string; type: ExprType }[] = [];
  private readonly scopes: { item: ExprType; pointers: Readonly<Record<string, ExprType>> }[] = [];

  constructor(private readonly names: ExprTypes) {}

  private complain: Complain = (node, message) => {
    this.problems.push({ message, start: node.start, end: node.end, at: node.at ?? node.start });
    return unknownType;
  };

  visit = (node: ExprNode): ExprType => {
    const type = this.typeOf(node);
    this.types.set(node, type);
    return type;
  };

  private typeOf(node: ExprNode): ExprType {
    switch (node.kind) {
      case "nil":
        return nilType;
      case "bool":
        return boolType;
      case "int":
        return intType;
      case "float":
        return floatType;
      case "string":
        return stringType;
      case "array":
        return this.list(node.items.map(this.visit));
      case "map":
        for (const { key, value } of node.entries) this.visit(key), this.visit(value);
        return objectType;
      case "identifier":
        return this.variables.findLast(({ name }) => name === node.name)?.type ?? (node.name === "$env" ? unknownType : this.named(node, node.name));
      case "pointer":
        return this.pointer(node);
      case "member":
        return this.member(node);
      case "slice":
        return this.slice(node);
      case "call":
        return this.call(node);
      case "predicate":
        return this.visit(node.body);
      case "unary":
        return this.unary(node);
      case "binary":
        return this.binary(node);
      case "conditional":
        return this.conditional(node);
      case "let":
        return this.declaration(node);
      case "sequence":
        return node.items.map(this.visit).at(-1) ?? nilType;
    }
  }

  private list(items: readonly ExprType[]): ExprType {
    const [first] = items;
    if (first === undefined) return listOf(unknownType);
    // Go compares kinds: lists of whatever are of one kind, and so are maps; what is not known is of no kind, as nil is.
    const kindOf = ({ kind }: ExprType) => (kind === "nil" ? "unknown" : kind);
    return items.every((item) => kindOf(item) === kindOf(first)) ? listOf(items.at(-1) ?? first) : listType;
  }

  private named(node: ExprNode, name: string): ExprType {
    const type = Object.hasOwn(this.names, name) ? this.names[name] : undefined;
    if (type !== undefined) return type;
    return exprPlainFunctions.has(name) || exprPredicateFunctions.has(name) ? unknownType : this.complain(node, `unknown name ${name}`);
  }

  private pointer(node: ExprNode & { kind: "pointer" }): ExprType {
    const scope = this.scopes.at(-1);
    if (scope === undefined) return this.complain(node, "cannot use pointer accessor outside predicate");
    if (node.name === "") return scope.item;
    return scope.pointers[node.name] ?? this.complain(node, `unknown pointer #${node.name}`);
  }

  private member(node: ExprMember): ExprType {
    const name = node.property.kind === "string" ? node.property.value : undefined;
    if (node.object.kind === "identifier" && node.object.name === "$env") {
      if (name === undefined) return unknownType;
      return Object.hasOwn(this.names, name) ? (this.names[name] ?? unknownType) : node.optional ? unknownType : this.complain(node, `unknown name ${name}`);
    }
    const object = this.visit(node.object);
    const property = this.visit(node.property);
    if (isUnknown(object)) return unknownType;
    if (object.kind === "nil" && name !== undefined) return this.complain(node, `type nil has no field ${name}`);
    if (object.kind === "opaque" && name !== undefined) return unknownType;
    const method = name === undefined ? undefined : methodOf(object.kind === "time" ? someTime : object.kind === "duration" ? someSpan : null, name);
    if (method !== undefined) return functionType(method);
    if (object.kind === "map") {
      const key = object.key ?? anyType;
      if (!isAssignable(property, key) && !isUnknown(property)) return this.complain(node.property, `cannot use ${property.go} to get an element from ${object.go}`);
      return object.element ?? anyType;
    }
    if (object.kind === "array") {
      if (property.kind !== "int" && !isUnknown(property)) return this.complain(node.property, `array elements can only be selected using an integer (got ${property.go})`);
      return object.element ?? anyType;
    }
    return this.complain(node, name === undefined ? `type ${object.go}[${property.go}] is undefined` : `type ${object.go} has no field ${name}`);
  }

  private slice(node: ExprSlice): ExprType {
    const object = this.visit(node.object);
    if (isUnknown(object)) {
      // expr-lang does not look at the borders of a slice of something unknown.
      return unknownType;
    }
    if (object.kind !== "string" && object.kind !== "array") return this.complain(node, `cannot slice ${object.go}`);
    for (const border of [node.from, node.to]) {
      if (border === undefined) continue;
      const type = this.visit(border);
      if (type.kind !== "int" && !isUnknown(type)) return this.complain(border, `non-integer slice index ${type.go}`);
    }
    return object;
  }

  private call(node: ExprCall): ExprType {
    const { callee } = node;
    if (callee.kind === "identifier" && !Object.hasOwn(this.names, callee.name)) {
      if (exprPredicateFunctions.has(callee.name)) return this.predicateCall(node, callee.name);
      if (exprPlainFunctions.has(callee.name)) return checkBuiltIn(callee.name, node, this.visit, this.complain, this.names);
    }
    const type = this.visit(callee);
    if (isUnknown(type)) {
      // The arguments of something unknown are not looked at.
      return unknownType;
    }
    const name = callee.kind === "identifier" ? callee.name : callee.property.kind === "string" ? callee.property.value : "function";
    if (type.kind === "nil") return this.complain(node, `${name} is nil; cannot call nil as function`);
    return type.function === undefined ? this.complain(node, `${type.go} is not callable`) : checkSignature(name, type.function, node, this.visit, this.complain);
  }

  private predicateCall(node: ExprCall, name: string): ExprType {
    const [given, predicate, third] = node.arguments;
    if (given === undefined) return unknownType;
    const collection = this.visit(given);
    if (collection.kind !== "array" && !isUnknown(collection)) return this.complain(given, `builtin ${name} takes only array (got ${collection.go})`);
    const item = isUnknown(collection) ? unknownType : (collection.element ?? anyType);
    let result: ExprType | undefined;
    if (predicate !== undefined) {
      this.scopes.push({ item, pointers: name === "map" ? { index: intType } : name === "reduce" ? { index: intType, acc: unknownType } : {} });
      result = this.visit(predicate);
      this.scopes.pop();
    }
    const order = third === undefined ? undefined : this.visit(third);
    if (name === "sortBy" && third !== undefined && order !== undefined && order.kind !== "string" && !isUnknown(order)) return this.complain(third, `sortBy order argument must be a string (got ${order.go})`);
    return predicateResult(name, node, collection, result, this.complain);
  }

  private unary(node: ExprUnary): ExprType {
    const type = this.visit(node.operand);
    if (node.operator === "!" || node.operator === "not") {
      if (type.kind === "bool" || isUnknown(type)) return boolType;
    } else {
      if (isNumber(type)) return type;
      if (isUnknown(type)) return unknownType;
    }
    return this.complain(node, `invalid operation: ${node.operator} (mismatched type ${type.go})`);
  }

  private binary(node: ExprBinary): ExprType {
    const left = this.visit(node.left);
    const right = this.visit(node.right);
    const operator = node.operator.replace(/^not /, "");
    if (operator === "matches" && node.right.kind === "string") {
      const pattern = goRegExp(node.right.value);
      if (!(pattern instanceof RegExp)) return this.complain(node, pattern.message);
    }
    if (operator === "in" && right.kind === "map") {
      const key = right.key ?? anyType;
      return isUnknown(left) || isAssignable(left, key) ? boolType : this.complain(node, `cannot use ${left.go} as type ${key.go} in map key`);
    }
    if (operator === "in" && right.kind === "array") {
      const element = right.element ?? anyType;
      return isComparable(left, element) ? boolType : this.complain(node, `cannot use ${left.go} as type ${element.go} in array`);
    }
    return binaryType(operator, left, right) ?? this.complain(node, `invalid operation: ${operator} (mismatched types ${left.go} and ${right.go})`);
  }

  private conditional(node: ExprConditional): ExprType {
    const test = this.visit(node.test);
    if (test.kind !== "bool" && !isUnknown(test)) return this.complain(node.test, `non-bool expression (type ${test.go}) used as condition`);
    const [first, second] = [this.visit(node.consequent), this.visit(node.alternate)];
    if (first.kind === "nil") return second;
    if (second.kind === "nil") return first;
    if (!isAssignable(first, second)) return unknownType;
    if (first.kind === "array" && second.kind === "array") {
      const [a, b] = [first.element ?? anyType, second.element ?? anyType];
      if (!isAssignable(a, b) || !isAssignable(b, a)) return listType;
    }
    return first;
  }

  private declaration(node: ExprNode & { kind: "let" }): ExprType {
    const { name } = node;
    const known = Object.hasOwn(this.names, name) ? "" : exprPlainFunctions.has(name) || exprPredicateFunctions.has(name) ? "builtin " : this.variables.some((variable) => variable.name === name) ? "variable " : undefined;
    if (known !== undefined) return this.complain(node, `cannot redeclare ${known}${name}`);
    this.variables.push({ name, type: this.visit(node.value) });
    const body = this.visit(node.body);
    this.variables.pop();
    return body;
  }
}
