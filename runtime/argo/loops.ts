/** Loops: a task or step with `withItems`, `withParam` or `withSequence` becomes one call for each item. */
import { isLoop } from "./calls.ts";
import { surelySkipped } from "./conditions.ts";
import { ControllerError } from "./errors.ts";
import { formatInteger, goInteger, goJson } from "./go.ts";
import { type Item, itemOf, itemsOf, nameOf, variablesOf } from "./items.ts";
import type { RunState } from "./state.ts";
import { substitute } from "./substitute.ts";
import type { Call, Sequence } from "./types.ts";
import { Variables } from "./variables.ts";

/**
 * The calls that a call stands for: itself, where it is no loop.
 *
 * @param scope the variables that it sees besides `item`
 * @throws ControllerError where the items cannot be read or a variable is missing
 */
export function expand(state: RunState, call: Call, scope: Variables): Call[] {
  if (!isLoop(call)) return [call];
  const items = itemsOfCall(call);
  const skipped = surelySkipped(call.when);
  const below = state.behaviour.loopsSeeScope ? (skipped ? withoutAbsent(scope) : scope) : undefined;
  const pattern = withoutPlainItems(call);
  return items.map((item, index) => {
    const variables = new Variables(...(below ? [below] : []));
    for (const [name, value] of variablesOf(item, state.behaviour)) variables.set(name, value);
    const one = substitute(pattern, variables, skipped ? "lenient" : "strict", state.behaviour);
    const name = `${call.name}(${index}:${nameOf(item).replace(/[()]/g, "")})`;
    return { ...one, name, ...(call.template !== undefined && { template: call.template }) };
  });
}

/** The items of a loop. What cannot be read is no items where the call is skipped anyhow. */
function itemsOfCall(call: Call): Item[] {
  if (call.withItems !== undefined && call.withItems.length > 0) return call.withItems.map((item) => itemOf(goJson(item)));
  try {
    return call.withParam !== undefined ? itemsOfParameter(call.withParam) : sequenceItems(call.withSequence as Sequence);
  } catch (error) {
    if (error instanceof ControllerError && surelySkipped(call.when)) return [];
    throw error;
  }
}

function itemsOfParameter(withParam: string): Item[] {
  const items = itemsOf(withParam);
  if (items) return items;
  throw new ControllerError(`withParam value could not be parsed as a JSON list: ${withParam.trim()}: ${whyNoList(withParam)}`);
}

function whyNoList(text: string): string {
  try {
    const json: unknown = JSON.parse(text);
    const kind = typeof json === "boolean" ? "bool" : typeof json;
    return `json: cannot unmarshal ${kind} into Go value of type []v1alpha1.Item`;
  } catch {
    const start = text.trimStart().charAt(0);
    if (start === "") return "unexpected end of JSON input";
    return `invalid character ${start === "'" ? `'\\''` : `'${start}'`} looking for beginning of value`;
  }
}

function sequenceItems({ start, end, count, format }: Sequence): Item[] {
  const first = start === undefined ? 0 : goInteger(String(start));
  let last: number;
  if (end !== undefined) last = goInteger(String(end));
  else if (count !== undefined) {
    const length = goInteger(String(count));
    if (length === 0) return [];
    last = first + length - 1;
  } else throw new ControllerError("neither end nor count was specified in withSequence");
  const step = first <= last ? 1 : -1;
  const length = Math.abs(last - first) + 1;
  return Array.from({ length }, (_, index) => itemOf(JSON.stringify(formatInteger(format ?? "%d", first + index * step))));
}

/** The call without its items where they hold no tag: replacing none in them for each item would take long. */
function withoutPlainItems(call: Call): Call {
  const { withItems, withParam, withSequence, ...rest } = call;
  return goJson([withItems, withParam, withSequence]).includes("{{") ? call : rest;
}

function withoutAbsent(scope: Variables): Variables {
  const variables = new Variables();
  for (const [name, value] of scope.all()) if (value !== null) variables.set(name, value);
  return variables;
}
