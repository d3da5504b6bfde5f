/** What is known while a pipeline, or one iteration of a loop in it, runs. */
import type { Block, ContextName, Expression, Node, Pipeline, Span } from "../../compiler/ir/types.ts";
import { bug } from "../../compiler/bug.ts";
import type { Status } from "../codec.ts";
import type { Scope, Value } from "./evaluate.ts";
import { selectsOf } from "../../compiler/ir/traverse.ts";
import { nodesOnce, type Plan } from "./plan.ts";

/** Why a task failed. */
export interface Failure {
  /** The key of the task in the run. */
  task: string;
  reason: string;
  exitCode?: number;
  /** Where the node stands in the source. */
  span: Span;
}

export type Outcome =
  /** `vacuous`: a branch without `else` of which no arm was taken. */
  | { state: "succeeded"; outputs: Record<string, Value>; vacuous?: true }
  | { state: "failed"; failures: Failure[] }
  /** Not run, because what it needs failed or the run was stopped. */
  | { state: "blocked" }
  | { state: "skipped" };

/** A value is asked for that will never be there: its task was skipped or failed. */
export class Unavailable extends Error {
  readonly state: "blocked" | "skipped";

  constructor(state: "blocked" | "skipped") {
    super(state);
    this.state = state;
  }
}

/** What is the same for every task of a run. */
export type RunContext = (name: Exclude<ContextName, "taskName" | "taskId">) => string;

interface Pending {
  outcome: Promise<Outcome>;
  settle(outcome: Outcome): void;
  settled?: Outcome;
}

/** What is the same for all nodes of one iteration of a loop, or of one turn of a `while`. */
export type Iteration = { parent: Frame; loop: string } & ({ item: Value; index: number } | { carried: ReadonlyMap<string, Value> });

/** What stands around the call of a pipeline, also in those that call it. */
export interface Around {
  /** A `catch` takes its failure. */
  isCaught: boolean;
  /** It is called in the `catch` or `finally` of a try. */
  isHandler: boolean;
}

/** One run of a pipeline, or one iteration or turn of a loop inside it (then `parent` is what is around the loop). */
export class Frame implements Scope {
  readonly pipeline: Pipeline;
  readonly plan: Plan;
  readonly inputs: Record<string, Value>;
  /** How many calls of pipelines stand around it. */
  readonly depth: number;
  /** Prefix of the keys of its tasks, e.g. `for-1/0/`. */
  readonly prefix: string;
  readonly around: Around;
  /** By branch or `try`, the position of the block that gives its values: the arm taken, body or \`catch\`. */
  readonly taken = new Map<string, number>();
  readonly frames = new Map<string, Frame[]>();
  /** By loop, what its carried values were in the end. */
  readonly finals = new Map<string, ReadonlyMap<string, Value>>();
  readonly statuses = new Map<string, Status>();
  readonly #nodes = new Map<string, Pending>();
  readonly #context: RunContext;
  readonly #parent: Frame | undefined;
  readonly #iteration: Iteration | undefined;

  constructor(
    given: { pipeline: Pipeline; plan: Plan; inputs: Record<string, Value>; depth: number; prefix: string; around: Around; block: Block; context: RunContext },
    iteration?: Iteration,
  ) {
    this.pipeline = given.pipeline;
    this.plan = given.plan;
    this.inputs = given.inputs;
    this.depth = given.depth;
    this.prefix = given.prefix;
    this.around = given.around;
    this.#context = given.context;
    this.#parent = iteration?.parent;
    this.#iteration = iteration;
    for (const node of nodesOnce(given.block)) this.#nodes.set(node.id, pending());
  }

  /** The outcome of a node of this frame or one around it. */
  outcome(id: string): Promise<Outcome> {
    return this.#find(id).outcome;
  }

  settle(id: string, outcome: Outcome): void {
    const node = this.#find(id);
    node.settled = outcome;
    node.settle(outcome);
  }

  /** Settles all nodes of a block that will not run. */
  settleBlock(block: Block, outcome: Outcome, visit: (node: Node) => void): void {
    for (const node of nodesOnce(block)) {
      this.settle(node.id, outcome);
      visit(node);
    }
  }

  input(name: string): Value {
    return this.inputs[name];
  }

  output(task: string, output: string): Value {
    const outcome = this.#find(task).settled ?? bug(`"${task}" is read before it has ended`);
    if (outcome.state !== "succeeded") throw new Unavailable(outcome.state === "skipped" ? "skipped" : "blocked");
    if (!Object.hasOwn(outcome.outputs, output)) throw new Unavailable("skipped");
    return outcome.outputs[output];
  }

  item(loop: string): Value {
    const iteration = this.#iterationOf(loop);
    return "item" in iteration ? iteration.item : bug(`"${loop}" has no items`);
  }

  index(loop: string): number {
    const iteration = this.#iterationOf(loop);
    return "item" in iteration ? iteration.index : bug(`"${loop}" has no items`);
  }

  carried(loop: string, name: string): Value {
    const iteration = this.#iterationOf(loop);
    return "carried" in iteration ? iteration.carried.get(name) : bug(`"${loop}" carries nothing`);
  }

  final(loop: string, name: string): Value {
    const values = this.#lookup((frame) => frame.finals.get(loop));
    if (values === undefined) throw new Unavailable("skipped");
    return values.get(name);
  }

  selected(branch: string, name: string): Expression {
    const block = this.#lookup((frame) => frame.taken.get(branch));
    const node = this.plan.get(branch)?.node ?? bug(`there is no node "${branch}"`);
    if (block === undefined) throw new Unavailable("skipped");
    return selectsOf(node).find((select) => select.name === name)?.values[block] ?? bug(`"${branch}" has no select "${name}" for its block ${block}`);
  }

  iterations(loop: string): Scope[] {
    const frames = this.#lookup((frame) => frame.frames.get(loop));
    if (frames === undefined) throw new Unavailable("skipped");
    return frames;
  }

  status(id: string): Status {
    return this.#lookup((frame) => frame.statuses.get(id)) ?? bug(`the status of "${id}" is read before it has ended`);
  }

  /** The status of a task that has ended, for a task that takes its failure as it comes. */
  taskStatus(task: string): Status {
    const outcome = this.#find(task).settled ?? bug(`the status of "${task}" is read before it has ended`);
    const failure = outcome.state === "failed" ? outcome.failures[0] : undefined;
    return { state: outcome.state === "succeeded" ? "SUCCEEDED" : "FAILED", taskName: task, error: { code: failure?.exitCode ?? 0, message: failure?.reason ?? "" } };
  }

  context(name: ContextName): string {
    return name === "taskName" || name === "taskId" ? bug(`"${name}" is read outside a task`) : this.#context(name);
  }

  #iterationOf(loop: string): Iteration {
    return this.#lookup((frame) => (frame.#iteration?.loop === loop ? frame.#iteration : undefined)) ?? bug(`"${loop}" is read outside the loop`);
  }

  #find(id: string): Pending {
    return this.#lookup((frame) => frame.#nodes.get(id)) ?? bug(`there is no node "${id}" in the pipeline "${this.pipeline.id}"`);
  }

  #lookup<T>(read: (frame: Frame) => T | undefined): T | undefined {
    let frame: Frame | undefined = this;
    while (frame !== undefined) {
      const found = read(frame);
      if (found !== undefined) return found;
      frame = frame.#parent;
    }
    return undefined;
  }
}

/** Reads values of failed and skipped tasks as absent: the scope of handlers and of tasks that ignore failure upstream. */
export function tolerant(scope: Scope): Scope {
  const or = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (error instanceof Unavailable) return undefined;
      throw error;
    }
  };
  return {
    ...forwarding(scope),
    output: (task, output) => or(() => scope.output(task, output)),
    final: (loop, name) => or(() => scope.final(loop, name)),
    selected: (branch, name) => or(() => scope.selected(branch, name)) ?? { kind: "absent", type: { kind: "json" }, span: { file: "", start: 0, end: 0, line: 1, column: 1, endLine: 1, endColumn: 1 } },
    iterations: (loop) => (or(() => scope.iterations(loop)) ?? []).map(tolerant),
  };
}

/** Knows which task reads the values. */
export function ofTask(scope: Scope, task: { name: string; id: string }): Scope {
  return { ...forwarding(scope), context: (name) => (name === "taskName" ? task.name : name === "taskId" ? task.id : scope.context(name)) };
}

function forwarding(scope: Scope): Scope {
  return {
    input: (name) => scope.input(name),
    output: (task, output) => scope.output(task, output),
    item: (loop) => scope.item(loop),
    index: (loop) => scope.index(loop),
    carried: (loop, name) => scope.carried(loop, name),
    final: (loop, name) => scope.final(loop, name),
    selected: (branch, name) => scope.selected(branch, name),
    iterations: (loop) => scope.iterations(loop),
    status: (id) => scope.status(id),
    taskStatus: (task) => scope.taskStatus(task),
    context: (name) => scope.context(name),
  };
}

function pending(): Pending {
  let settle!: (outcome: Outcome) => void;
  const outcome = new Promise<Outcome>((resolve) => {
    settle = resolve;
  });
  return { outcome, settle };
}
