/** The picture of a pipeline before it is drawn: nodes, groups and edges, with their labels. */
import { describeExpression } from "../ir/describe.ts";
import { expressionTree, nodesOf, runTimeOptions, selectsOf } from "../ir/traverse.ts";
import type { Block, Branch, Document, Expression, Node, Pipeline, Task } from "../ir/types.ts";

export interface GraphNode {
  /** The id of the task. */
  id: string;
  label: string;
  kind: "op" | "container" | "importer" | "pipeline";
  /** What it runs, where the label does not say: the name of the op or sub-pipeline. */
  runs: string;
  /** The id of the group around it. */
  group?: string;
}

export interface GraphGroup {
  id: string;
  kind: "arm" | "loop" | "while" | "try" | "catch" | "finally";
  /** As in the source: `if evaluate.auc > threshold`, `for year of years`. */
  label: string;
  group?: string;
  /** The ids of the nodes and groups directly inside, in order of the source. */
  children: string[];
}

export interface GraphEdge {
  /** The id of a node or of a group. */
  from: string;
  to: string;
  /** Data flows, a value decides whether or how often a group runs, or only the order is given. */
  kind: "data" | "condition" | "order";
  /** What flows: `model`, `auc → score`; empty for an order. */
  label: string;
}

/** Nodes and groups are in order of the source; outer groups come before inner ones. */
export interface Graph {
  pipeline: string;
  /** The ids of the nodes and groups that stand in no group, in order of the source. */
  roots: string[];
  nodes: GraphNode[];
  groups: GraphGroup[];
  edges: GraphEdge[];
}

/** The graph of one pipeline. A call of another pipeline is one node. */
export function graphOf(document: Document, pipeline: Pipeline): Graph {
  return new GraphBuilder(document, pipeline).build();
}

class GraphBuilder {
  #nodes: GraphNode[] = [];
  #groups: GraphGroup[] = [];
  /** By ends and kind; the labels of one edge are joined. */
  #edges = new Map<string, { edge: GraphEdge; labels: Set<string> }>();
  #byId = new Map<string, Node>();
  #children = new Map<string | undefined, string[]>([[undefined, []]]);
  readonly #document: Document;
  readonly #pipeline: Pipeline;

  constructor(document: Document, pipeline: Pipeline) {
    this.#document = document;
    this.#pipeline = pipeline;
    for (const node of nodesOf(pipeline.body)) this.#byId.set(node.id, node);
  }

  build(): Graph {
    this.#block(this.#pipeline.body, undefined);
    const edges = [...this.#edges.values()].map(({ edge, labels }) => ({ ...edge, label: [...labels].join(", ") }));
    return { pipeline: this.#pipeline.id, roots: this.#children.get(undefined) ?? [], nodes: this.#nodes, groups: this.#groups, edges };
  }

  #block(block: Block, group: string | undefined): void {
    for (const node of block.nodes) {
      switch (node.kind) {
        case "task":
          this.#task(node, group);
          break;
        case "branch":
          for (const [index, arm] of node.arms.entries()) {
            if (arm.block.nodes.length === 0) continue;
            const id = armId(node, index);
            const word = arm.condition === undefined ? "else" : index === 0 ? "if" : "else if";
            this.#group({ id, kind: "arm", label: named(arm.displayName, arm.condition === undefined ? word : `${word} ${describeExpression(arm.condition)}`) }, group);
            // An arm runs when its condition holds and those of the arms before it do not.
            for (const earlier of node.arms.slice(0, index + 1)) if (earlier.condition !== undefined) this.#reads(id, earlier.condition, "condition", undefined);
            this.#block(arm.block, id);
          }
          break;
        case "loop":
          this.#group({ id: node.id, kind: "loop", label: named(node.displayName, `for ${node.itemName} of ${describeExpression(node.items)}${node.parallelism === undefined ? "" : ` (${node.parallelism} at once)`}`) }, group);
          this.#reads(node.id, node.items, "condition", undefined);
          this.#block(node.body, node.id);
          break;
        case "while":
          this.#group({ id: node.id, kind: "while", label: named(node.displayName, `${node.test === "before" ? "while" : "do … while"} ${describeExpression(node.condition)}`) }, group);
          this.#reads(node.id, node.condition, "condition", undefined);
          this.#block(node.body, node.id);
          for (const { name, initial } of node.carried) this.#reads(node.id, initial, "data", name);
          break;
        case "try":
          this.#group({ id: node.id, kind: "try", label: named(node.displayName, "try") }, group);
          this.#block(node.body, node.id);
          for (const kind of ["catch", "finally"] as const) {
            const handler = node[kind];
            if (handler === undefined) continue;
            const id = `${node.id}-${kind}`;
            this.#group({ id, kind, label: kind }, group);
            this.#edge(node.id, id, "order", "");
            this.#block(handler, id);
          }
          break;
      }
    }
  }

  #group(header: Omit<GraphGroup, "children">, group: string | undefined): void {
    const made: GraphGroup = { ...header, children: [] };
    this.#children.get(group)?.push(made.id);
    this.#children.set(made.id, made.children);
    this.#groups.push(group === undefined ? made : { ...made, group });
  }

  #task(task: Task, group: string | undefined): void {
    const { target } = task;
    const component = target.kind === "pipeline" ? undefined : this.#document.components[target.id];
    const label = task.when === undefined ? task.id : `${task.id} if ${describeExpression(task.when)}`;
    const node: GraphNode = { id: task.id, label, kind: component?.kind ?? "pipeline", runs: component?.name ?? this.#document.pipelines[target.id]?.name ?? target.id };
    this.#children.get(group)?.push(task.id);
    this.#nodes.push(group === undefined ? node : { ...node, group });
    for (const [name, value] of Object.entries(task.inputs)) this.#reads(task.id, value, "data", name);
    for (const { expression } of runTimeOptions(task.options)) this.#reads(task.id, expression, "data", undefined);
    if (task.when !== undefined) this.#reads(task.id, task.when, "condition", undefined);
    for (const id of task.after) for (const from of this.#places(id)) this.#edge(from, task.id, "order", "");
  }

  /** The edges that the reading of a value makes. */
  #reads(to: string, value: Expression, kind: "data" | "condition", input: string | undefined): void {
    for (const { task, output } of this.#producers(value)) {
      this.#edge(task, to, kind, input === undefined || input === output ? output : `${output} → ${input}`);
    }
  }

  /** The tasks and outputs that a value comes from, through selects and fan-in; what a `while` carried comes from the loop. */
  *#producers(value: Expression): Generator<{ task: string; output: string }> {
    for (const part of expressionTree(value)) {
      if (part.kind === "output") yield { task: part.task, output: part.output };
      else if (part.kind === "taskStatus") yield { task: part.task, output: "status" };
      else if (part.kind === "final") yield { task: part.loop, output: part.name };
      else if (part.kind === "select") {
        const node = this.#byId.get(part.branch);
        const select = node === undefined ? undefined : selectsOf(node).find(({ name }) => name === part.name);
        for (const chosen of select?.values ?? []) yield* this.#producers(chosen);
      }
    }
  }

  /** Where an edge that waits for a node begins: a branch has no group of its own, its arms have. */
  #places(id: string): string[] {
    const node = this.#byId.get(id);
    if (node?.kind === "branch") return node.arms.flatMap((arm, index) => (arm.block.nodes.length === 0 ? [] : [armId(node, index)]));
    if (node?.kind === "try") return [node.finally !== undefined ? `${id}-finally` : id];
    return node === undefined ? [] : [id];
  }

  #edge(from: string, to: string, kind: GraphEdge["kind"], label: string): void {
    const key = JSON.stringify([from, to, kind]);
    const known = this.#edges.get(key) ?? { edge: { from, to, kind, label: "" }, labels: new Set<string>() };
    if (label !== "") known.labels.add(label);
    this.#edges.set(key, known);
  }
}

function named(displayName: string | undefined, label: string): string {
  return displayName === undefined ? label : `${displayName} · ${label}`;
}

/** The id of the group of an arm. */
export function armId(branch: Branch, index: number): string {
  return `${branch.id}-arm-${index + 1}`;
}

/** A node or group by its id. */
export function membersOf(graph: Graph): Map<string, GraphNode | GraphGroup> {
  return new Map([...graph.nodes, ...graph.groups].map((member): [string, GraphNode | GraphGroup] => [member.id, member]));
}

export function isGroup(member: GraphNode | GraphGroup): member is GraphGroup {
  return "children" in member;
}
