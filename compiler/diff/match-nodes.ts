/** Which task or group of one pipeline is which of the other. Ids alone do not say it: they count calls in order of the source. */
import type { Document, Node, Task } from "../ir/types.ts";
import { canonicalExpression, canonicalJson, type Naming } from "./canonical.ts";
import { colours } from "./colours.ts";
import { commonPart } from "./common-part.ts";
import { edgesOf, neighboursOf, nodesReadBy, selectIn, type Neighbour, tasksWithin, type Nodes, type Placed } from "./nodes.ts";
import { taskOptions } from "./options.ts";
import { grouped, pairing, type Pairing } from "./pairing.ts";

export interface MatchRequest {
  before: { document: Document; nodes: Nodes };
  after: { document: Document; nodes: Nodes };
  components: Pairing;
  pipelines: Pairing;
  /** What a parameter of the first side is called on the second. */
  parameter: (name: string) => string;
}

/**
 * Pairs the nodes of two pipelines. First what is sure: tasks whose name is written, and ops that are called once. Then what has equal
 * surroundings, from far to near. Then what is most alike.
 */
export function matchNodes(request: MatchRequest): Pairing {
  const pairs = pairing();
  const { before, after } = request;
  const tasks = (nodes: Nodes) => nodes.all.filter(isTask);
  const targetBefore = (placed: PlacedTask) => targetKey(placed.node, request);
  const targetAfter = (placed: PlacedTask) => ownTargetKey(placed.node, after.document);
  for (const placed of tasks(before.nodes)) {
    const same = after.nodes.byId.get(placed.id);
    if (same !== undefined && isTask(same) && isNamed(placed.node) && isNamed(same.node)) pairs.add(placed.id, placed.id);
  }
  pairs.addUnique(tasks(before.nodes).filter(({ id }) => !pairs.hasBefore(id)), tasks(after.nodes).filter(({ id }) => !pairs.hasAfter(id)), targetBefore, targetAfter);
  matchByColour(request, pairs, "everything");
  // A default of the pipeline changes the options of all tasks at once.
  matchByColour(request, pairs, "wiring");
  const scores = scorer(request, pairs);
  matchByScore(tasks(before.nodes), tasks(after.nodes), pairs, (from, to) => (targetBefore(from) === targetAfter(to) ? scores.task(from, to) : 0));
  matchByScore(before.nodes.all.filter(isGroup), after.nodes.all.filter(isGroup), pairs, (from, to) => (from.node.kind === to.node.kind ? scores.group(from, to) : 0));
  return pairs;
}

type PlacedTask = Placed & { node: Task };

function isTask(placed: Placed): placed is PlacedTask {
  return placed.node.kind === "task";
}

function isGroup({ node }: Placed): boolean {
  return node.kind !== "task";
}

/** Whether the id of a task was written, and does not just count the calls of an op. */
export function isNamed({ id, target }: Task): boolean {
  return id !== target.id && !(id.startsWith(`${target.id}-`) && /^\d+$/.test(id.slice(target.id.length + 1)));
}

/** What a task of the first side runs, by its name on the second. The ids of importers only count them. */
export function targetKey({ target }: Task, { before, components, pipelines }: Pick<MatchRequest, "components" | "pipelines"> & { before: { document: Document } }): string {
  if (isImporter(target, before.document)) return "importer";
  const id = (target.kind === "component" ? components : pipelines).toAfter(target.id);
  return id === undefined ? `only before ${target.id}` : `${target.kind} ${id}`;
}

/** What a task of the second side runs. */
export function ownTargetKey({ target }: Task, document: Document): string {
  return isImporter(target, document) ? "importer" : `${target.kind} ${target.id}`;
}

function isImporter(target: Task["target"], { components }: Document): boolean {
  return target.kind === "component" && components[target.id]?.kind === "importer";
}

/** Whether the options of a task count for what it is. */
type Detail = "everything" | "wiring";

function matchByColour(request: MatchRequest, pairs: Pairing, detail: Detail): void {
  const sure = new Map([...pairs.entries()].map(([first, second]) => [first, `sure ${second}`]));
  const sureAfter = new Map([...pairs.entries()].map(([, second]) => [second, `sure ${second}`]));
  const [left, right] = colours(request.before.nodes, request.after.nodes, (placed, side) => {
    const known = (side === "before" ? sure : sureAfter).get(placed.id);
    return known ?? alone(placed, side, request, detail);
  });
  const spread = spreading(request, pairs, left[0] ?? new Map(), right[0] ?? new Map());
  for (let round = left.length - 1; round >= 0; round -= 1) {
    const open = (nodes: Nodes, has: (id: string) => boolean) => nodes.all.filter(({ id }) => !has(id));
    const colour = (rounds: typeof left) => ({ id }: Placed) => rounds[round]?.get(id) ?? "";
    const [first, second] = [open(request.before.nodes, pairs.hasBefore), open(request.after.nodes, pairs.hasAfter)];
    pairs.addUnique(first, second, colour(left), colour(right));
    // Nodes that are alike in everything may be paired in any way: by their ids, as far as there are the same ones, then in order.
    if (round === left.length - 1) pairAlike(first, second, colour(left), colour(right), pairs);
    spread();
  }
}

/**
 * Gives what pairs the neighbours of pairs: where each side has one neighbour of a role that says the same by itself, these two are one.
 *
 * @param before what the nodes say by themselves
 */
function spreading({ before: { nodes }, after }: MatchRequest, pairs: Pairing, before: ReadonlyMap<string, string>, later: ReadonlyMap<string, string>): () => void {
  const [neighbours, others] = [neighboursOf(nodes), neighboursOf(after.nodes)];
  const open = (all: readonly Neighbour[], has: (id: string) => boolean) => [...new Map(all.filter(({ id }) => !has(id)).map((one) => [`${one.role} ${one.id}`, one])).values()];
  const done = new Set<string>();
  return () => {
    const queue = [...pairs.entries()];
    for (const [first, second] of queue) {
      if (done.has(first)) continue;
      done.add(first);
      const known = new Set([...pairs.entries()].map(([id]) => id));
      pairs.addUnique(
        open(neighbours.get(first) ?? [], pairs.hasBefore),
        open(others.get(second) ?? [], pairs.hasAfter),
        ({ role, id }) => `${role} ${before.get(id) ?? ""}`,
        ({ role, id }) => `${role} ${later.get(id) ?? ""}`,
      );
      for (const pair of pairs.entries()) if (!known.has(pair[0])) queue.push(pair);
    }
  };
}

function pairAlike(before: readonly Placed[], after: readonly Placed[], keyBefore: (placed: Placed) => string, keyAfter: (placed: Placed) => string, pairs: Pairing): void {
  const others = grouped(after, keyAfter);
  for (const [key, first] of grouped(before, keyBefore)) {
    const second = others.get(key) ?? [];
    if (first.length !== second.length) continue;
    for (const { id } of first) if (second.some((other) => other.id === id)) pairs.add(id, id);
    const rest = second.filter(({ id }) => !pairs.hasAfter(id));
    first.filter(({ id }) => !pairs.hasBefore(id)).forEach(({ id }, index) => {
      const other = rest[index];
      if (other !== undefined) pairs.add(id, other.id);
    });
  }
}

/** What a node says by itself: without other nodes, and without its own name. */
function alone({ node }: Placed, side: "before" | "after", request: MatchRequest, detail: Detail): string {
  const { document, nodes } = request[side];
  const naming: Naming = {
    node: () => "?",
    parameter: side === "before" ? request.parameter : (name) => name,
    select: (branch, name) => selectIn(nodes, branch, name),
  };
  const text = (expression: Parameters<typeof canonicalExpression>[0]) => canonicalExpression(expression, naming);
  switch (node.kind) {
    case "task": {
      const options = detail === "wiring" ? [] : [...taskOptions(document, nodes.pipeline, node, naming)].filter(([name]) => name !== "displayName").map(([name, { key }]) => `${name} ${key}`).sort();
      const target = side === "before" ? targetKey(node, request) : ownTargetKey(node, document);
      const inputs = Object.entries(node.inputs).map(([name, value]) => `${name} ${text(value)}`).sort();
      return canonicalJson([target, inputs, node.when === undefined ? null : text(node.when), node.ignoreUpstreamFailure, options]);
    }
    case "branch":
      return canonicalJson([node.kind, node.arms.map(({ condition }) => (condition === undefined ? null : text(condition)))]);
    case "loop":
      return canonicalJson([node.kind, text(node.items), node.parallelism ?? 0]);
    case "while":
      return canonicalJson([node.kind, node.test, text(node.condition)]);
    case "try":
      return canonicalJson([node.kind, node.catch !== undefined, node.finally !== undefined]);
  }
}

/** Up to so many candidates, each pair that is made is taken into account for the next one. */
const fewCandidates = 2500;

/** Pairs what is left, the most alike first; what is not alike at all has a score of 0. */
function matchByScore<T extends Placed>(before: readonly T[], after: readonly T[], pairs: Pairing, score: (before: T, after: T) => number): void {
  for (;;) {
    const open = after.filter(({ id }) => !pairs.hasAfter(id));
    const candidates = before.filter(({ id }) => !pairs.hasBefore(id)).flatMap((from) => open.map((to) => ({ from, to, score: score(from, to) }))).filter((candidate) => candidate.score > 0);
    candidates.sort((a, b) => b.score - a.score);
    if (candidates.length === 0) return;
    for (const { from, to } of candidates.slice(0, candidates.length > fewCandidates ? undefined : 1)) {
      if (!pairs.hasBefore(from.id) && !pairs.hasAfter(to.id)) pairs.add(from.id, to.id);
    }
  }
}

/** What counts as the common part where there is nothing to compare. */
const undecided = 0.5;

/** How alike two nodes are, given the pairs so far. */
function scorer(request: MatchRequest, pairs: Pairing): { task: (from: PlacedTask, to: PlacedTask) => number; group: (from: Placed, to: Placed) => number } {
  const before: Naming = {
    node: (id) => pairs.toAfter(id) ?? "?",
    parameter: request.parameter,
    select: (branch, name) => selectIn(request.before.nodes, branch, name),
  };
  const after: Naming = {
    node: (id) => (pairs.hasAfter(id) ? id : "?"),
    parameter: (name) => name,
    select: (branch, name) => selectIn(request.after.nodes, branch, name),
  };
  const readersBefore = readers(request.before.nodes);
  const readersAfter = readers(request.after.nodes);
  const isSamePlace = (from: Placed, to: Placed) => (from.place === undefined ? to.place === undefined : pairs.toAfter(from.place.group) === to.place?.group && from.place.block === to.place?.block);
  return {
    task: (from, to) => {
      const inputs = commonPart(Object.entries(from.node.inputs).map(([name, value]) => `${name} ${canonicalExpression(value, before)}`), Object.entries(to.node.inputs).map(([name, value]) => `${name} ${canonicalExpression(value, after)}`), undecided);
      const uses = commonPart((readersBefore.get(from.id) ?? []).map(({ id, role }) => `${pairs.toAfter(id) ?? "?"} ${role}`), (readersAfter.get(to.id) ?? []).map(({ id, role }) => `${pairs.hasAfter(id) ? id : "?"} ${role}`), undecided);
      const isCounted = !isNamed(from.node) && !isNamed(to.node);
      // Two names that were written are of two tasks, unless what they read or who reads them speaks for one.
      if (!isCounted && from.id !== to.id && inputs < 0.5 && uses < 0.5) return 0;
      return 2 * inputs + uses + (from.id === to.id ? 0.6 : 0.1) + (isSamePlace(from, to) ? 0.5 : 0);
    },
    group: (from, to) => {
      const inside = commonPart(tasksWithin(from.node).map((id) => pairs.toAfter(id) ?? `before ${id}`), tasksWithin(to.node), undecided);
      const [own, other] = [from, to].map(({ node }, index) => ownExpressions(node).map((expression) => canonicalExpression(expression, index === 0 ? before : after)));
      const isSame = own !== undefined && other !== undefined && commonPart(own, other, 0) >= 0.5;
      if (inside === 0 && !isSame) return 0;
      return 2 * inside + (isSame ? 1 : 0) + (from.id === to.id ? 0.2 : 0) + (isSamePlace(from, to) ? 0.3 : 0);
    },
  };
}

function ownExpressions(node: Node) {
  switch (node.kind) {
    case "branch":
      return node.arms.flatMap(({ condition }) => condition ?? []);
    case "loop":
      return [node.items];
    case "while":
      return [node.condition];
    case "task":
    case "try":
      return [];
  }
}

/** Who reads a node, and as what; outputs of the pipeline, too. */
function readers(nodes: Nodes): Map<string, { id: string; role: string }[]> {
  const found = new Map<string, { id: string; role: string }[]>();
  const add = (to: string, id: string, role: string): void => {
    found.set(to, [...(found.get(to) ?? []), { id, role }]);
  };
  for (const placed of nodes.all) for (const { to, role } of edgesOf(placed, nodes)) add(to, placed.id, role);
  for (const [name, { value }] of Object.entries(nodes.pipeline.outputs)) for (const to of nodesReadBy(value, nodes)) add(to, "", `output ${name}`);
  return found;
}
