/**
 * What differs between versions of the controller. 3.6.10 and 4.1.2 are measured (reference argo.md 1.7), the first versions of
 * each change are read from the sources of the releases.
 */
import { SimulationError } from "./errors.ts";

export interface Behaviour {
  readonly version: string;
  /** A reference to an output that does not exist makes the task wait, for ever if need be; otherwise its text stays as it is. */
  readonly waitsForReferences: boolean;
  /** `when` is resolved before the rest of a task, of which nothing is read where it is false. */
  readonly whenFirst: boolean;
  /** Hooks of steps are resolved when they run, not before the step. */
  readonly hooksLate: boolean;
  /** What the outputs of a skipped task are: nothing at all, empty text, or absent unless they have a default. */
  readonly skippedOutputs: "unknown" | "empty" | "absent";
  /** A nil result of `valueFrom.expression` is an error; otherwise it is the text `<nil>`. */
  readonly nilOutputsFail: boolean;
  /** Expressions in a looped task see more than the item. */
  readonly loopsSeeScope: boolean;
  /** `{{item}}` of a text is the text itself, not its JSON without quotes. */
  readonly unescapedTextItems: boolean;
  /** Aggregates are made of retry nodes, not of their attempts. */
  readonly aggregatesOfRetries: boolean;
  /** Dependents of a loop see its status. */
  readonly groupsHaveStatus: boolean;
  /** `{{lastRetry.*}}` exist in the template, not only in `retryStrategy.expression`. */
  readonly lastRetryInTemplate: boolean;
  /** Inline templates may hold inline templates. */
  readonly nestedInline: boolean;
  /** Groups of steps and retry nodes are done when all below them is. */
  readonly waitsForChildren: boolean;
  /** A loop whose items are all done but which was never marked so is completed by its DAG. */
  readonly completesGroups: boolean;
}

type Version = readonly [major: number, minor: number, patch: number];

/** Whether a version has a change, given the first patch of each minor version that has it. Later minor versions have it too. */
function has([major, minor, patch]: Version, firsts: { [minor: string]: number }): boolean {
  const first = firsts[`${major}.${minor}`];
  if (first !== undefined) return patch >= first;
  return Object.keys(firsts).every((key) => Number(key.split(".")[0]) * 1000 + Number(key.split(".")[1]) < major * 1000 + minor);
}

/**
 * The behaviour of a version such as `4.1.2` or `v3.6.10`.
 *
 * @throws SimulationError for what is no version, or one before 3.6
 */
export function behaviourOf(version: string): Behaviour {
  const parts = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version);
  const numbers: Version = [Number(parts?.[1]), Number(parts?.[2]), Number(parts?.[3])];
  if (!parts || numbers[0] * 1000 + numbers[1] < 3006) throw new SimulationError("version", `"${version}" is no version from 3.6.0 on`);
  const absent = has(numbers, { "3.7": 16, "4.0": 7 });
  return {
    version,
    waitsForReferences: has(numbers, { "3.7": 11, "4.0": 2 }),
    whenFirst: has(numbers, { "3.7": 12, "4.0": 3 }),
    hooksLate: has(numbers, { "3.7": 11, "4.0": 2 }),
    skippedOutputs: absent ? "absent" : has(numbers, { "3.7": 13, "4.0": 4 }) ? "empty" : "unknown",
    nilOutputsFail: absent,
    loopsSeeScope: has(numbers, { "3.6": 14, "3.7": 5, "4.0": 0 }),
    unescapedTextItems: has(numbers, { "3.7": 16, "4.0": 0 }),
    aggregatesOfRetries: has(numbers, { "3.6": 11, "3.7": 0 }),
    groupsHaveStatus: has(numbers, { "3.7": 12, "4.0": 3 }),
    lastRetryInTemplate: has(numbers, { "3.7": 0 }),
    nestedInline: has(numbers, { "3.7": 14, "4.0": 5 }),
    waitsForChildren: has(numbers, { "3.7": 0 }),
    completesGroups: has(numbers, { "4.0": 8 }),
  };
}
