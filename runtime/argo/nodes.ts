/** The table of nodes: what the controller keeps of a run in the status of the workflow. */
import type { Arguments, Call, Outputs, TemplateRef } from "./types.ts";
import { ControllerPanic } from "./errors.ts";
import { fnv32a } from "./go.ts";

export type NodeType = "Pod" | "DAG" | "Steps" | "StepGroup" | "TaskGroup" | "Retry" | "Skipped" | "Suspend" | "HTTP" | "Container" | "";
export type NodePhase = "Pending" | "Running" | "Succeeded" | "Failed" | "Error" | "Skipped" | "Omitted" | "";

/** The document whose templates a call finds by name. */
export interface Base {
  readonly kind: "Workflow" | "WorkflowTemplate" | "ClusterWorkflowTemplate";
  readonly name: string;
}

/** What names the template of a node: a task, a step, or the reference of a hook. */
export type Holder = Partial<Pick<Call, "name" | "template" | "templateRef" | "inline">> & { readonly as: "task" | "step" };

export interface NodeStatus {
  readonly name: string;
  displayName: string;
  readonly type: NodeType;
  phase: NodePhase;
  message: string;
  readonly templateName: string;
  readonly templateRef: TemplateRef | undefined;
  /** Where the template's name is looked up. */
  readonly base: Base | undefined;
  /** The name of the DAG or steps node around this one; empty at the top. */
  readonly boundary: string;
  hooked: boolean;
  retried: boolean;
  /** Names of the nodes after this one, some of which may never come to be. */
  readonly children: Set<string>;
  outbound: string[];
  inputs: Arguments | undefined;
  outputs: Outputs | undefined;
  readonly startedAt: number;
  finishedAt: number | undefined;
  /** The place of the node among those that ended. */
  endedAs: number;
  memoization: { readonly hit: boolean; readonly key: string; readonly cache: string } | undefined;
  /** The lock that the node waits for. */
  waitsForLock: string | undefined;
}

const COMPLETED: ReadonlySet<NodePhase> = new Set(["Succeeded", "Failed", "Error"]);
const ACTIVE: ReadonlySet<NodePhase> = new Set(["Pending", "Running"]);
const CONCURRENT: ReadonlySet<NodeType> = new Set(["Pod", "Steps", "DAG"]);

/** Whether a node ran to its end, well or not. */
export const completed = (node: Pick<NodeStatus, "phase">): boolean => COMPLETED.has(node.phase);
/** Whether nothing more happens to a node: it completed or never runs. */
export const fulfilled = (node: Pick<NodeStatus, "phase">): boolean => completed(node) || node.phase === "Skipped" || node.phase === "Omitted";
export const failedOrError = (node: Pick<NodeStatus, "phase">): boolean => node.phase === "Failed" || node.phase === "Error";
export const active = (node: Pick<NodeStatus, "phase">): boolean => ACTIVE.has(node.phase);

export interface NewNode {
  name: string;
  type: NodeType;
  phase: NodePhase;
  holder: Holder;
  base: Base | undefined;
  boundary: string;
  hooked?: boolean;
  retried?: boolean;
  message?: string;
}

/** How many direct members of a boundary are in a state that limits count. */
interface Counts {
  active: number;
  unsuccessful: number;
}

export class NodeTable {
  readonly workflow: string;
  /** How many changes there were, of any kind. */
  changes = 0;
  /** How many nodes failed or are errors. */
  failed = 0;
  readonly #nodes = new Map<string, NodeStatus>();
  readonly #members = new Map<string, NodeStatus[]>();
  readonly #counts = new Map<string, Counts>();
  readonly #now: () => number;
  #ended = 0;

  constructor(workflow: string, now: () => number) {
    this.workflow = workflow;
    this.#now = now;
  }

  get(name: string): NodeStatus | undefined {
    return this.#nodes.get(name);
  }

  /** All nodes, in the order in which they came to be. */
  all(): Iterable<NodeStatus> {
    return this.#nodes.values();
  }

  /** The nodes whose boundary is the given one. */
  members(boundary: string): readonly NodeStatus[] {
    return this.#members.get(boundary) ?? [];
  }

  /** The number of pods, steps and DAGs directly in a boundary that are pending or running. */
  activeIn(boundary: string): number {
    return this.#counts.get(boundary)?.active ?? 0;
  }

  /** The number of pods, steps and DAGs directly in a boundary that failed. */
  unsuccessfulIn(boundary: string): number {
    return this.#counts.get(boundary)?.unsuccessful ?? 0;
  }

  /** A new node. There must be none of its name. */
  add({ name, type, phase, holder, base, boundary, hooked = false, retried = false, message = "" }: NewNode): NodeStatus {
    if (this.#nodes.has(name)) throw new ControllerPanic(`node ${name} already initialized`);
    const now = this.#now();
    const node: NodeStatus = {
      name,
      displayName: this.#displayName(name, boundary),
      type,
      phase,
      message,
      templateName: holder.template ?? "",
      templateRef: holder.templateRef,
      base,
      boundary,
      hooked,
      retried,
      children: new Set(),
      outbound: [],
      inputs: undefined,
      outputs: undefined,
      startedAt: now,
      finishedAt: undefined,
      endedAs: 0,
      memoization: undefined,
      waitsForLock: undefined,
    };
    if (fulfilled(node)) this.#end(node);
    this.#put(node);
    return node;
  }

  /**
   * Gives the node of a name its phase and message. Where there is none, the controller makes one without name or type, and so
   * does this table.
   */
  mark(name: string, phase: NodePhase, message?: string): NodeStatus {
    const node = this.#nodes.get(name) ?? this.#nodes.get("") ?? this.add({ name: "", type: "", phase: "", holder: { as: "step" }, base: undefined, boundary: "" });
    if (node.phase !== phase) {
      this.#count(node, -1);
      node.phase = phase;
      this.#count(node, 1);
      this.changes++;
    }
    if (message !== undefined && message !== node.message) {
      node.message = message;
      this.changes++;
    }
    if (fulfilled(node) && node.finishedAt === undefined) this.#end(node);
    return node;
  }

  /** Adds a node to those after another one. */
  addChild(parent: string, child: string): void {
    const node = this.#nodes.get(parent);
    if (!node) throw new ControllerPanic("was unable to obtain node for nodeID");
    if (node.children.has(child)) return;
    node.children.add(child);
    this.changes++;
  }

  /** The id of the node of a name. */
  idOf(name: string): string {
    return name === this.workflow ? name : `${this.workflow}-${fnv32a(name)}`;
  }

  /** The name of the pod of a node. */
  podNameOf(name: string, template: string): string {
    if (name === this.workflow) return name;
    const prefix = template === "" ? this.workflow : `${this.workflow}-${template}`;
    return `${prefix.slice(0, 242)}-${fnv32a(name)}`;
  }

  #end(node: NodeStatus): void {
    node.finishedAt = this.#now();
    node.endedAs = ++this.#ended;
  }

  #put(node: NodeStatus): void {
    this.#nodes.set(node.name, node);
    const members = this.#members.get(node.boundary);
    if (members) members.push(node);
    else this.#members.set(node.boundary, [node]);
    this.#count(node, 1);
    this.changes++;
  }

  #count(node: NodeStatus, by: number): void {
    if (failedOrError(node)) this.failed += by;
    if (!CONCURRENT.has(node.type)) return;
    let counts = this.#counts.get(node.boundary);
    if (!counts) this.#counts.set(node.boundary, (counts = { active: 0, unsuccessful: 0 }));
    if (active(node)) counts.active += by;
    if (failedOrError(node)) counts.unsuccessful += by;
  }

  #displayName(name: string, boundary: string): string {
    if (!this.#nodes.has(boundary) || !name.startsWith(boundary)) return name;
    return name.slice(boundary.length).replace(/^(\[\d+\])?\./, "");
  }
}
