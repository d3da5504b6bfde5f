import { outsidePipeline } from "./op.ts";

/** CEL as it stands, the expression language of Kubeflow Pipelines. */
export interface CelTag {
  /**
   * A condition, or a value made of one other: `` if (cel`size(${xs}) > 2`) ``. Values of the run stand between `${` and
   * `}`; the rest is CEL, with its own backslashes.
   */
  <T = boolean>(text: TemplateStringsArray, ...values: readonly unknown[]): T;
  /** What CEL makes of one value, which it reads as `string_value`, `number_value`, `bool_value`, `list_value` or `struct_value`. */
  of<T>(value: unknown, text: string): T;
}

/** For what TypeScript in a pipeline cannot say and the engine can. Only KFP reads it. */
export const cel: CelTag = Object.assign(() => outsidePipeline("cel`…`"), { of: () => outsidePipeline("cel.of()") });
