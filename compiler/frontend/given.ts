/** What is written in the place of an option: constants, and what only a run knows. */
import { ts } from "ts-morph";
import type { Expression } from "../ir/types.ts";
import { constantPropertyName, foldConstant, foldReference } from "./constants.ts";
import type { Context } from "./context.ts";
import { foldedToJson, isTruthy, type Folded } from "./folded.ts";
import { languageFunction } from "./language-functions.ts";
import { constantType } from "./value-types.ts";

/** An expression that is no constant; `value` is what it stands for, once that has been asked for. */
export interface Open {
  kind: "open";
  node: ts.Expression;
  value?: Expression;
}

export type Given =
  | Exclude<Folded, { kind: "list" | "object" | "secret" | "configMap" }>
  | { kind: "list"; items: Given[]; node: ts.Node }
  | { kind: "object"; entries: Map<string, Given>; node: ts.Node }
  | { kind: "secret" | "configMap"; name: string | Open; key: string; optional?: boolean; node: ts.Node }
  | Open;

/** What an expression of a pipeline body is; undefined after a reported mistake. */
export type Evaluate = (node: ts.Expression) => Given | undefined;

/** Reads options as written, without running anything. */
export class GivenReader {
  constructor(
    readonly context: Context,
    /** Missing where options are constants throughout: those of ops and of pipelines. */
    readonly evaluate: Evaluate | undefined,
    /** Reports a part that must be constant. */
    readonly notConstant: (node: ts.Node) => void,
  ) {}

  read(expression: ts.Expression): Given {
    if (ts.isParenthesizedExpression(expression) || ts.isAsExpression(expression) || ts.isSatisfiesExpression(expression) || ts.isNonNullExpression(expression)) return this.read(expression.expression);
    const folded = foldConstant(this.context, expression);
    if (folded !== undefined) return folded;
    if (ts.isObjectLiteralExpression(expression)) return this.#object(expression);
    if (ts.isArrayLiteralExpression(expression)) return this.#list(expression);
    if (ts.isCallExpression(expression)) return this.#reference(expression) ?? { kind: "open", node: expression };
    return { kind: "open", node: expression };
  }

  /** What an open expression turns out to be; undefined after a reported mistake. */
  settle(given: Given): Given | undefined {
    if (given.kind !== "open" || given.value !== undefined || this.evaluate === undefined) return given;
    return this.evaluate(given.node);
  }

  /** Objects and lists with run-time values in them as one expression; undefined after a reported mistake. */
  expression(given: Given): Expression | undefined {
    const constant = asConstant(given);
    const json = constant === undefined ? undefined : foldedToJson(constant);
    const span = this.context.spanOf(given.node);
    if (json !== undefined) return { kind: "constant", value: json, type: constantType(json), span };
    const settled = this.settle(given);
    if (settled === undefined) return undefined;
    switch (settled.kind) {
      case "list": {
        const items = settled.items.map((item) => this.expression(item));
        return items.every((item) => item !== undefined) ? { kind: "list", items, type: { kind: "list", items: { kind: "json" } }, span } : undefined;
      }
      case "object": {
        const fields: Record<string, Expression> = {};
        for (const [key, entry] of settled.entries) {
          const field = entry.kind === "undefined" ? undefined : this.expression(entry);
          if (field !== undefined) fields[key] = field;
        }
        return { kind: "struct", fields, type: { kind: "struct", properties: {}, additional: { kind: "json" } }, span };
      }
      case "open":
        if (settled.value === undefined) this.notConstant(settled.node);
        return settled.value;
      default:
        if (settled !== given) return this.expression(settled);
        this.notConstant(given.node);
        return undefined;
    }
  }

  #object(literal: ts.ObjectLiteralExpression): Given {
    const entries = new Map<string, Given>();
    for (const property of literal.properties) {
      if (ts.isSpreadAssignment(property)) {
        const spread = this.settle(this.read(property.expression));
        if (spread?.kind === "object") for (const [key, entry] of spread.entries) entries.set(key, entry);
        else if (spread !== undefined && !isNothing(spread)) this.notConstant(property);
        continue;
      }
      const key = property.name === undefined ? undefined : constantPropertyName(this.context, property.name);
      const value = ts.isPropertyAssignment(property) ? property.initializer : ts.isShorthandPropertyAssignment(property) ? property.name : undefined;
      if (key === undefined || value === undefined) this.notConstant(property);
      else entries.set(key, this.read(value));
    }
    return { kind: "object", entries, node: literal };
  }

  #list(literal: ts.ArrayLiteralExpression): Given {
    const items: Given[] = [];
    for (const element of literal.elements) {
      if (!ts.isSpreadElement(element)) {
        items.push(this.read(element));
        continue;
      }
      const spread = this.settle(this.read(element.expression));
      if (spread?.kind === "list") items.push(...spread.items);
      else if (spread !== undefined) this.notConstant(element);
    }
    return { kind: "list", items, node: literal };
  }

  /** `secret(…)` and `configMap(…)` of an object whose name only a run knows. */
  #reference(call: ts.CallExpression): Given | undefined {
    const kind = languageFunction(this.context, call.expression);
    const [name] = call.arguments;
    if ((kind !== "secret" && kind !== "configMap") || name === undefined || ts.isSpreadElement(name)) return undefined;
    const reference = foldReference(this.context, kind, { kind: "value", value: "", node: name }, call);
    const read = this.settle(this.read(name));
    if (reference === undefined || read === undefined) return undefined;
    // A name that is left out sets no variable.
    if (read.kind === "undefined") return read;
    return read.kind === "open" ? { ...reference, name: read } : read.kind === "value" && typeof read.value === "string" ? { ...reference, name: read.value } : undefined;
  }
}

function isNothing(given: Given): boolean {
  return given.kind === "undefined" || (given.kind === "value" && !isTruthy(given));
}

/** What is given as a constant; undefined where a run must say some of it. */
export function asConstant(given: Given): Folded | undefined {
  switch (given.kind) {
    case "open":
      return undefined;
    case "secret":
    case "configMap":
      return typeof given.name === "string" ? { ...given, name: given.name } : undefined;
    case "list": {
      const items = given.items.map(asConstant);
      return items.every((item) => item !== undefined) ? { ...given, items } : undefined;
    }
    case "object": {
      const entries = [...given.entries].map(([key, entry]) => [key, asConstant(entry)] as const);
      return entries.every((entry): entry is [string, Folded] => entry[1] !== undefined) ? { ...given, entries: new Map(entries) } : undefined;
    }
    default:
      return given;
  }
}

/** The first part that is no constant, and the names of the members that lead to it. */
export function firstOpen(given: Given, path: readonly string[] = []): { path: readonly string[]; open: Open } | undefined {
  switch (given.kind) {
    case "open":
      return { path, open: given };
    case "list":
      return firstOf(given.items.entries(), path);
    case "object":
      return firstOf(given.entries, path);
    default:
      return undefined;
  }
}

function firstOf(members: Iterable<[string | number, Given]>, path: readonly string[]): ReturnType<typeof firstOpen> {
  for (const [key, member] of members) {
    const found = firstOpen(member, [...path, String(key)]);
    if (found !== undefined) return found;
  }
  return undefined;
}
