/** `hmc op` */
import { resolve } from "node:path";
import { TextDecoder } from "node:util";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { diagnostic } from "../diagnostics/diagnostic.ts";
import { nearestName } from "../diagnostics/nearest.ts";
import type { Host } from "../host.ts";
import type { Component, Document, Expression, Json, Pipeline } from "../ir/types.ts";
import { readParameters } from "../../runtime/local/parameters.ts";
import { analysed } from "./analysed.ts";
import { exitCodes } from "./exit-codes.ts";
import { reportDiagnostics } from "./report.ts";
import { runAndReport, type RunFlags } from "./run.ts";
import type { Terminal } from "./terminal.ts";

export interface OpFlags extends Pick<RunFlags, "exec" | "json"> {
  /** `name=value`, repeated; a path for an artifact. */
  parameter?: string[];
  /** A JSON file with the inputs by name. */
  inputJson?: string;
}

/** Runs one op of a file alone, as a run of one task, and prints its outputs. */
export async function opCommand(host: Host, terminal: Terminal, given: string, name: string, flags: OpFlags): Promise<number> {
  const found = analysed(host, terminal, given, "exported");
  if (found === undefined) return exitCodes.failure;
  const { analysis, document } = found;
  const report = (diagnostics: Diagnostic[]) => reportDiagnostics(host, terminal, { ...analysis, diagnostics }, "frame", "err");
  const components = Object.values(document.components);
  const component = components.find((candidate) => candidate.id === name || candidate.name === name);
  if (component === undefined) {
    const names = components.map((candidate) => candidate.id);
    report([diagnostic("HMC6008", undefined, { op: name, file: given, names, suggestion: nearestName(name, names) })]);
    return exitCodes.failure;
  }
  const file = flags.inputJson === undefined ? { values: {} } : readInputFile(host, flags.inputJson);
  const inputs = readParameters(
    { kind: "op", name: component.id, inputs: component.inputs },
    { texts: flags.parameter ?? [], option: "-p", values: file.values ?? {}, resolvePath: (path) => resolve(host.cwd(), path) },
  );
  const pipeline = alone(component);
  const alongside: Document = { ...document, pipelines: { [pipeline.id]: pipeline }, exported: [pipeline.id] };
  const diagnostics = "problem" in file ? [file.problem] : inputs.diagnostics;
  return runAndReport(host, terminal, { analysis, document: alongside, pipeline, parameters: inputs.values, diagnostics, flags, isOp: true });
}

/** A pipeline of one task with the inputs and outputs of the component. */
function alone(component: Component): Pipeline {
  const { id, name, inputs, outputs, span } = component;
  const read = (expression: Pick<Expression, "type"> & ({ kind: "input"; name: string } | { kind: "output"; task: string; output: string })): Expression => ({ ...expression, span });
  return {
    id,
    name,
    inputs,
    outputs: Object.fromEntries(Object.entries(outputs).map(([output, { type }]) => [output, { type, value: read({ kind: "output", task: id, output, type }), span }])),
    options: {},
    body: {
      nodes: [
        {
          kind: "task",
          id,
          target: { kind: "component", id },
          inputs: Object.fromEntries(Object.entries(inputs).map(([input, { type }]) => [input, read({ kind: "input", name: input, type })])),
          after: [],
          ignoreUpstreamFailure: false,
          options: {},
          span,
        },
      ],
    },
    span,
  };
}

function readInputFile(host: Host, given: string): { values: Record<string, Json> } | { values?: never; problem: Diagnostic } {
  const fail = (problem: string) => ({ problem: diagnostic("HMC6009", undefined, { file: given, problem }) });
  const bytes = host.readFile(resolve(host.cwd(), given));
  if (bytes === undefined) return fail("there is no such file");
  let value: Json;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes)) as Json;
  } catch (error) {
    return fail((error as Error).message);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return fail("it holds no object");
  return { values: value };
}
