import type { Artifact } from "./artifacts.ts";
import type { CallOptions, OpOptions } from "./options.ts";
import { outsidePipeline, type Op, type TaskHandle } from "./op.ts";

/** What a container runs, with inputs and outputs of these names. */
export interface ContainerCommand<Input = {}, Outputs = {}> {
  /** Replaces the image of the options. */
  image?: string;
  /**
   * Each item is one element of argv: text, an input, a path or file of an output, `concat(…)`; an artifact or its metadata
   * stands there as JSON. `cond ? a : b` is one element or the other, and none where it is `undefined`.
   */
  command?: readonly unknown[];
  args?: readonly unknown[];
  env?: Record<string, string>;
  /**
   * The text of a program, with inputs in it as in `args`: a file of it is the last argument, as in `python <file>`. Where
   * it begins with a line break, this and the indentation that all its lines share are left out. Only for Argo.
   */
  script?: string;
  /** `out.x`: the output parameter is what the program prints, without one line break at its end. Only for Argo. */
  stdout?: unknown;
  /**
   * Absolute paths at which the program itself reads input artifacts, and writes output artifacts and parameters:
   * `{ rows: "/data/rows.csv" }`. Only for Argo.
   */
  files?: { readonly [Name in keyof Input | keyof Outputs]?: string };
  /** What output parameters are that the program does not write. Only for Argo. */
  defaults?: { readonly [Name in keyof Outputs]?: Outputs[Name] };
}

/**
 * Declares a task that runs a foreign image. The lambda is analysed, not run: template literals and property
 * reads become placeholders, `cond ? [...] : []` spreads become optional arguments.
 *
 * @param options at least the `image`, unless each call gives one
 * @param build gives the command line from the inputs and outputs; in `out`, artifacts have a `path`, parameters are written to `fileOf(out.x)`
 */
export function container<Input = {}, Outputs = {}>(
  options: OpOptions,
  build: (input: Input, out: Outputs) => ContainerCommand<NoInfer<Input>, NoInfer<Outputs>>,
): Op<Input, Outputs, void> {
  void build;
  void options;
  return Object.assign(() => outsidePipeline("A container"), { "~hmc.op": {} }) as unknown as Op<Input, Outputs, void>;
}

/** The file to which a container writes the output parameter. Only in the lambda of `container`. */
export function fileOf(output: string | number | boolean | readonly unknown[] | object): string {
  void output;
  return outsidePipeline("fileOf()");
}

/** One element of argv, joined of several where the container starts; `undefined` adds nothing. Only in the lambda of `container`. */
export function concat(...parts: readonly unknown[]): string {
  void parts;
  return outsidePipeline("concat()");
}

/** The whole executor input of the task as JSON: inputs, outputs, and where to write them. Only in the lambda of `container`. */
export function executorInput(): string {
  return outsidePipeline("executorInput()");
}

export interface ImportOptions {
  /** Where the artifact lies. May be a run-time value. */
  uri: string;
  /** Registers the artifact anew even if the same URI is known. */
  reimport?: boolean;
  metadata?: Record<string, unknown>;
  /** Copies the artifact to the pipeline's workspace. */
  downloadToWorkspace?: boolean;
}

/**
 * Brings an existing artifact into the graph: `importArtifact<Dataset>({ uri }).artifact` is also the value itself.
 *
 * @param call what the options of other calls say, too
 */
export function importArtifact<A extends Artifact>(options: ImportOptions, call?: Pick<CallOptions, "name" | "displayName" | "cache">): A & { readonly artifact: A } & TaskHandle {
  void options;
  void call;
  return outsidePipeline("importArtifact()");
}
