/** `argoVariable("workflow.duration")`: the name in it is one that Argo knows where it stands. */
import type { ts } from "ts-morph";
import { diagnostic } from "../diagnostics/diagnostic.ts";
import { type ArgoScope, argoScope, nearestArgoVariable } from "../ir/argo-variables.ts";
import { foldConstant } from "./constants.ts";
import type { Context } from "./context.ts";

/**
 * The name that a call of `argoVariable` gives.
 *
 * @param place where the call stands: on the command line of a pod, or in the body of a pipeline, which has only the variables of the workflow
 * @returns undefined after a reported mistake
 */
export function readArgoVariable(context: Context, node: ts.CallExpression, place: ArgoScope): string | undefined {
  const [argument] = node.arguments;
  if (argument === undefined) return undefined;
  const span = context.spanOf(argument);
  const folded = foldConstant(context, argument);
  if (folded?.kind !== "value" || typeof folded.value !== "string") {
    context.report(diagnostic("HMC1011", span, { what: `The name in "argoVariable()"` }));
    return undefined;
  }
  const name = folded.value;
  const scope = argoScope(name);
  if (scope !== undefined && (scope === "workflow" || place === "pod")) return name;
  context.report(diagnostic("HMC1036", span, { name, isOfPod: scope === "pod", suggestion: nearestArgoVariable(name) }));
  return undefined;
}
