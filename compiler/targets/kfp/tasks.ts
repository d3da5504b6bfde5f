/** Tasks of the IR as tasks of KFP. */
import { escapeJson } from "../../../runtime/text.ts";
import { bug } from "../../bug.ts";
import { resolveOptions, runsInDriver } from "../../ir/options.ts";
import type { Component, ContainerComponent, Expression, ImporterComponent, Json, OpComponent, Output, Pipeline, Retry, Task as TaskNode, TaskOptions } from "../../ir/types.ts";
import { sharedEncode } from "./shared-text.ts";
import { addCondition } from "./task-conditions.ts";
import { refuseArgoParts } from "./argo-only.ts";
import { commandLineOf, type Given } from "./command-line.ts";
import { checkText, containerExecutor, importerExecutor, opExecutor } from "./executors.ts";
import { addGroup, addTask, type Dag, type Leaf, type Task } from "./graph.ts";
import { lowerPipeline } from "./lower.ts";
import { optionValues } from "./option-values.ts";
import { checkTaskOptions } from "./options.ts";
import { checkPatch } from "./patch.ts";
import { kubernetesConfig } from "./platform.ts";
import { checkPassthroughs, passthroughSpec } from "./passthroughs.ts";
import { inputPortOf, portOf } from "./ports.ts";
import { report, type Build, type Scope } from "./scope.ts";
import type { Port, RetryPolicy } from "./spec.ts";
import { supply, type Encode } from "./supply.ts";
import { bind, type Bound } from "./values.ts";

/** Adds the task to the DAG, with everything but the edges of `after`. */
export function lowerTask(scope: Scope, dag: Dag, node: TaskNode): void {
  if (node.target.kind === "pipeline") {
    lowerCall(scope, dag, node, scope.build.document.pipelines[node.target.id] ?? bug(`no pipeline "${node.target.id}"`));
    return;
  }
  const component = scope.build.document.components[node.target.id] ?? bug(`no component "${node.target.id}"`);
  switch (component.kind) {
    case "op":
      lowerOp(scope, dag, node, component);
      return;
    case "container":
      lowerContainer(scope, dag, node, component);
      return;
    case "importer":
      lowerImporter(scope, dag, node, component);
      return;
  }
}

function lowerOp(scope: Scope, dag: Dag, node: TaskNode, component: OpComponent): void {
  const options = resolveOptions(scope.build.document, scope.pipeline, node).options;
  const leaf = leafOf(scope, component, node, options, escapeJson);
  const task = register(scope, node, addTask(dag, node.id, leaf, node.span), options);
  supplyAll(scope, task, node, leaf.inputs, escapeJson);
  const values = optionValues(scope, task, node.span);
  leaf.executor = opExecutor(scope.build, component, node.id, options, values, node.span);
  leaf.kubernetes = kubernetesConfig(options, values);
  addCondition(scope, task, node);
  limitConstants(scope, task, node);
}

function lowerContainer(scope: Scope, dag: Dag, node: TaskNode, component: ContainerComponent): void {
  const { build } = scope;
  const resolved = resolveOptions(build.document, scope.pipeline, node).options;
  // What only Argo has is an error by itself, without one for its image.
  const options = component.template === undefined ? resolved : { image: "", ...resolved };
  const bound = bindAll(scope, node, Object.keys(component.inputs));
  for (const [name, { default: value }] of Object.entries(component.inputs)) {
    // Placeholders see no default of a component (kfp-real 0.3), so it is passed as a constant. The driver has defaults of its own.
    if (build.real && !runsInDriver(options.image) && value !== undefined && value !== null && (bound.get(name)?.kind ?? "absent") === "absent") bound.set(name, { kind: "constant", value });
  }
  const given: Given = (input) => {
    const value = bound.get(input);
    if (component.inputs[input]?.type.kind === "taskConfig") return "given";
    if (value === undefined || value.kind === "absent") return "absent";
    return value.kind === "channel" && value.channel.nullable && value.fallback === undefined ? "unknown" : "given";
  };
  refuseArgoParts(build, component);
  const line = commandLineOf(build, component, given, node.span);
  const encode: Encode = (value) => {
    if (build.real) checkText(build, typeof value === "string" ? value : JSON.stringify(value), `an input of "${node.id}"`, node.span);
    return value;
  };
  const leaf = leafOf(scope, component, node, options, encode);
  const task = register(scope, node, addTask(dag, node.id, leaf, node.span), options);
  for (const [name, value] of bound) supplyOne(scope, task, node, leaf.inputs, name, value, encode);
  const values = optionValues(scope, task, node.span);
  leaf.executor = containerExecutor(build, component, node.id, options, values, line, node.span);
  leaf.kubernetes = kubernetesConfig(options, values);
  for (const [name, constant] of line.contexts) {
    leaf.inputs.set(name, { kind: "parameter", spec: { parameterType: "STRING" } });
    task.parameters.set(name, { runtimeValue: { constant } });
  }
  addCondition(scope, task, node);
  limitConstants(scope, task, node);
}

/**
 * An importer. Its driver reads a run-time URI only from an input of its own DAG, and ignores every edge to it
 * (kfp-real 7): where there is one of these, it gets a DAG around it.
 */
function lowerImporter(scope: Scope, dag: Dag, node: TaskNode, component: ImporterComponent): void {
  const { build } = scope;
  const uri = bind(scope, node.inputs["uri"] ?? bug("an importer without a URI"));
  if (uri === undefined) return;
  const constant = uri.kind === "constant" ? String(uri.value) : undefined;
  const output = Object.values(component.outputs)[0] ?? bug("an importer without an output");
  const port = portOf(output.type);
  if (port.kind !== "artifact") return bug("an importer of a parameter");
  const executor = importerExecutor(build, component, port.spec.artifactType, constant === undefined ? { runtimeParameter: "uri" } : { constant });
  const metadata = Object.keys(component.inputs).filter((name) => name !== "uri");
  if (build.real && metadata.length > 0) report(build, "HMC4052", node.inputs[metadata[0] ?? ""]?.span ?? node.span, { version: build.capabilities.version });
  const ports = new Map(Object.entries(component.inputs).map(([name, input]) => [name, inputPortOf(input, (value) => value, build.real)]));
  const leaf: Leaf = { kind: "leaf", inputs: ports, outputs: new Map([["artifact", port]]), executor, kubernetes: {}, entrypoint: false };
  const direct = !build.real || (node.after.length === 0 && (constant !== undefined || (uri.kind === "channel" && uri.selector === undefined && "input" in uri.channel.from && uri.channel.home === dag)));
  if (direct) {
    const { displayName, ...options } = node.options;
    if (displayName !== undefined && build.real) {
      report(build, "HMC4017", node.options.spans?.["displayName"] ?? node.span, { option: "displayName", why: "it finds an importer by its name", instead: `Use "name".`, version: build.capabilities.version });
    }
    const task = register(scope, node, addTask(dag, node.id, leaf, node.span), build.real ? options : node.options);
    supply(scope, task, "uri", uri, { kind: "parameter", spec: { parameterType: "STRING" } }, (value) => value, node.span);
    for (const [name, value] of bindAll(scope, node, metadata)) supplyOne(scope, task, node, ports, name, value, (constant) => constant);
    return;
  }
  const group = addGroup(dag, node.id, node.span);
  if (node.options.displayName !== undefined) group.task.displayName = node.options.displayName;
  const inner = addTask(group.dag, node.id, leaf, node.span);
  inner.caching = node.options.cache ?? { enabled: true };
  if (constant !== undefined) {
    inner.parameters.set("uri", { runtimeValue: { constant } });
  } else {
    const input: Port = { kind: "parameter", spec: { parameterType: "STRING" } };
    group.dag.inputs.set("uri", input);
    inner.parameters.set("uri", { componentInputParameter: "uri" });
    supply(scope, group.task, "uri", uri, input, (value) => value, node.span);
  }
  group.dag.outputs.set("artifact", { port, oneOf: false, from: [{ task: inner, output: "artifact" }] });
  scope.tasks.set(node.id, group.task);
  scope.nodes.set(node.id, group.task);
}

/** A call of a pipeline: a DAG with the pipeline's own interface. */
function lowerCall(scope: Scope, dag: Dag, node: TaskNode, pipeline: Pipeline): void {
  const { build } = scope;
  const { version } = build.capabilities;
  for (const option of Object.keys(node.options)) {
    if (["displayName", "retry", "cache", "spans"].includes(option)) continue;
    report(build, "HMC4022", node.options.spans?.[option] ?? node.span, { option, pipeline: pipeline.name, version });
  }
  const inner = lowerPipeline(build, pipeline);
  const task = register(scope, node, addTask(dag, node.id, inner, node.span), node.options);
  supplyAll(scope, task, node, inner.inputs, sharedEncode(build, `an input of "${node.id}"`, node.span));
  addCondition(scope, task, node);
}

/** What a task runs, without its executor and its Kubernetes settings: these may need inputs of the task. */
function leafOf(scope: Scope, component: Component, node: TaskNode, options: TaskOptions, encode: Encode): Leaf {
  const { build } = scope;
  checkTaskOptions(build, options, node);
  const passthroughs = (component.kind === "importer" ? undefined : component.passthroughs) ?? [];
  checkPassthroughs(build, passthroughs, options, node);
  if (options.kfp !== undefined) checkPatch(build, options.kfp, "task", options.spans?.["kfp"] ?? node.span);
  return {
    kind: "leaf",
    inputs: new Map(Object.entries(component.inputs).map(([name, input]) => [name, inputPortOf(input, encode, build.real)])),
    outputs: new Map(Object.entries(component.outputs).map(([name, output]) => [name, outputPort(build, output, encode)])),
    ...(passthroughs.length === 0 ? {} : { passthroughs: passthroughs.map(passthroughSpec) }),
    executor: { container: { image: "" } },
    kubernetes: {},
    entrypoint: component.kind === "op",
  };
}

/** The declaration of an output of a component, with the metadata of its artifact: of that, only text and numbers stay as they are (kfp-real 7). */
function outputPort(build: Build, output: Output, encode: Encode): Port {
  const metadata = Object.entries(output.metadata ?? {});
  if (build.real) {
    for (const [key, value] of metadata) if (typeof value !== "string" && typeof value !== "number") report(build, "HMC4026", output.span, { key, version: build.capabilities.version });
  }
  return portOf(output.type, output.description, metadata.length === 0 ? undefined : Object.fromEntries(metadata.map(([key, value]) => [key, encode(value)])));
}

function register(scope: Scope, node: TaskNode, task: Task, options: TaskOptions): Task {
  if (options.displayName !== undefined) task.displayName = options.displayName;
  task.caching = options.cache ?? { enabled: true };
  if (options.retry !== undefined) task.retry = retryPolicy(scope, options.retry);
  scope.tasks.set(node.id, task);
  scope.nodes.set(node.id, task);
  return task;
}

const week = 7 * 24 * 60 * 60;

/** KFP takes the longest pause for the budget of all tries together (kfp-real 7), so the working shape leaves it wide. */
function retryPolicy(scope: Scope, retry: Retry): RetryPolicy {
  return {
    maxRetryCount: retry.count,
    backoffDuration: `${retry.backoffSeconds ?? 0}s`,
    backoffFactor: retry.factor ?? 2,
    backoffMaxDuration: `${scope.build.real ? week : (retry.maxBackoffSeconds ?? 3600)}s`,
  };
}

function bindAll(scope: Scope, node: TaskNode, names: Iterable<string>): Map<string, Bound> {
  const bound = new Map<string, Bound>();
  for (const name of names) {
    const expression: Expression | undefined = node.inputs[name];
    const value = expression === undefined ? undefined : bind(scope, expression);
    if (value !== undefined) bound.set(name, value);
  }
  return bound;
}

function supplyAll(scope: Scope, task: Task, node: TaskNode, ports: Map<string, Port>, encode: Encode): void {
  for (const [name, value] of bindAll(scope, node, ports.keys())) supplyOne(scope, task, node, ports, name, value, encode);
}

function supplyOne(scope: Scope, task: Task, node: TaskNode, ports: Map<string, Port>, name: string, value: Bound, encode: Encode): void {
  const port = ports.get(name) ?? bug(`the task "${node.id}" has no input "${name}"`);
  supply(scope, task, name, value, port, encode, node.inputs[name]?.span ?? node.span);
}

/** The whole executor input is one argument of a process (kfp-real 8), so large constants are refused here. */
function limitConstants(scope: Scope, task: Task, node: TaskNode): void {
  const { inputLimit, version } = scope.build.capabilities;
  let bytes = 0;
  for (const { runtimeValue } of task.parameters.values()) if (runtimeValue !== undefined) bytes += Buffer.byteLength(JSON.stringify(runtimeValue.constant satisfies Json));
  if (scope.build.real && bytes > inputLimit) report(scope.build, "HMC4016", node.span, { task: node.id, bytes, limit: inputLimit, version });
}
