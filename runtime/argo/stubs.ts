/** Outcomes of pods that are written down: in the annotation `sim` of the recordings of Argo's controller, or in a test. */
import type { PodOutcome, PodRequest } from "./options.ts";
import type { Json } from "./types.ts";

/** What becomes of the pods that a key stands for. */
export interface Stub {
  readonly params?: { readonly [name: string]: string };
  readonly result?: string;
  readonly fail?: boolean;
  readonly message?: string;
  readonly exitCode?: number;
  readonly artifacts?: readonly string[] | { readonly [name: string]: string | { readonly [store: string]: Json } };
}

/** Stubs by the name of a template, or a regular expression of a node's display name or of its path without the workflow's name. */
export type Stubs = { readonly [key: string]: Stub };

/**
 * Outcomes from stubs. A pod takes that of the longest key which is its template's name, its display name or its node path, the
 * latter two also as regular expressions; without a stub it succeeds. Outputs that a stub leaves out are made up: `auto-<name>`
 * for parameters, the key `k/<display name>/<name>` for artifacts.
 *
 * @param workflow the name of the workflow, with which all node names begin
 */
export function stubbed(stubs: Stubs, workflow: string): (pod: PodRequest) => PodOutcome {
  const keys = Object.keys(stubs).sort((a, b) => b.length - a.length).map((key) => ({ key, pattern: patternOf(key) }));
  return (pod) => {
    const path = pod.node.startsWith(`${workflow}.`) ? pod.node.slice(workflow.length + 1) : pod.node;
    const found = keys.find(({ key, pattern }) => [pod.template, pod.displayName, path].includes(key) || pattern?.test(pod.displayName) || pattern?.test(path));
    return outcomeOf(pod, (found && stubs[found.key]) ?? {});
  };
}

function patternOf(key: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${key})$`, "s");
  } catch {
    return undefined;
  }
}

function outcomeOf(pod: PodRequest, { params = {}, result, fail, message, exitCode, artifacts }: Stub): PodOutcome {
  const declared = pod.outputs.parameters ?? [];
  const located = Array.isArray(artifacts) ? {} : ((artifacts ?? {}) as Extract<Stub["artifacts"], { [name: string]: unknown }>);
  const keys = (pod.outputs.artifacts ?? []).map(({ name }) => [name, located[name] ?? `k/${pod.displayName}/${name}`] as const);
  return {
    phase: fail ? "Failed" : "Succeeded",
    params: Object.fromEntries(declared.map(({ name }) => [name, params[name] ?? `auto-${name}`])),
    artifacts: Object.fromEntries(keys),
    ...(result !== undefined && { result }),
    ...(exitCode !== undefined && { exitCode }),
    ...((message ?? fail) ? { message: message ?? "Pod failed" } : {}),
  };
}
