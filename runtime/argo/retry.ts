/** Retry strategies: whether one more attempt is made, and when. */
import { ControllerError, controllerError } from "./errors.ts";
import { addRunning, type Run } from "./execute.ts";
import { evaluateBoolean } from "./expressions.ts";
import { argoDuration, durationInWords, goInteger } from "./go.ts";
import { failedOrError, fulfilled, type NodeStatus } from "./nodes.ts";
import { attemptsOf } from "./retry-nodes.ts";
import type { RunState } from "./state.ts";
import { isPod } from "./templates.ts";
import type { RetryStrategy, Template } from "./types.ts";
import { Variables } from "./variables.ts";

/** The strategy of a template: its own, or that of the workflow. */
export function retryStrategyOf(state: RunState, template: Template): RetryStrategy | undefined {
  return template.retryStrategy ?? state.spec.retryStrategy;
}

/** Which failures are retried. With an expression and no policy all are, and the expression says which (reference argo.md 1.3). */
export function policyOf(strategy: RetryStrategy | undefined): string {
  return strategy?.retryPolicy ?? (strategy?.expression === undefined ? "OnFailure" : "Always");
}

export type Begun =
  | { readonly kind: "attempt"; readonly node: NodeStatus }
  /** The node has ended. */
  | { readonly kind: "done"; readonly node: NodeStatus }
  /** The node waits for its backoff. */
  | { readonly kind: "waiting"; readonly node: NodeStatus }
  | { readonly kind: "error"; readonly error: ControllerError };

/** The retry node of a template, made if need be, and whether an attempt goes on or begins. */
export function beginRetry(state: RunState, run: Run): Begun {
  const node = state.nodes.get(run.name) ?? addRunning(state, run, "Retry", "Running");
  let waits: boolean;
  try {
    waits = !process(state, node, retryStrategyOf(state, run.template) ?? {});
  } catch (error) {
    return { kind: "error", error: controllerError(error) };
  }
  if (waits) return { kind: "waiting", node };
  if (!fulfilled(node) || (state.behaviour.waitsForChildren && !childrenFulfilled(state, node, new Map()))) return { kind: "attempt", node };
  const last = attemptsOf(state.nodes, node).at(-1);
  if (last) node.outputs = last.outputs;
  return { kind: "done", node };
}

/** The attempt that goes on or is next, and the variables it sees. */
export function attempt(state: RunState, node: NodeStatus, template: Template): { name: string; variables: { [name: string]: string } } {
  const attempts = attemptsOf(state.nodes, node);
  const last = attempts.at(-1);
  const goesOn = last !== undefined && !fulfilled(last);
  const number = goesOn ? attempts.length - 1 : attempts.length;
  const name = goesOn ? last.name : `${node.name}(${number})`;
  if (!goesOn) state.nodes.addChild(node.name, name);
  const variables = {
    ...(isPod(template) && { "pod.name": state.nodes.podNameOf(name, template.name ?? "") }),
    retries: String(number),
    ...(state.behaviour.lastRetryInTemplate && lastRetry(last, "0")),
  };
  return { name, variables };
}

function lastRetry(last: NodeStatus | undefined, noExitCode: string): { [name: string]: string } {
  return {
    "lastRetry.exitCode": last?.outputs?.exitCode ?? noExitCode,
    "lastRetry.duration": String(durationOf(last) / 1000),
    "lastRetry.status": last?.phase ?? "",
    "lastRetry.message": last?.message ?? "",
  };
}

const durationOf = (node: NodeStatus | undefined): number => (node?.finishedAt === undefined ? 0 : node.finishedAt - node.startedAt);

/** Whether a retry node goes on now; it may have ended. False where it waits for its backoff. */
function process(state: RunState, node: NodeStatus, strategy: RetryStrategy): boolean {
  const attempts = attemptsOf(state.nodes, node);
  const last = attempts.at(-1);
  if (fulfilled(node) || !last || !fulfilled(last)) return true;
  const end = (message: string): true => {
    state.nodes.mark(node.name, last.phase, message);
    return true;
  };
  if (!failedOrError(last)) {
    node.outputs = last.outputs;
    state.nodes.mark(node.name, "Succeeded");
    return true;
  }
  const deadline = state.spec.activeDeadlineSeconds;
  if (deadline !== undefined && state.now > (state.options.startedAt ?? 0) + deadline * 1000) return end("retry exceeded workflow deadline");
  const limit = limitOf(strategy);
  if (strategy.backoff) {
    const ended = backOff(state, node, strategy.backoff, attempts, limit);
    if (ended === "waiting") return false;
    if (ended !== undefined) return end(ended);
    state.nodes.mark(node.name, node.phase, "");
  }
  if (!retries(policyOf(strategy), last)) return end(last.message);
  if (limit !== undefined && attempts.length > limit) return end("No more retries left");
  if (strategy.expression === undefined) return true;
  const variables = new Variables();
  for (const [name, value] of Object.entries({ retries: String(attempts.length - 1), ...lastRetry(last, "-1") })) variables.set(name, value);
  return evaluateBoolean(strategy.expression, variables) || end("retryStrategy.expression evaluated to false");
}

function limitOf({ limit }: RetryStrategy): number | undefined {
  return limit === undefined ? undefined : goInteger(String(limit));
}

/** Whether the time to wait is not over, or why it makes no sense to wait. */
function backOff(state: RunState, node: NodeStatus, { duration = "", factor, maxDuration, cap }: NonNullable<RetryStrategy["backoff"]>, attempts: readonly NodeStatus[], limit: number | undefined): string | undefined {
  const [first, last] = [attempts[0] as NodeStatus, attempts.at(-1) as NodeStatus];
  const latest = maxDuration === undefined ? Infinity : first.startedAt + argoDuration(maxDuration);
  if (state.now > latest) return "Max duration limit exceeded";
  if (duration === "") throw new ControllerError("no base duration specified for retryStrategy");
  const base = argoDuration(duration);
  const by = factor === undefined ? 0 : goInteger(String(factor));
  let wait = by > 0 ? base * by ** (attempts.length - 1) : base;
  if (cap !== undefined) wait = Math.min(wait, argoDuration(cap));
  const until = (last.finishedAt ?? state.now) + wait;
  if (until > latest) return "Backoff would exceed max duration limit";
  if (state.now >= until || limit === undefined || attempts.length > limit) return undefined;
  state.alarms.add(until);
  state.nodes.mark(node.name, node.phase, `Backoff for ${durationInWords(wait)}`);
  return "waiting";
}

const TRANSIENT = /Server closed the network connection|connection refused|i\/o timeout|timed? ?out|etcdserver|quota|TLS handshake/i;

function retries(policy: string, last: NodeStatus): boolean {
  switch (policy) {
    case "Always":
      return true;
    case "OnError":
      return last.phase === "Error";
    case "OnFailure":
      return last.phase === "Failed";
    case "OnTransientError":
      return TRANSIENT.test(last.message);
    default:
      throw new ControllerError(`${policy} is not a valid RetryPolicy`);
  }
}

/** Whether all nodes below a node, as far as they came to be, have ended. */
export function childrenFulfilled(state: RunState, node: NodeStatus, known: Map<string, boolean>): boolean {
  const seen = known.get(node.name);
  if (seen !== undefined) return seen;
  let all = node.children.size > 0 || fulfilled(node);
  for (const name of node.children) {
    const child = state.nodes.get(name);
    if (child && !childrenFulfilled(state, child, known)) all = false;
    if (!all) break;
  }
  known.set(node.name, all);
  return all;
}
