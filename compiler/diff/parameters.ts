/** Parameters of a pipeline: which is which, and what has changed. */
import { describeType } from "../ir/describe.ts";
import { expressionTree, expressionsOf, nodesOf } from "../ir/traverse.ts";
import type { Input, Pipeline } from "../ir/types.ts";
import { canonicalJson } from "./canonical.ts";
import type { Change } from "./change.ts";
import { typeKey } from "./type-key.ts";
import { pairing, type Pairing } from "./pairing.ts";

/** The parameters of two pipelines by name: those of the same name, then those of one type and default that the same nodes read. */
export function matchParameters(before: Pipeline, after: Pipeline): Pairing {
  const pairs = pairing();
  for (const name of Object.keys(before.inputs)) if (Object.hasOwn(after.inputs, name)) pairs.add(name, name);
  const left = Object.entries(before.inputs).filter(([name]) => !pairs.hasBefore(name)).map(([id, input]) => ({ id, input }));
  const right = Object.entries(after.inputs).filter(([name]) => !pairs.hasAfter(name)).map(([id, input]) => ({ id, input }));
  const key = (pipeline: Pipeline) => ({ id, input }: { id: string; input: Input }) => canonicalJson([inputKey(input), uses(pipeline, id)]);
  pairs.addUnique(left, right, key(before), key(after));
  return pairs;
}

/** Where a parameter is read: by nodes of which kind, and as which input. */
function uses(pipeline: Pipeline, name: string): string[] {
  const reads = (expressions: ReturnType<typeof expressionsOf>) => expressions.some((expression) => [...expressionTree(expression)].some((inner) => inner.kind === "input" && inner.name === name));
  return [...nodesOf(pipeline.body)].flatMap((node) => {
    if (node.kind !== "task") return reads(expressionsOf(node)) ? [node.kind] : [];
    return Object.entries(node.inputs).flatMap(([input, value]) => (reads([value]) ? [`task ${input}`] : []));
  }).sort();
}

function inputKey({ type, optional, default: fallback }: Input): string {
  return canonicalJson([typeKey(type), optional, fallback ?? null]);
}

/** The changes of the parameters, in order of the second side. */
export function parameterChanges(before: Pipeline, after: Pipeline, pairs: Pairing): Change[] {
  const changes: Change[] = [];
  const pipeline = after.id;
  for (const [name, input] of Object.entries(after.inputs)) {
    const first = pairs.toBefore(name);
    const old = first === undefined ? undefined : before.inputs[first];
    if (first === undefined || old === undefined) changes.push({ subject: "parameter", action: "added", pipeline, name, after: parameterText(input) });
    else {
      if (first !== name) changes.push({ subject: "parameter", action: "renamed", pipeline, name, before: first, after: name });
      if (inputKey(old) !== inputKey(input)) changes.push({ subject: "parameter", action: "changed", pipeline, name, before: parameterText(old), after: parameterText(input) });
    }
  }
  for (const [name, input] of Object.entries(before.inputs)) {
    if (!pairs.hasBefore(name)) changes.push({ subject: "parameter", action: "removed", pipeline, name, before: parameterText(input) });
  }
  return changes;
}

/** The parameters of the second side that have another default. */
export function otherDefaults(before: Pipeline, after: Pipeline, pairs: Pairing): string[] {
  return Object.entries(after.inputs).flatMap(([name, input]) => {
    const old = before.inputs[pairs.toBefore(name) ?? ""];
    return old !== undefined && canonicalJson(old.default ?? null) !== canonicalJson(input.default ?? null) ? [name] : [];
  });
}

/** `Int = 6`, `string, optional`. */
function parameterText({ type, optional, default: fallback }: Input): string {
  return `${describeType(type)}${fallback === undefined ? (optional ? ", optional" : "") : ` = ${JSON.stringify(fallback)}`}`;
}
