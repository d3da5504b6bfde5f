/** Small builders of IR documents, so that a test shows only what it is about. */
import type {
  Arm, Block, Branch, Document, Expression, Json, Loop, Node, OpComponent, Output, Pipeline, PipelineOptions, Span, Task, TaskOptions, Try, ValueType,
} from "../../compiler/ir/types.ts";

let offset = 0;

/** A new stretch on a line of its own, after all that were made before. */
export function span(file = "pipeline.ts"): Span {
  offset += 10;
  const line = offset / 10;
  return { file, start: offset, end: offset + 5, line, column: 1, endLine: line, endColumn: 6 };
}

export const string: ValueType = { kind: "string" };
export const number: ValueType = { kind: "number" };

export function artifact(title: string): ValueType {
  return { kind: "artifact", schemaTitle: `system.${title}`, schemaVersion: "0.0.1", list: false };
}

export function output(task: string, name = "Output", type: ValueType = string): Expression {
  return { kind: "output", task, output: name, type, span: span() };
}

export function constant(value: Json, type: ValueType = string): Expression {
  return { kind: "constant", value, type, span: span() };
}

export function input(name: string, type: ValueType = string): Expression {
  return { kind: "input", name, type, span: span() };
}

export function op(id: string, options: TaskOptions = {}, outputs: Record<string, ValueType> = {}): OpComponent {
  const declared: Record<string, Output> = {};
  for (const [name, type] of Object.entries(outputs)) declared[name] = { type, span: span() };
  return { kind: "op", id, name: id, inputs: {}, outputs: declared, options, implementation: { module: "pipeline.ts", export: id }, span: span() };
}

/** A task of the op with the same id, without the number at its end. */
export function task(id: string, inputs: Record<string, Expression> = {}, after: string[] = [], options: TaskOptions = {}): Task {
  return { kind: "task", id, target: { kind: "component", id: id.replace(/-\d+$/, "") }, inputs, after, ignoreUpstreamFailure: false, options, span: span() };
}

export function block(...nodes: Node[]): Block {
  return { nodes };
}

export function loop(id: string, items: Expression, ...nodes: Node[]): Loop {
  return { kind: "loop", id, items, itemName: "x", itemType: string, body: block(...nodes), span: span() };
}

export function branch(id: string, condition: Expression, ...nodes: Node[]): Branch {
  const arm: Arm = { condition, block: block(...nodes), span: span() };
  return { kind: "branch", id, arms: [arm, { block: block(), span: span() }], selects: [], hasElse: false, span: span() };
}

export function tryFinally(id: string, body: Block, last: Block): Try {
  return { kind: "try", id, body, finally: last, span: span() };
}

export function pipeline(id: string, nodes: Node[], options: PipelineOptions = {}): Pipeline {
  return { id, name: id, inputs: {}, outputs: {}, options, body: block(...nodes), span: span() };
}

/** A document of these pipelines and ops; ops that are missing are made, all with an image. */
export function documentOf(pipelines: Pipeline[], ops: OpComponent[] = [], defaults: TaskOptions = { image: "ghcr.io/acme/demo:1.0" }): Document {
  const components: Document["components"] = Object.fromEntries(ops.map((one) => [one.id, one]));
  const add = (nodes: Node[]): void => {
    for (const node of nodes) {
      if (node.kind === "task") {
        if (node.target.kind === "component") components[node.target.id] ??= op(node.target.id, {}, { Output: string });
      } else if (node.kind === "loop" || node.kind === "while") add(node.body.nodes);
      else if (node.kind === "branch") for (const arm of node.arms) add(arm.block.nodes);
      else for (const part of [node.body, node.catch, node.finally]) add(part?.nodes ?? []);
    }
  };
  for (const one of pipelines) add(one.body.nodes);
  return {
    irVersion: "1.0",
    entry: "pipeline.ts",
    sources: [],
    environment: [],
    defaults,
    exported: pipelines.map((one) => one.id),
    components,
    pipelines: Object.fromEntries(pipelines.map((one) => [one.id, one])),
  };
}
