/** One reconciliation: what the controller does with a workflow each time something happened to it. */
import { globalVariables } from "./globals.ts";
import { exitHook } from "./calls.ts";
import { ControllerError, controllerError, ControllerPanic } from "./errors.ts";
import { execute } from "./execute.ts";
import { evaluateBoolean, evaluateText, quoted } from "./expressions.ts";
import { goJson, rfc3339 } from "./go.ts";
import { exitNodeName, conditionalHooks } from "./hooks.ts";
import { activePodsIn } from "./limits.ts";
import { type Base, failedOrError, fulfilled, type NodePhase, type NodeStatus } from "./nodes.ts";
import type { PodOutcome } from "./options.ts";
import { applyOutcomes } from "./pods.ts";
import { noteGlobals, type PodState, type RunState, type WorkflowPhase } from "./state.ts";
import { substitute } from "./substitute.ts";
import type { Hook } from "./types.ts";
import { Variables } from "./variables.ts";

export interface Ended {
  readonly pod: PodState;
  readonly outcome: PodOutcome;
}

/** Whether a run has come to its end. */
export const isOver = ({ phase }: RunState): boolean => phase === "Succeeded" || phase === "Failed" || phase === "Error";

/** Takes note of pods that ended, and runs all that can go on. */
export function reconcile(state: RunState, ended: readonly Ended[]): void {
  try {
    if (prepare(state)) operate(state, ended);
  } catch (error) {
    if (!(error instanceof ControllerPanic)) throw error;
    mark(state, "Error", error.message);
  }
}

function mark(state: RunState, phase: WorkflowPhase, message: string): void {
  if (state.phase === phase && state.message === message) return;
  state.phase = phase;
  state.message = message;
  state.nodes.changes++;
}

/** Sets up the global variables and the specification. Whether the reconciliation goes on. */
function prepare(state: RunState): boolean {
  const { workflow, options, labels } = state;
  try {
    state.caches.globals ??= globalVariables({ workflow, spec: state.joined, options });
  } catch (error) {
    mark(state, "Failed", `failed to set global parameters: ${controllerError(error).message}`);
    return false;
  }
  state.globals = new Variables(state.caches.globals);
  for (const { name, value } of state.outputs.parameters ?? []) if (value !== undefined) state.globals.set(`workflow.outputs.parameters.${name}`, value);
  try {
    substituteSpec(state);
  } catch (error) {
    state.waits.set(workflow.metadata.name, controllerError(error).message);
    return false;
  }
  try {
    if (state.phase === "") addMetadata(state);
  } catch (error) {
    mark(state, "Error", controllerError(error).message);
    return false;
  }
  for (const [name, text] of Object.entries(labels)) state.globals.set(`workflow.labels.${name}`, text);
  state.globals.set("workflow.duration", ((state.now - (options.startedAt ?? 0)) / 1000).toFixed(6));
  setStatus(state, state.phase, undefined);
  return takeLocks(state);
}

/** Replaces the variables in the specification, but for the templates. Only outputs of the workflow change what comes of it. */
function substituteSpec(state: RunState): void {
  const outputs = JSON.stringify(state.outputs.parameters ?? []);
  if (state.caches.specFor === outputs) return;
  const { templates, ...rest } = state.joined;
  state.spec = { ...substitute(rest, state.globals, "lenient", state.behaviour), ...(templates && { templates }) };
  state.caches.specFor = outputs;
}

/** Labels whose values are expressions (`workflowMetadata.labelsFrom`). */
function addMetadata(state: RunState): void {
  const { labelsFrom = {}, labels = {} } = state.spec.workflowMetadata ?? {};
  Object.assign(state.labels, labels);
  for (const [name, { expression = "" }] of Object.entries(labelsFrom)) {
    try {
      state.labels[name] = evaluateText(expression, state.globals);
    } catch (error) {
      throw new ControllerError(`failed to evaluate label ${quoted(name)} expression ${quoted(expression)}: ${controllerError(error).message}`);
    }
  }
}

function takeLocks(state: RunState): boolean {
  const { synchronization } = state.spec;
  if (!synchronization) return true;
  try {
    const refused = state.locks.acquire(synchronization, "");
    if (refused) mark(state, state.phase === "" ? "Pending" : state.phase, refused.message);
    return !refused;
  } catch (error) {
    mark(state, "Failed", `Failed to acquire the synchronization lock. ${controllerError(error).message}`);
    return false;
  }
}

/** Sets `workflow.status`, and `workflow.failures` once it is known. */
function setStatus(state: RunState, status: string, failures: string | undefined): void {
  state.globals.set("workflow.status", status);
  if (failures !== undefined) state.globals.set("workflow.failures", failures);
  noteGlobals(state);
}

function operate(state: RunState, ended: readonly Ended[]): void {
  const name = state.workflow.metadata.name;
  if (state.phase === "") mark(state, "Running", "");
  else {
    applyOutcomes(state, ended);
    failAfterDeadline(state);
  }
  if (state.spec.parallelism !== undefined) state.activePods = activePodsIn(state, "");
  const base: Base = { kind: "Workflow", name };
  const entry = { as: "step", name: "", template: state.spec.entrypoint ?? "" } as const;
  const { node, error } = execute(state, name, entry, base, state.spec.arguments, { boundary: "", onExit: false });
  if (error) {
    if (error.postponed !== "parallelism") mark(state, "Error", `error in entry template execution: ${error.message}`);
    return;
  }
  if (!node) return;
  // The hooks may mark the node as errored, which only the next reconciliation sees.
  const { phase, message } = node;
  setStatus(state, statusOf(phase), failuresOf(state));
  if (!runWorkflowHooks(state, node, base) || !fulfilled({ phase })) return;
  const exit = exitHook(state.spec, state.spec.arguments);
  const onExit = exit && runExit(state, exit, base);
  if (exit && (!onExit || !fulfilled(onExit))) return;
  end(state, phase, message, onExit);
}

function end(state: RunState, phase: NodePhase, message: string, onExit: NodeStatus | undefined): void {
  const status = statusOf(phase);
  if (status !== "Succeeded") return mark(state, status, message);
  if (onExit && failedOrError(onExit)) return mark(state, onExit.phase === "Failed" ? "Failed" : "Error", onExit.message);
  mark(state, "Succeeded", "");
}

function statusOf(phase: NodePhase): "Succeeded" | "Failed" | "Error" | "Pending" | "Running" {
  if (phase === "Skipped" || phase === "Omitted") return "Succeeded";
  return phase === "" ? "Running" : phase;
}

/** The nodes that failed, in the order in which they did: a quoted JSON list (reference argo.md 2.9). */
function failuresOf(state: RunState): string {
  if (state.nodes.failed === 0) return quoted("null");
  const failed = [...state.nodes.all()].filter(failedOrError).sort((a, b) => a.endedAs - b.endedAs);
  const list = failed.map((node) => {
    const templateName = node.templateRef?.template ?? node.templateName;
    const finishedAt = node.finishedAt === undefined ? null : rfc3339(node.finishedAt);
    return { displayName: node.displayName, message: node.message, templateName, phase: node.phase, podName: state.nodes.podNameOf(node.name, templateName), finishedAt };
  });
  return quoted(goJson(list));
}

/** Runs the hooks of the workflow that have a condition. Whether all that run have ended. */
function runWorkflowHooks(state: RunState, node: NodeStatus, base: Base): boolean {
  const nodes: (NodeStatus | undefined)[] = [];
  try {
    for (const [name, hook] of conditionalHooks(state.spec.hooks)) {
      const hookName = `${state.workflow.metadata.name}.hooks.${name}`;
      if (hook.expression === undefined) throw new ControllerError(`Expression required for hook ${hookName}`);
      if (!evaluateBoolean(hook.expression, state.globals) && !state.nodes.get(hookName)) continue;
      const executed = execute(state, hookName, holderOfHook(hook), base, hook.arguments ?? {}, { boundary: "", onExit: false, hooked: true });
      if (executed.error) throw executed.error;
      state.nodes.addChild(state.workflow.metadata.name, hookName);
      nodes.push(executed.node);
    }
  } catch (error) {
    state.nodes.mark(node.name, "Error", controllerError(error).message);
    return true;
  }
  return nodes.every((hook) => hook !== undefined && fulfilled(hook));
}

function holderOfHook({ template, templateRef }: Hook): Parameters<typeof execute>[2] {
  return { as: "step", name: "", ...(template !== undefined && { template }), ...(templateRef && { templateRef }) };
}

/** Runs the exit handler of the workflow; undefined where it cannot run now or at all. */
function runExit(state: RunState, hook: Hook, base: Base): NodeStatus | undefined {
  const name = exitNodeName(state.workflow.metadata.name);
  const { node, error } = execute(state, name, holderOfHook(hook), base, hook.arguments ?? {}, { boundary: "", onExit: true, hooked: true });
  if (!error) return node;
  if (error.postponed !== "parallelism") mark(state, "Error", `error in exit template execution : ${error.message}`);
  return undefined;
}

/** Fails what runs when the time of the workflow is over. */
function failAfterDeadline(state: RunState): void {
  const { activeDeadlineSeconds } = state.spec;
  if (activeDeadlineSeconds === undefined) return;
  const deadline = (state.options.startedAt ?? 0) + activeDeadlineSeconds * 1000;
  if (state.now <= deadline) {
    state.alarms.add(deadline + 1);
    return;
  }
  for (const node of state.nodes.all()) {
    const waits = (node.type === "Pod" && node.phase === "Pending" && !state.pods.has(node.name)) || (node.type === "Suspend" && node.phase === "Running");
    if (waits) state.nodes.mark(node.name, "Failed", "Step exceeded its deadline");
  }
}
