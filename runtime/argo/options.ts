/** What a simulation is given besides documents, and what it asks for: the outcomes of pods. */
import type { Artifact, Container, EnvironmentVariable, Json, Outputs, Template } from "./types.ts";

/** A pod that the controller would create, its template resolved. */
export interface PodRequest {
  /** The name of the node, such as `run.each(0:a).train`. */
  readonly node: string;
  readonly displayName: string;
  /** The name of the template; empty for an inline one. */
  readonly template: string;
  readonly kind: "container" | "script" | "resource" | "data" | "http" | "containerSet";
  /** The name of the Kubernetes pod. */
  readonly podName: string;
  readonly image: string | undefined;
  readonly command: readonly string[] | undefined;
  /** With the path of the script as the last one, where there is a script. */
  readonly args: readonly string[] | undefined;
  readonly env: readonly EnvironmentVariable[];
  /** The text of the script, which the pod finds at `/argo/staging/script`. */
  readonly source: string | undefined;
  readonly parameters: { readonly [name: string]: string };
  /** Input artifacts: the path where the pod finds each, and the location it comes from. */
  readonly artifacts: readonly Artifact[];
  /** Declared outputs: parameters with `valueFrom.path`, artifacts with `path`. */
  readonly outputs: Outputs;
  /** Whether something reads `outputs.result`: the standard output is kept only then. */
  readonly capturesResult: boolean;
  /** Whether the pod is part of an exit handler. */
  readonly onExit: boolean;
  /** The main container or script as a whole. */
  readonly container: Container | undefined;
  /** The template as a whole, for what the fields above leave out. */
  readonly resolved: Template;
}

export interface PodOutcome {
  readonly phase: "Succeeded" | "Failed" | "Error";
  readonly message?: string;
  /** Values of output parameters, as the pod wrote them. */
  readonly params?: { readonly [name: string]: string };
  /** Standard output. */
  readonly result?: string;
  readonly exitCode?: number;
  /** Where output artifacts are: a key, or a location such as `{ s3: { key } }`. */
  readonly artifacts?: { readonly [name: string]: string | { readonly [store: string]: Json } };
}

/** What becomes of a pod, at once or later: pods whose outcomes are promises run side by side. */
export type OutcomeOf = (pod: PodRequest) => PodOutcome | Promise<PodOutcome>;

/** A node that waits for somebody to resume it. */
export interface SuspendedNode {
  readonly node: string;
  readonly displayName: string;
  readonly template: string;
  readonly parameters: { readonly [name: string]: string };
  /** The outputs that whoever resumes it may supply. */
  readonly outputs: readonly string[];
}

/** How somebody resumes a suspended node, or fails it; undefined where nobody does. */
export type ResumeOf = (suspended: SuspendedNode) => Pick<PodOutcome, "phase" | "message" | "params"> | undefined;

/** What a cluster has, where it matters. */
export interface Cluster {
  /** Service accounts with a token. Where this is left out there is every one. */
  readonly serviceAccounts?: readonly string[];
  readonly configMaps?: { readonly [name: string]: { readonly [key: string]: string } };
}

export interface SimulationOptions {
  /** The version of the controller. 4.1.2 unless given. */
  readonly version?: string;
  readonly outcome: OutcomeOf;
  /** Nobody resumes what is suspended unless this does. */
  readonly resume?: ResumeOf;
  /** The name of the Workflow (or of the WorkflowTemplate to submit) where the documents hold several. */
  readonly workflow?: string;
  /** Values in place of those in `spec.arguments.parameters`, as `argo submit -p` gives them. */
  readonly parameters?: { readonly [name: string]: string };
  readonly namespace?: string;
  readonly uid?: string;
  /** When the workflow was created, in milliseconds since 1970. */
  readonly startedAt?: number;
  /**
   * `advances`: where nothing but time can go on (backoff of a retry, a suspension with a duration, a deadline) the clock is put
   * forward. `stands`: time never passes, and what waits for it waits for ever.
   */
  readonly clock?: "advances" | "stands";
  /** After how many reconciliations an unfinished run counts as hung. */
  readonly maxReconciliations?: number;
  /** What the cache of memoized templates holds, by config map and key. It is added to. */
  readonly memo?: Map<string, Outputs>;
  readonly cluster?: Cluster;
  /** Why the controller would refuse the workflow: the text after `invalid spec: `, or undefined. */
  readonly validate?: (documents: readonly unknown[]) => string | undefined;
}
