/** `for…of`, `.map`, `.flatMap`, `.forEach`, `.push`: bodies that run once for each item, and their fan-in. */
import { ts } from "ts-morph";
import { tasksOf } from "../ir/traverse.ts";
import type { Expression, Loop, Node, Span, ValueType } from "../ir/types.ts";
import { assertedItems } from "./assertions.ts";
import { bindPattern } from "./binding.ts";
import { asFolded, evaluate, itemsOf } from "./expressions.ts";
import { foldedToJson } from "./folded.ts";
import { groupNames, groupNamesOfExpression } from "./group-names.ts";
import { inlineFunction } from "./functions.ts";
import { addNode, intoBlock, regionId, report, withoutTasks, type Lowering } from "./lowering.ts";
import { Scope } from "./scope.ts";
import { toExpression } from "./to-expression.ts";
import { constantType, itemOf } from "./value-types.ts";
import { invalid, isOfTasks, type FunctionValue, type ItemValue, type Value } from "./values.ts";

/** What a loop goes over, taken apart. */
interface Items {
  list: Value;
  parallelism?: number;
  /** `xs.entries()`: the item is `[index, item]`. */
  withIndex: boolean;
}

function itemsFrom(value: Value): Items {
  if (value.kind === "limited") return { ...itemsFrom(value.items), parallelism: value.parallelism };
  if (value.kind === "entries") return { ...itemsFrom(value.items), withIndex: true };
  return { list: value, withIndex: false };
}

/**
 * The items as constants, where all are JSON: then the loop stays a loop, else it is unrolled. A list that is written
 * inside the list might still grow, and is no constant, except where an assertion says what it is.
 */
function constantItems(items: Value[], asserted: ValueType | undefined, node: ts.Node, lowering: Lowering): Expression | undefined {
  const folded = items.map((item) => (item.kind === "constant" ? item.folded : asserted === undefined ? undefined : asFolded(item, node)));
  const values = folded.map((item) => (item === undefined ? undefined : foldedToJson(item)));
  if (values.some((value) => value === undefined)) return undefined;
  const json = values as NonNullable<(typeof values)[number]>[];
  return { kind: "constant", value: json, type: asserted ?? constantType(json), span: lowering.context.spanOf(node) };
}

/**
 * Runs `read` for the items of a list: once for a loop of the graph, or for each item where the list holds tasks
 * and other things that are known one by one.
 *
 * @param node the list, for positions
 * @param read gets the item and its index; what it gives is collected
 * @returns what the iterations give together: a list or a fan-in
 */
function iterate(lowering: Lowering, items: Items, node: ts.Node, at: ts.Node, itemName: string, scope: Scope, read: (scope: Scope, item: Value, index: Value) => Value): Value {
  const { list } = items;
  if (list.kind === "invalid") return list;
  const known = itemsOf(list);
  const asserted = ts.isExpression(node) ? assertedItems(lowering.context, node) : undefined;
  const constant = known === undefined ? undefined : constantItems(known, asserted, node, lowering);
  const unrolled = (values: Value[]): Value => ({ kind: "list", items: unroll(lowering, values, items.parallelism, node, (item, index) => read(new Scope("block", scope), item, index)), node: at });
  if (known !== undefined && constant === undefined) return unrolled(known);

  const span = lowering.context.spanOf(at);
  const collected = list.kind === "collected" ? list : undefined;
  if (collected !== undefined && items.parallelism === undefined) {
    // A body in which nothing runs only says what each item is: no loop of its own.
    const trialScope = new Scope("loop", scope);
    const trial = withoutTasks(lowering, () => read(trialScope, collected.value, indexOf(collected.loop, span)), collected.loop.body);
    if (trial !== undefined) {
      finishPushes(lowering, collected.loop, trialScope);
      return { kind: "collected", loop: collected.loop, value: trial.result };
    }
  }
  const overTasks = collected !== undefined && isOfTasks(collected.value);
  const expression = overTasks ? undefined : (constant ?? toExpression(lowering, list, node));
  if (expression === undefined && !overTasks) return invalid;
  const itemType: ValueType = expression === undefined ? { kind: "json" } : (itemOf(expression.type) ?? { kind: "json" });
  if (expression !== undefined && itemOf(expression.type) === undefined) return report(lowering, "HMC1003", node, { operation: "A loop over something that is no list" });

  const displayName = (ts.isExpression(at) ? groupNamesOfExpression(at) : groupNames(at)).own;
  const placeholder: Expression = { kind: "list", items: [], type: { kind: "list", items: { kind: "json" } }, span };
  const loop: Loop = {
    kind: "loop",
    id: regionId(lowering, "for"),
    items: expression ?? placeholder,
    itemName,
    itemType,
    ...(items.parallelism === undefined ? {} : { parallelism: items.parallelism }),
    ...(displayName === undefined ? {} : { displayName }),
    body: { nodes: [] },
    span,
  };
  addNode(lowering, loop);
  const item: Value =
    expression !== undefined
      ? { kind: "expression", expression: { kind: "item", loop: loop.id, type: itemType, span } }
      : ({ kind: "item", loop, source: collected as NonNullable<typeof collected>, name: itemName, projection: {} } satisfies ItemValue);
  const loopScope = new Scope("loop", scope);
  const { block, result } = intoBlock(lowering, { kind: "loop", id: loop.id }, () => read(loopScope, item, indexOf(loop, span)));
  loop.body = block;
  if (block.nodes.length > 0) {
    if (item.kind === "item" && item.projection.expression === undefined && collected !== undefined) {
      // Nothing of the earlier tasks is used: only how many they are.
      loop.items = collected.loop.items;
      loop.itemType = collected.loop.itemType;
    }
    finishPushes(lowering, loop, loopScope);
    return { kind: "collected", loop, value: result };
  }

  // Nothing runs in the body: it only says what each item is.
  lowering.block.nodes.splice(lowering.block.nodes.indexOf(loop), 1);
  if (known !== undefined) return unrolled(known);
  const givesNothing = result.kind === "invalid" || (result.kind === "constant" && result.folded.kind === "undefined");
  if (givesNothing && pushes.get(loopScope) === undefined) return result;
  return report(lowering, "HMC1003", at, { operation: "A list made of the items of a run-time list" });
}

function indexOf(loop: Loop, span: Span): Value {
  return { kind: "expression", expression: { kind: "index", loop: loop.id, type: { kind: "integer" }, span } };
}

/** Reads a body once for each of the values, and gives what each time came of it. */
function unroll(lowering: Lowering, values: Value[], parallelism: number | undefined, node: ts.Node, read: (item: Value, index: Value) => Value): Value[] {
  const results: Value[] = [];
  const iterations: Node[][] = [];
  for (const [index, item] of values.entries()) {
    const before = lowering.block.nodes.length;
    results.push(read(item, { kind: "constant", folded: { kind: "value", value: index, node } }));
    iterations.push(lowering.block.nodes.slice(before));
  }
  if (parallelism !== undefined) boundIterations(iterations, parallelism);
  return results;
}

/** With no loop to bound, each iteration waits for the one `parallelism` places before it. */
function boundIterations(iterations: Node[][], parallelism: number): void {
  for (const [index, nodes] of iterations.entries()) {
    const earlier = iterations[index - parallelism]?.map((node) => node.id) ?? [];
    for (const task of tasksOf({ nodes })) task.after.push(...earlier);
  }
}

// ---------------------------------------------------------------------------------------------- statements

export function lowerForOf(lowering: Lowering, scope: Scope, node: ts.ForOfStatement, readBody: (scope: Scope, statement: ts.Statement) => void): void {
  if (node.awaitModifier !== undefined) report(lowering, "HMC1005", node, { what: `"for await"` });
  const [declaration] = ts.isVariableDeclarationList(node.initializer) ? node.initializer.declarations : [];
  if (declaration === undefined) {
    report(lowering, "HMC1006", node.initializer, { name: node.initializer.getText() });
    return;
  }
  const items = itemsFrom(evaluate(lowering, scope, node.expression));
  const { name } = declaration;
  const itemName = ts.isIdentifier(name) ? name.text : "item";
  iterate(lowering, items, node.expression, node, itemName, scope, (inner, item, index) => {
    const bound: Value = items.withIndex ? { kind: "list", items: [index, item], node } : item;
    bindPattern(lowering, inner, name, bound);
    readBody(inner, node.statement);
    return { kind: "constant", folded: { kind: "undefined", node } };
  });
}

// ---------------------------------------------------------------------------------------------- methods of lists

const iterations = new Set(["map", "flatMap", "forEach", "filter"]);

/** A method that makes a loop or rearranges a list; undefined where it is none of these. */
export function lowerListMethod(lowering: Lowering, scope: Scope, node: ts.CallExpression, callee: ts.PropertyAccessExpression, receiver: Value): Value | undefined {
  const method = callee.name.text;
  if (method === "entries" && node.arguments.length === 0) return { kind: "entries", items: receiver };
  if (method === "flat") {
    const [argument] = node.arguments;
    const depth = argument === undefined ? 1 : foldedNumber(lowering, scope, argument);
    if (depth === undefined) return report(lowering, "HMC1011", argument ?? node, { what: `The depth of ".flat()"` });
    let flat = receiver;
    for (let level = 0; level < depth && isNested(lowering, flat, node); level++) flat = flattened(lowering, flat, node);
    return flat;
  }
  if (!iterations.has(method)) return undefined;
  const [argument] = node.arguments;
  if (argument === undefined) return invalid;
  const body = evaluateCallback(lowering, scope, argument);
  if (body === undefined) return report(lowering, "HMC1002", argument, { name: argument.getText() });
  const parameter = body.node.parameters[0]?.name;
  const itemName = parameter !== undefined && ts.isIdentifier(parameter) ? parameter.text : "item";
  if (method === "filter") return lowerFilter(lowering, scope, node, receiver, body);
  const result = iterate(lowering, itemsFrom(receiver), callee.expression, node, itemName, scope, (inner, item, index) =>
    inlineFunction(lowering, body.scope === scope ? { ...body, scope: inner, inPlace: true } : body, node, itemName, [item, index]),
  );
  if (method === "forEach") return { kind: "constant", folded: { kind: "undefined", node } };
  return method === "flatMap" ? flattened(lowering, result, node) : result;
}

function evaluateCallback(lowering: Lowering, scope: Scope, argument: ts.Expression): FunctionValue | undefined {
  const value = evaluate(lowering, scope, argument);
  return value.kind === "function" ? value : undefined;
}

/** Keeps the items of a list known at compile time whose test is a constant. */
function lowerFilter(lowering: Lowering, scope: Scope, node: ts.CallExpression, receiver: Value, body: FunctionValue): Value {
  const known = itemsOf(receiver);
  const kept: Value[] = [];
  for (const [index, item] of (known ?? []).entries()) {
    const test = inlineFunction(lowering, body, node, "filter", [item, { kind: "constant", folded: { kind: "value", value: index, node } }]);
    const json = test.kind === "constant" ? foldedToJson(test.folded) : undefined;
    if (json === undefined) return report(lowering, "HMC1003", node, { operation: `".filter(…)" by a run-time value` });
    if (json) kept.push(item);
  }
  return known === undefined ? report(lowering, "HMC1003", node, { operation: `".filter(…)"` }) : { kind: "list", items: kept, node };
}

function foldedNumber(lowering: Lowering, scope: Scope, node: ts.Expression): number | undefined {
  const value = evaluate(lowering, scope, node);
  return value.kind === "constant" && value.folded.kind === "value" && typeof value.folded.value === "number" ? value.folded.value : undefined;
}

/** Whether a list holds lists. */
function isNested(lowering: Lowering, value: Value, node: ts.Node): boolean {
  const items = itemsOf(value);
  if (items !== undefined) return items.some((item) => itemsOf(item) !== undefined || item.kind === "collected" || item.kind === "expression");
  const expression = toExpression(lowering, value, node);
  return expression !== undefined && nesting(expression) > 1;
}

/** How many lists stand around the innermost values. */
function nesting(expression: Expression): number {
  const [list] = expression.kind === "call" && expression.function === "flat" ? expression.arguments : [];
  if (list !== undefined) return Math.max(1, nesting(list) - 1);
  if (expression.kind === "collect") return 1 + nesting(expression.value);
  let levels = 0;
  let type: ValueType = expression.type;
  for (; type.kind === "list"; type = type.items) levels += 1;
  return type.kind === "artifact" && type.list ? levels + 1 : levels;
}

/** A list of lists as one list. */
function flattened(lowering: Lowering, value: Value, node: ts.Node): Value {
  if (value.kind === "invalid") return value;
  const items = itemsOf(value);
  if (items !== undefined) {
    const inner = items.map(itemsOf);
    if (inner.every((list) => list !== undefined)) return { kind: "list", items: inner.flat(), node };
  }
  const nested = toExpression(lowering, value, node);
  if (nested === undefined) return invalid;
  const type = nested.type.kind === "list" ? (nested.type.items.kind === "list" ? nested.type.items : nested.type) : nested.type;
  return { kind: "expression", expression: { kind: "call", function: "flat", arguments: [nested], type, span: lowering.context.spanOf(node) } };
}

// ---------------------------------------------------------------------------------------------- push

/** What an iteration pushes to a list outside of the loop; `depth` counts the loops inside that it came through. */
interface Push {
  value: Value;
  node: ts.Node;
  depth: number;
}

/** By the scope of the loop body, then by the list. Only when the body has been read is it known as a fan-in. */
const pushes = new WeakMap<Scope, Map<ts.Symbol, Push>>();

/** `xs.push(x)`, `xs.push(...ys)`: adds to a list known by its items, or makes it the fan-in of the loop around. */
export function lowerPush(lowering: Lowering, scope: Scope, node: ts.CallExpression, callee: ts.PropertyAccessExpression): Value {
  const target = callee.expression;
  const symbol = ts.isIdentifier(target) ? lowering.context.checker.getSymbolAtLocation(target) : undefined;
  const list = symbol === undefined ? undefined : scope.lookup(symbol);
  const given: Value[] = [];
  // `push(...ys)` of a list whose length is known only at run time.
  let spread = false;
  for (const argument of node.arguments) {
    const value = evaluate(lowering, scope, ts.isSpreadElement(argument) ? argument.expression : argument);
    const items = ts.isSpreadElement(argument) ? itemsOf(value) : undefined;
    spread ||= ts.isSpreadElement(argument) && items === undefined;
    given.push(...(items ?? [value]));
  }
  if (symbol === undefined || list === undefined) return report(lowering, "HMC1017", node, { target: target.getText() });
  if (given.some((value) => value.kind === "invalid") || list.kind === "invalid") return invalid;
  const between = scope.scopesTo(symbol);
  const body = between.find((inner) => inner.kind === "loop");
  const inArm = between.some((inner) => inner.kind === "arm" || inner.kind === "turn" || inner.kind === "function");
  if (list.kind === "list" && body === undefined && !inArm && !spread) {
    list.items.push(...given);
    return { kind: "constant", folded: { kind: "value", value: list.items.length, node } };
  }
  const [value] = given;
  const isFanIn = list.kind === "list" && list.items.length === 0 && !inArm && given.length === 1;
  if (body === undefined || value === undefined || !isFanIn || !recordPush(body, symbol, { value, node, depth: spread ? 1 : 0 })) {
    return report(lowering, "HMC1013", node, { name: target.getText() });
  }
  return { kind: "constant", folded: { kind: "undefined", node } };
}

/** @returns false where the iteration has pushed to the list before */
function recordPush(body: Scope, symbol: ts.Symbol, push: Push): boolean {
  const known = pushes.get(body) ?? new Map<ts.Symbol, Push>();
  pushes.set(body, known);
  if (known.has(symbol)) return false;
  known.set(symbol, push);
  return true;
}

/** After a body: the lists that it pushed to are what the loop collects, flat over nested loops. */
function finishPushes(lowering: Lowering, loop: Loop, body: Scope): void {
  for (const [symbol, { value, node, depth }] of pushes.get(body) ?? []) {
    const fanIn: Value = { kind: "collected", loop, value };
    const outer = body.scopesTo(symbol).find((scope) => scope !== body && scope.kind === "loop");
    if (outer === undefined) {
      let flat: Value = fanIn;
      for (let level = 0; level < depth; level++) flat = flattened(lowering, flat, node);
      body.owner(symbol)?.declare(symbol, flat);
    } else if (!recordPush(outer, symbol, { value: fanIn, node, depth: depth + 1 })) {
      report(lowering, "HMC1013", node, { name: symbol.name });
    }
  }
}
