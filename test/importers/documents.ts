/** Small documents for tests, made by hand. */
import type { Argument, Branch, ContainerComponent, Document, Expression, Input, Node, Output, Pipeline, Span, Task, ValueType } from "../../compiler/ir/types.ts";

export const span: Span = { file: "pipeline.ts", start: 0, end: 0, line: 1, column: 1, endLine: 1, endColumn: 1 };

/** An expression without its span. */
export type Bare<T = Expression> = T extends { span: Span } ? Omit<T, "span"> & { span?: Span } : never;

/** An expression with the span that it lacks. */
export function at(expression: Bare): Expression {
  return { span, ...expression } as Expression;
}

export function inputsOf(types: Record<string, ValueType>): Record<string, Input> {
  return Object.fromEntries(Object.entries(types).map(([name, type]) => [name, { type, optional: false, span }]));
}

export interface ContainerParts {
  name?: string;
  description?: string;
  inputs?: Record<string, ValueType>;
  outputs?: Record<string, ValueType>;
  command?: Argument[];
  args?: Argument[];
  env?: Record<string, string>;
}

export function containerOf(id: string, { name = id, description, inputs = {}, outputs = {}, command = [], args = [], env = {} }: ContainerParts): ContainerComponent {
  const declared: Record<string, Output> = Object.fromEntries(Object.entries(outputs).map(([output, type]) => [output, { type, span }]));
  return { kind: "container", id, name, ...(description === undefined ? {} : { description }), inputs: inputsOf(inputs), outputs: declared, span, options: { image: "ghcr.io/acme/tool:1.0" }, command, args, env };
}

export function taskOf(id: string, component: string, inputs: Record<string, Bare>, more: Partial<Task> = {}): Task {
  return {
    kind: "task",
    id,
    target: { kind: "component", id: component },
    inputs: Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, at(value)])),
    after: [],
    ignoreUpstreamFailure: false,
    options: {},
    span,
    ...more,
  };
}

export function branchOf(id: string, arms: [Bare | undefined, Node[]][], more: Partial<Branch> = {}): Branch {
  const last = arms.at(-1);
  const all = last?.[0] === undefined ? arms : [...arms, [undefined, []] as [undefined, Node[]]];
  return {
    kind: "branch",
    id,
    arms: all.map(([condition, nodes]) => ({ ...(condition === undefined ? {} : { condition: at(condition) }), block: { nodes }, span })),
    selects: [],
    hasElse: all === arms,
    span,
    ...more,
  };
}

export function pipelineOf(id: string, nodes: Node[], { description, inputs = {}, outputs = {} }: { description?: string; inputs?: Record<string, ValueType>; outputs?: Record<string, Bare> } = {}): Pipeline {
  return {
    id,
    name: id,
    ...(description === undefined ? {} : { description }),
    inputs: inputsOf(inputs),
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, { type: value.type, value: at(value), span }])),
    options: {},
    body: { nodes },
    span,
  };
}

/** A document that exports its last pipeline. */
export function documentOf(components: ContainerComponent[], pipelines: Pipeline[]): Document {
  const last = pipelines.at(-1);
  return {
    irVersion: "1.0",
    entry: "test/importers/virtual/pipeline.ts",
    sources: [],
    environment: [],
    defaults: {},
    exported: last === undefined ? [] : [last.id],
    components: Object.fromEntries(components.map((component) => [component.id, component])),
    pipelines: Object.fromEntries(pipelines.map((pipeline) => [pipeline.id, pipeline])),
  };
}
