/** Expressions of a body, with casts only where TypeScript asks for them. */
import { expressionKey } from "../../ir/expression-key.ts";
import { expressionTree } from "../../ir/traverse.ts";
import type { Expression, Loop, ParameterType, ValueType } from "../../ir/types.ts";
import { access, atLeast, exportKey, levels, outputOf, type Printed, type Site } from "./body.ts";
import { isAssignable, isComparable, constantFits } from "./casts.ts";
import { contextProperty } from "./command-line.ts";
import { constant, constantItems, objectLiteral, property } from "./constants.ts";
import { projected } from "./fan-in.ts";
import { bracketed, group, indent, join, line, type Doc } from "./layout.ts";
import { languageName } from "./module.ts";
import { fieldKey } from "./loop-items.ts";
import { plural, toIdentifier } from "./names.ts";
import { assuming, possibleLiterals } from "./narrowing.ts";
import { assertedItem, itemTypeOf, memberType, staticType, type Static } from "./static-types.ts";
import { isWithin, placeOfNode } from "./places.ts";
import { templateText } from "./texts.ts";
import { typeOfConstant, typeText } from "./types.ts";

const primary = (doc: Doc): Printed => ({ doc, level: levels.postfix });

const number: ParameterType = { kind: "number" };
const string: ParameterType = { kind: "string" };

/** An expression as it stands, for a place that takes any type. */
export function expression(site: Site, value: Expression): Printed {
  const { body } = site;
  const { module } = body;
  switch (value.kind) {
    case "constant": {
      const doc = constant(module, value.value, "text");
      return typeof value.value === "number" && value.value < 0 ? { doc, level: levels.unary } : primary(doc);
    }
    case "absent":
      return primary("undefined");
    case "input":
      return primary(body.names.get(`input:${value.name}`) ?? value.name);
    case "output": {
      const exported = body.names.get(exportKey(value) ?? "");
      if (exported !== undefined && !isVisible(site, value.task)) return primary(exported);
      const task = body.uses.places.nodes.get(value.task);
      return primary(task?.kind === "task" ? outputOf(module, task.target, variable(site, `task:${value.task}`, value.task), value.output) : "undefined");
    }
    case "item": {
      const name = primary(body.names.get(`item:${value.loop}`) ?? "item");
      const asserted = assertedItem(body, value);
      return asserted === undefined ? name : as(name, assertion(site, value, itemTypeOf(body, value.loop), asserted, typeText(module, asserted)));
    }
    case "index":
      return primary(body.names.get(`index:${value.loop}`) ?? "index");
    case "select":
      return primary(body.names.get(selectName(value.branch, value.name)) ?? value.name);
    case "collect": {
      const exported = body.names.get(exportKey(value) ?? "");
      if (exported !== undefined && !isVisible(site, value.loop)) return primary(exported);
      return primary(projected(body, site.scope, value, variable(site, `results:${value.loop}`, value.loop)));
    }
    case "status":
      return primary(`${languageName(module, "runStatus")}()`);
    case "taskStatus":
      return primary([languageName(module, "statusOf"), "(", variable(site, `task:${value.task}`, value.task), ")"]);
    case "context":
      return primary(`${languageName(module, "run")}.${contextProperty(value.name)}`);
    case "cel":
      return primary(cel(site, value));
    case "member":
      return member(site, value);
    case "element":
      return primary([receiver(site, value.object, elementOwner(value)), chainOf(site, value.object), "[", expression(site, value.index).doc, "]"]);
    case "template":
      return template(site, value.parts);
    case "unary":
      return { doc: [value.operator, atLeast(value.operator === "-" ? typed(site, value.operand, number, false) : expression(site, value.operand), levels.unary)], level: levels.unary };
    case "binary":
      return binary(site, value);
    case "conditional":
      return conditional(site, value, (inner, part) => expression(inner, part));
    case "coalesce":
      return coalesce(site, value, (part) => expression(site, part));
    case "present":
      return { doc: [atLeast(expression(site, value.value), levels.equality + 1), " !== undefined"], level: levels.equality };
    case "call":
      return call(site, value);
    case "list":
      return primary(bracketed("[", value.items.map((item) => expression(site, item).doc), "]"));
    case "struct":
      return primary(objectLiteral(Object.entries(value.fields).map(([name, field]) => property(name, expression(site, field).doc))));
    case "range":
      return primary([languageName(module, "range"), "(", typed(site, value.count, { kind: "integer" }, false).doc, ")"]);
  }
}

export function selectName(branch: string, name: string): string {
  return `select:${JSON.stringify([branch, name])}`;
}

/**
 * An expression for a place that takes a type.
 *
 * @param optional whether the place takes `undefined`, too
 * @param hint what it is for, for the names of constants
 */
export function typed(site: Site, value: Expression, target: ValueType, optional: boolean, hint = "text"): Printed {
  const { module } = site.body;
  switch (value.kind) {
    case "constant": {
      const doc = constant(module, value.value, hint, target);
      const printed: Printed = { doc, level: typeof value.value === "number" && value.value < 0 ? levels.unary : levels.postfix };
      return constantFits(value.value, target) ? printed : cast(site, printed, { type: typeOfConstant(value.value), optional: false }, target, optional);
    }
    case "absent":
      return primary("undefined");
    case "list":
      if (target.kind === "list") return primary(bracketed("[", value.items.map((item, index) => typed(site, item, target.tuple?.[index] ?? target.items, false, hint).doc), "]"));
      if (target.kind === "artifact" && target.list) return primary(bracketed("[", value.items.map((item) => typed(site, item, { ...target, list: false }, false).doc), "]"));
      break;
    case "struct":
      if (target.kind === "struct" && isLiteralOf(value, target)) {
        return primary(objectLiteral(Object.entries(value.fields).map(([name, field]) => {
          const declared = target.properties[name];
          const type = declared?.type ?? target.additional;
          return property(name, (type === undefined ? expression(site, field) : typed(site, field, type, false, name)).doc);
        })));
      }
      break;
    case "conditional":
      if (value.alternate.kind === "absent") break;
      return conditional(site, value, (inner, part) => typed(inner, part, target, optional, hint));
    case "coalesce":
      return coalesce(site, value, (part, isValue) => typed(site, part, target, optional || isValue, hint));
    case "call":
      if (value.function === "parse") return expression(site, value);
      break;
  }
  return cast(site, expression(site, value), staticType(site.body, value), target, optional, value);
}

/** Whether the fields of an object literal are those that a type knows. */
function isLiteralOf(value: Extract<Expression, { kind: "struct" }>, target: Extract<ParameterType, { kind: "struct" }>): boolean {
  const known = Object.keys(value.fields).every((name) => target.properties[name] !== undefined || target.additional !== undefined);
  return known && Object.entries(target.properties).every(([name, property]) => property.optional || value.fields[name] !== undefined);
}

function cast(site: Site, printed: Printed, from: Static, target: ValueType, optional: boolean, value?: Expression): Printed {
  // What may be anything may be absent, too: one cast says it all.
  const isKnown = from.type.kind !== "json";
  const there: Printed = from.optional && !optional && isKnown ? primary([atLeast(printed, levels.postfix), "!"]) : printed;
  if (isAssignable(from.type, target)) return there;
  const type: Doc = [typeText(site.body.module, target), ...(from.optional && optional && isKnown ? [" | undefined"] : [])];
  return as(there, assertion(site, value, from.type, target, type));
}

/** The types of `value as T`, with a step over `unknown` where TypeScript sees too little in common. */
function assertion({ body }: Site, value: Expression | undefined, from: ValueType, to: ValueType, text: Doc): Doc[] {
  const isMixed = value !== undefined && [...expressionTree(value)].some((part) => part.kind === "item" && body.mixedLoops.has(part.loop));
  return isComparable(from, to) && !isMixed ? [text] : ["unknown", text];
}

function as(printed: Printed, types: readonly Doc[]): Printed {
  return { doc: [atLeast(printed, levels.unary), ...types.flatMap((type): Doc[] => [" as ", type])], level: levels.cast };
}

/** The variable of a task or of the results of a loop, or the call itself where it stands in its only use. */
function variable({ body }: Site, key: string, id: string): Doc {
  return body.inline.get(id) ?? body.names.get(key) ?? "undefined";
}

/** Whether the variable of a node can be read here, and not only one that was assigned for the outside. */
function isVisible({ body, place }: Site, node: string): boolean {
  return isWithin(place, placeOfNode(body.uses.places, node));
}

// ---------------------------------------------------------------------------------------------- members and calls

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

function member(site: Site, value: Extract<Expression, { kind: "member" }>): Printed {
  const { object, key } = value;
  const bound = object.kind === "item" ? site.body.names.get(fieldKey(object, key)) : undefined;
  if (bound !== undefined) return primary(bound);
  const found = staticType(site.body, object);
  const known = memberType(found, key, { kind: "json" });
  const isKnown = found.type.kind === "artifact" || found.type.kind === "status" || known.type.kind !== "json" || (found.type.kind === "struct" && (found.type.properties[key] !== undefined || found.type.additional !== undefined));
  const wanted: ValueType = isKnown ? found.type : { kind: "struct", properties: { [key]: { type: value.type.kind === "artifact" ? { kind: "json" } : value.type, optional: false } } };
  return primary(access(receiver(site, object, wanted), key, chainOf(site, object)));
}

function elementOwner({ object, type }: Extract<Expression, { kind: "element" }>): ValueType {
  return object.type.kind === "json" ? { kind: "list", items: type.kind === "artifact" ? { kind: "json" } : type } : object.type;
}

const mathFunctions: Partial<Record<string, string>> = { floor: "Math.floor", ceil: "Math.ceil", round: "Math.round", abs: "Math.abs", min: "Math.min", max: "Math.max" };

function call(site: Site, value: Extract<Expression, { kind: "call" }>): Printed {
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

function cel(site: Site, value: Extract<Expression, { kind: "cel" }>): Doc {
  const type: Doc = value.type.kind === "boolean" ? "" : ["<", typeText(site.body.module, value.type), ">"];
  return [languageName(site.body.module, "cel"), type, "`", value.parts.map((part) => (typeof part === "string" ? templateText(part, "escape") : ["${", expression(site, part).doc, "}"])), "`"];
}

function celPart(site: Site, part: Expression): Doc {
  return part.kind === "constant" ? templateText(JSON.stringify(part.value), "escape") : ["${", expression(site, part).doc, "}"];
}

// ---------------------------------------------------------------------------------------------- operators

/** A template literal, or a sum where a template literal would join parts that stand apart. */
function template(site: Site, parts: readonly Expression[]): Printed {
  const isLiteral = parts.every((part, index) => {
    if (part.kind !== "constant") return true;
    const next = parts[index + 1];
    if (typeof part.value !== "string") return part.value !== null && typeof part.value === "object";
    return part.value !== "" && !(next?.kind === "constant" && typeof next.value === "string");
  });
  if (!isLiteral && parts.length > 1) {
    return { doc: join(" + ", parts.map((part) => atLeast(expression(site, part), levels.additive + 1))), level: levels.additive };
  }
  const docs = parts.map((part): Doc => (part.kind === "constant" && typeof part.value === "string" ? templateText(part.value, "escape") : ["${", expression(site, part).doc, "}"]));
  return primary(["`", docs, "`"]);
}

const operators = {
  "==": ["===", levels.equality],
  "!=": ["!==", levels.equality],
  "<": ["<", levels.relational],
  "<=": ["<=", levels.relational],
  ">": [">", levels.relational],
  ">=": [">=", levels.relational],
  "&&": ["&&", levels.and],
  "||": ["||", levels.or],
  "+": ["+", levels.additive],
  "-": ["-", levels.additive],
  "*": ["*", levels.multiplicative],
  "/": ["/", levels.multiplicative],
  "%": ["%", levels.multiplicative],
} as const;

function binary(site: Site, value: Extract<Expression, { kind: "binary" }>): Printed {
  const [symbol, level] = operators[value.operator];
  const { left, right } = value;
  const operate = (a: Doc, b: Doc): Printed => ({ doc: group(a, ` ${symbol}`, indent(line, b)), level });
  switch (value.operator) {
    case "&&":
    case "||": {
      // Where a flag may be absent, its truth says that it is there.
      if (value.operator === "&&" && left.kind === "present" && right.type.kind === "boolean" && expressionKey(left.value) === expressionKey(right)) return expression(site, right);
      const inner: Site = { ...site, narrowed: assuming(site, left, value.operator === "&&") };
      const side = (printed: Printed, isRight: boolean): Doc => {
        const isOtherLogical = (printed.level === levels.and || printed.level === levels.or || printed.level === levels.coalesce) && printed.level !== level;
        return isOtherLogical ? ["(", printed.doc, ")"] : atLeast(printed, isRight ? level + 1 : level);
      };
      return operate(side(expression(site, left), false), side(expression(inner, right), true));
    }
    case "==":
    case "!=":
      return operate(atLeast(compared(site, left, right), level), atLeast(compared(site, right, left), level + 1));
    case "<":
    case "<=":
    case ">":
    case ">=": {
      const type = family(staticType(site.body, left).type) === "string" || family(staticType(site.body, right).type) === "string" ? string : number;
      return operate(atLeast(typed(site, left, type, false), level), atLeast(typed(site, right, type, false), level + 1));
    }
    default:
      return operate(atLeast(typed(site, left, number, false), level), atLeast(typed(site, right, number, false), level + 1));
  }
}

/** One side of `===`, so that TypeScript sees that the other can be equal to it. */
function compared(site: Site, side: Expression, other: Expression): Printed {
  const printed = expression(site, side);
  if (side.kind === "constant") return printed;
  const mine = staticType(site.body, side).type;
  const theirs = staticType(site.body, other).type;
  if (mine.kind === "json" || theirs.kind === "json") return printed;
  const kind = family(mine);
  if (kind === "other" || kind !== family(theirs)) return as(printed, ["unknown"]);
  if (other.kind !== "constant") return printed;
  const possible = possibleLiterals(site, side);
  return possible === undefined || possible.some((literalValue) => literalValue === other.value) ? printed : as(printed, [kind]);
}

function family(type: ValueType): "number" | "string" | "boolean" | "other" {
  switch (type.kind) {
    case "integer":
    case "number":
      return "number";
    case "string":
    case "boolean":
      return type.kind;
    default:
      return "other";
  }
}

/** `test ? a : b`, or `a?.b` where a value may be absent and nothing takes its place. */
function conditional(site: Site, value: Extract<Expression, { kind: "conditional" }>, print: (site: Site, part: Expression) => Printed): Printed {
  const { test, consequent, alternate } = value;
  const { guarded } = site.body;
  if (test.kind === "present" && alternate.kind === "absent") {
    const key = expressionKey(test.value);
    guarded.add(key);
    const printed = print(site, consequent);
    guarded.delete(key);
    return printed;
  }
  const then = print({ ...site, narrowed: assuming(site, test, true) }, consequent);
  const otherwise = print({ ...site, narrowed: assuming(site, test, false) }, alternate);
  return { doc: choice(atLeast(expression(site, test), levels.conditional + 1), atLeast(then, levels.conditional), atLeast(otherwise, levels.conditional)), level: levels.conditional };
}

export function choice(test: Doc, then: Doc, otherwise: Doc): Doc {
  return group(test, indent(line, "? ", then, line, ": ", otherwise));
}

function coalesce(site: Site, value: Extract<Expression, { kind: "coalesce" }>, print: (part: Expression, isValue: boolean) => Printed): Printed {
  const found = staticType(site.body, value.value);
  const given = print(value.value, true);
  const left = found.optional ? given : as(given, [[typeText(site.body.module, found.type), " | undefined"]]);
  const side = (printed: Printed, needed: number): Doc => (printed.level === levels.and || printed.level === levels.or ? ["(", printed.doc, ")"] : atLeast(printed, needed));
  return { doc: [side(left, levels.coalesce), " ?? ", side(print(value.fallback, false), levels.coalesce + 1)], level: levels.coalesce };
}

// ---------------------------------------------------------------------------------------------- lists to loop over

/** What a loop goes over; also a `.map` can follow it. */
export function itemsOfLoop(site: Site, loop: Loop): Printed {
  const { module } = site.body;
  const list = itemList(site, loop);
  return loop.parallelism === undefined ? list : primary([languageName(module, "limit"), "(", list.doc, `, ${loop.parallelism})`]);
}

function itemList(site: Site, { id, items, itemName }: Loop): Printed {
  const { module, itemTypes } = site.body;
  const item = itemTypeOf(site.body, id);
  const list: ValueType = item.kind === "artifact" ? { ...item, list: true } : { kind: "list", items: item };
  if (items.kind !== "constant") return typed(site, items, list, false);
  const constants = primary(constantItems(module, items.value, plural(toIdentifier(itemName))));
  return itemTypes.has(id) ? as(constants, assertion(site, undefined, typeOfConstant(items.value), list, typeText(module, list))) : constants;
}
