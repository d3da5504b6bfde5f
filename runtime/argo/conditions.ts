/** `when` of tasks and steps. */
import { evaluateWhen } from "../../compiler/expressions/argo/when-evaluate.ts";
import { WhenError } from "../../compiler/expressions/argo/when.ts";
import { ControllerError } from "./errors.ts";

const KEPT = 10_000;
const known = new Map<string, boolean | string>();

/**
 * Whether a task runs, its `when` having been substituted.
 *
 * @throws ControllerError with the controller's message where the text is no condition
 */
export function shouldExecute(when: string | undefined): boolean {
  if (when === undefined || when === "") return true;
  let result = known.get(when);
  if (result === undefined) {
    if (known.size >= KEPT) known.clear();
    known.set(when, (result = evaluated(when)));
  }
  if (typeof result === "boolean") return result;
  throw new ControllerError(result);
}

function evaluated(when: string): boolean | string {
  try {
    return evaluateWhen(when);
  } catch (error) {
    if (error instanceof WhenError) return error.message;
    throw error;
  }
}

/** Whether a task surely does not run: false also where its `when` cannot be read yet. */
export function surelySkipped(when: string | undefined): boolean {
  try {
    return !shouldExecute(when);
  } catch (error) {
    if (error instanceof ControllerError) return false;
    throw error;
  }
}
