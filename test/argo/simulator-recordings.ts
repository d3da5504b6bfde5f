/** Recorded runs of Argo's own controller, and the simulator's runs in the same form. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { simulate } from "../../runtime/argo/simulate.ts";
import { stubbed, type Stubs } from "../../runtime/argo/stubs.ts";
import type { SimulatedNode, SimulatedValues } from "../../runtime/argo/report.ts";
import { readYaml } from "../../runtime/argo/yaml.ts";
import { root } from "../folders.ts";

const folder = join(root, "../shared/conformance/argo/sim");

/** Whether the recordings are beside the project. */
export const haveRecordings = existsSync(folder);

/** The sets of recordings: where the workflows are, where the runs are, and the version of the controller. */
export const sets = [
  { workflows: "patterns", runs: "v4.1.2", version: "4.1.2", least: 131 },
  { workflows: "patterns", runs: "v3.6.10", version: "3.6.10", least: 130 },
  { workflows: "examples", runs: "examples-v4.1.2", version: "4.1.2", least: 48 },
] as const;

export interface RecordedNode {
  Name: string;
  Type: string;
  Phase: string;
  Template: string;
  Message: string;
  In?: { [name: string]: string };
  Out?: { [name: string]: string };
  InArt?: { [name: string]: string };
  OutArt?: { [name: string]: string };
  Result?: string;
}

export interface RecordedRun {
  phase: string;
  message: string;
  hung: boolean;
  operateIterations: number;
  nodes: RecordedNode[] | null;
  pods: { [node: string]: { image: string; args: string[] | null; env: { [name: string]: string } } };
}

/** The names of a set's recordings. */
export function recordings(runs: string): string[] {
  return readdirSync(join(folder, runs)).map((file) => file.replace(/\.json$/, "")).sort();
}

/** A recording, without the verdict of lint, which is that of `hmc check`. */
export function recorded(runs: string, name: string): RecordedRun {
  const { lint: _, ...run } = JSON.parse(readFileSync(join(folder, runs, `${name}.json`), "utf8")) as RecordedRun & { lint: string };
  return run;
}

/** The documents of a recorded workflow. */
export function recordedDocuments(workflows: string, name: string): unknown[] {
  return readYaml(readFileSync(join(folder, workflows, `${name}.yaml`), "utf8"));
}

/** The simulator's run of a recorded workflow, under the conditions of the recordings. */
export async function simulated(workflows: string, name: string, version: string): Promise<RecordedRun> {
  const documents = recordedDocuments(workflows, name);
  const { metadata } = documents.find((document) => /^(Cron)?Workflow$/.test((document as { kind: string }).kind)) as { metadata: { name?: string; generateName: string; annotations?: { sim?: string } } };
  const workflow = metadata.name ?? metadata.generateName.replace(/-$/, "");
  const stubs = JSON.parse(metadata.annotations?.sim ?? "{}") as Stubs;
  const run = await simulate(documents, { version, outcome: stubbed(stubs, workflow), uid: "", maxReconciliations: 14, clock: "stands", cluster: { serviceAccounts: [] } });
  return {
    phase: run.phase,
    message: run.message,
    hung: run.hung,
    operateIterations: run.hung ? 14 : run.reconciliations - 1,
    nodes: run.nodes.length === 0 ? null : run.nodes.map(nodeOf),
    pods: Object.fromEntries(Object.entries(run.pods).map(([node, { image = "", args, env }]) => [node, { image, args: args ? [...args] : null, env }])),
  };
}

function nodeOf({ name, type, phase, template, message, inputs, outputs, result }: SimulatedNode): RecordedNode {
  const given = (values: SimulatedValues["parameters"], key: string): object => (Object.keys(values).length > 0 ? { [key]: values } : {});
  return {
    Name: name,
    Type: type,
    Phase: phase,
    Template: template,
    Message: message,
    ...given(inputs.parameters, "In"),
    ...given(outputs.parameters, "Out"),
    ...given(inputs.artifacts, "InArt"),
    ...given(outputs.artifacts, "OutArt"),
    ...(result !== undefined && { Result: result }),
  };
}
