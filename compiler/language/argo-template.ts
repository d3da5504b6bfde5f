import type { TaskOptions } from "./options.ts";
import { outsidePipeline, type Op } from "./op.ts";
import type { Secret } from "./values.ts";

/** Waits until somebody resumes the run, who gives the outputs, or until the time is over. */
export interface ArgoSuspend {
  /** `"10m"`. Missing: somebody has to resume the run. */
  duration?: string;
}

/** A request that Argo's agent sends. */
export interface ArgoHttp {
  url: string;
  method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";
  headers?: Record<string, string | Secret>;
  body?: string;
  /** An expression of Argo over `response`: `"response.statusCode == 200"`. Missing: any status below 400. */
  successCondition?: string;
  /** Default 30. */
  timeoutSeconds?: number;
  insecureSkipVerify?: boolean;
}

/** What `kubectl` does with an object of the cluster. */
export interface ArgoResource {
  action: "get" | "create" | "apply" | "delete" | "replace" | "patch";
  /** YAML, with inputs in it. The indentation that all its lines share is left out. */
  manifest?: string;
  /** The object ends with the run. */
  setOwnerReference?: boolean;
  /** A selector over the object: `"status.succeeded > 0"`. The task waits until this or `failureCondition` holds. */
  successCondition?: string;
  failureCondition?: string;
  /** Further arguments of `kubectl`. */
  flags?: readonly string[];
  /** Of a patch. */
  mergeStrategy?: "strategic" | "merge" | "json";
}

/** One of the containers of a pod. The one called `main` reads inputs and writes outputs. */
export interface ArgoSetContainer {
  name: string;
  image: string;
  command: readonly string[];
  args?: readonly string[];
  env?: Record<string, string>;
  /** The containers that end before it starts. */
  dependencies?: readonly string[];
}

/** Several containers of one pod, as a graph. The `volumes` of the options are mounted in each of them. */
export interface ArgoContainerSet {
  containers: readonly ArgoSetContainer[];
  /** Of each container. */
  retryStrategy?: { retries: number; duration?: string };
}

/** Where an output of a resource is read: in the object as it is in the end. */
export type ArgoResourceOutput = { jsonPath: string; default?: string } | { jqFilter: string; default?: string };

/** What runs in place of a container; exactly one of them. */
export type ArgoTemplate<Outputs = {}> =
  | { suspend: ArgoSuspend }
  /** `result: out.x`: the output is the body of the response. */
  | { http: ArgoHttp; result?: unknown }
  | { resource: ArgoResource; outputs?: { readonly [Name in keyof Outputs]?: ArgoResourceOutput } }
  | { containerSet: ArgoContainerSet };

/** The options of a step that is no container of its own. */
export interface ArgoTemplateOptions extends Pick<TaskOptions, "displayName" | "volumes" | "serviceAccount" | "nodeSelector" | "tolerations" | "affinity" | "labels" | "annotations" | "retry" | "timeout" | "cache" | "argo"> {
  /** The name in the graph; default: the name of the constant in kebab-case. */
  name?: string;
}

/**
 * Declares a task that is another kind of Argo's templates than a container: a pause, a request, an object of the cluster, several containers.
 * The lambda is analysed, not run, like that of `container`. Only for Argo.
 *
 * @param build gives the template from the inputs and outputs
 */
export function argoTemplate<Input = {}, Outputs = {}>(options: ArgoTemplateOptions, build: (input: Input, out: Outputs) => ArgoTemplate<NoInfer<Outputs>>): Op<Input, Outputs, void> {
  void build;
  void options;
  return Object.assign(() => outsidePipeline("A template of Argo"), { "~hmc.op": {} }) as unknown as Op<Input, Outputs, void>;
}
