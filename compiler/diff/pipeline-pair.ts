/** A pipeline on both sides, with all that says which part of one is which of the other. */
import type { Branch, Document, Pipeline, Task } from "../ir/types.ts";
import { canonicalExpression, type Naming } from "./canonical.ts";
import { matchArms } from "./match-arms.ts";
import { matchNodes, ownTargetKey, targetKey } from "./match-nodes.ts";
import { nodesIn, selectIn, type Nodes, type Placed } from "./nodes.ts";
import type { Pairing } from "./pairing.ts";

export interface PipelineSide {
  document: Document;
  pipeline: Pipeline;
  nodes: Nodes;
}

export interface PipelinePair {
  before: PipelineSide;
  after: PipelineSide;
  components: Pairing;
  pipelines: Pairing;
  parameters: Pairing;
  nodes: Pairing;
  /** Names for expressions: what is one thing has one name on both sides. */
  naming: { before: Naming; after: Naming };
  /** Whether a task of the first side and one of the second run the same op or pipeline. */
  isSameTarget: (from: Task, to: Task) => boolean;
  /** What an input of a task of the first side is called on the second: of a sub-pipeline, a parameter may be renamed. */
  inputName: (task: Task, name: string) => string;
  /** The place of a node of the first side, by names of the second. */
  placeOf: (placed: Placed) => string;
  /** The place of a node of the second side. */
  ownPlaceOf: (placed: Placed) => string;
  /** For each arm of the first branch the number of the arm of the second. */
  armsOf: (from: Branch, to: Branch) => (number | undefined)[];
}

export interface PairRequest {
  before: { document: Document; pipeline: Pipeline };
  after: { document: Document; pipeline: Pipeline };
  components: Pairing;
  pipelines: Pairing;
  /** The parameters of these two. */
  parameters: Pairing;
  /** The parameters of any pipeline of the first side that the second has, too. */
  parametersOf: (pipeline: string) => Pairing | undefined;
}

export function pairPipelines({ before: first, after: second, components, pipelines, parameters, parametersOf }: PairRequest): PipelinePair {
  const before = { ...first, nodes: nodesIn(first.pipeline) };
  const after = { ...second, nodes: nodesIn(second.pipeline) };
  const parameter = (name: string): string => parameters.toAfter(name) ?? `before ${name}`;
  const nodes = matchNodes({ before, after, components, pipelines, parameter });
  const naming: PipelinePair["naming"] = {
    before: { node: (id) => nodes.toAfter(id) ?? `before ${id}`, parameter, select: (branch, name) => selectIn(before.nodes, branch, name) },
    after: { node: (id) => id, parameter: (name) => name, select: (branch, name) => selectIn(after.nodes, branch, name) },
  };
  const armsOf: PipelinePair["armsOf"] = (from, to) => matchArms(
    from,
    to,
    (one, other) => one.condition !== undefined && other.condition !== undefined && canonicalExpression(one.condition, naming.before) === canonicalExpression(other.condition, naming.after),
    (one, other) => nodes.toAfter(one) === other,
  );
  const blockOf = (group: string, block: number): string => {
    const [from, to] = [before.nodes.byId.get(group)?.node, after.nodes.byId.get(nodes.toAfter(group) ?? "")?.node];
    if (from?.kind !== "branch" || to?.kind !== "branch") return `${block}`;
    return `${armsOf(from, to)[block] ?? `before ${block}`}`;
  };
  return {
    before,
    after,
    components,
    pipelines,
    parameters,
    nodes,
    naming,
    isSameTarget: (from, to) => targetKey(from, { before, components, pipelines }) === ownTargetKey(to, second.document),
    inputName: ({ target }, name) => (target.kind === "pipeline" ? (parametersOf(target.id)?.toAfter(name) ?? name) : name),
    placeOf: ({ place }) => (place === undefined ? "" : `${nodes.toAfter(place.group) ?? `before ${place.group}`} ${blockOf(place.group, place.block)}`),
    ownPlaceOf: ({ place }) => (place === undefined ? "" : `${place.group} ${place.block}`),
    armsOf,
  };
}
