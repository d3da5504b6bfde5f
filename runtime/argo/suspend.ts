/** Suspended nodes: they wait for somebody, or for a time to pass. */
import { ControllerError } from "./errors.ts";
import { addRunning, type Run } from "./execute.ts";
import { argoDuration } from "./go.ts";
import type { NodeStatus } from "./nodes.ts";
import type { SuspendedNode } from "./options.ts";
import type { RunState } from "./state.ts";
import type { Outputs } from "./types.ts";

/** The node of a suspend template. It goes on by itself when its duration is over. */
export function executeSuspend(state: RunState, run: Run): NodeStatus {
  const node = state.nodes.get(run.name) ?? suspended(state, run);
  const { duration } = run.template.suspend ?? {};
  if (duration !== undefined) {
    const until = node.startedAt + argoDuration(duration);
    if (state.now > until) return resumeByTime(state, node);
    state.alarms.add(until + 1);
  }
  return state.nodes.mark(run.name, "Running");
}

function suspended(state: RunState, run: Run): NodeStatus {
  const node = addRunning(state, run, "Suspend", "Pending");
  const { inputs, outputs } = run.template;
  const supplied = (outputs.parameters ?? []).filter(({ valueFrom }) => valueFrom?.supplied !== undefined);
  if (supplied.length > 0) {
    const parameters = supplied.map((parameter) => {
      const byInput = inputs.parameters?.find(({ name }) => name === parameter.name)?.default;
      return parameter.valueFrom?.default !== undefined || byInput === undefined ? parameter : { ...parameter, valueFrom: { ...parameter.valueFrom, default: byInput } };
    });
    node.outputs = { parameters };
  }
  state.suspended.push(node);
  return node;
}

function resumeByTime(state: RunState, node: NodeStatus): NodeStatus {
  for (const { name, value, valueFrom } of node.outputs?.parameters ?? []) {
    if (value === undefined && valueFrom?.default === undefined) throw new ControllerError(`raw output parameter '${name}' has not been set and does not have a default value`);
  }
  return resume(state, node, { phase: "Succeeded" });
}

/** Ends a suspended node with the outputs that somebody gives it, or their defaults. */
export function resume(state: RunState, node: NodeStatus, { phase, message, params = {} }: { phase: "Succeeded" | "Failed" | "Error"; message?: string; params?: { readonly [name: string]: string } }): NodeStatus {
  const parameters = node.outputs?.parameters?.map(({ valueFrom, ...parameter }) => {
    const value = params[parameter.name] ?? parameter.value ?? valueFrom?.default;
    return { ...parameter, ...(value !== undefined && { value }) };
  });
  if (parameters) node.outputs = { ...node.outputs, parameters } satisfies Outputs;
  return state.nodes.mark(node.name, phase, message ?? node.message);
}

/** What somebody who could resume a node is told of it. */
export function suspendedNode(node: NodeStatus): SuspendedNode {
  return {
    node: node.name,
    displayName: node.displayName,
    template: node.templateName,
    parameters: Object.fromEntries((node.inputs?.parameters ?? []).map(({ name, value = "" }) => [name, value])),
    outputs: (node.outputs?.parameters ?? []).map(({ name }) => name),
  };
}
