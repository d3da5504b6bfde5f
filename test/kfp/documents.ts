/** Small documents of the IR, written by hand, for what no pipeline file should be needed for. */
import type { Block, Component, Document, Expression, Input, Json, OpComponent, ParameterType, Pipeline, PipelineOutput, Span, Task, TaskOptions, ValueType } from "../../compiler/ir/types.ts";
import { emitKfp, type KfpOptions } from "../../compiler/targets/kfp/index.ts";
import type { PipelineSpec, PlatformSpec } from "../../compiler/targets/kfp/spec.ts";
import { parseAllDocuments } from "yaml";

export const span: Span = { file: "pipeline.ts", start: 0, end: 1, line: 1, column: 1, endLine: 1, endColumn: 2 };

export const text: ParameterType = { kind: "string" };
export const integer: ParameterType = { kind: "integer" };
export const number: ParameterType = { kind: "number" };
export const boolean: ParameterType = { kind: "boolean" };
export const listOf = (items: ParameterType): ParameterType => ({ kind: "list", items });

export const constant = (value: Json, type: ParameterType = text): Expression => ({ kind: "constant", value, type, span });
export const input = (name: string, type: ValueType = text): Expression => ({ kind: "input", name, type, span });
export const output = (task: string, type: ValueType = text, name = "Output"): Expression => ({ kind: "output", task, output: name, type, span });
export const given = (type: ValueType, more: Partial<Input> = {}): Input => ({ type, optional: false, span, ...more });

export function op(id: string, inputs: Record<string, Input>, outputs: Record<string, ValueType> = { Output: text }, options: TaskOptions = {}): OpComponent {
  const declared = Object.fromEntries(Object.entries(outputs).map(([name, type]) => [name, { type, span }]));
  return { kind: "op", id, name: id, inputs, outputs: declared, options, implementation: { module: "pipeline.ts", export: id }, span };
}

export function task(id: string, component: string, inputs: Record<string, Expression> = {}, more: Partial<Task> = {}): Task {
  return { kind: "task", id, target: { kind: "component", id: component }, inputs, after: [], ignoreUpstreamFailure: false, options: {}, span, ...more };
}

export function pipeline(id: string, nodes: Block["nodes"], more: { inputs?: Record<string, Input>; outputs?: Record<string, PipelineOutput> } & Partial<Pipeline> = {}): Pipeline {
  return { id, name: id, inputs: {}, outputs: {}, options: {}, body: { nodes }, span, ...more };
}

export function document(components: Component[], ...pipelines: Pipeline[]): Document {
  return {
    irVersion: "1.0",
    entry: "pipeline.ts",
    sources: [{ path: "pipeline.ts", sha256: "0".repeat(64) }],
    environment: [],
    defaults: { image: "ghcr.io/acme/ops:1.0" },
    exported: pipelines.map(({ id }) => id),
    components: Object.fromEntries(components.map((component) => [component.id, component])),
    pipelines: Object.fromEntries(pipelines.map((one) => [one.id, one])),
  };
}

export const options: KfpOptions = { shape: "real", entrypoint: ["node", "/app/main.mjs"], version: "2.17", toolVersion: "1.2.3" };

/** Compiles the last pipeline of a document and reads the YAML again. */
export function emit(of: Document, more: Partial<KfpOptions> = {}): { spec: PipelineSpec; platform: PlatformSpec | undefined; yaml: string; codes: string[] } {
  const last = Object.keys(of.pipelines).at(-1) as string;
  const { yaml, diagnostics } = emitKfp(of, last, { ...options, ...more });
  if (yaml === undefined) throw new Error(diagnostics.map(({ code, message }) => `${code} ${message}`).join("\n"));
  const [spec, platform] = parseAllDocuments(yaml).map((one) => one.toJS() as unknown);
  return { spec: spec as PipelineSpec, platform: platform as PlatformSpec | undefined, yaml, codes: diagnostics.map(({ code }) => code) };
}

/** The codes that a document raises. */
export function codesOf(of: Document, more: Partial<KfpOptions> = {}): string[] {
  return emitKfp(of, Object.keys(of.pipelines).at(-1) as string, { ...options, ...more }).diagnostics.map(({ code }) => code);
}
