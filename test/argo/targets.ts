/** Examples of Argo and the same pipelines in hmc's language, run by the simulator under the same outcomes of their pods. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { compile, type Compilation } from "../../compiler/compile.ts";
import type { Host } from "../../compiler/host.ts";
import { nodeHost } from "../../compiler/node-host.ts";
import type { OutcomeOf, PodOutcome, PodRequest } from "../../runtime/argo/options.ts";
import type { SimulatedRun } from "../../runtime/argo/report.ts";
import { simulate } from "../../runtime/argo/simulate.ts";
import { stubbed, type Stubs } from "../../runtime/argo/stubs.ts";
import { readYaml } from "../../runtime/argo/yaml.ts";
import { root } from "../folders.ts";
import { recordedDocuments } from "./simulator-recordings.ts";

const folder = join(root, "fixtures/argo");

/** The names of the examples that are written in the language, too. */
export const targets = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name).sort();

/** Compiles a target, as one workflow. */
export function compiled(target: string): Compilation {
  const host: Host = { ...nodeHost(), env: () => undefined };
  return compile(host, join(folder, target, "pipeline.ts"), { target: "argo", argo: { version: "4.1", kind: "workflow", toolVersion: "X" } });
}

interface Manifest {
  metadata: { name?: string; generateName?: string; annotations?: { sim?: string } };
}

const common = { version: "4.1.2", uid: "", maxReconciliations: 100, clock: "stands", cluster: { serviceAccounts: [] } } as const;

/** What became of a pod of the example, and of what. */
interface PodEnd {
  pod: PodRequest;
  outcome: PodOutcome;
}

/** A run of the example as it is recorded, and of the workflow that hmc makes of the target. */
export async function runBoth(recording: string, yaml: string): Promise<{ example: SimulatedRun; own: SimulatedRun }> {
  const documents = recordedDocuments("examples", recording);
  const { metadata } = documents[0] as Manifest;
  const name = metadata.name ?? metadata.generateName?.replace(/-$/, "") ?? "";
  const stubs = JSON.parse(metadata.annotations?.sim ?? "{}") as Stubs;
  const ends: PodEnd[] = [];
  const given = stubbed(stubs, name);
  const example = await simulate(documents, {
    ...common,
    outcome: async (pod) => {
      const outcome = await given(pod);
      ends.push({ pod, outcome });
      return outcome;
    },
  });
  const [workflow] = readYaml(yaml) as Manifest[];
  // The name of the workflow stands in some arguments.
  const named = { ...workflow, metadata: { ...workflow?.metadata, name } };
  return { example, own: await simulate([named], { ...common, outcome: likeExample(ends, stubs, name) }) };
}

/**
 * Gives each pod the outcome of a pod of the example that runs the same, of those that several run the one whose node is called
 * alike, each once. Outputs have their own names: the values go by position.
 */
function likeExample(ends: readonly PodEnd[], stubs: Stubs, name: string): OutcomeOf {
  const left = [...ends];
  const byName = stubbed(stubs, name);
  return async (pod) => {
    const alike = left.filter((end) => signature(end.pod) === signature(pod));
    const end = alike.find((candidate) => candidate.pod.displayName === pod.displayName) ?? alike[0];
    if (end === undefined) return byName(pod);
    left.splice(left.indexOf(end), 1);
    const own = pod.outputs.parameters ?? [];
    const values = (end.pod.outputs.parameters ?? []).map((parameter) => end.outcome.params?.[parameter.name] ?? "");
    const artifacts = (end.pod.outputs.artifacts ?? []).map((artifact) => end.outcome.artifacts?.[artifact.name] ?? "");
    return {
      ...end.outcome,
      params: Object.fromEntries(own.map((parameter, index) => [parameter.name, values[index] ?? ""])),
      artifacts: Object.fromEntries((pod.outputs.artifacts ?? []).map((artifact, index) => [artifact.name, artifacts[index] ?? ""])),
    };
  };
}

/** What a pod runs. */
export function signature({ image, command, args, source }: Pick<PodRequest, "image" | "command" | "args" | "source">): string {
  return JSON.stringify({ image, command: command ?? [], args: args ?? [], ...(source === undefined ? {} : { source: source.trimEnd() }) });
}

/** How often a pod that runs the one thing ends before a pod that runs the other starts. */
export function orderOf(run: SimulatedRun): Map<string, number> {
  const nodes = new Map(run.nodes.map((node) => [node.name, node]));
  const counts = new Map<string, number>();
  for (const [name, pod] of Object.entries(run.pods)) {
    const seen = new Set([name]);
    for (const reached of seen) for (const child of nodes.get(reached)?.children ?? []) seen.add(child);
    seen.delete(name);
    for (const later of seen) {
      const other = run.pods[later];
      if (other === undefined) continue;
      const key = `${masked(signature(pod))} < ${masked(signature(other))}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return new Map([...counts].sort(([left], [right]) => (left < right ? -1 : 1)));
}

/**
 * Text without what varies from run to run, or with the names of nodes: how long a run took, and what failed in it. Of that the first is the
 * pod; what hmc makes has a DAG around it, which fails as well.
 */
export function masked(text: string): string {
  const failed = (failures: string): string => `Failed steps ${/templateName\W+([\w-]+)/.exec(failures)?.[1] ?? "none"}`;
  return text.replace(/\b\d+\.\d{6}\b/g, "DURATION").replace(/Failed steps .*?(?="\])/s, failed);
}

/** The outputs of the run: those of its first node, without what hmc adds. */
export function outputsOf(run: SimulatedRun, name: string): { parameters: string[][]; artifacts: string[][] } {
  const top = run.nodes.find((node) => node.name === name);
  const listed = (values: Readonly<Record<string, string>>): string[][] => Object.entries(values).filter(([output]) => !output.startsWith("hmc-")).sort();
  return { parameters: listed(top?.outputs.parameters ?? {}), artifacts: listed(top?.outputs.artifacts ?? {}) };
}
