/**
 * Metadata of imported artifacts that only a run knows: each value becomes an input of the importer, and a placeholder
 * stands in its place. Names and order are those of the SDK: `metadata`, `metadata-2` …, keys before their values.
 */
import { ts } from "ts-morph";
import { printPlaceholder } from "../expressions/placeholder-text.ts";
import { expressionKey } from "../ir/expression-key.ts";
import { uniqueName } from "../ir/names.ts";
import type { Expression, ImporterComponent, Json } from "../ir/types.ts";
import { constantPropertyName } from "./constants.ts";
import { entriesOf, evaluate } from "./expressions.ts";
import { foldedToJson } from "./folded.ts";
import { report, type Lowering } from "./lowering.ts";
import type { Scope } from "./scope.ts";
import { toExpression } from "./to-expression.ts";
import type { Value } from "./values.ts";

/**
 * Reads the metadata into the component.
 *
 * @returns what the task gives to the inputs
 */
export function readRunTimeMetadata(lowering: Lowering, scope: Scope, component: ImporterComponent, metadata: ts.Expression): Record<string, Expression> {
  const reader = new MetadataReader(lowering, scope, component);
  const read = reader.expression(metadata);
  if (read !== null && typeof read === "object" && !Array.isArray(read)) component.metadata = read;
  return reader.given;
}

class MetadataReader {
  readonly given: Record<string, Expression> = {};
  #names = new Map<string, string>();
  #taken = new Set<string>();

  constructor(
    private readonly lowering: Lowering,
    private readonly scope: Scope,
    private readonly component: ImporterComponent,
  ) {}

  /** The JSON of an expression; `null` after a reported mistake. */
  expression(node: ts.Expression): Json {
    if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node)) return this.expression(node.expression);
    if (ts.isObjectLiteralExpression(node)) return this.#object(node);
    if (ts.isArrayLiteralExpression(node) && !node.elements.some(ts.isSpreadElement)) return node.elements.map((element) => this.expression(element));
    return this.#value(evaluate(this.lowering, this.scope, node), node);
  }

  /** An object, whose keys may be run-time values, too. */
  #object(node: ts.ObjectLiteralExpression): Json {
    const result: { [key: string]: Json } = {};
    for (const property of node.properties) {
      if (ts.isSpreadAssignment(property)) {
        const spread = this.#value(evaluate(this.lowering, this.scope, property.expression), property.expression);
        Object.assign(result, spread);
        continue;
      }
      const key = this.#key(property.name);
      const value = ts.isPropertyAssignment(property) ? property.initializer : ts.isShorthandPropertyAssignment(property) ? property.name : undefined;
      if (value === undefined) report(this.lowering, "HMC1001", property, { construct: "a method or accessor in an object" });
      else result[key] = this.expression(value);
    }
    return result;
  }

  #key(name: ts.PropertyName): string {
    const constant = constantPropertyName(this.lowering.context, name);
    if (constant !== undefined) return constant;
    if (!ts.isComputedPropertyName(name)) return name.getText();
    const key = this.expression(name.expression);
    return typeof key === "string" ? key : JSON.stringify(key);
  }

  #value(value: Value, node: ts.Node): Json {
    const entries = value.kind === "object" ? entriesOf(value) : undefined;
    if (entries !== undefined) return Object.fromEntries([...entries].map(([key, entry]) => [key, this.#value(entry, node)]));
    if (value.kind === "list") return value.items.map((item) => this.#value(item, node));
    if (value.kind === "constant" && value.folded.kind !== "undefined") {
      const json = foldedToJson(value.folded);
      if (json !== undefined) return json;
    }
    const expression = toExpression(this.lowering, value, node);
    if (expression === undefined || expression.kind === "absent") return null;
    if (expression.kind === "template") return expression.parts.map((part) => (part.kind === "constant" ? String(part.value) : this.#placeholder(part, node))).join("");
    return this.#placeholder(expression, node);
  }

  /** The input for a value; the same value has one input only. */
  #placeholder(expression: Expression, node: ts.Node): string {
    const { type } = expression;
    const span = this.lowering.context.spanOf(node);
    if (type.kind === "artifact") {
      report(this.lowering, "HMC1003", node, { operation: "Metadata that holds an artifact" });
      return "";
    }
    const key = expressionKey(expression);
    const name = this.#names.get(key) ?? uniqueName("metadata", this.#taken);
    this.#names.set(key, name);
    this.given[name] ??= { ...expression, span };
    this.component.inputs[name] ??= { type, optional: false, span };
    return printPlaceholder({ placeholder: "inputValue", name });
  }
}
