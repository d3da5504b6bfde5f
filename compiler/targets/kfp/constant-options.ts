/** How options get into what KFP reads; `option-values.ts` writes those that only a run knows. */
import { bug } from "../../bug.ts";
import { isRunTime } from "../../ir/traverse.ts";
import type { Json, RunTime } from "../../ir/types.ts";
import type { ParameterSource } from "./spec.ts";

/** How the options of one task are written. */
export interface OptionValues {
  /**
   * Text of the container: an image, a quantity, the type or number of accelerators.
   *
   * @param input what the SDK calls the input that holds the text once more
   */
  text(value: string | number | RunTime, input: ContainerInput): string;
  /** Where a Kubernetes setting comes from; undefined where it is left out, or KFP cannot have it, which is reported. */
  source(value: Json | RunTime): ParameterSource | undefined;
}

/** The inputs that the SDK adds to a task whose container depends on the run. */
export type ContainerInput = "base_image" | "cpu_request" | "cpu_limit" | "memory_request" | "memory_limit" | "accelerator_type" | "accelerator_count";

/** Of a task without run-time options. */
export const constantOptions: OptionValues = {
  text: (value) => (isRunTime(value) ? bug("a run-time option where there is no call") : String(value)),
  source: (value) => ({ runtimeValue: { constant: isRunTime(value) ? bug("a run-time option where there is no call") : value } }),
};
