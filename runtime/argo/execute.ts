/** Runs a template as a node: looks it up, gives it its inputs, holds it back where limits say so, and starts what it is. */
import { processArguments, substituteVariables } from "./arguments.ts";
import { executeDag } from "./dag.ts";
import { ControllerError, controllerError, SimulationError } from "./errors.ts";
import { checkParallelism } from "./limits.ts";
import { memoized } from "./memoize.ts";
import { type Base, failedOrError, fulfilled, type Holder, type NodeStatus, type NodeType } from "./nodes.ts";
import { createPod } from "./pods.ts";
import { attempt, beginRetry, policyOf, retryStrategyOf } from "./retry.ts";
import { lastAttempt } from "./retry-nodes.ts";
import type { RunState } from "./state.ts";
import { executeSteps } from "./steps.ts";
import { executeSuspend } from "./suspend.ts";
import { isPod, kindOf, made, resolveTemplate, type Resolved } from "./templates.ts";
import type { Arguments, Template } from "./types.ts";

/** How a template is run. */
export interface ExecuteOptions {
  /** The DAG or steps node around the new one; empty at the top. */
  readonly boundary: string;
  /** Whether it is part of an exit handler. */
  readonly onExit: boolean;
  readonly hooked?: boolean;
  readonly retried?: boolean;
}

/** What became of running a template: a node, an error, or both. Neither means that nothing could start yet. */
export interface Executed {
  readonly node: NodeStatus | undefined;
  readonly error?: ControllerError;
}

/** A template that runs as a node, with all that its kind needs. */
export interface Run extends ExecuteOptions {
  readonly name: string;
  readonly holder: Holder;
  /** Where the caller's names are looked up. */
  readonly base: Base;
  /** Where the names in the template are looked up. */
  readonly inner: Base;
  readonly template: Template;
}

const MOST_DEPTH = 100;
const TOO_DEEP = "Maximum recursion depth exceeded. See https://argo-workflows.readthedocs.io/en/latest/scaling/#maximum-recursion-depth";

/** Runs the template that a holder names as the node of the given name, or looks how far it is. */
export function execute(state: RunState, name: string, holder: Holder, base: Base, given: Arguments, options: ExecuteOptions): Executed {
  state.depth++;
  try {
    return executeNested(state, name, holder, base, given, options);
  } finally {
    state.depth--;
  }
}

function executeNested(state: RunState, name: string, holder: Holder, base: Base, given: Arguments, options: ExecuteOptions): Executed {
  if (isRunningPod(state, name)) return { node: state.nodes.get(name) };
  const before = { name, holder, base, ...options };
  if (state.depth >= MOST_DEPTH) return markError(state, before, new ControllerError(TOO_DEEP, "depth"));
  let resolved: Resolved;
  let template: Template;
  try {
    resolved = resolveTemplate(state, holder, base);
    const { template: own } = resolved;
    template = made(state, state.caches.processed, name, [own, given], () => processArguments(state, own, given, localVariables(state, name, holder, own)));
  } catch (error) {
    return markError(state, before, controllerError(error));
  }
  refuseUnmodelled(name, template);
  const run: Run = { ...before, inner: resolved.base, template };
  const existing = state.nodes.get(name);
  if (existing) showAs(state, existing, template);
  if (existing && fulfilled(existing)) return released(state, existing, template);
  try {
    if (!checkParallelism(state, template, existing, options.boundary)) throw new ControllerError("Max parallelism reached", "parallelism");
  } catch (error) {
    return { node: existing, error: controllerError(error) };
  }
  let lock: "none" | "taken" | Executed;
  try {
    lock = takeLocks(state, run);
    if (typeof lock === "object") return lock;
    memoized(state, run, lock === "taken");
  } catch (error) {
    return markError(state, before, controllerError(error));
  }
  const node = state.nodes.get(name);
  if (node && fulfilled(node)) return released(state, node, template);
  if (!retryStrategyOf(state, template)) return dispatch(state, run);
  return executeRetry(state, run, given);
}

/** Whether a node is a pod that runs, or an attempt of it does: there is nothing to do for it. */
function isRunningPod(state: RunState, name: string): boolean {
  const pod = state.pods.get(name);
  if (pod) return pod.outcome === undefined && state.nodes.get(name)?.phase === "Pending";
  const node = state.nodes.get(name);
  const last = node?.type === "Retry" && node.phase === "Running" ? lastAttempt(state.nodes, node) : undefined;
  return last !== undefined && isRunningPod(state, last.name);
}

/** Runs the next attempt of a template with a retry strategy, or looks how far the current one is. */
function executeRetry(state: RunState, run: Run, given: Arguments): Executed {
  const { name, template } = run;
  const retried: ExecuteOptions = { boundary: run.boundary, onExit: run.onExit, hooked: run.hooked ?? false, retried: true };
  const begun = beginRetry(state, run);
  if (begun.kind === "error") return { node: state.nodes.mark(name, "Error", begun.error.message), error: begun.error };
  if (begun.kind === "waiting") return { node: begun.node };
  if (begun.kind === "done") return released(state, begun.node, template);
  const next = attempt(state, begun.node, template);
  let own: Template;
  try {
    own = substituteVariables(state, template, next.variables);
  } catch (error) {
    return markError(state, { ...run, ...retried, name: next.name }, controllerError(error));
  }
  const executed = dispatch(state, { ...run, ...retried, name: next.name, template: own });
  if (executed.error) {
    const releases = !["Always", "OnError", "OnTransientError"].includes(policyOf(retryStrategyOf(state, own)));
    if (releases) return executed;
  }
  const child = executed.node && state.nodes.get(executed.node.name);
  const node = state.nodes.get(name) as NodeStatus;
  if (!fulfilled(node) && child && fulfilled(child)) {
    const again = execute(state, name, run.holder, run.base, given, retried);
    if (again.error) return { node: state.nodes.mark(child.name, "Error", again.error.message), error: again.error };
    return again;
  }
  return { node };
}

/** Starts what a template is. An error marks its node. */
function dispatch(state: RunState, run: Run): Executed {
  let executed: Executed;
  try {
    executed = executeKind(state, run);
  } catch (error) {
    executed = { node: undefined, error: controllerError(error) };
  }
  if (executed.error) {
    const node = state.nodes.mark(run.name, "Error", executed.error.message);
    release(state, node, run.template);
    return { node, error: executed.error };
  }
  if (executed.node && fulfilled(executed.node)) release(state, executed.node, run.template);
  return executed;
}

function executeKind(state: RunState, run: Run): Executed {
  switch (kindOf(run.template)) {
    case "dag":
      return executeDag(state, run);
    case "steps":
      return executeSteps(state, run);
    case "suspend":
      return { node: executeSuspend(state, run) };
    default:
      return { node: createPod(state, run) };
  }
}

/** The type of the node of a template. */
export function nodeType(state: RunState, template: Template): NodeType {
  if (retryStrategyOf(state, template)) return "Retry";
  switch (kindOf(template)) {
    case "dag":
      return "DAG";
    case "steps":
      return "Steps";
    case "suspend":
      return "Suspend";
    case "http":
      return "HTTP";
    default:
      return "Pod";
  }
}

/** A new node that runs a template, with the inputs of the template. */
export function addRunning(state: RunState, run: Omit<Run, "inner">, type: NodeType, phase: "Pending" | "Running", message = ""): NodeStatus {
  const { name, holder, base, boundary, hooked = false, retried = false, template } = run;
  const node = state.nodes.add({ name, type, phase, holder, base, boundary, hooked, retried, message });
  const { parameters = [], artifacts = [] } = template.inputs;
  if (parameters.length > 0 || artifacts.length > 0) node.inputs = template.inputs;
  if (template.memoize) node.memoization = { hit: false, key: template.memoize.key, cache: template.memoize.cache?.configMap?.name ?? "" };
  return node;
}

function localVariables(state: RunState, name: string, { as, name: called }: Holder, template: Template): { [name: string]: string } {
  const retries = retryStrategyOf(state, template) !== undefined;
  return {
    ...(isPod(template) && !retries && { "pod.name": state.nodes.podNameOf(name, template.name ?? "") }),
    [as === "task" ? "tasks.name" : "steps.name"]: called ?? "",
    "node.name": name,
  };
}

/** Marks a node as errored, making it where there is none. */
function markError(state: RunState, { name, holder, base, boundary, hooked, retried }: Omit<Run, "template" | "inner">, error: ControllerError): Executed {
  if (state.nodes.get(name)) return { node: state.nodes.mark(name, "Error", error.message), error };
  const node = state.nodes.add({ name, type: "Skipped", phase: "Error", holder, base, boundary, message: error.message, ...(hooked && { hooked }), ...(retried && { retried }) });
  return { node, error };
}

function takeLocks(state: RunState, run: Run): "none" | "taken" | Executed {
  const { synchronization } = run.template;
  if (!synchronization) return "none";
  const refused = state.locks.acquire(synchronization, run.name);
  const existing = state.nodes.get(run.name);
  if (!refused) {
    if (existing && existing.waitsForLock !== undefined) {
      existing.waitsForLock = undefined;
      state.nodes.mark(run.name, existing.phase, "");
    }
    return "taken";
  }
  const node = existing ?? addRunning(state, run, nodeType(state, run.template), "Pending", refused.message);
  node.waitsForLock = refused.lock;
  return { node: state.nodes.mark(run.name, node.phase, refused.message) };
}

function release(state: RunState, node: NodeStatus, template: Template): void {
  if (state.locks.release(template.synchronization, node.name)) state.nodes.changes++;
}

function released(state: RunState, node: NodeStatus, template: Template): Executed {
  release(state, node, template);
  return { node };
}

/** Gives a node the name that its template wants to be shown by. */
function showAs(state: RunState, node: NodeStatus, { annotations }: Template): void {
  const wanted = annotations?.["workflows.argoproj.io/display-name"];
  if (wanted === undefined || wanted === node.displayName || failedOrError(node)) return;
  node.displayName = wanted;
  state.nodes.changes++;
}

/** Stops at what the simulator does not model. */
function refuseUnmodelled(node: string, template: Template): void {
  const where = template.name === undefined ? `the template of ${node}` : `template ${template.name}`;
  if (template.daemon) throw new SimulationError(where, "the simulator does not model daemons");
  if (template.plugin !== undefined) throw new SimulationError(where, "the simulator does not model plugin templates");
}
