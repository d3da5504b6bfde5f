/** What Argo's controller gives its expressions to read: values by their names with dots, and its own functions. */
import { toExprFloat, toExprInt } from "./expr-built-in.ts";
import { textOf } from "./expr-operators.ts";
import { ExprFunction, type ExprEnv, type ExprObject, type ExprValue } from "./expr-value.ts";
import { readGoJson, writeGoJson } from "./go-json.ts";
import { queryJsonPath } from "./json-path.ts";
import { sprigFunctions } from "./sprig.ts";

const functions: Readonly<Record<string, ExprValue>> = {
  asInt: new ExprFunction("asInt", ["any"], "any", (value = null) => toExprInt(value)),
  asFloat: new ExprFunction("asFloat", ["any"], "any", (value = null) => toExprFloat(value)),
  toJson: new ExprFunction("toJson", ["any"], "string", (value = null) => writeGoJson(value)),
  jsonpath: new ExprFunction("jsonpath", ["string", "string"], "any", (text = null, path = null) => queryJsonPath(textOf(path), readGoJson(textOf(text)))),
};

/**
 * The names an expression of Argo may read.
 *
 * @param values values by names with dots, e.g. `tasks.a.outputs.parameters.x`; a name that is the beginning of
 *   another one is left out
 */
export function argoEnv(values: ReadonlyMap<string, ExprValue>): ExprEnv {
  return { ...expanded(values), ...functions, sprig: sprigFunctions() };
}

/** Names with dots as objects in objects. */
export function expanded(values: ReadonlyMap<string, ExprValue>): ExprObject {
  const names = [...values.keys()].sort();
  const root: Record<string, ExprValue> = {};
  for (const name of names) if (!isBeginning(name, names)) put(root, name.split("."), values.get(name) ?? null);
  return root;
}

function isBeginning(name: string, names: readonly string[]): boolean {
  // The controller looks only at the name that follows in the order of bytes.
  return names[names.indexOf(name) + 1]?.startsWith(`${name}.`) ?? false;
}

function put(into: Record<string, ExprValue>, [first = "", ...rest]: readonly string[], value: ExprValue): void {
  if (rest.length === 0) {
    define(into, first, value);
    return;
  }
  const known = Object.hasOwn(into, first) ? into[first] : undefined;
  const inner: Record<string, ExprValue> = typeof known === "object" && known !== null && Object.getPrototypeOf(known) === Object.prototype ? (known as Record<string, ExprValue>) : {};
  define(into, first, inner);
  put(inner, rest, value);
}

/** Also for names like `__proto__`. */
function define(into: Record<string, ExprValue>, name: string, value: ExprValue): void {
  Object.defineProperty(into, name, { value, enumerable: true, configurable: true, writable: true });
}
