/** What a target makes of a pipeline. */
import type { Diagnostic } from "../diagnostics/diagnostic.ts";

/** What every target is asked with. */
export interface EmissionOptions {
  /** The command that starts the entrypoint in the image. */
  entrypoint: string[];
  /** Only says what is wrong: there is no YAML. */
  isCheck?: boolean;
  /** The bundles of ops whose code is carried, by op. Without one, there is no YAML. */
  inline?: ReadonlyMap<string, string>;
  /** The version of hmc, for the header. */
  toolVersion: string;
}

export interface Emission {
  yaml: string | undefined;
  diagnostics: Diagnostic[];
  /** Ops whose code the file carries, and whose bundle was not given. */
  missing: string[];
}

/** What a target gives that has found an error. */
export function refusal(diagnostics: Diagnostic[]): Emission {
  return { yaml: undefined, diagnostics, missing: [] };
}
