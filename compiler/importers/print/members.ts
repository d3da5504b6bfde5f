/** Members, elements, functions and methods of values, and CEL as it stands. */
import { expressionKey } from "../../ir/expression-key.ts";
import type { Expression, ValueType } from "../../ir/types.ts";
import { access, atLeast, exportKey, levels, type Printed, type Site } from "./body.ts";
import { isAssignable } from "./casts.ts";
import { expression, isVisible, number, primary, string, typed, variable } from "./expressions.ts";
import { projected } from "./fan-in.ts";
import { bracketed, join, type Doc } from "./layout.ts";
import { fieldKey } from "./loop-items.ts";
import { languageName, text } from "./module.ts";
import { memberType, staticType } from "./static-types.ts";
import { typeText } from "./types.ts";

/** `?.` where the object is guarded by the conditional around, else nothing. */
function chainOf(site: Site, object: Expression): string {
  return site.body.guarded.has(expressionKey(object)) ? "?." : "";
}

/** An object whose member or method is read, as a type that has it. */
function receiver(site: Site, object: Expression, wanted: ValueType): Doc {
  const found = staticType(site.body, object);
  const isGuarded = site.body.guarded.has(expressionKey(object));
  if (isAssignable(found.type, wanted)) return atLeast(found.optional && !isGuarded ? primary([atLeast(expression(site, object), levels.postfix), "!"]) : expression(site, object), levels.postfix);
  return atLeast(typed(site, object, wanted, isGuarded), levels.postfix);
}

export function member(site: Site, value: Extract<Expression, { kind: "member" }>): Printed {
  const { object, key } = value;
  const bound = object.kind === "item" ? site.body.names.get(fieldKey(object, key)) : undefined;
  if (bound !== undefined) return primary(bound);
  const found = staticType(site.body, object);
  const known = memberType(found, key, { kind: "json" });
  const isKnown = found.type.kind === "artifact" || found.type.kind === "status" || known.type.kind !== "json" || (found.type.kind === "struct" && (found.type.properties[key] !== undefined || found.type.additional !== undefined));
  const wanted: ValueType = isKnown ? found.type : { kind: "struct", properties: { [key]: { type: value.type.kind === "artifact" ? { kind: "json" } : value.type, optional: false } } };
  return primary(access(receiver(site, object, wanted), key, chainOf(site, object)));
}

/** `list[0]`. */
export function element(site: Site, value: Extract<Expression, { kind: "element" }>): Printed {
  return primary([receiver(site, value.object, elementOwner(value)), chainOf(site, value.object), "[", expression(site, value.index).doc, "]"]);
}

function elementOwner({ object, type }: Extract<Expression, { kind: "element" }>): ValueType {
  return object.type.kind === "json" ? { kind: "list", items: type.kind === "artifact" ? { kind: "json" } : type } : object.type;
}

const mathFunctions: Partial<Record<string, string>> = { floor: "Math.floor", ceil: "Math.ceil", round: "Math.round", abs: "Math.abs", min: "Math.min", max: "Math.max" };

export function call(site: Site, value: Extract<Expression, { kind: "call" }>): Printed {
  const [first, ...others] = value.arguments;
  if (first === undefined) return primary("undefined");
  const found = staticType(site.body, first);
  const method = (owner: ValueType, name: string, given: readonly Doc[]): Printed => primary([receiver(site, first, owner), chainOf(site, first) || ".", bracketed(`${name}(`, given, ")")]);
  const fn = (name: string, given: readonly Doc[]): Printed => primary(bracketed(`${name}(`, given, ")"));
  const isList = found.type.kind === "list" || (found.type.kind === "artifact" && found.type.list);
  const texts = (): Doc[] => others.map((part) => typed(site, part, string, false).doc);
  switch (value.function) {
    case "length":
      return primary([receiver(site, first, isList || found.type.kind === "string" ? found.type : { kind: "list", items: { kind: "json" } }), chainOf(site, first) || ".", "length"]);
    case "includes": {
      const owner: ValueType = isList ? found.type : first.type.kind === "list" ? first.type : found.type.kind === "json" && first.type.kind === "json" ? { kind: "list", items: { kind: "json" } } : string;
      const items: ValueType = owner.kind === "list" ? owner.items : string;
      return method(owner, value.function, others.map((part) => typed(site, part, items, false).doc));
    }
    case "startsWith":
    case "endsWith":
    case "toLowerCase":
    case "toUpperCase":
    case "trim":
    case "split":
    case "replaceAll":
      return method(string, value.function, texts());
    case "matches":
      return primary([languageName(site.body.module, "cel"), "`", celPart(site, first), ".matches(", join(", ", others.map((part) => celPart(site, part))), ")`"]);
    case "join":
      return method(isList ? found.type : { kind: "list", items: { kind: "json" } }, value.function, texts());
    case "flat": {
      const flattened = first.kind === "collect" ? flatMapped(site, first) : undefined;
      return flattened ?? primary([receiver(site, first, found.type), ".flat()"]);
    }
    case "toString":
      return fn("String", [expression(site, first).doc]);
    case "toNumber":
      return fn("Number", [expression(site, first).doc]);
    case "toBoolean":
      return fn("Boolean", [expression(site, first).doc]);
    case "toInteger":
      if (found.type.kind === "string" || others.length > 0) return fn("parseInt", [typed(site, first, string, false).doc, ...others.map((part) => expression(site, part).doc)]);
      return fn("Math.trunc", [typed(site, first, number, false).doc]);
    case "keys":
      return fn("Object.keys", [typed(site, first, { kind: "struct", properties: {}, additional: { kind: "json" } }, false).doc]);
    case "stringify":
      return fn("JSON.stringify", [expression(site, first).doc]);
    case "parse":
      return fn("JSON.parse", [typed(site, first, string, false).doc]);
    default:
      return fn(mathFunctions[value.function] ?? "Math.max", value.arguments.map((part) => typed(site, part, number, false).doc));
  }
}

/** `loads.flatMap((tasks) => tasks.map(…))` for the flat list of what nested loops give. */
function flatMapped(site: Site, value: Extract<Expression, { kind: "collect" }>): Printed | undefined {
  const { body } = site;
  if (body.names.get(exportKey(value) ?? "") !== undefined && !isVisible(site, value.loop)) return undefined;
  return primary(projected(body, site.scope, value, variable(site, `results:${value.loop}`, value.loop), true));
}

/** `` cel`…` ``, whose backslashes are those of CEL; `cel.of(value, "…")` where the text reads one value by its kind. */
export function cel(site: Site, value: Extract<Expression, { kind: "cel" }>): Doc {
  const type: Doc = value.type.kind === "boolean" ? "" : ["<", typeText(site.body.module, value.type), ">"];
  const [first, selector] = value.parts;
  if (first !== undefined && typeof first !== "string" && typeof selector === "string") {
    return [languageName(site.body.module, "cel"), ".of", type, bracketed("(", [expression(site, first).doc, text(site.body.module, selector, "selector")], ")")];
  }
  return [languageName(site.body.module, "cel"), type, "`", value.parts.map((part) => (typeof part === "string" ? celText(part) : ["${", expression(site, part).doc, "}"])), "`"];
}

/** CEL has escapes of its own: only what would end the text of the template gets one more. */
function celText(text: string): string {
  return text.replace(/`|\$\{/g, (found) => `\\${found}`);
}

function celPart(site: Site, part: Expression): Doc {
  return part.kind === "constant" ? celText(JSON.stringify(part.value)) : ["${", expression(site, part).doc, "}"];
}
