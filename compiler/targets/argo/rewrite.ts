/** Changes trees of expr-lang, and the drafts that hold them, without touching the trees given. */
import { choose } from "./expr-build.ts";
import type { ExprNode } from "../../expressions/argo/expr.ts";
import type { ArtifactArgument, LocationDraft, OutputDraft, Region, TaskDraft } from "./region.ts";

/** The tree with `change` applied to each of its nodes, outer first; what it gives is not looked into again. */
export function replaced(node: ExprNode, change: (node: ExprNode) => ExprNode | undefined): ExprNode {
  const own = change(node);
  if (own !== undefined) return own;
  const inner = (child: ExprNode): ExprNode => replaced(child, change);
  switch (node.kind) {
    case "nil":
    case "bool":
    case "int":
    case "float":
    case "string":
    case "identifier":
    case "pointer":
      return node;
    case "array":
    case "sequence":
      return { ...node, items: node.items.map(inner) };
    case "map":
      return { ...node, entries: node.entries.map(({ key, value }) => ({ key: inner(key), value: inner(value) })) };
    case "member":
      return { ...node, object: inner(node.object), property: inner(node.property) };
    case "slice":
      return { ...node, object: inner(node.object), ...(node.from === undefined ? {} : { from: inner(node.from) }), ...(node.to === undefined ? {} : { to: inner(node.to) }) };
    case "call":
      return { ...node, arguments: node.arguments.map(inner) };
    case "predicate":
      return { ...node, body: inner(node.body) };
    case "unary":
      return { ...node, operand: inner(node.operand) };
    case "binary":
      return { ...node, left: inner(node.left), right: inner(node.right) };
    case "conditional":
      return choose(inner(node.test), inner(node.consequent), inner(node.alternate));
    case "let":
      return { ...node, value: inner(node.value), body: inner(node.body) };
  }
}

type Change = (node: ExprNode) => ExprNode;

export function mapLocation(location: LocationDraft, change: Change): LocationDraft {
  return { ...location, fields: Object.fromEntries(Object.entries(location.fields).map(([field, value]) => [field, typeof value === "boolean" ? value : change(value)])) };
}

export function mapArtifact(argument: ArtifactArgument, change: Change): ArtifactArgument {
  return "from" in argument ? { ...argument, from: change(argument.from) } : { ...argument, location: mapLocation(argument.location, change) };
}

/** Applies `change` to every tree that a task holds. */
export function changeTask(task: TaskDraft, change: Change): void {
  task.when = task.when.map(change);
  for (const [name, value] of task.parameters) task.parameters.set(name, change(value));
  for (const [name, argument] of task.artifacts) task.artifacts.set(name, mapArtifact(argument, change));
  if (task.repetition?.kind === "sequence") task.repetition = { kind: "sequence", count: change(task.repetition.count) };
  if (task.exit !== undefined) changeTask(task.exit, change);
}

/** Applies `change` to every tree of a region. */
export function changeRegion(region: Region, change: Change): void {
  for (const task of region.tasks.values()) changeTask(task, change);
  for (const [name, output] of region.outputs) region.outputs.set(name, mapOutput(output, change));
  for (const [name, input] of region.artifacts) if (input.location !== undefined) region.artifacts.set(name, { ...input, location: mapLocation(input.location, change) });
}

function mapOutput(output: OutputDraft, change: Change): OutputDraft {
  return output.kind === "parameter" ? { ...output, value: change(output.value) } : { ...output, from: change(output.from) };
}
