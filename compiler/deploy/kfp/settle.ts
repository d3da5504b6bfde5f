/** Does what a plan says until nothing is left of it. */
import type { KfpClient } from "../../../runtime/remote/kfp/client.ts";
import { isPassing, RequestError } from "../../../runtime/remote/http/failure.ts";
import type { Found } from "./found.ts";
import type { Step } from "./plan.ts";

export interface Settling {
  /** Looks what there is. */
  look: () => Promise<Found>;
  /** What is to be done. */
  plan: (found: Found) => Step[];
  /** Does one step, and keeps in `found` what the next ones need. */
  carryOut: (step: Step, found: Found) => Promise<void>;
  /** Told of each step before it is done. */
  onStep: (step: Step) => void;
}

export interface Settled {
  /** Nothing where all was as it should be. */
  steps: Step[];
  found: Found;
  /** What is left, where it does not settle. */
  left: Step[];
}

/** What does not settle within so many rounds has a rival. */
const mostRounds = 6;

/**
 * Looks what there is, does what the plan says, and looks again, until the plan is empty. So what was killed at any place is finished by the next one, and an
 * answer that was lost is no harm: what has arrived is found.
 */
export async function settle({ look, plan, carryOut, onStep }: Settling): Promise<Settled> {
  const steps: Step[] = [];
  let lost: RequestError | undefined;
  for (let round = 0; ; round++) {
    const found = await look();
    const left = plan(found);
    if (left.length === 0) return { steps, found, left };
    if (round === mostRounds) {
      if (lost !== undefined) throw lost;
      return { steps, found, left };
    }
    try {
      for (const step of left) {
        onStep(step);
        await carryOut(step, found);
        steps.push(step);
      }
    } catch (error) {
      if (!(error instanceof RequestError) || !showsWhenLookedAt(error)) throw error;
      lost = error;
    }
  }
}

/** Whether the server has acted shows when one looks again; that a thing is there already, or no longer, is what another one has done. */
function showsWhenLookedAt({ failure }: RequestError): boolean {
  return isPassing(failure) || failure.kind === "conflict" || failure.kind === "notFound";
}

/** Enables, disables or deletes a recurring run. */
export async function changeRecurringRun(step: Step & { id: string }, client: KfpClient, signal?: AbortSignal): Promise<void> {
  if (step.kind === "deleteDuplicate") await client.deleteRecurringRun(step.id, signal);
  else await client.setEnabled(step.id, step.kind === "enableRecurringRun", signal);
}
