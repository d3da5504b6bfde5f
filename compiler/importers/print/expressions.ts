/** Expressions of a body, with casts only where TypeScript asks for them. */
import { expressionTree } from "../../ir/traverse.ts";
import type { Expression, ParameterType, ValueType } from "../../ir/types.ts";
import { atLeast, exportKey, levels, outputOf, type Printed, type Site } from "./body.ts";
import { isAssignable, isComparable, constantFits } from "./casts.ts";
import { contextProperty } from "./command-line.ts";
import { constant, objectLiteral, property } from "./constants.ts";
import { projected } from "./fan-in.ts";
import { bracketed, type Doc } from "./layout.ts";
import { call, cel, element, member } from "./members.ts";
import { languageName } from "./module.ts";
import { binary, coalesce, conditional, template } from "./operators.ts";
import { isWithin, placeOfNode } from "./places.ts";
import { assertedItem, itemTypeOf, staticType, type Static } from "./static-types.ts";
import { quoted } from "./texts.ts";
import { typeOfConstant, typeText } from "./types.ts";
import { keys } from "./uses.ts";

export const primary = (doc: Doc): Printed => ({ doc, level: levels.postfix });

export const number: ParameterType = { kind: "number" };
export const string: ParameterType = { kind: "string" };

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
    case "carried":
      return primary(body.names.get(keys.carried(value.loop, value.name)) ?? value.name);
    case "final": {
      const exported = body.names.get(exportKey(value) ?? "");
      if (exported !== undefined && !isVisible(site, value.loop)) return primary(exported);
      return primary(body.names.get(keys.carried(value.loop, value.name)) ?? value.name);
    }
    case "select":
      return primary(body.names.get(keys.select(value.branch, value.name)) ?? value.name);
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
    case "argo":
      return primary(`${languageName(module, "argoVariable")}(${quoted(value.name)})`);
    case "cel":
      return primary(cel(site, value));
    case "member":
      return member(site, value);
    case "element":
      return element(site, value);
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
export function assertion({ body }: Site, value: Expression | undefined, from: ValueType, to: ValueType, text: Doc): Doc[] {
  const isMixed = value !== undefined && [...expressionTree(value)].some((part) => part.kind === "item" && body.mixedLoops.has(part.loop));
  return isComparable(from, to) && !isMixed ? [text] : ["unknown", text];
}

export function as(printed: Printed, types: readonly Doc[]): Printed {
  return { doc: [atLeast(printed, levels.unary), ...types.flatMap((type): Doc[] => [" as ", type])], level: levels.cast };
}

/** The variable of a task or of the results of a loop, or the call itself where it stands in its only use. */
export function variable({ body }: Site, key: string, id: string): Doc {
  return body.inline.get(id) ?? body.names.get(key) ?? "undefined";
}

/** Whether the variable of a node can be read here, and not only one that was assigned for the outside. */
export function isVisible({ body, place }: Site, node: string): boolean {
  return isWithin(place, placeOfNode(body.uses.places, node));
}
