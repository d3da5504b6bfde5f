/** What the settings of a pod need to know of the template that they are for. */
import type { RunTime, Span } from "../../ir/types.ts";

export interface PodContext {
  /** The component that the template runs. */
  componentId: string;
  /** The task, or the component: where mistakes are reported that no option has a place for. */
  span: Span;
  /** The text of a run-time value: it becomes an input of the template, and the text is the tag that reads it, `{{inputs.parameters.x}}`. */
  text(value: RunTime): string;
  /** Whether the run gives a value: an expression without braces, or undefined where it always does. */
  present?(value: RunTime): string | undefined;
  /** The names of the template's input parameters on which its results depend, for the key of its cache. */
  parameters: readonly string[];
  /** Variables that the component itself sets: they come before those of the options. */
  environment?: Readonly<Record<string, string>>;
  /** The name in the template of an input or output of the component; the same name where this is missing. */
  nameOf?(name: string): string;
}
