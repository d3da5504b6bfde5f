/** What tasks and steps have in common. */
import type { Holder } from "./nodes.ts";
import type { Arguments, Call, Hook } from "./types.ts";

export const isLoop = ({ withItems, withParam, withSequence }: Call): boolean => (withItems?.length ?? 0) > 0 || withParam !== undefined || withSequence !== undefined;

/** Whether a DAG or a group goes on although the call ended so. */
export function continuesOn({ continueOn }: Partial<Call>, phase: string): boolean {
  return (phase === "Error" && continueOn?.error === true) || (phase === "Failed" && continueOn?.failed === true);
}

/** What a call says of its template. */
export function holderOf({ name, template, templateRef, inline }: Call, as: "task" | "step"): Holder {
  return { as, name, ...(template !== undefined && { template }), ...(templateRef && { templateRef }), ...(inline && { inline }) };
}

/** The hook at the end of a call. Without arguments it gets those of the workflow. */
export function exitHook({ onExit, hooks }: Partial<Pick<Call, "onExit" | "hooks">>, ofWorkflow: Arguments): Hook | undefined {
  if (onExit !== undefined) return { template: onExit, arguments: ofWorkflow };
  const hook = hooks?.["exit"];
  return hook && { ...hook, arguments: isEmpty(hook.arguments) ? ofWorkflow : (hook.arguments as Arguments) };
}

export function isEmpty(given: Arguments | undefined): boolean {
  return (given?.parameters?.length ?? 0) === 0 && (given?.artifacts?.length ?? 0) === 0;
}
