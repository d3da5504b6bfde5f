/**
 * Evaluates expr-lang 1.17 as Argo's controller runs it: types are checked first, then the expression is evaluated.
 * Whole numbers are Go's `int`, those of JSON are `float64`.
 */
import { exprPlainFunctions, exprPredicateFunctions, type ExprBinary, type ExprCall, type ExprConditional, type ExprMember, type ExprNode } from "./expr.ts";
import { callBuiltIn } from "./expr-built-in.ts";
import { checkExpr, typesOf } from "./expr-check.ts";
import { Folding } from "./expr-fold.ts";
import { callFunction } from "./expr-function.ts";
import { methodOf } from "./expr-methods.ts";
import { arithmetic, boolOf, compare, fail, fetch, intOf, isEqual, isIn, keyOf, slice, textOf, toInt } from "./expr-operators.ts";
import { PredicateCall, type Scope } from "./expr-predicate-call.ts";
import type { ExprType } from "./expr-type.ts";
import { ExprEvaluationError, ExprFunction, goTypeOf, isList, type ExprEnv, type ExprParameterType, type ExprValue } from "./expr-value.ts";
import { goRegExp } from "./go-regexp.ts";

/**
 * The value of an expression.
 *
 * @param env the names it may read; `argoEnv` makes one with Argo's own functions
 * @throws ExprEvaluationError with the message of expr-lang where it has none
 */
export function evaluateExpr(node: ExprNode, env: ExprEnv): ExprValue {
  const { problems, types } = checkExpr(node, typesOf(env));
  const [first] = problems;
  if (first !== undefined) throw new ExprEvaluationError(first.message, first.at, false);
  try {
    return new Evaluation(env, types, new Folding(node)).of(node);
  } catch (error) {
    if (error instanceof RangeError) throw new ExprEvaluationError("memory budget exceeded");
    throw error;
  }
}

/** What `a?.b.c` gives up with where `a` is nil. */
const nothing = Symbol("nothing");

class Evaluation {
  private readonly variables: { name: string; value: ExprValue }[] = [];
  private readonly scopes: Scope[] = [];

  constructor(
    private readonly env: ExprEnv,
    private readonly types: ReadonlyMap<ExprNode, ExprType>,
    private readonly folding: Folding,
  ) {}

  of = (given: ExprNode): ExprValue => {
    const literal = this.folding.literal(given);
    if (literal !== undefined) return literal.value;
    const value = this.placed(this.folding.substitute(given));
    return value === nothing ? null : value;
  };

  /** An error of a node is told with the node's place. */
  private placed(node: ExprNode): ExprValue | typeof nothing {
    try {
      return this.value(node);
    } catch (error) {
      if (error instanceof ExprEvaluationError && error.offset === undefined) throw new ExprEvaluationError(error.message, node.at ?? node.start);
      throw error;
    }
  }

  private value(node: ExprNode): ExprValue | typeof nothing {
    switch (node.kind) {
      case "nil":
        return null;
      case "bool":
      case "int":
      case "float":
      case "string":
        return node.value;
      case "array":
        return node.items.map(this.of);
      case "map":
        return Object.fromEntries(node.entries.map(({ key, value }) => [textOf(this.of(key)), this.of(value)]));
      case "identifier":
        return this.named(node.name);
      case "pointer":
        return this.pointed(node.name);
      case "member":
        return this.member(node);
      case "slice":
        return slice(this.of(node.object), node.from === undefined ? 0n : this.of(node.from), node.to === undefined ? undefined : this.of(node.to));
      case "call":
        return this.call(node);
      case "predicate":
        return this.of(node.body);
      case "unary": {
        const operand = this.of(node.operand);
        if (node.operator === "!" || node.operator === "not") return !boolOf(operand);
        if (node.operator === "+") return operand;
        if (typeof operand === "bigint") return BigInt.asIntN(64, -operand);
        return typeof operand === "number" ? -operand : fail(`invalid operation: - ${goTypeOf(operand)}`);
      }
      case "binary":
        return this.binary(node);
      case "conditional":
        return this.conditional(node);
      case "let": {
        const value = this.of(node.value);
        this.variables.push({ name: node.name, value });
        const body = this.of(node.body);
        this.variables.pop();
        return body;
      }
      case "sequence":
        return node.items.map(this.of).at(-1) ?? null;
    }
  }

  private named(name: string): ExprValue {
    const variable = this.variables.findLast((one) => one.name === name);
    if (variable !== undefined) return variable.value;
    if (name === "$env") return this.env;
    return Object.hasOwn(this.env, name) ? (this.env[name] ?? null) : null;
  }

  private pointed(name: string): ExprValue {
    const scope = this.scopes.at(-1) ?? fail("cannot use pointer accessor outside predicate");
    return name === "index" ? BigInt(scope.index) : name === "acc" ? (scope.accumulated ?? null) : scope.item();
  }

  /** A `?.` gives up the accesses with dots that follow it; an access in brackets begins anew. */
  private object(node: ExprNode, access: "dot" | "bracket"): ExprValue | typeof nothing {
    const isChain = node.kind === "member" || (node.kind === "call" && node.callee.kind === "member");
    if (!isChain) return this.of(node);
    const value = this.placed(node);
    return value === nothing && access === "bracket" ? null : value;
  }

  private member(node: ExprMember): ExprValue | typeof nothing {
    const object = this.object(node.object, node.access);
    if (object === nothing || (node.optional && object === null)) return nothing;
    const property = this.of(node.property);
    return (typeof property === "string" ? methodOf(object, property) : undefined) ?? fetch(object, property);
  }

  private call(node: ExprCall): ExprValue | typeof nothing {
    const { callee } = node;
    if (callee.kind === "identifier" && !Object.hasOwn(this.env, callee.name)) {
      if (exprPredicateFunctions.has(callee.name)) return new PredicateCall(node, this.of, this.scopes).run(callee.name);
      if (exprPlainFunctions.has(callee.name)) return callBuiltIn(callee.name, node.arguments.map(this.of));
    }
    const called = callee.kind === "member" ? this.member(callee) : this.of(callee);
    if (called === nothing) return nothing;
    const given = node.arguments.map(this.of);
    if (called === null) return fail("invalid operation: cannot call nil");
    return called instanceof ExprFunction ? callFunction(called, given, node.arguments.map(this.resultOf)) : fail(`invalid operation: cannot call non-function of type ${goTypeOf(called)}`);
  }

  /** The type of what a call of a function gives. */
  private resultOf = (node: ExprNode): ExprParameterType | undefined => {
    if (node.kind !== "call" || node.callee.kind !== "member") return undefined;
    const called = this.placed(node.callee);
    return called instanceof ExprFunction ? called.result : undefined;
  };

  private binary({ operator, left, right }: ExprBinary): ExprValue {
    switch (operator) {
      case "or":
      case "||":
        return boolOf(this.of(left)) || this.of(right);
      case "and":
      case "&&":
        return boolOf(this.of(left)) && this.of(right);
      case "??":
        return this.of(left) ?? this.of(right);
    }
    const [a, b] = [this.of(left), this.of(right)];
    switch (operator) {
      case "==":
        return this.equal(left, right, a, b);
      case "!=":
        return !this.equal(left, right, a, b);
      case "<":
      case "<=":
      case ">":
      case ">=":
        return compare(operator, a, b);
      case "in":
        return this.isIn(right, a, b);
      case "not in":
        return !this.isIn(right, a, b);
      case "..":
        return range(toInt(a), toInt(b));
      case "+":
      case "-":
      case "*":
      case "/":
      case "%":
      case "**":
      case "^":
        return arithmetic(operator, a, b);
      default:
        return operator.startsWith("not ") ? !compareTexts(operator.slice(4), a, b) : compareTexts(operator, a, b);
    }
  }

  /** Where both sides are known to be whole numbers, or texts, Go insists that they are. */
  private equal(left: ExprNode, right: ExprNode, a: ExprValue, b: ExprValue): boolean {
    const [one, other] = [this.types.get(left)?.kind, this.types.get(right)?.kind];
    if (one === "int" && other === "int") return intOf(a) === intOf(b);
    if (one === "string" && other === "string") return textOf(a) === textOf(b);
    return isEqual(a, b);
  }

  /** A list of nothing but literal texts is a set of texts for expr-lang: nothing else may be looked up in it. */
  private isIn(right: ExprNode, a: ExprValue, b: ExprValue): boolean {
    const isSet = right.kind === "array" && right.items.length > 0 && right.items.every(({ kind }) => kind === "string");
    return isSet && isList(b) ? b.includes(keyOf(a)) : isIn(a, b);
  }

  private conditional(node: ExprConditional): ExprValue {
    return boolOf(this.of(node.test)) ? this.of(node.consequent) : this.of(node.alternate);
  }
}

function range(from: bigint, to: bigint): ExprValue {
  const size = to - from + 1n;
  if (size >= 1_000_000n) return fail("memory budget exceeded");
  return size <= 0n ? [] : Array.from({ length: Number(size) }, (_, index) => from + BigInt(index));
}

function compareTexts(operator: string, a: ExprValue, b: ExprValue): boolean {
  if (a === null || b === null) return false;
  const [text, other] = [textOf(a, operator === "matches" ? "[]uint8" : "string"), textOf(b)];
  if (operator === "contains") return text.includes(other);
  if (operator === "startsWith") return text.startsWith(other);
  if (operator === "endsWith") return text.endsWith(other);
  const pattern = goRegExp(other);
  return pattern instanceof RegExp ? pattern.test(text) : fail(pattern.message);
}
