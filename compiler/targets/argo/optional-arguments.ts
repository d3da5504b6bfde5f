/**
 * Arguments that are there only where an input is. The number of arguments of a template is fixed, so where only the run knows
 * whether there is a value, the task stands in two arms: once with the value and once without, and what they give is a one-of.
 */
import { uniqueName } from "../../ir/names.ts";
import { mapExpressions, mapNode } from "../../ir/rewrite.ts";
import { expressionsOf, expressionTree, nodesOf } from "../../ir/traverse.ts";
import type { Argument, Branch, ContainerComponent, Document, Expression, Node, Pipeline, Select, Task } from "../../ir/types.ts";

export interface Decided {
  pipeline: Pipeline;
  /** Inputs that have a value wherever their task runs: `<task> <input>`. */
  given: ReadonlySet<string>;
}

/** More inputs than this in one task would make too many copies of it. */
const mostInputs = 3;

/** The pipeline with every such task in arms of its own; the same pipeline where there is none. */
export function decideArguments(document: Document, pipeline: Pipeline): Decided {
  const given = new Set<string>();
  const taken = new Set([...nodesOf(pipeline.body)].map(({ id }) => id));
  let current = pipeline;
  for (;;) {
    const next = decideOne(document, current, taken, given);
    if (next === undefined) return { pipeline: current, given };
    current = next;
  }
}

function decideOne(document: Document, pipeline: Pipeline, taken: Set<string>, given: Set<string>): Pipeline | undefined {
  for (const task of nodesOf(pipeline.body)) {
    if (task.kind !== "task" || task.when !== undefined || task.ignoreUpstreamFailure || isStatusRead(pipeline, task)) continue;
    const component = task.target.kind === "component" ? document.components[task.target.id] : undefined;
    if (component?.kind !== "container") continue;
    const undecided = [...optionalInputs(component)].filter((input) => !given.has(`${task.id} ${input}`) && task.inputs[input] !== undefined && mayLack(pipeline, task.inputs[input]));
    const [input] = undecided;
    if (input !== undefined && undecided.length <= mostInputs) return inArms(pipeline, task, component, input, taken, given);
  }
  return undefined;
}

/** Puts a task into two arms, by whether one of its inputs has a value. */
function inArms(pipeline: Pipeline, task: Task, component: ContainerComponent, input: string, taken: Set<string>, given: Set<string>): Pipeline {
  const { span } = task;
  const id = uniqueName(`${task.id}-${input.replace(/[^A-Za-z0-9-]/g, "-").toLowerCase()}`, taken);
  const without: Task = { ...task, id: uniqueName(task.id, taken), inputs: Object.fromEntries(Object.entries(task.inputs).filter(([name]) => name !== input)) };
  for (const known of [...given]) if (known.startsWith(`${task.id} `)) given.add(`${without.id} ${known.slice(task.id.length + 1)}`);
  given.add(`${task.id} ${input}`);
  const selects = Object.entries(component.outputs).map(([name, { type }]): Select => ({ name, type, values: [task, without].map((copy) => ({ kind: "output", task: copy.id, output: name, type, span })), span }));
  const value = task.inputs[input] as Expression;
  const branch: Branch = {
    kind: "branch",
    id,
    arms: [
      { condition: { kind: "present", value, type: { kind: "boolean" }, span: value.span }, block: { nodes: [task] }, span },
      { block: { nodes: [without] }, span },
    ],
    selects,
    hasElse: true,
    span,
  };
  const replace = (expression: Expression): Expression => (expression.kind === "output" && expression.task === task.id ? { kind: "select", branch: id, name: expression.output, type: expression.type, span: expression.span } : expression);
  const rewritten = (nodes: Node[]): Node[] =>
    nodes.map((node): Node => {
      if (node === task) return branch;
      const mapped = mapNode(node, replace, rewritten);
      return mapped.kind === "task" ? { ...mapped, after: mapped.after.map((earlier) => (earlier === task.id ? id : earlier)) } : mapped;
    });
  return {
    ...pipeline,
    body: { nodes: rewritten(pipeline.body.nodes) },
    outputs: Object.fromEntries(Object.entries(pipeline.outputs).map(([name, output]) => [name, { ...output, value: mapExpressions(output.value, replace) }])),
  };
}

/** Inputs of which the command line asks whether they are there. */
function optionalInputs(component: ContainerComponent): Set<string> {
  const found = new Set<string>();
  const visit = (argument: Argument): void => {
    if (argument.kind === "concat") argument.items.forEach(visit);
    if (argument.kind !== "ifPresent") return;
    found.add(argument.input);
    [...argument.then, ...argument.otherwise].forEach(visit);
  };
  [...component.command, ...component.args].forEach(visit);
  return found;
}

/** Whether only the run knows that there is a value. */
function mayLack(pipeline: Pipeline, expression: Expression): boolean {
  switch (expression.kind) {
    case "input": {
      const input = pipeline.inputs[expression.name];
      return input !== undefined && input.optional && input.default === undefined;
    }
    case "select":
      return [...nodesOf(pipeline.body)].some((node) => (node.kind === "branch" || node.kind === "try") && node.id === expression.branch && (node.selects ?? []).some((select) => select.name === expression.name && select.values.some((value) => value.kind === "absent" || mayLack(pipeline, value))));
    case "member": {
      const type = expression.object.type;
      const property = type.kind === "struct" ? type.properties[expression.key] : undefined;
      return property?.optional === true;
    }
    case "coalesce":
      return mayLack(pipeline, expression.fallback);
    case "conditional":
      return mayLack(pipeline, expression.consequent) || mayLack(pipeline, expression.alternate);
    default:
      return false;
  }
}

function isStatusRead(pipeline: Pipeline, task: Task): boolean {
  for (const node of nodesOf(pipeline.body)) for (const expression of expressionsOf(node)) for (const part of expressionTree(expression)) if (part.kind === "taskStatus" && part.task === task.id) return true;
  return false;
}
