/** What the names in the lambda of a container stand for: inputs, outputs, and constants of the lambda. */
import { ts } from "ts-morph";
import { skipOuter } from "./callee.ts";
import { foldConstant } from "./constants.ts";
import type { Context } from "./context.ts";
import type { Implementation } from "./ops.ts";

/** `input.rows`, `out.model.metadata.kind`: which input or output, and which members of it. */
export interface Reference {
  side: "input" | "output";
  name: string;
  path: string[];
}

export class CommandNames {
  /** What the parameters of the lambda stand for: a whole side, or one of its properties where they are destructured. */
  #names = new Map<ts.Symbol, { side: "input" | "output"; name?: string }>();

  constructor(
    private readonly context: Context,
    lambda: Implementation,
  ) {
    lambda.parameters.forEach((parameter, index) => this.#declare(parameter, index === 0 ? "input" : "output"));
  }

  /** Which input or output an expression names. */
  reference(expression: ts.Expression): Reference | undefined {
    const value = this.resolved(expression);
    if (ts.isIdentifier(value)) {
      const known = this.#nameOf(value);
      return known?.name === undefined ? undefined : { side: known.side, name: known.name, path: [] };
    }
    const key = ts.isPropertyAccessExpression(value) ? value.name.text : ts.isElementAccessExpression(value) && ts.isStringLiteralLike(value.argumentExpression) ? value.argumentExpression.text : undefined;
    if (key === undefined) return undefined;
    const object = this.resolved((value as ts.PropertyAccessExpression | ts.ElementAccessExpression).expression);
    const whole = ts.isIdentifier(object) ? this.#nameOf(object) : undefined;
    if (whole !== undefined && whole.name === undefined) return { side: whole.side, name: key, path: [] };
    const owner = this.reference(object);
    return owner === undefined ? undefined : { ...owner, path: [...owner.path, key] };
  }

  /** The expression behind parentheses, `!`, `as` and constants of the lambda. */
  resolved(expression: ts.Expression): ts.Expression {
    const value = skipOuter(expression);
    if (!ts.isIdentifier(value)) return value;
    const declaration = this.#symbolOf(value)?.valueDeclaration;
    if (declaration === undefined || !ts.isVariableDeclaration(declaration) || declaration.initializer === undefined || !(ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const)) return value;
    return foldConstant(this.context, value) === undefined ? this.resolved(declaration.initializer) : value;
  }

  #nameOf(node: ts.Identifier): { side: "input" | "output"; name?: string } | undefined {
    const symbol = this.#symbolOf(node);
    return symbol === undefined ? undefined : this.#names.get(symbol);
  }

  #symbolOf(node: ts.Identifier): ts.Symbol | undefined {
    const { checker } = this.context;
    return ts.isShorthandPropertyAssignment(node.parent) ? checker.getShorthandAssignmentValueSymbol(node.parent) : checker.getSymbolAtLocation(node);
  }

  #declare(parameter: ts.ParameterDeclaration, side: "input" | "output"): void {
    const { checker } = this.context;
    const add = (name: ts.BindingName, entry: { side: "input" | "output"; name?: string }): void => {
      const symbol = ts.isIdentifier(name) ? checker.getSymbolAtLocation(name) : undefined;
      if (symbol !== undefined) this.#names.set(symbol, entry);
    };
    if (!ts.isObjectBindingPattern(parameter.name)) return add(parameter.name, { side });
    for (const element of parameter.name.elements) {
      const key = element.propertyName ?? element.name;
      if (ts.isIdentifier(key) || ts.isStringLiteralLike(key)) add(element.name, { side, name: key.text });
    }
  }
}
