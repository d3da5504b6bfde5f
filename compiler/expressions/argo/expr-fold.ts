/**
 * What expr-lang works out before it evaluates: operations on literals. It matters where the rest of an expression
 * would fail: `x && false` is false whatever `x` is, and `1 % 0` is an error also where it is never reached.
 */
import { exprChildren, type ExprBinary, type ExprNode } from "./expr.ts";
import { arithmetic } from "./expr-operators.ts";
import { ExprEvaluationError, type ExprValue } from "./expr-value.ts";

/** A literal's value; an object tells it from nodes that are none. */
export interface Folded {
  value: bigint | number | string | boolean;
}

/** Works out the literals of an expression: what each node that is made of literals is, and which operand stands for a whole `and` or `or`. */
export class Folding {
  private readonly results = new Map<ExprNode, Folded | ExprNode>();

  constructor(root: ExprNode) {
    this.visit(root);
  }

  /** The literal that a node is. */
  literal(node: ExprNode): Folded | undefined {
    const result = this.results.get(node);
    return result === undefined ? undefined : "value" in result && !("kind" in result) ? result : this.literal(result as ExprNode);
  }

  /** The operand that stands for a node, or the node itself. */
  substitute(node: ExprNode): ExprNode {
    const result = this.results.get(node);
    return result !== undefined && "kind" in result && result !== node ? this.substitute(result) : node;
  }

  private visit(node: ExprNode): void {
    for (const child of exprChildren(node)) this.visit(child);
    const result = this.fold(node);
    if (result !== undefined) this.results.set(node, result);
  }

  private fold(node: ExprNode): Folded | ExprNode | undefined {
    switch (node.kind) {
      case "bool":
      case "int":
      case "float":
      case "string":
        return { value: node.value };
      case "unary": {
        const operand = this.literal(node.operand)?.value;
        if (node.operator === "!" || node.operator === "not") return typeof operand === "boolean" ? { value: !operand } : undefined;
        if (typeof operand !== "bigint" && typeof operand !== "number") return undefined;
        return { value: node.operator === "+" ? operand : typeof operand === "bigint" ? BigInt.asIntN(64, -operand) : -operand };
      }
      case "binary":
        return this.foldBinary(node);
      default:
        return undefined;
    }
  }

  private foldBinary({ operator, left, right, start, at }: ExprBinary): Folded | ExprNode | undefined {
    const [a, b] = [this.literal(left)?.value, this.literal(right)?.value];
    switch (operator) {
      case "and":
      case "&&":
        return a === true ? right : b === true ? left : a === false || b === false ? { value: false } : undefined;
      case "or":
      case "||":
        return a === false ? right : b === false ? left : a === true || b === true ? { value: true } : undefined;
      case "==":
        return a !== undefined && typeof a === typeof b && typeof a !== "number" ? { value: a === b } : undefined;
      case "%":
        if (b === 0n && typeof a === "bigint") throw new ExprEvaluationError("integer divide by zero", at ?? start, false);
        return typeof a === "bigint" && typeof b === "bigint" ? { value: a % b } : undefined;
      case "+":
        if (typeof a === "string" && typeof b === "string") return { value: a + b };
        return foldNumbers(operator, a, b);
      case "-":
      case "*":
      case "/":
      case "**":
      case "^":
        return foldNumbers(operator, a, b);
      default:
        return undefined;
    }
  }
}

function foldNumbers(operator: "+" | "-" | "*" | "/" | "**" | "^", a: ExprValue | undefined, b: ExprValue | undefined): Folded | undefined {
  const isNumber = (value: ExprValue | undefined): value is bigint | number => typeof value === "bigint" || typeof value === "number";
  return isNumber(a) && isNumber(b) ? { value: arithmetic(operator, a, b) as bigint | number } : undefined;
}
