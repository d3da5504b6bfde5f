/** Pipelines: the root of the file, and DAGs that are called as one task. */
import { uniqueName } from "../../ir/names.ts";
import type { Pipeline, PipelineOptions } from "../../ir/types.ts";
import { contentOf } from "./contents.ts";
import { dagOutput, raiseDag } from "./graph.ts";
import { baseName, camelCase } from "./identifiers.ts";
import { newDag, type Path, type Raising, type TaskPlace } from "./raising.ts";
import type { ComponentSpec } from "./spec.ts";
import { inputsOf, outputsOf } from "./types.ts";

/** The pipeline that a task calls. Equal ones are one. */
export function calledPipeline(raising: Raising, place: TaskPlace): Pipeline {
  const content = contentOf(raising, place.componentName);
  const known = raising.known.get(content);
  if (known?.kind === "pipeline") return known.pipeline;
  const pipeline = raisePipeline(raising, place.component, ["components", place.componentName], baseName(place.key), {});
  raising.known.set(content, { kind: "pipeline", pipeline });
  return pipeline;
}

/** Raises a DAG as a pipeline, and adds it to the document. */
export function raisePipeline(raising: Raising, spec: ComponentSpec, path: Path, name: string, options: PipelineOptions): Pipeline {
  const id = uniqueName(name, raising.pipelineIds);
  const inputs = inputsOf(raising, spec.inputDefinitions, path);
  const span = raising.file.locate(path);
  const dag = newDag(raising, spec, path);
  for (const [input, { type }] of Object.entries(inputs)) dag.inputs.set(input, { kind: "input", name: input, type, span });
  const pipeline: Pipeline = { id, name: camelCase(id), inputs, outputs: {}, options, body: { nodes: [] }, span };
  pipeline.body = raiseDag(dag);
  for (const [output, { type, span: at, description }] of Object.entries(outputsOf(raising, spec.outputDefinitions, path))) {
    const value = dagOutput(dag, output, type.kind === "artifact");
    if (value !== undefined) pipeline.outputs[output] = { type, ...(description === undefined ? {} : { description }), value, span: at };
  }
  raising.pipelines.set(id, pipeline);
  return pipeline;
}
