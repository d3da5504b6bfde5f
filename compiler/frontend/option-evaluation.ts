/** The options of a call: what the expressions of the pipeline body in them stand for. */
import type { ts } from "ts-morph";
import { evaluate } from "./expressions.ts";
import type { Evaluate, Given } from "./given.ts";
import type { Lowering } from "./lowering.ts";
import type { Scope } from "./scope.ts";
import { toExpression } from "./to-expression.ts";
import type { Value } from "./values.ts";

/** Reads expressions in the options of a call as those in its inputs are read: calls in them add tasks. */
export function evaluateIn(lowering: Lowering, scope: Scope): Evaluate {
  return (node) => givenOf(lowering, evaluate(lowering, scope, node), node);
}

function givenOf(lowering: Lowering, value: Value, node: ts.Expression): Given | undefined {
  switch (value.kind) {
    case "constant":
      return value.folded;
    case "object": {
      const entries = [...value.entries].map(([key, entry]) => [key, givenOf(lowering, entry, node)] as const);
      return { kind: "object", entries: new Map(entries.filter((entry): entry is [string, Given] => entry[1] !== undefined)), node };
    }
    case "list":
      return { kind: "list", items: value.items.flatMap((item) => givenOf(lowering, item, node) ?? []), node };
    default: {
      const expression = toExpression(lowering, value, node);
      if (expression === undefined) return undefined;
      return expression.kind === "absent" ? { kind: "undefined", node } : { kind: "open", node, value: expression };
    }
  }
}
