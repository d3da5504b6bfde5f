/**
 * What of a body is used where. It decides which tasks need a variable, which values leave a `try`, what a loop gives, and which
 * handles `.after()` needs of tasks inside of groups.
 */
import { bug } from "../../bug.ts";
import { expressionKey } from "../../ir/expression-key.ts";
import { choosableBlocks, expressionsOf, operandsOf, selectsOf } from "../../ir/traverse.ts";
import type { Expression, Loop, Pipeline, Select } from "../../ir/types.ts";
import { handleAt } from "./handles.ts";
import { commonPlace, isWithin, nodeIn, placeOfBlock, placeOfNode, placesOf, type Place, type Places } from "./places.ts";

/** What can stand in `.after()`. */
export type Handle =
  | { kind: "task"; id: string }
  /** A variable that is assigned inside of a group. */
  | { kind: "variable"; key: string }
  /** What the iterations of a loop give. */
  | { kind: "loop"; id: string; inner: Handle };

/** A variable that is declared before a node and assigned inside of it. */
export type Declaration =
  | { kind: "select"; branch: string; select: Select }
  /** A value that is used outside of the `try` in which it comes about. */
  | { kind: "export"; key: string; expression: Expression }
  | { kind: "handle"; key: string; list: boolean; definite: boolean };

/** What the callback of a `.map` returns. */
export type Result =
  | { kind: "task"; id: string }
  | { kind: "value"; value: Expression }
  /** The results of one loop inside. */
  | { kind: "nested"; loop: string }
  | { kind: "handle"; handle: Handle }
  | { kind: "record"; values: Expression[]; handles: Handle[] };

export interface Uses {
  places: Places;
  /** By the id of the node before which the variables are declared. */
  declarations: Map<string, Declaration[]>;
  /** Values that are assigned to a variable where they come about, by the id of the node. */
  exports: Map<string, { key: string; expression: Expression }[]>;
  /** Handles that are assigned to a variable, by the id of the node. */
  handleAssignments: Map<string, { key: string; handle: Handle }[]>;
  /** Of each task what it waits for. */
  after: Map<string, Handle[]>;
  results: Map<string, Result>;
  /** How often the variable of a task, or of a loop's results, is read. */
  count: Map<string, number>;
}

export interface Analysis {
  uses: Uses;
  /** Values that are collected of a loop, by their key. */
  collected: Map<string, Map<string, Expression>>;
  loopHandles: Map<string, Map<string, Handle>>;
  /** Where the variable of a value must be declared, where that is not where the value comes about. */
  needed: Map<string, { place: Place; home: string; expression: Expression }>;
  selects: Map<string, Place>;
  /** The node after which a variable of a handle has its value. */
  homes: Map<string, string>;
}

export function usesOf(pipeline: Pipeline): Uses {
  const places = placesOf(pipeline);
  const uses: Uses = { places, declarations: new Map(), exports: new Map(), handleAssignments: new Map(), after: new Map(), results: new Map(), count: new Map() };
  const analysis: Analysis = { uses, collected: new Map(), loopHandles: new Map(), needed: new Map(), selects: new Map(), homes: new Map() };
  eachExpression(places, pipeline, (expression, place) => see(analysis, expression, place));
  for (const node of places.nodes.values()) {
    if (node.kind === "task") uses.after.set(node.id, node.after.filter((id) => places.nodes.has(id)).flatMap((id) => handleAt(analysis, id, placeOfNode(places, node.id)) ?? []));
  }
  declareValues(analysis);
  for (const node of places.nodes.values()) {
    if (node.kind !== "loop") continue;
    const result = resultOf(analysis, node);
    if (result !== undefined) uses.results.set(node.id, result);
  }
  countUses(uses, pipeline);
  return uses;
}

/** Calls `visit` for each expression of a body with the place at which it is evaluated. */
function eachExpression(places: Places, pipeline: Pipeline, visit: (expression: Expression, place: Place) => void): void {
  for (const node of places.nodes.values()) {
    const place = placeOfNode(places, node.id);
    if (node.kind === "while") {
      visit(node.condition, place);
      for (const { initial, next } of node.carried) {
        visit(initial, place);
        visit(next, placeOfBlock(places, node.body));
      }
      continue;
    }
    if (node.kind !== "branch" && node.kind !== "try") {
      for (const expression of expressionsOf(node)) visit(expression, place);
      continue;
    }
    if (node.kind === "branch") for (const arm of node.arms) if (arm.condition !== undefined) visit(arm.condition, place);
    const blocks = choosableBlocks(node);
    for (const select of selectsOf(node)) {
      for (const [index, value] of select.values.entries()) {
        const block = blocks[index];
        visit(value, block === undefined ? place : placeOfBlock(places, block));
      }
    }
  }
  for (const output of Object.values(pipeline.outputs)) visit(output.value, places.root);
}

/** The keys under which values are known. */
export const keys = {
  output: (task: string, output: string): string => `output:${JSON.stringify([task, output])}`,
  select: (branch: string, name: string): string => `select:${JSON.stringify([branch, name])}`,
  /** The variable that a `while` hands on, in the loop and after it. */
  carried: (loop: string, name: string): string => `carried:${JSON.stringify([loop, name])}`,
  final: (loop: string, name: string): string => `final:${JSON.stringify([loop, name])}`,
  collect: (expression: Expression): string => `collect:${expressionKey(expression)}`,
};

/** Notes what an expression reads, and from how far. */
function see(analysis: Analysis, expression: Expression, at: Place): void {
  const { places } = analysis.uses;
  switch (expression.kind) {
    case "output":
      seeValue(analysis, keys.output(expression.task, expression.output), expression.task, expression, at);
      break;
    case "select": {
      const key = keys.select(expression.branch, expression.name);
      const home = placeOfNode(places, expression.branch);
      analysis.selects.set(key, commonPlace(analysis.selects.get(key) ?? home, at));
      break;
    }
    case "final":
      seeValue(analysis, keys.final(expression.loop, expression.name), expression.loop, expression, at);
      break;
    case "collect": {
      seeValue(analysis, keys.collect(expression), expression.loop, expression, at);
      const known = analysis.collected.get(expression.loop) ?? new Map<string, Expression>();
      analysis.collected.set(expression.loop, known);
      const key = expressionKey(expression.value);
      if (known.has(key)) return;
      known.set(key, expression.value);
      see(analysis, expression.value, placeOfBlock(places, loopOf(places, expression.loop).body));
      return;
    }
  }
  for (const operand of operandsOf(expression)) see(analysis, operand, at);
}

function seeValue(analysis: Analysis, key: string, home: string, expression: Expression, at: Place): void {
  const from = placeOfNode(analysis.uses.places, home);
  if (isWithin(at, from)) return;
  const known = analysis.needed.get(key)?.place ?? from;
  analysis.needed.set(key, { place: commonPlace(known, at), home, expression });
}

function loopOf(places: Places, id: string): Loop {
  const node = places.nodes.get(id);
  return node?.kind === "loop" ? node : bug(`there is no loop "${id}"`);
}

function declareValues({ uses, needed, selects }: Analysis): void {
  const { places } = uses;
  for (const node of places.nodes.values()) {
    for (const select of selectsOf(node)) {
      const place = selects.get(keys.select(node.id, select.name)) ?? placeOfNode(places, node.id);
      declare(uses, place, node.id, { kind: "select", branch: node.id, select });
    }
  }
  for (const [key, { place, home, expression }] of needed) {
    declare(uses, place, home, { kind: "export", key, expression });
    push(uses.exports, home, { key, expression });
  }
}

export function declare(uses: Uses, place: Place, home: string, declaration: Declaration): void {
  const before = nodeIn(uses.places, place, home) ?? bug(`"${home}" stands nowhere`);
  push(uses.declarations, before.id, declaration);
}

export function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

// ---------------------------------------------------------------------------------------------- loops

/** What the iterations of a loop have to give; undefined where nothing of them is used outside. */
function resultOf(analysis: Analysis, loop: Loop): Result | undefined {
  const { places } = analysis.uses;
  const values = [...(analysis.collected.get(loop.id)?.values() ?? [])];
  const handles = [...(analysis.loopHandles.get(loop.id)?.values() ?? [])];
  const [value] = values;
  const [handle] = handles;
  if (value === undefined && handle === undefined) return undefined;
  if (value !== undefined && value.kind !== "collect" && values.length === 1 && handle === undefined) return { kind: "value", value };
  if (handle !== undefined && handles.length === 1 && value === undefined) return handle.kind === "task" ? { kind: "task", id: handle.id } : { kind: "handle", handle };
  const task = value?.kind === "output" ? value.task : handle?.kind === "task" ? handle.id : undefined;
  const isOfTask = values.every((other) => other.kind === "output" && other.task === task) && handles.every((other) => other.kind === "task" && other.id === task);
  if (task !== undefined && isOfTask && placeOfNode(places, task).block === loop.body) return { kind: "task", id: task };
  const loopInside = value?.kind === "collect" ? value.loop : undefined;
  const isOfLoop = handle === undefined && loopInside !== undefined && values.every((other) => other.kind === "collect" && other.loop === loopInside);
  if (isOfLoop && placeOfNode(places, loopInside).block === loop.body) return { kind: "nested", loop: loopInside };
  if (value !== undefined && values.length === 1 && handle === undefined) return { kind: "value", value };
  return { kind: "record", values, handles };
}

// ---------------------------------------------------------------------------------------------- counting

function countUses(uses: Uses, pipeline: Pipeline): void {
  const read = (id: string): void => void uses.count.set(id, (uses.count.get(id) ?? 0) + 1);
  // Outside of the `try` in which a value comes about, its variable is read instead.
  eachExpression(uses.places, pipeline, (expression, place) => readsOf(expression).filter((id) => isWithin(place, placeOfNode(uses.places, id))).forEach(read));
  for (const handle of [...uses.after.values()].flat()) readsOfHandle(handle).forEach(read);
  for (const { expression } of [...uses.exports.values()].flat()) readsOf(expression).forEach(read);
  for (const { handle } of [...uses.handleAssignments.values()].flat()) readsOfHandle(handle).forEach(read);
  for (const result of uses.results.values()) readsOfResult(result).forEach(read);
}

/** The tasks and loops whose variables an expression reads; what a loop collects is read in the loop. */
export function readsOf(expression: Expression): string[] {
  switch (expression.kind) {
    case "output":
    case "taskStatus":
      return [expression.task];
    case "collect":
      return [expression.loop];
    default:
      return operandsOf(expression).flatMap(readsOf);
  }
}

export function readsOfHandle(handle: Handle): string[] {
  return handle.kind === "variable" ? [] : [handle.id];
}

export function readsOfResult(result: Result): string[] {
  switch (result.kind) {
    case "task":
      return [result.id];
    case "value":
      return readsOf(result.value);
    case "nested":
      return [result.loop];
    case "handle":
      return readsOfHandle(result.handle);
    case "record":
      return [...result.values.flatMap(readsOf), ...result.handles.flatMap(readsOfHandle)];
  }
}
