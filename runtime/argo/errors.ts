/** What stops the simulator, and what the controller itself reports as an error of a workflow. */

/**
 * What the simulator cannot run: a feature that it does not model, or documents that are no workflow. Never an error of the
 * run itself, which is a phase and a message of the result.
 */
export class SimulationError extends Error {
  override name = "SimulationError";
  /** Where in the documents, such as `spec.templates[2].http`. */
  readonly path: string;

  constructor(path: string, what: string) {
    super(`${path}: ${what}`);
    this.path = path;
  }
}

/** Why a template did not start although nothing is wrong with it. */
export type Postponement = "parallelism" | "requeue" | "depth" | "timeout";

/** An error as the controller has it: it becomes the message of a node or of the workflow. */
export class ControllerError extends Error {
  override name = "ControllerError";
  readonly postponed: Postponement | undefined;

  constructor(message: string, postponed?: Postponement) {
    super(message);
    this.postponed = postponed;
  }
}

/** The controller would panic here; it catches that at the end of the reconciliation and marks the workflow as errored. */
export class ControllerPanic extends Error {
  override name = "ControllerPanic";
}

/** The error of the controller in something caught. Anything else goes on its way. */
export function controllerError(caught: unknown): ControllerError {
  if (caught instanceof ControllerError) return caught;
  throw caught;
}
