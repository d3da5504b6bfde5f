/** `parallelism` and `failFast` of templates and of the workflow. */
import { active, type NodeStatus } from "./nodes.ts";
import type { RunState } from "./state.ts";
import { kindOf, templateOfBoundary } from "./templates.ts";
import type { Template } from "./types.ts";

const FAILED_FAST = "template has failed or errored children and failFast enabled";

/**
 * Whether a template may run now. A template that fails fast is marked as failed once nothing runs in it any more.
 *
 * @throws ControllerError where the template around it cannot be found
 */
export function checkParallelism(state: RunState, template: Template, node: NodeStatus | undefined, boundary: string): boolean {
  const limit = state.spec.parallelism;
  if (limit !== undefined && state.activePods >= limit) return false;
  const kind = kindOf(template);
  if (node && (kind === "dag" || kind === "steps")) {
    if (failsFast(state, template, node.name)) return false;
    if (hasParallelism(template) && activePodsIn(state, node.name) >= template.parallelism) return false;
  }
  if (boundary === "" || (node && active(node))) return true;
  const around = templateOfBoundary(state, boundary);
  if (!around) return true;
  if (failsFast(state, around, boundary)) return false;
  return !hasParallelism(around) || state.nodes.activeIn(boundary) < around.parallelism;
}

function hasParallelism(template: Template): template is Template & { parallelism: number } {
  return typeof template.parallelism === "number" && template.parallelism > 0;
}

/** Whether a template stops because something in it failed. */
function failsFast(state: RunState, template: Template, node: string): boolean {
  if (!template.failFast || state.nodes.unsuccessfulIn(node) === 0) return false;
  if (activePodsIn(state, node) > 0) return true;
  const group = kindOf(template) === "steps" ? lastStepGroup(state, node) : undefined;
  if (group !== undefined) state.nodes.mark(group, "Failed", FAILED_FAST);
  state.nodes.mark(node, "Failed", FAILED_FAST);
  return true;
}

/** The number of pods directly in a boundary that run; the whole workflow's where it is empty. */
export function activePodsIn(state: RunState, boundary: string): number {
  let count = 0;
  for (const node of boundary === "" ? state.nodes.all() : state.nodes.members(boundary)) {
    if (node.type === "Pod" && active(node) && node.waitsForLock === undefined && state.pods.has(node.name)) count++;
  }
  return count;
}

/** The last group of steps below a node. */
function lastStepGroup(state: RunState, start: string): string | undefined {
  let found: string | undefined;
  const seen = new Set<string>();
  const visit = (name: string): void => {
    const node = state.nodes.get(name);
    if (!node || seen.has(name)) return;
    seen.add(name);
    if (node.type === "StepGroup") found = name;
    for (const child of node.children) visit(child);
  };
  visit(start);
  return found;
}
