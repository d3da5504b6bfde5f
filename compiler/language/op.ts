import type { CallOptions, OpOptions } from "./options.ts";

/** What a call of an op or pipeline gives: a node of the graph that can be ordered. */
export interface TaskHandle {
  readonly "~hmc.task": true;
  /** Runs this task after the given ones, without passing data. A variable that only a branch assigns means the branch. */
  after(...tasks: (TaskHandle | undefined)[]): this;
  /** Runs this task before the given ones, without passing data. */
  before(...tasks: (TaskHandle | undefined)[]): this;
}

/** The result of a call: its output parameters, its output artifacts, and the handle. */
export type Task<Result, Outputs> = (Result extends void ? unknown : Result) & Outputs & TaskHandle;

/** The inputs that the engine gives itself: those of type `TaskConfig`. */
type OwnInputs<Input> = { [Name in keyof Input]-?: IsTaskConfig<keyof NonNullable<Input[Name]>> extends true ? Name : never }[keyof Input];

/** Whether a type with these keys is `TaskConfig`; records and `any` have every key. */
type IsTaskConfig<Keys> = string extends Keys ? false : "~hmc.taskConfig" extends Keys ? true : false;

/** The inputs that a call gives. */
type Given<Input> = OwnInputs<Input> extends never ? Input : Omit<Input, OwnInputs<Input>>;

/** The arguments of a call. The inputs may be left out when none is required; where there are none, nothing may be given. */
export type Call<Input> = keyof Given<Input> extends never
  ? [input?: Record<string, never>, options?: CallOptions]
  : {} extends Given<Input>
    ? [input?: Given<Input>, options?: CallOptions]
    : [input: Given<Input>, options?: CallOptions];

/** An op: call it in a pipeline to make a task. The brand carries its types for the compiler. */
export interface Op<Input, Outputs, Result> {
  readonly "~hmc.op": { readonly input: Input; readonly outputs: Outputs; readonly result: Result };
  (...call: Call<Input>): Task<Result, Outputs>;
}

/** The code of an op: gets decoded inputs, writes artifacts to `out.x.path`, returns output parameters. */
export type Implementation<Input, Outputs, Result> = (input: Input, out: Outputs) => Promise<Result> | Result;

/**
 * Declares a function that runs in a container.
 *
 * @param options what its tasks need to run
 * @param implementation its first parameter declares the inputs, the second the output artifacts, the return value the output parameters
 */
export function op<Input = {}, Outputs = {}, Result = void>(implementation: Implementation<Input, Outputs, Result>): Op<Input, Outputs, Result>;
export function op<Input = {}, Outputs = {}, Result = void>(options: OpOptions, implementation: Implementation<Input, Outputs, Result>): Op<Input, Outputs, Result>;
export function op(first: unknown, second?: unknown): unknown {
  const implementation = second ?? first;
  const call = () => outsidePipeline("An op");
  return Object.assign(call, { "~hmc.op": { implementation } });
}

/** Pipelines are analysed, never run: whoever gets here has called an op or pipeline as ordinary code. */
export function outsidePipeline(what: string): never {
  throw new Error(`${what} can only be called inside a pipeline, which hmc compiles and never executes. To run the code of an op, use "hmc op <name>".`);
}
