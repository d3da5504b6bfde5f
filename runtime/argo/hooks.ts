/** Hooks of tasks and steps: templates that run when a condition holds, or at the end. */
import { markAbsent } from "./arguments.ts";
import { isEmpty } from "./calls.ts";
import { ControllerError } from "./errors.ts";
import { execute, type Executed } from "./execute.ts";
import { evaluateBoolean } from "./expressions.ts";
import { type Base, fulfilled, type NodeStatus } from "./nodes.ts";
import { resolveArtifact } from "./outputs.ts";
import { lastAttempt } from "./retry-nodes.ts";
import type { Prefix } from "./scope.ts";
import type { RunState } from "./state.ts";
import { substitute } from "./substitute.ts";
import type { Arguments, Hook, Outputs } from "./types.ts";
import { Variables } from "./variables.ts";

/** The task or step whose hooks run. */
export interface Hooked {
  readonly node: NodeStatus;
  readonly name: string;
  readonly prefix: Prefix;
  readonly boundary: string;
  readonly base: Base;
  readonly scope: Variables;
}

/** The name of the node of the hook at the end of a node. */
export const exitNodeName = (node: string): string => `${node}.onExit`;

/** The hooks that have a condition, in a fixed order. */
export function conditionalHooks(hooks: { [name: string]: Hook } | undefined): [string, Hook][] {
  return Object.entries(hooks ?? {}).filter(([name]) => name !== "exit").sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Whether all hooks of a node that ever began have ended. */
export function hooksFulfilled(state: RunState, node: NodeStatus): boolean {
  for (const child of node.children) {
    const hook = state.nodes.get(child);
    if (hook?.hooked && !fulfilled(hook)) return false;
  }
  return true;
}

/**
 * Runs the hooks of a node whose condition holds or once held.
 *
 * @returns whether all that run have ended
 * @throws ControllerError where a hook has no condition, or one that cannot be evaluated, or cannot run
 */
export function runHooks(state: RunState, hooks: { [name: string]: Hook } | undefined, on: Hooked): boolean {
  const nodes: (NodeStatus | undefined)[] = [];
  for (const [name, hook] of conditionalHooks(hooks)) {
    const node = `${on.node.name}.hooks.${name}`;
    if (hook.expression === undefined) throw new ControllerError(`Expression required for hook ${node}`);
    const holds = evaluateBoolean(hook.expression, new Variables(on.scope, state.globals));
    if (!holds && !state.nodes.get(node)) continue;
    const outputs = outputsOf(state, on.node);
    const given = hook.arguments ?? {};
    const resolved = isEmpty(given) || !outputs ? given : resolveArguments(state, given, on, outputs);
    const executed = execute(state, node, { as: "step", name: "", ...callee(hook) }, on.base, resolved, { boundary: on.boundary, onExit: false, hooked: true });
    if (executed.error) throw executed.error;
    state.nodes.addChild(on.node.name, node);
    nodes.push(executed.node);
  }
  return nodes.every((node) => node !== undefined && fulfilled(node));
}

/**
 * Runs the hook at the end of a node.
 *
 * @returns undefined where there is none, or its condition does not hold
 */
export function runExitHook(state: RunState, hook: Hook | undefined, on: Hooked): Executed | undefined {
  if (!hook) return undefined;
  try {
    if (hook.expression !== undefined && !evaluateBoolean(hook.expression, new Variables(on.scope, state.globals))) return undefined;
    const name = exitNodeName(on.node.name);
    const given = hook.arguments ?? {};
    const resolved = isEmpty(given) ? given : resolveArguments(state, given, on, outputsOf(state, on.node));
    const executed = execute(state, name, { as: "step", name: "", ...callee(hook) }, on.base, resolved, { boundary: on.boundary, onExit: true, hooked: true });
    state.nodes.addChild(on.node.name, name);
    return executed;
  } catch (error) {
    if (error instanceof ControllerError) return { node: undefined, error };
    throw error;
  }
}

function callee({ template, templateRef }: Hook): Pick<Hook, "template" | "templateRef"> {
  return { ...(template !== undefined && { template }), ...(templateRef && { templateRef }) };
}

function outputsOf(state: RunState, node: NodeStatus): Outputs | undefined {
  return (lastAttempt(state.nodes, node) ?? node).outputs;
}

/** The arguments of a hook, with the outputs of the node it belongs to. */
function resolveArguments(state: RunState, given: Arguments, { prefix, name, scope }: Hooked, outputs: Outputs | undefined): Arguments {
  for (const parameter of outputs?.parameters ?? []) scope.set(`${prefix}.${name}.outputs.parameters.${parameter.name}`, parameter.value ?? "");
  for (const artifact of outputs?.artifacts ?? []) scope.set(`${prefix}.${name}.outputs.artifacts.${artifact.name}`, artifact);
  const marked = state.behaviour.skippedOutputs === "absent" ? markAbsent(given, scope) : given;
  const resolved = substitute(marked, new Variables(scope, state.globals), "lenient", state.behaviour);
  const artifacts = resolved.artifacts?.map((artifact) => {
    if (artifact.from === undefined && artifact.fromExpression === undefined) return artifact;
    try {
      return { ...resolveArtifact(state, artifact, scope), name: artifact.name };
    } catch (error) {
      if (!(error instanceof ControllerError)) throw error;
      if (artifact.optional) return artifact;
      throw new ControllerError(`unable to resolve references: ${error.message}`);
    }
  });
  return { ...resolved, ...(artifacts && { artifacts }) };
}
