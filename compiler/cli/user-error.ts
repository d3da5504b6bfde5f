import type { DiagnosticCode, Parameters } from "../diagnostics/registry.ts";
import { diagnostic } from "../diagnostics/diagnostic.ts";

/** A mistake in the command itself, for which there is no place in a source: shown as one line, ends the command. */
export class UserError extends Error {
  override name = "UserError";
}

/** Ends the command with a registered error. */
export function userError<Code extends DiagnosticCode>(code: Code, parameters: Parameters<Code>): never {
  throw new UserError(`${code}: ${diagnostic(code, undefined, parameters).message}`);
}
