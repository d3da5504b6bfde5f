/** What `hmc diff` finds: changes of the graph, tasks that run again, sizes of the compiled files. `schemas/diff.schema.json` describes the same. */

/** The version of the format. Minor versions only add. */
export const DIFF_VERSION = "1.0";

/** What has changed. */
export type Subject =
  | "pipeline"
  /** A parameter of a pipeline: its type, its default, whether it may be left out. */
  | "parameter"
  /** An output of a pipeline, or of an op. */
  | "output"
  /** `schedule`, `image`, `env.TOKEN` …: of a pipeline, or what is in force for a task. */
  | "option"
  | "task"
  /** The op or pipeline that a task runs. */
  | "target"
  /** An input of a task, or of an op. */
  | "input"
  /** `.after()` and `.before()`: `name` is what must end first. */
  | "order"
  | "branch" | "loop" | "while" | "try"
  /** Of an arm of a branch, of a `while`, or of a task. */
  | "condition"
  /** What a loop runs over. */
  | "items"
  /** How many iterations run at once. */
  | "parallelism"
  /** A value that one turn of a `while` hands to the next. */
  | "carried"
  | "catch" | "finally"
  /** An op or container by itself. */
  | "component"
  /** What the function of an op does, with all that it imports. */
  | "code"
  /** The command line of a container. */
  | "command";

/** `rewired`: a value comes from elsewhere. `moved`: a node stands in another group. */
export type Action = "added" | "removed" | "renamed" | "rewired" | "moved" | "changed";

export interface Change {
  subject: Subject;
  action: Action;
  /** The entry file, where another one has a pipeline of the same id. */
  file?: string;
  /** The id of the pipeline, on the second side if it is there. */
  pipeline?: string;
  /** The id of the task or group, on the second side if it is there. */
  node?: string;
  /** The id of the op or container, where the change is one of its own. */
  component?: string;
  /** The input, output, parameter or option. */
  name?: string;
  /** As people read it; missing where there was nothing. */
  before?: string;
  after?: string;
}

/** Why the result of an earlier run does not stand for a task. */
export type Reason =
  | "new"
  /** The code of its op, or the command of its container. */
  | "code"
  /** Its op has another name. */
  | "name"
  | "inputs"
  | "outputs"
  | "image"
  | "env"
  /** The key of its cache. */
  | "cache"
  /** It reads a parameter with another default: it runs again unless the run gives a value. */
  | "default"
  /** It reads what a task gives that runs again: it runs again unless the values are the same. */
  | "upstream";

export interface Rerun {
  /** As in changes. */
  file?: string;
  pipeline: string;
  task: string;
  because: Reason[];
  /** Whether there is a reason beside `default` and `upstream`. */
  certain: boolean;
}

/** The size of the file for KFP, in bytes. */
export interface Size {
  /** As in changes. */
  file?: string;
  pipeline: string;
  /** Missing where the pipeline was not there, or does not compile. */
  before?: number;
  after?: number;
}

export interface Diff {
  /** The sides as they were asked for. */
  before: string;
  after: string;
  changes: Change[];
  reruns: Rerun[];
  /** Whether the code of ops could be compared: both sides are sources. */
  isCodeCompared: boolean;
  /** Of the pipelines that are on either side; equal sizes, too. */
  sizes: Size[];
}
