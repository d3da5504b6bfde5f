/** Walks over the IR. */
import type { Argument, ArgumentPart, Block, Branch, ContainerComponent, Document, Expression, KubernetesJson, Node, Pipeline, RunTime, Select, Task, TaskOptions, TemplateValue, Try } from "./types.ts";

/** Every node of a block and of the blocks inside it, outer before inner, in order of the source. */
export function* nodesOf(block: Block): Generator<Node> {
  for (const node of block.nodes) {
    yield node;
    for (const inner of blocksOf(node)) yield* nodesOf(inner);
  }
}

/** The blocks directly inside a node. */
export function blocksOf(node: Node): Block[] {
  switch (node.kind) {
    case "task":
      return [];
    case "branch":
      return node.arms.map((arm) => arm.block);
    case "loop":
    case "while":
      return [node.body];
    case "try":
      return [node.body, ...(node.catch === undefined ? [] : [node.catch]), ...(node.finally === undefined ? [] : [node.finally])];
  }
}

export function* tasksOf(block: Block): Generator<Task> {
  for (const node of nodesOf(block)) if (node.kind === "task") yield node;
}

/** A pipeline and all that it calls, also through others; each once. */
export function reachablePipelines(document: Document, pipeline: Pipeline): Pipeline[] {
  const found = new Set([pipeline]);
  for (const { body } of found) {
    for (const { target } of tasksOf(body)) {
      const inner = target.kind === "pipeline" ? document.pipelines[target.id] : undefined;
      if (inner !== undefined) found.add(inner);
    }
  }
  return [...found];
}

/** The one-of values of a branch or a `try`; other nodes have none. */
export function selectsOf(node: Node): readonly Select[] {
  return node.kind === "branch" || node.kind === "try" ? (node.selects ?? []) : [];
}

/** The blocks of which one gives the values of the selects of a node, in the order of these values: the arms of a branch, body and `catch` of a `try`. */
export function choosableBlocks(node: Branch | Try): Block[] {
  return node.kind === "branch" ? node.arms.map(({ block }) => block) : [node.body, ...(node.catch === undefined ? [] : [node.catch])];
}

/** The expressions that stand directly in a node, without those of the nodes inside it. */
export function expressionsOf(node: Node): Expression[] {
  switch (node.kind) {
    case "task":
      return [...Object.values(node.inputs), ...(node.when === undefined ? [] : [node.when]), ...runTimeOptions(node.options).map(({ expression }) => expression)];
    case "branch":
      return [...node.arms.flatMap((arm) => (arm.condition === undefined ? [] : [arm.condition])), ...node.selects.flatMap((select) => select.values)];
    case "loop":
      return [node.items];
    case "while":
      return [node.condition, ...node.carried.flatMap(({ initial, next }) => [initial, next])];
    case "try":
      return (node.selects ?? []).flatMap((select) => select.values);
  }
}

/** Whether an option, or a part of one, is known only to a run. */
export function isRunTime(value: unknown): value is RunTime {
  return typeof value === "object" && value !== null && "expression" in value && typeof value.expression === "object";
}

/** Whether an option is given in Kubernetes' own form. A label of the name "json" has a text as its value. */
export function isKubernetesJson(value: object): value is KubernetesJson {
  return "json" in value && typeof value.json === "object";
}

/** The run-time values in the options of a task, in the order in which the options are written. */
export function runTimeOptions(options: TaskOptions): RunTime[] {
  const found: RunTime[] = [];
  const visit = (value: unknown): void => {
    if (isRunTime(value)) found.push(value);
    else if (typeof value === "object" && value !== null) Object.values(value).forEach(visit);
  };
  const { spans, kfp, argo, ...own } = options;
  visit(own);
  return found;
}

/** The parts of an argument of a command line, also of those that are there only with an optional input. */
export function argumentParts(argument: Argument): ArgumentPart[] {
  switch (argument.kind) {
    case "text":
      return argument.parts;
    case "concat":
      return argument.items.flatMap(argumentParts);
    case "ifPresent":
      return [...argument.then, ...argument.otherwise].flatMap(argumentParts);
  }
}

/** The parts of everything that a container, or what stands in its place, is given. */
export function containerParts({ command, args, script = [], template }: ContainerComponent): ArgumentPart[] {
  return [...[...command, ...args].flatMap(argumentParts), ...script, ...(template === undefined ? [] : Object.values(template.fields).flatMap(templateParts))];
}

/** The parts of the texts of a template of Argo. */
export function templateParts(value: TemplateValue): ArgumentPart[] {
  switch (value.kind) {
    case "text":
      return value.parts;
    case "constant":
      return [];
    case "list":
      return value.items.flatMap(templateParts);
    case "object":
      return Object.values(value.fields).flatMap(templateParts);
  }
}

/** The expressions directly inside an expression. */
export function operandsOf(expression: Expression): Expression[] {
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
      return [];
    case "cel":
      return expression.parts.filter((part) => typeof part !== "string");
    case "collect":
    case "present":
      return [expression.value];
    case "member":
      return [expression.object];
    case "element":
      return [expression.object, expression.index];
    case "template":
      return expression.parts;
    case "unary":
      return [expression.operand];
    case "binary":
      return [expression.left, expression.right];
    case "conditional":
      return [expression.test, expression.consequent, expression.alternate];
    case "coalesce":
      return [expression.value, expression.fallback];
    case "call":
      return expression.arguments;
    case "list":
      return expression.items;
    case "struct":
      return Object.values(expression.fields);
    case "range":
      return [expression.count];
  }
}

/** The expression and every expression inside it, outer first. */
export function* expressionTree(expression: Expression): Generator<Expression> {
  yield expression;
  for (const operand of operandsOf(expression)) yield* expressionTree(operand);
}
