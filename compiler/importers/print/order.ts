/** The order of the nodes of a block: as given, but what is used stands before its use. */
import { blocksOf, expressionsOf, operandsOf } from "../../ir/traverse.ts";
import type { Block, Expression, Node } from "../../ir/types.ts";
import { nodeIn, placeOfBlock, type Places } from "./places.ts";

export function orderedNodes(places: Places, block: Block): Node[] {
  const place = placeOfBlock(places, block);
  const waits = new Map(block.nodes.map((node) => {
    const read = [...readIds(node)].flatMap((id) => nodeIn(places, place, id) ?? []);
    return [node, new Set(read.filter((other) => other !== node))];
  }));
  const ordered: Node[] = [];
  const waiting = [...block.nodes];
  while (waiting.length > 0) {
    const next = waiting.findIndex((node) => [...(waits.get(node) ?? [])].every((other) => ordered.includes(other)));
    // Nodes that wait for each other stay as they are: a rule reports them.
    ordered.push(...waiting.splice(Math.max(next, 0), 1));
  }
  return ordered;
}

/** The ids of the nodes that a node and the nodes inside it read or wait for. */
function* readIds(node: Node): Generator<string> {
  for (const value of expressionsOf(node)) yield* idsIn(value);
  if (node.kind === "task") yield* node.after;
  for (const inner of blocksOf(node)) for (const other of inner.nodes) yield* readIds(other);
}

function* idsIn(value: Expression): Generator<string> {
  switch (value.kind) {
    case "output":
    case "taskStatus":
      yield value.task;
      break;
    case "select":
      yield value.branch;
      break;
    case "collect":
    case "final":
      yield value.loop;
      break;
  }
  for (const operand of operandsOf(value)) yield* idsIn(operand);
}
