/** A run of Argo's YAML by the simulator with a process for each pod, for the comparison with `hmc run`. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import type { Component, Document, Json, ParameterType, Pipeline, ValueType } from "../../compiler/ir/types.ts";
import type { OutcomeOf, PodOutcome, PodRequest } from "../../runtime/argo/options.ts";
import { ArtifactStore } from "../../runtime/argo/process-store.ts";
import { podProcesses } from "../../runtime/argo/processes.ts";
import type { SimulatedRun } from "../../runtime/argo/report.ts";
import { simulate } from "../../runtime/argo/simulate.ts";
import { argoName } from "../../runtime/protocols/argo.ts";
import { absentText, escapeJson, escapeText, unescapeJson, unescapeText } from "../../runtime/text.ts";
import { objects, type Parameters } from "./argo-run-cases.ts";
import { failedTask, ofFile, ranTask, type EndedRun, type Values } from "./argo-run-ended.ts";
import { root } from "./environment.ts";

/** The words that start the bundle in the compiled file. */
export const entrypoint = ["node", "/app/main.mjs"];

const workflowName = "argo-run-of-a-fixture";

/** A pod and its end. */
interface EndedPod {
  pod: PodRequest;
  outcome: PodOutcome;
}

/** A fixture that is ready to run. */
export interface Compiled {
  document: Document;
  pipeline: Pipeline;
  /** The pipeline for Argo. */
  yaml: string;
  /** The file of its ops. */
  bundle: string | undefined;
}

/**
 * Runs a compiled pipeline.
 *
 * @param folder gets the files of the pods
 */
export async function runByArgo({ document, pipeline, yaml, bundle }: Compiled, parameters: Parameters, folder: string, environment: Record<string, string | undefined>): Promise<EndedRun> {
  rmSync(folder, { recursive: true, force: true });
  const store = new ArtifactStore(join(folder, "store"));
  for (const key of objects) store.put(key, standInObject(folder), false);
  const pods: EndedPod[] = [];
  const processes = podProcesses({ folder, store, entrypoint, root, environment, jobs: 2, ...(bundle === undefined ? {} : { bundle }) });
  const outcome: OutcomeOf = async (pod) => {
    const ended = await processes(pod);
    pods.push({ pod, outcome: ended });
    return ended;
  };
  const uid = "0b1c2d3e-run";
  const startedAt = Date.now();
  const known = { "/hmc-workspace": "<workspace>", [uid]: "<run>", [workflowName]: "<run>", [`${new Date(startedAt).toISOString().slice(0, 19)}Z`]: "<time>" };
  const documents = parseAllDocuments(yaml, { version: "1.1" }).map((document) => named(document.toJS() as Manifest));
  const values = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [argoName(name), textOf(pipeline.inputs[name]?.type as ValueType, value)]));
  const run = await simulate(documents, { outcome, parameters: values, uid, startedAt });
  const messages = run.nodes.filter(({ message }) => message !== "").map(({ name, phase, message }) => `${name} ${phase}: ${message}`);
  return {
    isDone: run.phase === "Succeeded",
    outputs: outputsOf(pipeline, run, store, join(folder, "outputs")),
    tasks: lastTries(run, pods).map(({ pod, outcome: { phase, params = {} } }) => ranPod(componentOf(document, pod), pod, phase === "Succeeded", params, known)).sort(),
    log: [folder, `${run.phase} ${run.message}${run.hung ? " and never ends" : ""}`, ...run.waits.map(({ node, reason }) => `${node} waits: ${reason}`), ...messages].join("\n"),
  };
}

/** An empty file: importers of `hmc run` do not download. */
function standInObject(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "object");
  writeFileSync(path, "");
  return path;
}

type Manifest = { metadata: { name?: string; generateName?: string } };

/** A workflow with a name that stands nowhere else. */
function named(manifest: Manifest): Manifest {
  return manifest.metadata.generateName === undefined ? manifest : { ...manifest, metadata: { ...manifest.metadata, name: workflowName } };
}

function ranPod(component: Component, pod: PodRequest, isDone: boolean, outputs: Readonly<Record<string, string>>, known: Record<string, string>): string {
  return isDone ? ranTask(component, valuesOf(component.inputs, pod.parameters), valuesOf(component.outputs, outputs), known) : failedTask(component);
}

function textOf(type: ValueType, value: Json): string {
  return type.kind === "string" ? escapeText(value as string) : JSON.stringify(escapeJson(value));
}

/** The pods of a node with retries are one task. */
function lastTries(run: SimulatedRun, pods: readonly EndedPod[]): EndedPod[] {
  const retried = new Set(run.nodes.filter(({ type }) => type === "Retry").map(({ name }) => name));
  const last = new Map<string, EndedPod>();
  for (const each of pods) {
    const task = each.pod.node.replace(/\(\d+\)$/, "");
    last.set(retried.has(task) ? task : each.pod.node, each);
  }
  return [...last.values()];
}

function componentOf(document: Document, { command = [], template }: PodRequest): Component {
  const isOp = command.at(-3) === "run" && command.at(-1) === "--argo";
  const isMeant = isOp ? ({ id }: Component) => id === command.at(-2) : ({ id, kind }: Component) => kind === "container" && plainName(id) === plainName(template);
  const found = Object.values(document.components).find(isMeant);
  if (found === undefined) throw new Error(`No component for the template "${template}".`);
  return found;
}

/** Templates of one component differ by a number. */
function plainName(name: string): string {
  return name.replace(/-\d+$/, "");
}

/** Values from their texts; those of other parameters, and absent ones, are left out. */
function valuesOf(ports: Record<string, { type: ValueType }>, texts: Readonly<Record<string, string>>): Values {
  return Object.fromEntries(
    Object.entries(ports).flatMap(([name, { type }]): [string, Json][] => {
      const text = texts[argoName(name)];
      return type.kind === "artifact" || text === undefined || text === absentText ? [] : [[name, valueOf(type, text)]];
    }),
  );
}

function valueOf(type: ParameterType, text: string): Json {
  return type.kind === "string" ? unescapeText(text) : unescapeJson(JSON.parse(text) as Json);
}

function outputsOf(pipeline: Pipeline, run: SimulatedRun, store: ArtifactStore, folder: string): Record<string, Json> {
  const { parameters, artifacts } = run.nodes.find(({ name }) => !name.includes("."))?.outputs ?? { parameters: {}, artifacts: {} };
  const outputs: Record<string, Json> = {};
  for (const [name, { type }] of Object.entries(pipeline.outputs)) {
    const own = argoName(name);
    const text = parameters[type.kind === "artifact" ? `hmc-meta-${own}` : own];
    if (text === undefined || text === absentText) continue;
    if (type.kind !== "artifact") {
      const value = valueOf(type, text);
      if (value !== null) outputs[name] = value;
      continue;
    }
    const path = join(folder, own);
    mkdirSync(folder, { recursive: true });
    store.get(`s3:${artifacts[own] ?? ""}`, path);
    const metas = unescapeJson(JSON.parse(text) as Json) as { metadata?: Json }[] | { metadata?: Json };
    outputs[name] = Array.isArray(metas) ? metas.map(({ metadata = {} }, index) => ofFile(join(path, String(index)), metadata)) : ofFile(path, metas.metadata ?? {});
  }
  return outputs;
}
