/** Changes expressions without touching the ones given. */
import { isRunTime, runTimeOptions } from "./traverse.ts";
import type { Block, Expression, Node, Pipeline, Task, TaskOptions } from "./types.ts";

/** The expression with `change` applied to each of its parts, inner ones first. Parts that do not change are shared. */
export function mapExpressions(expression: Expression, change: (expression: Expression) => Expression): Expression {
  const map = (inner: Expression): Expression => mapExpressions(inner, change);
  switch (expression.kind) {
    case "constant":
    case "absent":
    case "input":
    case "output":
    case "item":
    case "index":
    case "carried":
    case "final":
    case "select":
    case "status":
    case "taskStatus":
    case "context":
    case "argo":
      return change(expression);
    case "cel":
      return change({ ...expression, parts: expression.parts.map((part) => (typeof part === "string" ? part : map(part))) });
    case "collect":
    case "present":
      return change({ ...expression, value: map(expression.value) });
    case "member":
      return change({ ...expression, object: map(expression.object) });
    case "element":
      return change({ ...expression, object: map(expression.object), index: map(expression.index) });
    case "template":
      return change({ ...expression, parts: expression.parts.map(map) });
    case "unary":
      return change({ ...expression, operand: map(expression.operand) });
    case "binary":
      return change({ ...expression, left: map(expression.left), right: map(expression.right) });
    case "conditional":
      return change({ ...expression, test: map(expression.test), consequent: map(expression.consequent), alternate: map(expression.alternate) });
    case "coalesce":
      return change({ ...expression, value: map(expression.value), fallback: map(expression.fallback) });
    case "call":
      return change({ ...expression, arguments: expression.arguments.map(map) });
    case "list":
      return change({ ...expression, items: expression.items.map(map) });
    case "struct":
      return change({ ...expression, fields: Object.fromEntries(Object.entries(expression.fields).map(([name, field]) => [name, map(field)])) });
    case "range":
      return change({ ...expression, count: map(expression.count) });
  }
}

/** The options with `change` applied to the expressions of their run-time values, as `mapExpressions` does. */
export function mapOptions(options: TaskOptions, change: (expression: Expression) => Expression): TaskOptions {
  if (runTimeOptions(options).length === 0) return options;
  const map = (value: unknown): unknown => {
    if (isRunTime(value)) return { expression: mapExpressions(value.expression, change) };
    if (Array.isArray(value)) return value.map(map);
    return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, map(member)])) : value;
  };
  const { spans, kfp, argo, ...own } = options;
  return { ...options, ...(map(own) as TaskOptions) };
}

/** A task with `change` applied to each of its expressions. */
export function mapTask(task: Task, change: (expression: Expression) => Expression): Task {
  return {
    ...task,
    inputs: Object.fromEntries(Object.entries(task.inputs).map(([name, value]) => [name, mapExpressions(value, change)])),
    options: mapOptions(task.options, change),
    ...(task.when === undefined ? {} : { when: mapExpressions(task.when, change) }),
  };
}

/** A node with `change` applied to each of its own expressions and `inner` to the nodes of each of its blocks. */
export function mapNode(node: Node, change: (expression: Expression) => Expression, inner: (nodes: Node[]) => Node[]): Node {
  const map = (expression: Expression): Expression => mapExpressions(expression, change);
  const block = ({ nodes }: Block): Block => ({ nodes: inner(nodes) });
  switch (node.kind) {
    case "task":
      return mapTask(node, change);
    case "branch":
      return {
        ...node,
        arms: node.arms.map((arm) => ({ ...arm, block: block(arm.block), ...(arm.condition === undefined ? {} : { condition: map(arm.condition) }) })),
        selects: node.selects.map((select) => ({ ...select, values: select.values.map(map) })),
      };
    case "loop":
      return { ...node, items: map(node.items), body: block(node.body) };
    case "while":
      return {
        ...node,
        condition: map(node.condition),
        carried: node.carried.map((carried) => ({ ...carried, initial: map(carried.initial), next: map(carried.next) })),
        body: block(node.body),
      };
    case "try":
      return {
        ...node,
        body: block(node.body),
        ...(node.selects === undefined ? {} : { selects: node.selects.map((select) => ({ ...select, values: select.values.map(map) })) }),
        ...(node.catch === undefined ? {} : { catch: block(node.catch) }),
        ...(node.finally === undefined ? {} : { finally: block(node.finally) }),
      };
  }
}

/** A pipeline with `change` applied to every expression in it, and then `after` to every node, inner ones first. */
export function mapPipeline(pipeline: Pipeline, change: (expression: Expression) => Expression, after: (node: Node) => Node = (node) => node): Pipeline {
  const nodes = (list: Node[]): Node[] => list.map((node) => after(mapNode(node, change, nodes)));
  return {
    ...pipeline,
    body: { nodes: nodes(pipeline.body.nodes) },
    outputs: Object.fromEntries(Object.entries(pipeline.outputs).map(([name, output]) => [name, { ...output, value: mapExpressions(output.value, change) }])),
  };
}
