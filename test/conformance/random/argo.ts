/**
 * Runs random pipelines, compiled for Argo, on the simulator of its controller, and compares what was run, and what it gave, with the
 * interpreter. Ops run in this process, by the protocol of the entrypoint.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseAllDocuments } from "yaml";
import { bug } from "../../../compiler/bug.ts";
import type { Document, Json, ValueType } from "../../../compiler/ir/types.ts";
import { simulate } from "../../../runtime/argo/simulate.ts";
import { keyOf, locationOf } from "../../../runtime/argo/artifacts.ts";
import type { PodOutcome, PodRequest } from "../../../runtime/argo/options.ts";
import type { SimulatedRun } from "../../../runtime/argo/report.ts";
import { argoExecutorInput, writeArgoOutputs } from "../../../runtime/protocols/argo.ts";
import { outputsOf, prepareOutputs, readInputs } from "../../../runtime/protocols/kfp.ts";
import { interfaceOf, type Interface } from "../../../runtime/registry.ts";
import { absentText, escapeJson, escapeText, unescapeJson, unescapeText } from "../../../runtime/text.ts";
import { isArtifact, type Pipeline, type Program } from "./ast.ts";
import { execute, interpret, received, type Execution } from "./interpret.ts";
import { pipelineId } from "./names.ts";
import { differences, parametersOf } from "./run.ts";

/** The command that stands for the entrypoint in what is compiled. */
export const entrypoint = ["hmc-random"];

/** @param folder gets the files of the pods while the run lasts */
export async function argoDifferences(program: Program, document: Document, main: Pipeline, yaml: string, folder: string): Promise<string[]> {
  const parameters = parametersOf(program, main);
  const pods = new Pods(program, document, folder);
  const documents = parseAllDocuments(yaml, { version: "1.1" }).map((each) => each.toJS() as unknown);
  const given = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, typeof value === "string" ? escapeText(value) : JSON.stringify(escapeJson(value))]));
  const run = await simulate(documents, { outcome: (pod) => pods.run(pod), parameters: given, uid: "uid" });
  rmSync(folder, { recursive: true, force: true });
  if (run.phase !== "Succeeded") return [`${run.phase}${run.hung ? " and hangs" : ""}: ${run.message}`, ...run.waits.map(({ node, reason }) => `${node} waits: ${reason}`), ...run.nodes.filter(({ message }) => message !== "").map(({ name, phase, message }) => `${name} ${phase}: ${message}`)];
  const { outputs } = document.pipelines[pipelineId(main.name)] ?? bug(`no pipeline ${main.name}`);
  const actual = Object.fromEntries(Object.entries(outputs).map(([name, { type }]) => [name, pods.output(run, name, type)]));
  return differences(interpret(main, parameters), pods.executions, actual);
}

/** The pods of a run, and the artifacts that they give. */
class Pods {
  readonly executions: Execution[] = [];
  readonly #store = new Map<string, string>();
  #count = 0;

  constructor(
    readonly program: Program,
    readonly document: Document,
    readonly folder: string,
  ) {}

  run(pod: PodRequest): PodOutcome {
    const id = pod.command?.[entrypoint.length + 1] ?? bug(`no op in the command of ${pod.node}`);
    const component = this.document.components[id];
    if (component?.kind !== "op") return bug(`no op ${id}`);
    const contract = interfaceOf(component);
    const root = join(this.folder, String(this.#count++));
    const place = (path: string | undefined): string => (path ?? bug(`no path in ${pod.node}`)).replace(/^\/hmc/, root);
    for (const artifact of pod.artifacts) {
      if (!this.#stage(place(artifact.path), locationOf(artifact)?.store === "raw" ? undefined : keyOf(artifact)) && artifact.optional !== true && locationOf(artifact)?.store !== "raw") return { phase: "Error", message: `the artifact "${artifact.name}" is not there` };
    }
    try {
      this.#runOp(id, contract, pod.source ?? "", root);
    } catch (error) {
      return { phase: "Failed", message: (error as Error).message };
    }
    const artifacts = (pod.outputs.artifacts ?? []).map((artifact): [string, string] => {
      const key = locationOf(artifact) === undefined ? `pods/${pod.podName}/${artifact.name}` : keyOf(artifact);
      this.#store.set(key, readFileSync(place(artifact.path), "utf8"));
      return [artifact.name, key];
    });
    const params = (pod.outputs.parameters ?? []).map(({ name, valueFrom }): [string, string] => [name, readFileSync(place(valueFrom?.path), "utf8").replace(/\n$/, "")]);
    return { phase: "Succeeded", params: Object.fromEntries(params), artifacts: Object.fromEntries(artifacts) };
  }

  /** Puts an object, or everything below a key, to a path. Nothing to read is an empty file. */
  #stage(path: string, key: string | undefined): boolean {
    const found = key === undefined ? [["", ""]] : [...this.#store].flatMap(([other, content]) => (other === key || other.startsWith(`${key}/`) ? [[other.slice(key.length), content]] : []));
    for (const [below = "", content = ""] of found) {
      mkdirSync(dirname(path + below), { recursive: true });
      writeFileSync(path + below, content);
    }
    return found.length > 0;
  }

  #runOp(id: string, contract: Interface, source: string, root: string): void {
    const executorInput = argoExecutorInput(id, contract, source, root);
    const given = Object.fromEntries(Object.entries(readInputs(id, contract, executorInput)).map(([name, value]) => [name, contentOf(value)]));
    const out = prepareOutputs(id, contract, executorInput);
    const op = this.program.ops.find(({ name }) => pipelineId(name) === id);
    if (op === undefined) {
      this.executions.push({ op: "leave", inputs: { text: given["text"] } });
      return writeArgoOutputs(contract, outputsOf(id, contract, undefined, out), out, root);
    }
    const inputs = received(op, given);
    this.executions.push({ op: op.name, inputs });
    const values = execute(op, inputs);
    for (const port of op.outputs.filter(({ type }) => isArtifact(type))) {
      const artifact = out[port.name];
      if (artifact !== undefined && !Array.isArray(artifact)) writeFileSync(artifact.path, String(values[port.name]));
    }
    const parameters = Object.fromEntries(op.outputs.filter(({ type }) => !isArtifact(type)).map(({ name }) => [name, values[name]]));
    writeArgoOutputs(contract, outputsOf(id, contract, op.single ? values["Output"] : parameters, out), out, root);
  }

  /** An output of the run: the value, or the content of the artifacts. */
  output(run: SimulatedRun, name: string, type: ValueType): unknown {
    const { parameters = {}, artifacts = {} } = run.nodes.find((node) => !node.name.includes("."))?.outputs ?? {};
    if (type.kind !== "artifact") {
      const text = parameters[name];
      return text === undefined || text === absentText ? undefined : type.kind === "string" ? unescapeText(text) : unescapeJson(JSON.parse(text) as Json);
    }
    const key = artifacts[name] ?? "";
    if (!type.list) return this.#store.get(key);
    const below = [...this.#store].filter(([other]) => other.startsWith(`${key}/`)).map(([other, content]) => ({ other: other.slice(key.length + 1), content }));
    return below.sort((a, b) => a.other.localeCompare(b.other, "en", { numeric: true })).map(({ content }) => content);
  }
}

/** Artifacts as their content. */
function contentOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(contentOf);
  return typeof value === "object" && value !== null && "uri" in value && "path" in value ? readFileSync(String(value.path), "utf8") : value;
}
