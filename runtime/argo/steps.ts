/** Steps templates: groups one after the other, the steps of a group side by side. */
import { addRunning, type Executed, type Run } from "./execute.ts";
import { ControllerError, controllerError } from "./errors.ts";
import { holderOf } from "./calls.ts";
import { memoize } from "./memoize.ts";
import { failedOrError, fulfilled, type NodeStatus } from "./nodes.ts";
import { outboundOf } from "./outbound.ts";
import { outputsOf, publish } from "./outputs.ts";
import { addAggregates, addNode, addSkippedOutputs, scopeOf } from "./scope.ts";
import type { RunState } from "./state.ts";
import { runGroup } from "./step-group.ts";
import { resolveTemplate } from "./templates.ts";
import type { Call, Template } from "./types.ts";
import type { Variables } from "./variables.ts";

/** A steps template in one reconciliation. */
export interface Steps {
  readonly run: Run;
  readonly scope: Variables;
}

/** Runs a steps template as far as it goes. */
export function executeSteps(state: RunState, run: Run): Executed {
  const { name, template } = run;
  const node = state.nodes.get(name) ?? addRunning(state, run, "Steps", "Running");
  const steps: Steps = { run, scope: scopeOf(state, template, true) };
  for (const [index, group] of (template.steps ?? []).entries()) {
    const groupName = `${name}[${index}]`;
    beginGroup(state, run, index, groupName);
    let groupNode: Pick<NodeStatus, "phase" | "message" | "name">;
    try {
      groupNode = runGroup(state, group, groupName, steps);
    } catch (error) {
      return { node: state.nodes.mark(groupName, "Error", controllerError(error).message) };
    }
    if (!fulfilled(groupNode)) return { node };
    if (failedOrError(groupNode)) {
      connectEnds(state, run, node);
      return { node: state.nodes.mark(name, "Failed", groupNode.message) };
    }
    try {
      for (const step of group) addStep(state, steps, step, groupName);
    } catch (error) {
      return { node, error: controllerError(error) };
    }
  }
  connectEnds(state, run, node);
  try {
    const outputs = outputsOf(state, template, steps.scope);
    if (outputs) node.outputs = outputs;
    publish(state, outputs);
  } catch (error) {
    return { node, error: controllerError(error) };
  }
  memoize(state, node);
  return { node: state.nodes.mark(name, "Succeeded") };
}

/** The node of a group, connected to what comes before it. */
function beginGroup(state: RunState, { name, inner }: Run, index: number, groupName: string): void {
  const existing = state.nodes.get(groupName);
  if (!existing) state.nodes.add({ name: groupName, type: "StepGroup", phase: "Running", holder: { as: "step" }, base: inner, boundary: name });
  else if (!fulfilled(existing)) state.nodes.mark(groupName, "Running");
  if (index === 0) return state.nodes.addChild(name, groupName);
  const previous = state.nodes.get(`${name}[${index - 1}]`);
  if (!previous) throw new ControllerError(`node ${name}[${index - 1}] not found`);
  if (previous.children.size === 0) return state.nodes.addChild(previous.name, groupName);
  for (const child of previous.children) for (const before of outboundOf(state, child)) state.nodes.addChild(before, groupName);
}

/** Adds the outputs of a step to what the steps after it see. */
function addStep(state: RunState, { run, scope }: Steps, step: Call, groupName: string): void {
  const name = `${groupName}.${step.name}`;
  const node = state.nodes.get(name);
  if (node) {
    addNode(state, scope, "steps", step.name, node);
    addSkippedOutputs(state, scope, "steps", step.name, node, templateOf(state, run, step));
    return;
  }
  const items = state.nodes.members(run.name).filter((member) => member.type !== "Skipped" && member.name.startsWith(`${name}(`));
  addAggregates(state, scope, "steps", step.name, items);
  if (state.behaviour.groupsHaveStatus) addNode(state, scope, "steps", step.name, state.nodes.get(groupName) as NodeStatus);
}

function templateOf(state: RunState, run: Run, step: Call): Template | undefined {
  try {
    return resolveTemplate(state, holderOf(step, "step"), run.inner).template;
  } catch (error) {
    if (error instanceof ControllerError) return undefined;
    throw error;
  }
}

/** Notes the nodes at the end of the last group that began. */
function connectEnds(state: RunState, { name, template }: Run, node: NodeStatus): void {
  const count = template.steps?.length ?? 0;
  for (let index = count - 1; index >= 0; index--) {
    const group = state.nodes.get(`${name}[${index}]`);
    if (!group) continue;
    node.outbound = [...group.children].flatMap((child) => outboundOf(state, child));
    return;
  }
}
