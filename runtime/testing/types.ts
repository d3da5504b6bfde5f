/** What `hmc/testing` takes and gives. These types stand alone: they are what a test sees of hmc. */
import type { Op } from "../../compiler/language/op.ts";

/** One try of a task, as a mock sees it. */
export interface MockCall {
  /** Unique in the run, e.g. `for-1/0/train`. */
  readonly key: string;
  /** From 1. */
  readonly attempt: number;
  /** Fires when the task runs longer than its timeout. */
  readonly signal: AbortSignal;
  /** Lets time pass on the clock of the run, such as `"10m"` or milliseconds: the test does not wait. */
  wait(duration: number | string): Promise<void>;
}

/**
 * Stands for an op or a container: it gets the same inputs, writes output artifacts to `out.x.path` (those that it does not write are empty files), and returns the
 * output parameters. Whatever it throws is a failure of the task.
 */
export type Mock<Input, Outputs, Result> = (input: Input, out: Outputs, call: MockCall) => Result extends void ? unknown : Result | Promise<Result>;

/** Mocks by the names of ops, as they are exported; any where no modules give their types. */
export type Mocks<Ops> = string extends keyof Ops ? { readonly [name: string]: AnyMock } : TypedMocks<Ops>;

type TypedMocks<Ops> = { readonly [Name in keyof Ops as Ops[Name] extends Op<infer _Input, infer _Outputs, infer _Result> ? Name : never]?: Ops[Name] extends Op<infer Input, infer Outputs, infer Result> ? Mock<Input, Outputs, Result> : never };

/** Any mock, where the types of the ops are not known. */
export type AnyMock = (input: Record<string, unknown>, out: Record<string, unknown>, call: MockCall) => unknown;

export interface TestOptions<Ops> {
  /** The pipeline, if the file exports several: as written, or in kebab-case. */
  pipeline?: string;
  /** Those with a default need not be given. A path stands for an artifact. */
  parameters?: Record<string, unknown>;
  /** The modules of the ops: those without a mock run in this process, and all give types to the mocks. Several modules: `{ ...a, ...b }`. */
  ops?: Ops;
  /** What stands for ops, containers and importers, by their names. */
  mocks?: Mocks<Ops>;
  /** How many tasks may run at once. Default: any number. */
  jobs?: number;
  /** The first failure that nothing catches ends the run. */
  failFast?: boolean;
}

export interface TestTask {
  /** Unique in the run, e.g. `for-1/0/train`. */
  readonly key: string;
  readonly state: "succeeded" | "failed" | "skipped" | "blocked";
  /** How many tries there were; 0 of a task that did not run. */
  readonly attempts: number;
  /** Of the last try, as the op got them; without those that were absent. */
  readonly inputs?: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
  /** Why it failed. */
  readonly reason?: string;
  /** Milliseconds since the run began. */
  readonly startedAt?: number;
  readonly endedAt: number;
}

export interface TestCall {
  readonly key: string;
  /** From 1. */
  readonly attempt: number;
  readonly inputs: Record<string, unknown>;
}

export interface TestRun {
  readonly state: "succeeded" | "failed";
  readonly outputs: Record<string, unknown>;
  readonly failures: { task: string; reason: string }[];
  /** Keys of the tasks that ran, in the order in which they began. */
  readonly order: string[];
  /** Keys of the tasks whose condition was not met. */
  readonly skipped: string[];
  /** Every task that was decided on, in the order in which they ended. */
  readonly tasks: TestTask[];
  /** Milliseconds on the clock of the run. */
  readonly duration: number;
  /** The calls of an op, every try, in order; by the name of the op. */
  calls(op: string): TestCall[];
  /**
   * One task by its key; the end of a key is enough where only one task has it.
   *
   * @throws Error where there is none, or more than one
   */
  task(key: string): TestTask;
  /** Removes the artifacts that the mocks have written. They are removed when the process ends, too. */
  cleanUp(): void;
}

/**
 * Runs a pipeline with mocks.
 *
 * @param file the file that exports the pipeline: a path, or `new URL("./pipeline.ts", import.meta.url)`. Nothing of it is executed.
 * @throws Error where the file has errors, a parameter does not fit, or an op has neither a mock nor code
 */
export type TestPipeline = <Ops extends Record<string, unknown> = Record<string, unknown>>(file: string | URL, options?: TestOptions<Ops>) => Promise<TestRun>;
