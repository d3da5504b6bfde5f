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
  const objects = new Map<string, Record<string, ExprValue>>([["", {}]]);
  for (const [index, name] of names.entries()) {
    // The controller looks only at the name that follows in the order of bytes.
    if (names[index + 1]?.startsWith(`${name}.`) !== true) define(objects, name, values.get(name) ?? null);
  }
  return objectAt(objects, "");
}

/** The object that holds the names which begin with these words. */
function objectAt(objects: Map<string, Record<string, ExprValue>>, path: string): Record<string, ExprValue> {
  const known = objects.get(path);
  if (known !== undefined) return known;
  const made: Record<string, ExprValue> = {};
  objects.set(path, made);
  define(objects, path, made);
  return made;
}

function define(objects: Map<string, Record<string, ExprValue>>, path: string, value: ExprValue): void {
  const dot = path.lastIndexOf(".");
  const name = path.slice(dot + 1);
  const into = objectAt(objects, dot < 0 ? "" : path.slice(0, dot));
  if (name === "__proto__") Object.defineProperty(into, name, { value, enumerable: true, configurable: true, writable: true });
  else into[name] = value;
}
