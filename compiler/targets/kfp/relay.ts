/** The helper task that copies inputs to outputs, where KFP needs a task to give a value. */
import { escapeJson } from "../../../runtime/text.ts";
import { uniqueName } from "../../ir/names.ts";
import { withInline } from "../../ir/inline.ts";
import { resolveOptions } from "../../ir/options.ts";
import { nodesOf } from "../../ir/traverse.ts";
import type { Expression, Span, Task as TaskNode, TaskOptions, ValueType } from "../../ir/types.ts";
import { constantOptions } from "./constant-options.ts";
import { relayExecutor, shellCopy, shellRelayExecutor } from "./executors.ts";
import { addTask, type Dag, type Producer, type Task } from "./graph.ts";
import { kubernetesConfig } from "./platform.ts";
import { portOf } from "./ports.ts";
import { report, type Scope } from "./scope.ts";
import { inputPort } from "./channels.ts";
import type { Port } from "./spec.ts";
import { supply, type Encode } from "./supply.ts";
import { bind, type Bound } from "./values.ts";

/**
 * Makes a value that is used outside a DAG the output of the DAG's helper task, which is added at the first need.
 *
 * @param why what the task is for, for the message
 */
export function relayValue(scope: Scope, dag: Dag, name: string, value: Expression, type: ValueType, why: string): Producer | undefined {
  const bound = bind(scope, value);
  return bound === undefined ? undefined : relayBound(scope, dag, name, bound, portOf(type), why, value.span, true);
}

/**
 * The same for what an expression has been found to give.
 *
 * @param shared whether no task of the DAG reads the value, so that one helper can give several without a cycle
 */
export function relayBound(scope: Scope, dag: Dag, name: string, bound: Bound, port: Port, why: string, span: Span, shared: boolean): Producer {
  const task = shared ? sharedRelay(scope, dag, why, span) : newRelay(scope, dag, why, span);
  const output = freePort(task, name);
  const own = inputPort(port);
  declare(task, output, own);
  const encode: Encode = task.runs.kind === "leaf" && task.runs.entrypoint ? escapeJson : (value) => value;
  supply(scope, task, output, bound, own, encode, span);
  return { task, output };
}

function declare(task: Task, name: string, port: Port): void {
  if (task.runs.kind !== "leaf") return;
  task.runs.inputs.set(name, port);
  task.runs.outputs.set(name, inputPort(port));
  if (!task.runs.entrypoint && "container" in task.runs.executor) task.runs.executor.container.args?.push(...shellCopy(name, port));
}

function freePort(task: Task, name: string): string {
  let free = name;
  for (let count = 2; task.runs.inputs.has(free); count++) free = `${name}-${count}`;
  return free;
}

function sharedRelay(scope: Scope, dag: Dag, why: string, span: Span): Task {
  const task = scope.relays.get(dag) ?? newRelay(scope, dag, why, span);
  scope.relays.set(dag, task);
  return task;
}

function newRelay(scope: Scope, dag: Dag, why: string, span: Span): Task {
  const key = uniqueName("relay", scope.keys);
  const options = relayOptions(scope, key, span);
  const shell = options.image === undefined ? shellImage(scope) : options.inline === true && typeof options.image === "string" ? options.image : undefined;
  const executor = shell === undefined ? relayExecutor(scope.build, key, options, span) : shellRelayExecutor(shell);
  const task = addTask(dag, key, { kind: "leaf", inputs: new Map(), outputs: new Map(), executor, kubernetes: kubernetesConfig(options, constantOptions), entrypoint: shell === undefined }, span);
  task.caching = { enabled: true };
  report(scope.build, "HMC4020", span, { task: key, why, version: scope.build.capabilities.version });
  return task;
}

/** The image of a container of the pipeline, where no op brings the entrypoint: its shell can copy, too. */
function shellImage(scope: Scope): string | undefined {
  for (const node of nodesOf(scope.pipeline.body)) {
    if (node.kind !== "task" || node.target.kind !== "component" || scope.build.document.components[node.target.id]?.kind !== "container") continue;
    const { image } = resolveOptions(scope.build.document, scope.pipeline, node).options;
    if (typeof image === "string" && !image.startsWith("argostub/")) return image;
  }
  return undefined;
}

/**
 * The options that hold for every task of the pipeline; the image may be that of any op, for all of them hold the entrypoint. Where the code of ops is carried,
 * there is none in their image.
 */
function relayOptions(scope: Scope, key: string, span: Span): TaskOptions {
  const { document } = scope.build;
  const node = (target: TaskNode["target"]): TaskNode => ({ kind: "task", id: key, target, inputs: {}, after: [], ignoreUpstreamFailure: false, options: {}, span });
  const options = withInline(resolveOptions(document, scope.pipeline, node({ kind: "pipeline", id: scope.pipeline.id })).options);
  if (options.image !== undefined) return options;
  for (const other of nodesOf(scope.pipeline.body)) {
    if (other.kind !== "task" || other.target.kind !== "component" || document.components[other.target.id]?.kind !== "op") continue;
    const { image, inline } = resolveOptions(document, scope.pipeline, other).options;
    if (typeof image === "string") return { ...options, image, ...(inline === true ? { inline } : {}) };
  }
  return options;
}
