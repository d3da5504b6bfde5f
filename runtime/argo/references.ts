/** Replaces what tasks and steps refer to: outputs of those before them, inputs, global variables. */
import { markAbsent } from "./arguments.ts";
import { isLoop } from "./calls.ts";
import { shouldExecute } from "./conditions.ts";
import { ControllerError } from "./errors.ts";
import { resolveArtifact } from "./outputs.ts";
import type { Prefix } from "./scope.ts";
import { type RunState, waitFor } from "./state.ts";
import { substitute } from "./substitute.ts";
import type { Artifact, Call } from "./types.ts";
import { Variables } from "./variables.ts";

/**
 * A task or step with its references replaced. One that does not run comes back as far as its `when`.
 *
 * @param node the name of the node, for why it waits
 * @throws ControllerError where a reference is wrong; one with `postponed: "requeue"` where it waits for an output
 */
export function resolveReferences(state: RunState, call: Call, scope: Variables, node: string, prefix: Prefix): Call {
  const { behaviour } = state;
  const variables = new Variables(scope, state.globals);
  const { hooks, ...own } = call;
  const replaced = <T>(value: T): T => {
    try {
      return substitute(value, variables, behaviour.waitsForReferences ? "references" : "lenient", behaviour);
    } catch (error) {
      if (error instanceof ControllerError && behaviour.waitsForReferences && isMissing(error.message)) throw waitFor(state, node, error.message);
      throw error;
    }
  };
  if (behaviour.whenFirst) {
    const when = own.when === undefined ? undefined : replaced({ when: own.when }).when;
    if (when !== undefined && !runs(when, call)) return { ...call, when };
  }
  const marked = behaviour.skippedOutputs === "absent" ? { ...own, arguments: markAbsent(own.arguments, scope) } : own;
  const resolved: Call = behaviour.hooksLate ? { ...replaced(marked), ...(hooks && { hooks }) } : replaced({ ...marked, ...(hooks && { hooks }) });
  state.waits.delete(node);
  if (!behaviour.whenFirst && !runs(resolved.when, call)) return resolved;
  const { artifacts } = resolved.arguments;
  if (!artifacts) return resolved;
  return { ...resolved, arguments: { ...resolved.arguments, artifacts: artifacts.flatMap((artifact) => located(state, artifact, scope, prefix) ?? []) } };
}

/** Whether a call runs. In a loop a condition that cannot be read yet may be about the item. */
function runs(when: string | undefined, call: Call): boolean {
  try {
    return shouldExecute(when);
  } catch (error) {
    if (error instanceof ControllerError && isLoop(call)) return true;
    throw error;
  }
}

/** Whether an error says that a variable is not there, which may yet change. */
function isMissing(message: string): boolean {
  return message.includes("failed to resolve {{") || message.includes(" is missing") || message.includes("variable not in env");
}

/** The artifact that an argument refers to; undefined where it need not be there and is not. */
function located(state: RunState, artifact: Artifact, scope: Variables, prefix: Prefix): Artifact | undefined {
  if (artifact.from === undefined && artifact.fromExpression === undefined) return artifact;
  try {
    return { ...(resolveArtifact(state, artifact, scope) as Artifact), name: artifact.name };
  } catch (error) {
    if (!(error instanceof ControllerError)) throw error;
    if (artifact.optional && (prefix === "steps" || error.message.includes("Unable to resolve"))) return undefined;
    throw prefix === "steps" ? new ControllerError(`unable to resolve references: ${error.message}`) : error;
  }
}
