/** Where the nodes of a pipeline stand: which block, and what is around it. */
import { bug } from "../../bug.ts";
import type { Block, Node, Pipeline } from "../../ir/types.ts";

/** A block and what holds it. */
export interface Place {
  block: Block;
  /** The node that holds the block, how, and where that node stands; nothing for the body of the pipeline. */
  owner?: { node: Node; via: "arm" | "loop" | "while" | "try"; place: Place };
}

export interface Places {
  root: Place;
  nodes: Map<string, Node>;
  /** The place of the block in which a node stands, by the node's id. */
  ofNode: Map<string, Place>;
  ofBlock: Map<Block, Place>;
}

export function placesOf(pipeline: Pipeline): Places {
  const root: Place = { block: pipeline.body };
  const places: Places = { root, nodes: new Map(), ofNode: new Map(), ofBlock: new Map() };
  addBlock(places, root);
  return places;
}

function addBlock(places: Places, place: Place): void {
  places.ofBlock.set(place.block, place);
  for (const node of place.block.nodes) {
    places.nodes.set(node.id, node);
    places.ofNode.set(node.id, place);
    const inner = (block: Block | undefined, via: "arm" | "loop" | "while" | "try"): void => {
      if (block !== undefined) addBlock(places, { block, owner: { node, via, place } });
    };
    if (node.kind === "branch") for (const arm of node.arms) inner(arm.block, "arm");
    else if (node.kind === "loop") inner(node.body, "loop");
    else if (node.kind === "while") inner(node.body, "while");
    else if (node.kind === "try") for (const block of [node.body, node.catch, node.finally]) inner(block, "try");
  }
}

export function placeOfNode(places: Places, id: string): Place {
  return places.ofNode.get(id) ?? bug(`there is no node "${id}"`);
}

export function placeOfBlock(places: Places, block: Block): Place {
  return places.ofBlock.get(block) ?? bug("a block of another pipeline");
}

/** Whether what is declared in `outer` can be read in `inner`. */
export function isWithin(inner: Place, outer: Place): boolean {
  return inner === outer || (inner.owner !== undefined && isWithin(inner.owner.place, outer));
}

/** The innermost place from which both can be reached. */
export function commonPlace(a: Place, b: Place): Place {
  let place = a;
  while (!isWithin(b, place)) place = place.owner?.place ?? bug("two places of different pipelines");
  return place;
}

/** The node of a place that is or holds a node, as far as that stands in the place at all. */
export function nodeIn(places: Places, place: Place, id: string): Node | undefined {
  let node = places.nodes.get(id);
  let at = places.ofNode.get(id);
  while (node !== undefined && at !== place) {
    node = at?.owner?.node;
    at = at?.owner?.place;
  }
  return node;
}
