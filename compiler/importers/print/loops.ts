/** Loops: `for … of`, or `.map` where something of the iterations is used outside. */
import { bug } from "../../bug.ts";
import type { Expression, Loop } from "../../ir/types.ts";
import { atLeast, levels, type Printed, type Site } from "./body.ts";
import { isComparable } from "./casts.ts";
import { docComment } from "./comments.ts";
import { constantItems, objectLiteral, property } from "./constants.ts";
import { as, assertion, expression, primary, typed } from "./expressions.ts";
import { handleText, nameOfValue, recordNames } from "./fan-in.ts";
import { group, hardLine, indent, join, line, type Doc } from "./layout.ts";
import { boundFields, chooseItemType, fieldKey } from "./loop-items.ts";
import { languageName } from "./module.ts";
import { camelCase, plural, takeName, toIdentifier } from "./names.ts";
import { blockSite, blockStatements, braces } from "./statements.ts";
import { itemTypeOf, staticType } from "./static-types.ts";
import { listOf, propertyName, typeOfConstant, typeText } from "./types.ts";
import { readsOfResult, type Handle, type Result } from "./uses.ts";
import { assignments, isOnlyKept } from "./variables.ts";

export function loopStatements(site: Site, loop: Loop): Doc[] {
  const { body } = site;
  const comment = docComment(loop.displayName);
  const commented = (statement: Doc): Doc => (comment === undefined ? statement : [comment, hardLine, statement]);
  const result = body.uses.results.get(loop.id);
  if (result === undefined) return [commented(usesIndex(loop) ? [loopCall(site, loop), ";"] : forOf(site, loop))];
  const call = loopCall(site, loop);
  if (isOnlyKept(site, loop.id)) {
    body.inline.set(loop.id, call);
    return assignments(site, loop.id).map(commented);
  }
  const name = takeName(site.scope, resultsName(site, result));
  body.names.set(`results:${loop.id}`, name);
  return [commented(["const ", name, " = ", call, ";"]), ...assignments(site, loop.id)];
}

function forOf(site: Site, loop: Loop): Doc {
  chooseItemType(site.body, loop);
  const items = itemsOfLoop(site, loop).doc;
  const inner = blockSite(site, loop.body);
  const name = itemName(inner, loop);
  return ["for (const ", name, " of ", items, ") ", braces([...bindFields(inner, loop), ...blockStatements(inner, loop.body)])];
}

/** `xs.map((x) => …)`, or `xs.forEach((x, index) => …)` where nothing is collected. */
export function loopCall(site: Site, loop: Loop): Doc {
  const { body } = site;
  chooseItemType(body, loop);
  const items = atLeast(itemsOfLoop(site, loop), levels.postfix);
  const inner = blockSite(site, loop.body);
  const parameters: Doc[] = [itemName(inner, loop)];
  if (usesIndex(loop)) {
    const index = takeName(inner.scope, "index");
    body.names.set(`index:${loop.id}`, index);
    parameters.push(", ", index);
  }
  const result = body.uses.results.get(loop.id);
  if (result === undefined) return [items, ".forEach((", parameters, ") => ", braces([...bindFields(inner, loop), ...blockStatements(inner, loop.body)]), ")"];
  let value: Doc = "undefined";
  const returned = (at: Site): Doc => (value = resultText(at, result));
  const bound = bindFields(inner, loop);
  const statements = [...bound, ...blockStatements(inner, loop.body, { reads: readsOfResult(result), print: (at) => [["return ", returned(at), ";"]] })];
  // Alone, what is returned needs no braces.
  if (statements.length > 1) return [items, ".map((", parameters, ") => ", braces(statements), ")"];
  const isObject = result.kind === "record" || (result.kind === "value" && result.value.kind === "struct");
  return [items, ".map((", parameters, ") =>", isObject ? [" (", value, ")"] : group(indent(line, value)), ")"];
}

function resultText(site: Site, result: Result): Doc {
  const { body } = site;
  const handle = (found: Handle): Doc => handleText(body, site.scope, found, found.kind === "variable" ? undefined : body.inline.get(found.id));
  // A list of what some iterations skip is one of what the others give.
  const given = (value: Expression): Doc => (staticType(body, value).optional ? [atLeast(expression(site, value), levels.postfix), "!"] : expression(site, value).doc);
  switch (result.kind) {
    case "task":
      return handle({ kind: "task", id: result.id });
    case "value":
      return given(result.value);
    case "nested":
      return body.inline.get(result.loop) ?? body.names.get(`results:${result.loop}`) ?? bug("a loop without results");
    case "handle":
      return handle(result.handle);
    case "record": {
      const names = recordNames(result);
      const named = [...names.values()];
      return objectLiteral([
        ...result.values.map((value, index) => property(named[index] ?? "value", given(value))),
        ...result.handles.map((found, index) => property(named[result.values.length + index] ?? "task", handle(found))),
      ]);
    }
  }
}

function resultsName(site: Site, result: Result): string {
  switch (result.kind) {
    case "task":
      return plural(`${camelCase(result.id).replace(/\d+$/, "")}Task`);
    case "value":
      return plural(nameOfValue(result.value));
    case "nested": {
      const inner = site.body.uses.results.get(result.loop);
      return inner === undefined ? "results" : resultsName(site, inner);
    }
    case "handle":
      return "tasks";
    case "record":
      return "results";
  }
}

function itemName({ body, scope }: Site, loop: Loop): string {
  // Of `_` nobody reads any: one may stand before another.
  const name = /^_+$/.test(loop.itemName) && !body.module.scope.names.has(loop.itemName) ? loop.itemName : takeName(scope, loop.itemName, "Item");
  body.names.set(`item:${loop.id}`, name);
  return name;
}

/** `const { a, b } = item as { a: string; b: Int };` of fields that the type of the list does not have. */
function bindFields({ body, scope }: Site, loop: Loop): Doc[] {
  return boundFields(body, loop).map(({ item, type, fields }) => {
    const bindings = fields.map((field): Doc => {
      const name = takeName(scope, field, "Field");
      body.names.set(fieldKey(item, field), name);
      return name === field ? name : [propertyName(field), ": ", name];
    });
    const own = itemTypeOf(body, loop.id);
    const step = isComparable(own, type) && !body.mixedLoops.has(loop.id) ? "" : "unknown as ";
    return ["const { ", join(", ", bindings), " } = ", body.names.get(`item:${loop.id}`) ?? "item", ` as ${step}`, typeText(body.module, type), ";"];
  });
}

/** Whether anything in a loop reads its index. */
function usesIndex(loop: Loop): boolean {
  return JSON.stringify(loop.body).includes(JSON.stringify({ kind: "index", loop: loop.id }).slice(1, -1));
}

// ---------------------------------------------------------------------------------------------- items

/** What a loop goes over; also a `.map` can follow it. */
function itemsOfLoop(site: Site, loop: Loop): Printed {
  const { module } = site.body;
  const list = itemList(site, loop);
  return loop.parallelism === undefined ? list : primary([languageName(module, "limit"), "(", list.doc, `, ${loop.parallelism})`]);
}

function itemList(site: Site, { id, items, itemName }: Loop): Printed {
  const { module, itemTypes } = site.body;
  const item = itemTypeOf(site.body, id);
  const list = listOf(item);
  if (items.kind !== "constant") return typed(site, items, list, false);
  const constants = primary(constantItems(module, items.value, plural(toIdentifier(itemName))));
  return itemTypes.has(id) ? as(constants, assertion(site, undefined, typeOfConstant(items.value), list, typeText(module, list))) : constants;
}
