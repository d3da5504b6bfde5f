/** Runs random pipelines locally and compares what was run, and what it gave, with the interpreter. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { bug } from "../../../compiler/bug.ts";
import type { Document, Json } from "../../../compiler/ir/types.ts";
import type { Value as RunValue } from "../../../runtime/local/evaluate.ts";
import { runLocally } from "../../../runtime/local/run.ts";
import { schedule, type Execute } from "../../../runtime/local/scheduler.ts";
import type { Artifact } from "../../../runtime/protocols/kfp.ts";
import { isArtifact, type Pipeline, type Program } from "./ast.ts";
import { derive } from "./derive.ts";
import { execute, interpret, received, sorted, type Execution } from "./interpret.ts";
import { pipelineId } from "./names.ts";

const signal = new AbortController().signal;
const observer = { task: () => undefined };

/** By the scheduler alone: ops run in this process, and an artifact's URI is its content. */
export async function scheduledDifferences(program: Program, document: Document, main: Pipeline): Promise<string[]> {
  const executions: Execution[] = [];
  const run: Execute = async ({ component, inputs }) => {
    if (component.id === "leave") {
      executions.push({ op: "leave", inputs: { text: inputs["text"] } });
      return { ok: true, outputs: {} };
    }
    const op = program.ops.find(({ name }) => pipelineId(name) === component.id) ?? bug(`no op ${component.id}`);
    const given = received(op, Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, contentOf(value, (artifact) => artifact.uri)])));
    executions.push({ op: op.name, inputs: given });
    const outputs = Object.entries(execute(op, given)).map(([name, value]): [string, Json | Artifact] => {
      const port = op.outputs.find((each) => each.name === name);
      return [name, port !== undefined && isArtifact(port.type) ? { name, uri: value as string, path: value as string, metadata: {} } : (value as Json)];
    });
    return { ok: true, outputs: Object.fromEntries(outputs) };
  };
  const parameters = parametersOf(program, main);
  const ended = await schedule({ document, pipeline: pipelineOf(document, main), parameters, jobs: 4, execute: run, observer, context: (name) => name, signal });
  if (ended.state === "failed") return ended.failures.map(({ task, reason }) => `${task}: ${reason}`);
  return differences(interpret(main, parameters), executions, contentsOf(ended.outputs, (artifact) => artifact.uri));
}

/** As `hmc run` does it: a bundle, a process for each task, artifacts as files. */
export async function processDifferences(program: Program, document: Document, main: Pipeline, folder: string): Promise<string[]> {
  const log = join(folder, `${main.name}.log`);
  rmSync(log, { force: true });
  const parameters = parametersOf(program, main);
  const environment = { ...process.env, HMC_RANDOM_LOG: log };
  const pipeline = pipelineOf(document, main);
  const ended = await runLocally({ document, pipeline, root: folder, parameters, jobs: 2, containersOnHost: false, environment, now: () => new Date(), observer, signal });
  if (ended.kind === "notStarted") return ended.diagnostics.map(({ message }) => message);
  if (ended.state !== "succeeded") return ended.failures.map(({ task, reason }) => `${task}: ${reason}`);
  const lines = existsSync(log) ? readFileSync(log, "utf8").trimEnd().split("\n") : [];
  const { executions, outputs } = interpret(main, parameters);
  const read = (artifact: Artifact): string => readFileSync(artifact.path, "utf8");
  // The exit task writes no log.
  return differences({ executions: executions.filter(({ op }) => op !== "leave"), outputs }, lines.map((line) => JSON.parse(line) as Execution), contentsOf(ended.outputs, read));
}

/** How many tasks a run has. */
export function taskCount(program: Program, main: Pipeline): number {
  return interpret(main, parametersOf(program, main)).executions.length;
}

/** Values of the parameters that a run must give. */
export function parametersOf(program: Program, main: Pipeline): Record<string, Json> {
  return Object.fromEntries(main.inputs.filter((port) => port.optional !== true).map((port, index) => [port.name, derive(program.seed * 31 + index, port.name, port.type) as Json]));
}

function pipelineOf(document: Document, main: Pipeline): Document["pipelines"][string] {
  return document.pipelines[pipelineId(main.name)] ?? bug(`no pipeline ${main.name}`);
}

/**
 * What was done otherwise than the interpreter does it.
 *
 * @param given the outputs of the run; artifacts as their content
 */
export function differences(expected: ReturnType<typeof interpret>, executions: Execution[], given: Record<string, unknown>): string[] {
  const actual = sorted(executions);
  const wanted = sorted(expected.executions);
  return [
    ...wanted.filter((text) => !actual.includes(text)).map((text) => `not run: ${text}`),
    ...actual.filter((text) => !wanted.includes(text)).map((text) => `run: ${text}`),
    ...(actual.length === wanted.length ? [] : [`${actual.length} executions, ${wanted.length} expected`]),
    ...(isDeepStrictEqual(given, JSON.parse(JSON.stringify(expected.outputs))) ? [] : [`outputs ${JSON.stringify(given)}, expected ${JSON.stringify(expected.outputs)}`]),
  ];
}

function contentsOf(outputs: Record<string, RunValue>, read: (artifact: Artifact) => string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, contentOf(value, read)]));
}

function contentOf(value: RunValue, read: (artifact: Artifact) => string): unknown {
  if (Array.isArray(value)) return value.map((each) => contentOf(each as RunValue, read));
  return typeof value === "object" && value !== null && "uri" in value ? read(value as Artifact) : value;
}
