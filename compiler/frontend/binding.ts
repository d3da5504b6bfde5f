/** Gives names to values: `const x`, `{ a, b = 1 }`, `[first, second]`. */
import { ts } from "ts-morph";
import { coalesce } from "./branches.ts";
import { constantPropertyName } from "./constants.ts";
import { report, type Lowering } from "./lowering.ts";
import type { Scope } from "./scope.ts";
import { elementOf, memberOf } from "./to-expression.ts";
import type { Value } from "./values.ts";

/**
 * Declares the names of a binding.
 *
 * @param initializer the default, used where the value is absent
 */
export function bindPattern(lowering: Lowering, scope: Scope, name: ts.BindingName, value: Value, initializer?: ts.Expression): void {
  const bound = initializer === undefined ? value : coalesce(lowering, scope, value, name, initializer);
  if (ts.isIdentifier(name)) {
    const symbol = lowering.context.checker.getSymbolAtLocation(name);
    if (symbol !== undefined) scope.declare(symbol, bound);
    return;
  }
  name.elements.forEach((element, index) => {
    if (ts.isOmittedExpression(element)) return;
    if (element.dotDotDotToken !== undefined) {
      report(lowering, "HMC1001", element, { construct: "a rest element" });
      return;
    }
    if (ts.isArrayBindingPattern(name)) {
      const position: Value = { kind: "constant", folded: { kind: "value", value: index, node: element } };
      bindPattern(lowering, scope, element.name, bound.kind === "invalid" ? bound : elementOf(lowering, bound, position, element), element.initializer);
      return;
    }
    const key = memberName(lowering, element);
    if (key === undefined) {
      report(lowering, "HMC1011", element, { what: "The name of this property" });
      return;
    }
    bindPattern(lowering, scope, element.name, bound.kind === "invalid" ? bound : memberOf(lowering, bound, key, element), element.initializer);
  });
}

function memberName(lowering: Lowering, element: ts.BindingElement): string | undefined {
  if (element.propertyName !== undefined) return constantPropertyName(lowering.context, element.propertyName);
  return ts.isIdentifier(element.name) ? element.name.text : undefined;
}

/** Declares the names of a parameter whose defaults are those of its inputs. */
export function bindWithoutDefaults(lowering: Lowering, scope: Scope, pattern: ts.ObjectBindingPattern, entries: Map<string, Value>): void {
  for (const element of pattern.elements) {
    const key = element.propertyName ?? element.name;
    if (element.dotDotDotToken !== undefined || !(ts.isIdentifier(key) || ts.isStringLiteral(key))) {
      report(lowering, "HMC1001", element, { construct: "a rest element" });
      continue;
    }
    const value = entries.get(key.text);
    if (value !== undefined) bindPattern(lowering, scope, element.name, value);
  }
}
