import { outsidePipeline } from "./op.ts";

/**
 * The text of a variable of Argo Workflows, for what `run` does not say: `argoVariable("workflow.duration")`. On the command
 * line of a container any that a pod has; in the body of a pipeline those of the workflow. Only for Argo.
 */
export function argoVariable(name: string): string {
  void name;
  return outsidePipeline("argoVariable()");
}
