/** What a loop gives outside of it: the value that its callback returns, and how a use reads one value out of it. */
import { expressionKey } from "../../ir/expression-key.ts";
import type { Expression } from "../../ir/types.ts";
import { access, outputOf, type Body } from "./body.ts";
import type { Doc } from "./layout.ts";
import { camelCase, innerScope, plural, takeName, type NameScope } from "./names.ts";
import { handleKey } from "./handles.ts";
import type { Handle, Result } from "./uses.ts";

/** The members of the record that a callback returns, by the key of the value or handle. */
export function recordNames(result: Extract<Result, { kind: "record" }>): Map<string, string> {
  const scope: NameScope = { names: new Set() };
  const names = new Map<string, string>();
  for (const value of result.values) names.set(expressionKey(value), takeName(scope, nameOfValue(value)));
  for (const handle of result.handles) names.set(handleKey(handle), takeName(scope, handle.kind === "task" ? camelCase(handle.id) : "last"));
  return names;
}

/** A name for a value: of the output, the select, the field that it is. */
export function nameOfValue(value: Expression): string {
  switch (value.kind) {
    case "output":
      return value.output === "Output" ? camelCase(value.task) : value.output;
    case "select":
    case "carried":
    case "final":
      return camelCase(value.name);
    case "member":
      return value.key;
    case "input":
      return value.name;
    case "collect":
      return plural(nameOfValue(value.value));
    case "call":
      return value.function === "flat" && value.arguments[0] !== undefined ? nameOfValue(value.arguments[0]) : "value";
    default:
      return "value";
  }
}

/**
 * The list of a value in each iteration, read out of what the loop gives: `fits.map((task) => task.model)`.
 *
 * @param results the variable of the results
 * @param flat asks for one list of the values of nested loops
 */
export function projected(body: Body, scope: NameScope, collect: Extract<Expression, { kind: "collect" }>, results: Doc, flat?: true): Doc {
  const { value, loop } = collect;
  const result = body.uses.results.get(loop);
  const inner = innerScope(scope);
  const mapped = (name: string, read: Doc): Doc => {
    if (read === name) return flat === true ? [results, ".flat()"] : results;
    return [results, flat === true ? ".flatMap((" : ".map((", name, ") => ", read, ")"];
  };
  switch (result?.kind) {
    case "task": {
      const task = body.uses.places.nodes.get(result.id);
      const name = takeName(inner, "task");
      return task?.kind === "task" && value.kind === "output" ? mapped(name, outputOf(body.module, task.target, name, value.output)) : results;
    }
    case "nested": {
      if (value.kind !== "collect") return results;
      const name = takeName(inner, "tasks");
      const read = projected(body, inner, value, name);
      return mapped(name, read);
    }
    case "record": {
      const name = takeName(inner, "result");
      return mapped(name, access(name, recordNames(result).get(expressionKey(value)) ?? "value"));
    }
    default:
      return flat === true ? [results, ".flat()"] : results;
  }
}

/** A handle as it is read at its place. */
export function handleText(body: Body, scope: NameScope, handle: Handle, inline?: Doc): Doc {
  switch (handle.kind) {
    case "task":
      return inline ?? body.names.get(`task:${handle.id}`) ?? "undefined";
    case "variable":
      return body.names.get(handle.key) ?? "undefined";
    case "loop":
      return loopHandles(body, scope, handle, inline ?? body.names.get(`results:${handle.id}`) ?? "undefined");
  }
}

/** A list of one handle of each iteration. */
function loopHandles(body: Body, scope: NameScope, handle: Extract<Handle, { kind: "loop" }>, results: Doc): Doc {
  const result = body.uses.results.get(handle.id);
  const inner = innerScope(scope);
  if (result?.kind === "record") {
    const name = takeName(inner, "result");
    const member = access(name, recordNames(result).get(handleKey(handle.inner)) ?? "task");
    return [results, ".map((", name, ") => ", handle.inner.kind === "loop" ? [member, "[0]"] : member, ")"];
  }
  return handle.inner.kind === "loop" ? [results, ".map(([first]) => first)"] : results;
}

/** The arguments of `.after()`. */
export function afterArguments(body: Body, scope: NameScope, handles: readonly Handle[]): Doc[] {
  return handles.map((handle) => {
    const text = handleText(body, scope, handle);
    if (handle.kind === "loop") return ["...", text];
    return body.listHandles.has(handleKey(handle)) ? ["...(", text, " ?? [])"] : text;
  });
}
