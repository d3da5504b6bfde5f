/** The manifests of a run directory; `schemas/run-manifest.schema.json` describes them. */
import type { Value } from "./evaluate.ts";
import type { EndState, Origin, RunState } from "./events.ts";

/** Minor versions only add. */
export const MANIFEST_VERSION = "1.2";

/** `tasks/<key>/manifest.json`: a task that has ended by itself. It is written once and never changed. */
export interface TaskManifest {
  manifestVersion: string;
  key: string;
  /** The task in the document, and what it runs. */
  task: string;
  component: string;
  state: "succeeded" | "failed";
  /** Where the outputs come from. */
  origin?: Origin;
  /** The run that ran it, where that is another. */
  run?: string;
  /** How many tries there were. */
  attempts: number;
  startedAt?: string;
  endedAt: string;
  reason?: string;
  exitCode?: number;
  /** SHA-256 of the code of an op: its bundle. */
  code?: string;
  /** SHA-256 of everything that its result depends on: see `fingerprint.ts`. */
  fingerprint?: string;
  /** Values and artifacts by name. */
  inputs?: Record<string, Value>;
  /** Output parameters and artifacts by name. */
  outputs?: Record<string, Value>;
}

/** `run.json` */
export interface RunManifest {
  manifestVersion: string;
  id: string;
  pipeline: string;
  /** The entry file, relative to the project root. */
  entry: string;
  /** `op`: one op alone, which cannot be continued. */
  command: "run" | "op";
  state: RunState;
  startedAt: string;
  /** When it was started last, where that was more than once. */
  resumedAt?: string;
  endedAt?: string;
  jobs: number;
  /** Where container components run: docker and podman in their image, `host` on this machine. */
  engine?: string;
  /** The digest of the bundle that ran the ops. */
  bundle?: string;
  /** The URI of the object store that it shares with other machines. */
  store?: string;
  /** The run of which this one takes results, and the task with which it began or which it runs alone. */
  keeps?: string;
  from?: string;
  only?: string;
  /** The given parameters; defaults are not repeated. */
  parameters: Record<string, Value>;
  outputs?: Record<string, Value>;
  tasks: { key: string; state: EndState; origin?: Origin }[];
}
