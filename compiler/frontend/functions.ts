/** Inlines helper functions: their calls become part of the graph. */
import { ts } from "ts-morph";
import { bindPattern } from "./binding.ts";
import { evaluate } from "./expressions.ts";
import { callLifted } from "./lifted.ts";
import { report, type Lowering } from "./lowering.ts";
import { isRecursive } from "./recursion.ts";
import { Scope } from "./scope.ts";
import { readFunctionBody } from "./statements.ts";
import type { FunctionValue, Value } from "./values.ts";

/** Reports a function that gives a promise: there is none in a graph. */
export function reportAsync(lowering: Lowering, node: ts.FunctionLikeDeclaration, name: string): void {
  const modifier = node.modifiers?.find(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword);
  if (modifier !== undefined) report(lowering, "HMC1005", modifier, { what: `"async" of "${name}"` });
}

/**
 * What a call of a helper function gives.
 *
 * @param name for messages
 * @param given the arguments, by position
 */
export function inlineFunction(lowering: Lowering, callee: FunctionValue, at: ts.Node, name: string, given: Value[]): Value {
  const active = lowering.inlining.findIndex((entry) => entry.node === callee.node);
  if (active >= 0) {
    const path = [...lowering.inlining.slice(active).map((entry) => entry.name), name].map((entry) => `"${entry}"`).join(" → ");
    return report(lowering, "HMC1007", at, { path, why: "a function inside a pipeline cannot call itself. Declare it at the top of a module" });
  }
  if (callee.scope === lowering.rootScope && isRecursive(lowering.context, callee.node)) return callLifted(lowering, callee.node, at, name, given);
  const { body } = callee.node as ts.ArrowFunction;
  if (body === undefined) return report(lowering, "HMC1002", at, { name });
  reportAsync(lowering, callee.node, name);
  if (callee.node.asteriskToken !== undefined) return report(lowering, "HMC1001", callee.node, { construct: "a generator" });
  const scope = new Scope(callee.inPlace === true ? "block" : "function", callee.scope);
  const { returnDepth } = lowering;
  lowering.returnDepth = lowering.enclosing.length;
  lowering.inlining.push({ node: callee.node, name });
  try {
    callee.node.parameters.forEach((parameter, index) => {
      const argument: Value = parameter.dotDotDotToken !== undefined ? { kind: "list", items: given.slice(index), node: parameter } : (given[index] ?? { kind: "constant", folded: { kind: "undefined", node: parameter } });
      bindPattern(lowering, scope, parameter.name, argument, parameter.initializer);
    });
    const result = ts.isBlock(body) ? readFunctionBody(lowering, scope, body) : evaluate(lowering, scope, body);
    return result ?? { kind: "constant", folded: { kind: "undefined", node: at } };
  } finally {
    lowering.returnDepth = returnDepth;
    lowering.inlining.pop();
  }
}

