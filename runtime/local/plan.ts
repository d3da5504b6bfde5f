/** Where each node of a pipeline stands, and so what an edge to it means. */
import { blocksOf } from "../../compiler/ir/traverse.ts";
import type { Block, Node, Pipeline } from "../../compiler/ir/types.ts";

export interface Place {
  node: Node;
  /** Ids of the regions around the node, outermost first, then its own. */
  chain: string[];
  /** Tries in whose body the node stands. */
  bodies: ReadonlySet<string>;
  /** Tries in whose `catch` or `finally` the node stands. */
  handlers: ReadonlySet<string>;
}

export type Plan = ReadonlyMap<string, Place>;

export function planOf(pipeline: Pipeline): Plan {
  const plan = new Map<string, Place>();
  const visit = (block: Block, around: Omit<Place, "node">): void => {
    for (const node of block.nodes) {
      const place: Place = { ...around, node, chain: [...around.chain, node.id] };
      plan.set(node.id, place);
      for (const inner of blocksOf(node)) {
        if (node.kind !== "try") visit(inner, place);
        else if (inner === node.body) visit(inner, { ...place, bodies: new Set(place.bodies).add(node.id) });
        else visit(inner, { ...place, handlers: new Set(place.handlers).add(node.id) });
      }
    }
  };
  visit(pipeline.body, { chain: [], bodies: new Set(), handlers: new Set() });
  return plan;
}

/**
 * The node that `source` waits for when it has an edge to `target`: the outermost region around `target` that is not
 * also around `source`, as on KFP. Undefined where `target` is around `source`.
 */
export function lifted(plan: Plan, source: string | undefined, target: string): string | undefined {
  const around = new Set(source === undefined ? [] : plan.get(source)?.chain);
  return plan.get(target)?.chain.find((id) => !around.has(id));
}

/** Whether `source` runs in the `catch` or `finally` of a try in whose body `target` stands: it then takes failure as it comes. */
export function handles(plan: Plan, source: string, target: string): boolean {
  const bodies = plan.get(target)?.bodies;
  for (const id of plan.get(source)?.handlers ?? []) if (bodies?.has(id)) return true;
  return false;
}

/** The nodes of a block that run once with it: those inside loops run once for each item or turn. */
export function* nodesOnce(block: Block): Generator<Node> {
  for (const node of block.nodes) {
    yield node;
    if (node.kind !== "loop" && node.kind !== "while") for (const inner of blocksOf(node)) yield* nodesOnce(inner);
  }
}
