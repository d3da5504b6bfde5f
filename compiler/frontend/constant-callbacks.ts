/** `map`, `flatMap` and `filter` of a constant list with a function that is one expression: the usual way to write a grid. */
import { ts } from "ts-morph";
import { foldMember, isTruthy, type Folded } from "./folded.ts";
import type { Context } from "./context.ts";

const methods = new Set(["map", "flatMap", "filter"]);
type List = Extract<Folded, { kind: "list" }>;

/**
 * @param fold folds an expression of the function with its parameters bound
 * @returns undefined where the method, the function or one of its results is no constant, or where there are no items: the
 *   function may then be a loop over tasks
 */
export function foldCallback(context: Context, list: List, method: string, callback: ts.Expression | undefined, node: ts.Node, fold: (expression: ts.Expression) => Folded | undefined): Folded | undefined {
  if (list.items.length === 0 || !methods.has(method) || callback === undefined || !ts.isArrowFunction(callback)) return undefined;
  const body = ts.isBlock(callback.body) ? onlyReturn(callback.body) : callback.body;
  if (body === undefined) return undefined;
  const results: Folded[] = [];
  for (const [index, item] of list.items.entries()) {
    const bound = new Map<ts.Symbol, Folded>();
    const given: Folded[] = [item, { kind: "value", value: index, node }, list];
    if (!callback.parameters.every((parameter, position) => bind(context, parameter, given[position], bound))) return undefined;
    const outer = context.local;
    context.local = (symbol) => bound.get(symbol) ?? outer?.(symbol);
    let result: Folded | undefined;
    try {
      result = fold(body);
    } finally {
      if (outer === undefined) delete context.local;
      else context.local = outer;
    }
    if (result === undefined) return undefined;
    if (method === "map") results.push(result);
    else if (method === "filter") results.push(...(isTruthy(result) ? [item] : []));
    else results.push(...(result.kind === "list" ? result.items : [result]));
  }
  return { kind: "list", items: results, node };
}

function onlyReturn(block: ts.Block): ts.Expression | undefined {
  const [statement, ...others] = block.statements;
  return statement !== undefined && others.length === 0 && ts.isReturnStatement(statement) ? statement.expression : undefined;
}

/** Binds the names of a parameter or of a part of it; false where it is more than names. */
function bind(context: Context, target: ts.ParameterDeclaration | ts.BindingElement, value: Folded | undefined, bound: Map<ts.Symbol, Folded>): boolean {
  if (value === undefined || target.initializer !== undefined || target.dotDotDotToken !== undefined) return false;
  const { name } = target;
  if (ts.isIdentifier(name)) {
    const symbol = context.checker.getSymbolAtLocation(name);
    if (symbol !== undefined) bound.set(symbol, value);
    return symbol !== undefined;
  }
  return name.elements.every((element, index) => {
    if (ts.isOmittedExpression(element)) return true;
    const key = element.propertyName ?? element.name;
    if (ts.isArrayBindingPattern(name)) return bind(context, element, foldMember(value, String(index), element), bound);
    return ts.isIdentifier(key) && bind(context, element, foldMember(value, key.text, element), bound);
  });
}
