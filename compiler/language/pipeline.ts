import type { PipelineOptions } from "./options.ts";
import { type Call, outsidePipeline, type TaskHandle } from "./op.ts";

/** A pipeline: a graph of tasks; called from another pipeline it is a sub-graph. */
export interface Pipeline<Parameters, Result> {
  readonly "~hmc.pipeline": { readonly input: Parameters; readonly result: Result };
  (...call: Call<Parameters>): (Result extends void ? unknown : Result) & TaskHandle;
}

/**
 * Declares a pipeline. The body is analysed by the compiler and never executed.
 *
 * @param options schedule, experiment, defaults of its tasks
 * @param body the graph in ordinary statements; its parameter declares the run's parameters, its return value the outputs
 */
export function pipeline<Parameters = {}, Result = void>(body: (parameters: Parameters) => Result): Pipeline<Parameters, Result>;
export function pipeline<Parameters = {}, Result = void>(options: PipelineOptions, body: (parameters: Parameters) => Result): Pipeline<Parameters, Result>;
export function pipeline(): unknown {
  return Object.assign(() => outsidePipeline("A pipeline"), { "~hmc.pipeline": {} });
}
