/**
 * Runs the graph of a document by readiness: each node starts as soon as its inputs, its edges and the regions around it allow.
 * It knows the meaning of the nodes; how a task runs is the executor's.
 *
 * What depends on a skipped task is skipped, what depends on a failed one does not run, everything else goes on: as on KFP.
 */
import { setMaxListeners } from "node:events";
import { bug } from "../../compiler/bug.ts";
import { resolveOptions } from "../../compiler/ir/options.ts";
import { expressionTree, isRunTime, runTimeOptions } from "../../compiler/ir/traverse.ts";
import type { Block, Branch, Component, Document, Expression, Input, Loop, Node, Pipeline, Retry, Task, TaskOptions, Try, While } from "../../compiler/ir/types.ts";
import { decodeValue, ValueError } from "../codec.ts";
import { isArtifact } from "../registry.ts";
import type { Inputs, Outputs } from "../protocols/local.ts";
import { realClock, type Clock } from "./clock.ts";
import { evaluate, EvaluationError, type Value } from "./evaluate.ts";
import type { Origin } from "./events.ts";
import { Frame, ofTask, tolerant, Unavailable, type Around, type Failure, type Outcome, type RunContext } from "./frame.ts";
import { Limiter } from "./limiter.ts";
import { handles, lifted, planOf, type Plan } from "./plan.ts";

/** How many turns a `while` may have, and how deep a recursion may go: as deep as Argo takes templates in templates. */
const LONGEST_REPETITION = 100;

/** One try of one task. */
export interface TaskRequest {
  /** Unique in the run, e.g. `for-1/0/train`. */
  key: string;
  component: Component;
  options: TaskOptions;
  inputs: Inputs;
  /** From 1. */
  attempt: number;
}

export type TaskResult = { ok: true; outputs: Outputs; origin?: Origin } | { ok: false; reason: string; exitCode?: number; /** It could not be started. */ isError?: true };

/** Runs one try of a task to its end; stops it when `signal` fires. Never rejects for what the task does. */
export type Execute = (request: TaskRequest, signal: AbortSignal) => Promise<TaskResult>;

/** `waiting`: a try has failed, and another one follows. */
export type TaskState = "running" | "waiting" | "succeeded" | "failed" | "skipped" | "blocked";

export interface TaskDetails {
  task: Task;
  attempt?: number;
  reason?: string;
  exitCode?: number;
  outputs?: Outputs;
  /** Of a task that has succeeded: whether it ran. */
  origin?: Origin;
  /** Of one that waits: when the next try is due, in milliseconds since 1970. */
  retryAt?: number;
}

/** Told of every change of a task. */
export interface Observer {
  task(key: string, state: TaskState, details: TaskDetails): void;
}

export interface Schedule {
  document: Document;
  pipeline: Pipeline;
  /** Values of the parameters, decoded; defaults need not be given. */
  parameters: Record<string, Value>;
  /** How many tasks may run at once. */
  jobs: number;
  execute: Execute;
  observer: Observer;
  /** What the run knows of itself. */
  context: RunContext;
  signal: AbortSignal;
  /** The first failure that no `catch` takes stops everything but what handles failures. */
  failFast?: boolean;
  /** Default: the real one. */
  clock?: Clock;
}

export type Ended = { state: "succeeded"; outputs: Record<string, Value> } | { state: "failed"; failures: Failure[] };

/** Runs a pipeline to its end. */
export async function schedule(given: Schedule): Promise<Ended> {
  const outcome = await new Scheduler(given).pipeline(given.pipeline, given.parameters, "", 0, { isCaught: false, isHandler: false });
  if (outcome.state === "succeeded") return { state: "succeeded", outputs: outcome.outputs };
  return { state: "failed", failures: outcome.state === "failed" ? outcome.failures : [] };
}

class Scheduler {
  readonly #given: Schedule;
  readonly #jobs: Limiter;
  readonly #clock: Clock;
  readonly #plans = new Map<string, Plan>();
  /** Fires with the first failure that ends the run. */
  readonly #failing = new AbortController();
  /** Stops a task that handles no failure. */
  readonly #ordinary: AbortSignal;

  constructor(given: Schedule) {
    this.#given = given;
    this.#jobs = new Limiter(given.jobs);
    this.#clock = given.clock ?? realClock;
    this.#ordinary = AbortSignal.any([given.signal, this.#failing.signal]);
    // Each running task listens.
    setMaxListeners(0, this.#ordinary);
  }

  /** @param depth how many calls of pipelines stand around this one */
  async pipeline(pipeline: Pipeline, given: Record<string, Value>, prefix: string, depth: number, around: Around): Promise<Outcome> {
    let plan = this.#plans.get(pipeline.id);
    if (plan === undefined) this.#plans.set(pipeline.id, (plan = planOf(pipeline)));
    const frame = new Frame({ pipeline, plan, inputs: withDefaults(pipeline.inputs, given), depth, prefix, around, block: pipeline.body, context: this.#given.context });
    const outcome = await this.#block(pipeline.body, frame);
    if (outcome.state !== "succeeded") return outcome;
    const outputs: Record<string, Value> = {};
    for (const [name, output] of Object.entries(pipeline.outputs)) {
      try {
        outputs[name] = evaluate(output.value, frame);
      } catch (error) {
        if (error instanceof EvaluationError) return { state: "failed", failures: [{ task: `${prefix}${pipeline.id}`, reason: `its output "${name}" has no value: ${error.message}`, span: output.span }] };
        if (!(error instanceof Unavailable)) throw error;
      }
    }
    return { state: "succeeded", outputs };
  }

  async #block(block: Block, frame: Frame): Promise<Outcome> {
    return together(await Promise.all(block.nodes.map((node) => this.#node(node, frame))));
  }

  async #node(node: Node, frame: Frame): Promise<Outcome> {
    const outcome = await this.#run(node, frame);
    frame.settle(node.id, outcome);
    return outcome;
  }

  #run(node: Node, frame: Frame): Promise<Outcome> {
    switch (node.kind) {
      case "task":
        return this.#task(node, frame);
      case "branch":
        return this.#branch(node, frame);
      case "loop":
        return this.#loop(node, frame);
      case "while":
        return this.#while(node, frame);
      case "try":
        return this.#try(node, frame);
    }
  }

  async #task(task: Task, frame: Frame): Promise<Outcome> {
    const { observer } = this.#given;
    const signal = this.#signalOf(task, frame);
    const key = frame.prefix + task.id;
    const needs = [...task.after.map((id) => this.#edge(task.id, id, frame, true)), ...[...Object.values(task.inputs), ...runTimeOptions(task.options).map(({ expression }) => expression), ...(task.when === undefined ? [] : [task.when])].map((value) => this.#ready(value, task.id, frame))];
    const hindrance = hindranceOf(await Promise.all(needs), task.ignoreUpstreamFailure) ?? (signal.aborted ? "blocked" : undefined);
    if (hindrance !== undefined) {
      observer.task(key, hindrance, { task });
      return { state: hindrance };
    }
    const target = task.target.kind === "pipeline" ? this.#given.document.pipelines[task.target.id] : this.#given.document.components[task.target.id];
    if (target === undefined) return bug(`the task "${task.id}" runs "${task.target.id}", which the document does not have`);
    let inputs: Record<string, Value>;
    let options: TaskOptions;
    try {
      if (task.when !== undefined && !evaluate(task.when, ofTask(frame, { name: task.id, id: key }))) {
        observer.task(key, "skipped", { task });
        return { state: "skipped" };
      }
      inputs = this.#inputs(task, target.inputs, frame);
      options = this.#options(task, frame);
    } catch (error) {
      if (error instanceof Unavailable) {
        observer.task(key, error.state, { task });
        return { state: error.state };
      }
      if (!(error instanceof EvaluationError || error instanceof ValueError)) throw error;
      return this.#failed(key, task, frame, { reason: error instanceof ValueError ? `its input "${error.path}" ${error.problem}.` : error.message });
    }
    if (!("kind" in target)) {
      if (frame.depth < LONGEST_REPETITION) return this.pipeline(target, inputs, `${key}/`, frame.depth + 1, { isCaught: isCaught(task, frame), isHandler: isHandler(task, frame) });
      return this.#failed(key, task, frame, { reason: `it is the ${LONGEST_REPETITION + 1}th call of a pipeline inside another, which is more than an engine takes. Let the recursion end earlier.` });
    }
    return this.#attempts(key, task, frame, target, inputs as Inputs, options);
  }

  /** What stops a task: the end of the run, or a failure that ends it, but for what handles failures. */
  #signalOf(task: Task, frame: Frame): AbortSignal {
    return isHandler(task, frame) ? this.#given.signal : this.#ordinary;
  }

  async #attempts(key: string, task: Task, frame: Frame, component: Component, inputs: Inputs, options: TaskOptions): Promise<Outcome> {
    const { execute, observer } = this.#given;
    const signal = this.#signalOf(task, frame);
    const retries = options.retry?.count ?? 0;
    for (let attempt = 1; ; attempt++) {
      const result = await this.#jobs.run(async (): Promise<TaskResult> => {
        if (signal.aborted) return { ok: false, reason: whyStopped(signal) };
        observer.task(key, "running", { task, attempt });
        return execute({ key, component, options, inputs, attempt }, signal);
      });
      if (result.ok) {
        observer.task(key, "succeeded", { task, attempt, outputs: result.outputs, ...(result.origin === undefined ? {} : { origin: result.origin }) });
        return { state: "succeeded", outputs: result.outputs };
      }
      if (attempt > retries || signal.aborted || !isRetried(options.retry?.policy, result)) return this.#failed(key, task, frame, { ...result, attempt });
      const seconds = pauseBefore(options.retry as Retry, attempt);
      observer.task(key, "waiting", { task, attempt, reason: result.reason, ...(result.exitCode === undefined ? {} : { exitCode: result.exitCode }), retryAt: this.#clock.now() + seconds * 1000 });
      await this.#clock.sleep(seconds * 1000, signal);
    }
  }

  #failed(key: string, task: Task, frame: Frame, details: { reason: string; exitCode?: number; attempt?: number }): Outcome {
    const { reason, exitCode, attempt } = details;
    const code = exitCode === undefined ? {} : { exitCode };
    this.#given.observer.task(key, "failed", { task, reason, ...code, ...(attempt === undefined ? {} : { attempt }) });
    // It is none of the failures of the run: it was well until it was stopped.
    if (reason === endedByFailure) return { state: "blocked" };
    this.#endOnFailure(task, frame);
    return { state: "failed", failures: [{ task: key, reason, ...code, span: task.span }] };
  }

  #endOnFailure(node: Node, frame: Frame): void {
    if (this.#given.failFast === true && !isCaught(node, frame)) this.#failing.abort(endedByFailure);
  }

  #inputs(task: Task, declared: Record<string, Input>, frame: Frame): Record<string, Value> {
    const takesFailure = task.ignoreUpstreamFailure || (frame.plan.get(task.id)?.handlers.size ?? 0) > 0;
    const scope = ofTask(takesFailure ? tolerant(frame) : frame, { name: task.id, id: frame.prefix + task.id });
    const values: Record<string, Value> = {};
    for (const [name, expression] of Object.entries(task.inputs)) values[name] = evaluate(expression, scope);
    return checkInputs(declared, withDefaults(declared, values));
  }

  /** Of the options that only a run knows, a local one needs the image. */
  #options(task: Task, frame: Frame): TaskOptions {
    const { options } = resolveOptions(this.#given.document, frame.pipeline, task);
    return isRunTime(options.image) ? { ...options, image: String(evaluate(options.image.expression, frame)) } : options;
  }

  async #branch(branch: Branch, frame: Frame): Promise<Outcome> {
    const conditions = branch.arms.flatMap((arm) => (arm.condition === undefined ? [] : [arm.condition]));
    const hindrance = hindranceOf(await Promise.all(conditions.map((condition) => this.#ready(condition, branch.id, frame))), false);
    const closed = (outcome: Outcome, arms = branch.arms): Outcome => {
      for (const arm of arms) this.#close(arm.block, frame, outcome);
      return outcome;
    };
    if (hindrance !== undefined) return closed({ state: hindrance });
    let taken: number;
    try {
      taken = branch.arms.findIndex((arm) => arm.condition === undefined || Boolean(evaluate(arm.condition, frame)));
    } catch (error) {
      if (error instanceof Unavailable) return closed({ state: error.state });
      if (!(error instanceof EvaluationError)) throw error;
      closed({ state: "blocked" });
      return { state: "failed", failures: [{ task: frame.prefix + branch.id, reason: `its condition has no value: ${error.message}`, span: branch.span }] };
    }
    const arm = branch.arms[taken] ?? bug(`the branch "${branch.id}" has no last arm without a condition`);
    frame.taken.set(branch.id, taken);
    closed({ state: "skipped" }, branch.arms.filter((other) => other !== arm));
    const outcome = await this.#block(arm.block, frame);
    return outcome.state === "succeeded" && !branch.hasElse && arm.condition === undefined ? { ...outcome, vacuous: true } : outcome;
  }

  async #loop(loop: Loop, frame: Frame): Promise<Outcome> {
    const hindrance = hindranceOf([await this.#ready(loop.items, loop.id, frame)], false);
    if (hindrance !== undefined) return { state: hindrance };
    let items: Value;
    try {
      items = evaluate(loop.items, frame);
    } catch (error) {
      if (error instanceof Unavailable) return { state: error.state };
      if (error instanceof EvaluationError) return this.#broken(loop, frame, `its items have no value: ${error.message}`);
      throw error;
    }
    if (!Array.isArray(items)) return this.#broken(loop, frame, `its items must be a list, but are ${JSON.stringify(items)}.`);
    const frames = items.map((item: Value, index) => {
      const prefix = `${frame.prefix}${loop.id}/${index}/`;
      return new Frame({ pipeline: frame.pipeline, plan: frame.plan, inputs: frame.inputs, depth: frame.depth, prefix, around: frame.around, block: loop.body, context: this.#given.context }, { parent: frame, loop: loop.id, item, index });
    });
    frame.frames.set(loop.id, frames);
    const limiter = new Limiter(loop.parallelism ?? Number.POSITIVE_INFINITY);
    return together(await Promise.all(frames.map((iteration) => limiter.run(() => this.#block(loop.body, iteration)))));
  }

  async #while(node: While, frame: Frame): Promise<Outcome> {
    const needs = [node.condition, ...node.carried.map(({ initial }) => initial)].map((value) => this.#ready(value, node.id, frame));
    const hindrance = hindranceOf(await Promise.all(needs), false);
    if (hindrance !== undefined) return { state: hindrance };
    try {
      let carried = new Map(node.carried.map(({ name, initial }): [string, Value] => [name, evaluate(initial, frame)]));
      for (let turn = 0; ; turn++) {
        const prefix = `${frame.prefix}${node.id}/${turn}/`;
        const around = new Frame({ pipeline: frame.pipeline, plan: frame.plan, inputs: frame.inputs, depth: frame.depth, prefix, around: frame.around, block: node.body, context: this.#given.context }, { parent: frame, loop: node.id, carried });
        if ((node.test === "before" || turn > 0) && !evaluate(node.condition, around)) break;
        if (turn === LONGEST_REPETITION) return this.#broken(node, frame, `it has run ${turn} turns, and its condition still holds. That is more than an engine takes: let it end earlier, or loop inside an op.`);
        const outcome = await this.#block(node.body, around);
        if (outcome.state !== "succeeded") return outcome;
        carried = new Map(node.carried.map(({ name, next }): [string, Value] => [name, evaluate(next, around)]));
      }
      frame.finals.set(node.id, carried);
      return { state: "succeeded", outputs: {} };
    } catch (error) {
      if (error instanceof Unavailable) return { state: error.state };
      if (error instanceof EvaluationError) return this.#broken(node, frame, `what it carries has no value: ${error.message}`);
      throw error;
    }
  }

  /** A region that fails by itself. */
  #broken(node: Loop | While, frame: Frame, reason: string): Outcome {
    this.#endOnFailure(node, frame);
    return { state: "failed", failures: [{ task: frame.prefix + node.id, reason, span: node.span }] };
  }

  async #try(node: Try, frame: Frame): Promise<Outcome> {
    const { signal } = this.#given;
    const outcomes = await Promise.all(node.body.nodes.map((inner) => this.#node(inner, frame)));
    const body = together(outcomes);
    const failure = body.state === "failed" ? body.failures[0] : undefined;
    frame.statuses.set(node.id, {
      state: body.state === "succeeded" ? "SUCCEEDED" : "FAILED",
      taskName: node.id,
      error: { code: failure?.exitCode ?? 0, message: failure === undefined ? "" : `${failure.task}: ${failure.reason}` },
    });
    const nothingRan = body.state === "blocked" && outcomes.every((outcome) => outcome.state === "blocked" || outcome.state === "skipped");
    if (nothingRan || signal.aborted) {
      for (const handler of [node.catch, node.finally]) if (handler !== undefined) this.#close(handler, frame, { state: "blocked" });
      return body;
    }
    let result = body;
    frame.taken.set(node.id, body.state === "succeeded" ? 0 : 1);
    if (node.catch !== undefined) {
      if (body.state === "succeeded") this.#close(node.catch, frame, { state: "skipped" });
      else result = await this.#block(node.catch, frame);
    }
    if (node.finally === undefined) return result;
    return together([result, await this.#block(node.finally, frame)]);
  }

  /** Ends the nodes of a block that does not run. */
  #close(block: Block, frame: Frame, outcome: Outcome): void {
    const state = outcome.state === "skipped" ? "skipped" : "blocked";
    frame.settleBlock(block, { state }, (node) => {
      if (node.kind === "task") this.#given.observer.task(frame.prefix + node.id, state, { task: node });
    });
  }

  /** Waits until an expression can be evaluated. */
  async #ready(expression: Expression, source: string, frame: Frame): Promise<Outcome> {
    const waits: Promise<Outcome>[] = [];
    for (const part of expressionTree(expression)) {
      if (part.kind === "output") waits.push(this.#edge(source, part.task, frame, false));
      else if (part.kind === "collect" || part.kind === "final") waits.push(this.#edge(source, part.loop, frame, false));
      else if (part.kind === "taskStatus") waits.push(this.#ended(source, part.task, frame));
      else if (part.kind === "select") waits.push(this.#selected(part.branch, part.name, source, frame));
    }
    return needed(await Promise.all(waits));
  }

  async #selected(branch: string, name: string, source: string, frame: Frame): Promise<Outcome> {
    const outcome = await this.#edge(source, branch, frame, false);
    if (outcome.state !== "succeeded" || lifted(frame.plan, source, branch) !== branch) return outcome;
    return this.#ready(frame.selected(branch, name), source, frame);
  }

  /** Waits for a task whose failure is taken as it comes. */
  async #ended(source: string, target: string, frame: Frame): Promise<Outcome> {
    const outcome = await this.#edge(source, target, frame, false);
    return outcome.state === "failed" ? { state: "succeeded", outputs: {} } : outcome;
  }

  async #edge(source: string, target: string, frame: Frame, ordering: boolean): Promise<Outcome> {
    const wait = lifted(frame.plan, source, target);
    if (wait === undefined) return { state: "succeeded", outputs: {} };
    const outcome = await frame.outcome(wait);
    if (outcome.state !== "succeeded" && handles(frame.plan, source, wait)) return { state: "succeeded", outputs: {} };
    return ordering && outcome.state === "succeeded" && outcome.vacuous === true ? { state: "skipped" } : outcome;
  }
}

const endedByFailure = "another task failed, and the run ends with the first failure (--fail-fast).";

/** Whether a `catch` takes the failure of a node. */
function isCaught(node: Node, frame: Frame): boolean {
  if (frame.around.isCaught) return true;
  return [...(frame.plan.get(node.id)?.bodies ?? [])].some((id) => {
    const around = frame.plan.get(id)?.node;
    return around?.kind === "try" && around.catch !== undefined;
  });
}

/** Whether a node runs in a `catch` or `finally`. */
function isHandler(node: Node, frame: Frame): boolean {
  return frame.around.isHandler || (frame.plan.get(node.id)?.handlers.size ?? 0) > 0;
}

/** Which ends are tried again, in Argo's words: a failure is that of a program, an error that of what starts it. None is known to be transient. */
function isRetried(policy: Retry["policy"], result: { isError?: true }): boolean {
  switch (policy) {
    case undefined:
    case "always":
      return true;
    case "onFailure":
      return result.isError !== true;
    case "onError":
      return result.isError === true;
    case "onTransientError":
      return false;
  }
}

/** Why a run ends before its end, as the reason of a task. */
export function whyStopped(signal: AbortSignal): string {
  return typeof signal.reason === "string" ? signal.reason : "the run was stopped.";
}

/** The outcome of nodes that make up one region. */
function together(outcomes: readonly Outcome[]): Outcome {
  const failures = outcomes.flatMap((outcome) => (outcome.state === "failed" ? outcome.failures : []));
  if (failures.length > 0) return { state: "failed", failures };
  if (outcomes.some((outcome) => outcome.state === "blocked")) return { state: "blocked" };
  return { state: "succeeded", outputs: {} };
}

/** The outcome of nodes of which all are needed. */
function needed(outcomes: readonly Outcome[]): Outcome {
  const whole = together(outcomes);
  return whole.state === "succeeded" && outcomes.some((outcome) => outcome.state === "skipped") ? { state: "skipped" } : whole;
}

/** Why a node with these needs does not run. */
function hindranceOf(needs: readonly Outcome[], ignoreFailure: boolean): "blocked" | "skipped" | undefined {
  const states = new Set(needs.map((outcome) => outcome.state));
  if (!ignoreFailure && (states.has("failed") || states.has("blocked"))) return "blocked";
  return states.has("skipped") ? "skipped" : undefined;
}

function withDefaults(declared: Record<string, Input>, given: Record<string, Value>): Record<string, Value> {
  const values: Record<string, Value> = {};
  for (const [name, input] of Object.entries(declared)) {
    // On this machine a task has no settings to pass on.
    const value = given[name] ?? input.default ?? (input.type.kind === "taskConfig" ? {} : undefined);
    if (value !== undefined) values[name] = value;
  }
  return values;
}

/** Checks values against the declared inputs. Throws `ValueError`. */
function checkInputs(declared: Record<string, Input>, values: Record<string, Value>): Record<string, Value> {
  for (const [name, input] of Object.entries(declared)) {
    const value = values[name];
    if (value === undefined) {
      if (!input.optional) throw new ValueError(name, "has no value");
    } else if (!isArtifact(input.type)) {
      values[name] = decodeValue(input.type, value as Exclude<Inputs[string], object>, name);
    }
  }
  return values;
}

/** Seconds before the next try. */
function pauseBefore(retry: Retry, attempt: number): number {
  const seconds = (retry.backoffSeconds ?? 0) * (retry.factor ?? 2) ** (attempt - 1);
  return Math.min(seconds, retry.maxBackoffSeconds ?? Number.POSITIVE_INFINITY);
}
