/** Tasks of the IR as tasks of a DAG template. */
import { bug } from "../../bug.ts";
import { resolveOptions, runsInDriver } from "../../ir/options.ts";
import type { ExprNode } from "../../expressions/argo/expr.ts";
import type { Component, Expression, Input, Pipeline, Task, TaskOptions } from "../../ir/types.ts";
import { report } from "./build.ts";
import { importArtifact } from "./importers.ts";
import { joined, list, ofTask, call, text } from "./expr-build.ts";
import type { GivenKey, KeyedOutput } from "./keys.ts";
import { leafOf, type LeafPlan } from "./leaves.ts";
import { pipelineRegion } from "./lower.ts";
import { parameterName } from "./names.ts";
import { addRegion, addTask, depthName, keyName, metaName, read, type Channel, type Region, type TaskDraft } from "./region.ts";
import type { Handle, Reader, Scope } from "./scope.ts";
import { checkText } from "./texts.ts";
import { constantText } from "./translate.ts";
import { artifactArgument, artifactFor, depthOf, mayLack, metaOf, textFor, valueFor } from "./values.ts";
import { prefixIn } from "./fan-in.ts";

/** Adds a task, with everything but the edges of `after`. */
export function lowerTask(scope: Scope, region: Region, node: Task): Handle {
  if (node.target.kind === "pipeline") return lowerCall(scope, region, node, scope.build.document.pipelines[node.target.id] ?? bug(`no pipeline "${node.target.id}"`));
  const component = scope.build.document.components[node.target.id] ?? bug(`no component "${node.target.id}"`);
  if (component.kind === "importer") {
    scope.outputs.set(node.id, new Map([["artifact", importArtifact(scope, region, node, component)]]));
    return { region, requirements: [] };
  }
  return lowerLeaf(scope, region, node, component);
}

function handleOf(region: Region, task: TaskDraft): Handle {
  return { region, requirements: [{ alternatives: [{ task, results: ["Succeeded"] }] }] };
}

/** Adds the task; what it calls is told when its inputs are known. */
function begin(scope: Scope, region: Region, node: Task): { task: TaskDraft; reader: Reader } {
  const task = addTask(region, node.id, region, node.span);
  task.ignoresFailure = node.ignoreUpstreamFailure;
  scope.tasks.set(node.id, task);
  const reader: Reader = { scope, region, task };
  if (node.when !== undefined) task.when.push(valueFor(reader, node.when));
  return { task, reader };
}

// ---------------------------------------------------------------------------------------------- components

function lowerLeaf(scope: Scope, region: Region, node: Task, component: Exclude<Component, { kind: "importer" }>): Handle {
  const { task, reader } = begin(scope, region, node);
  const options = resolveOptions(scope.build.document, scope.pipeline, node).options;
  checkTask(scope, node, component, options);
  const plan: LeafPlan = { given: new Map(), lists: new Map(), keys: new Map(), runTime: (value) => runTimeOption(reader, value) };
  for (const [name, input] of Object.entries(component.inputs)) {
    const expression = node.inputs[name];
    const state = expression === undefined || expression.kind === "absent" ? "absent" : supply(reader, component, name, input, expression, plan);
    plan.given.set(name, state === "unknown" && scope.given.has(`${node.id} ${name}`) ? "given" : state);
  }
  const keyed = scope.keys.outputs.get(node.id);
  for (const [output, key] of keyed ?? []) {
    const parameter = keyName(parameterName(output));
    task.parameters.set(parameter, keyFor(reader, task, key));
    plan.keys.set(output, parameter);
  }
  task.calls = leafOf(reader, node, component, options, plan);
  scope.outputs.set(node.id, outputsOf(region, task, component));
  return handleOf(region, task);
}

/** The key of an artifact that a task writes. */
function keyFor(reader: Reader, task: TaskDraft, key: KeyedOutput | GivenKey): ExprNode {
  const { scope, region } = reader;
  if ("of" in key) return read(region, scope.givenKeys.get(key.of) ?? bug(`no key of "${key.of}"`), task);
  const indices = key.loops.flatMap((loop) => [text("/"), read(region, (scope.loops.get(loop) ?? bug(`no loop "${loop}"`)).index, task)]);
  return joined([...prefixIn(reader), text(`/${key.base}`), ...indices]);
}

/** Passes a value to an input of a component; gives whether it is always there. */
function supply(reader: Reader, component: Component, name: string, input: Input, expression: Expression, plan: LeafPlan): "given" | "unknown" {
  const task = reader.task ?? bug("no task takes the value");
  const own = parameterName(name);
  if (input.type.kind !== "artifact") {
    if (component.kind !== "op") checkText(reader.scope.build, expression, name, component.name);
    // The entrypoint knows the defaults of an op.
    const value = component.kind === "op" ? expression : orDefault(reader, input, expression);
    task.parameters.set(own, textFor(reader, value));
    return mayLack(reader, value) ? "unknown" : "given";
  }
  const isOp = component.kind === "op";
  if (expression.kind === "list") {
    const items = expression.items.map((item) => artifactFor(reader, item));
    plan.lists.set(name, items.length);
    for (const [position, channel] of items.entries()) if (channel !== undefined) task.artifacts.set(`${own}-${position}`, artifactArgument(reader, channel));
    if (isOp) task.parameters.set(metaName(own), call("toJson", list(items.flatMap((channel) => (channel === undefined ? [] : [call("fromJSON", metaOf(reader, channel))])))));
    return "given";
  }
  const channel = artifactFor(reader, expression);
  if (channel === undefined) return "given";
  task.artifacts.set(own, artifactArgument(reader, channel));
  const meta = metaOf(reader, channel);
  if (isOp) {
    task.parameters.set(metaName(own), meta);
    const depth = depthOf(reader, channel);
    if (depth !== undefined) task.parameters.set(depthName(own), depth);
  }
  return channel.optional && channel.depth === undefined ? "unknown" : "given";
}

/** A value for an input; where the run has none the default of the input, which Argo takes only where no argument is given. */
function orDefault(reader: Reader, { default: initial, type, span }: Input, value: Expression): Expression {
  if (initial === undefined || type.kind === "artifact" || !mayLack(reader, value)) return value;
  return { kind: "coalesce", value, fallback: { kind: "constant", value: initial, type, span }, type, span: value.span };
}

/** Declares an input of the template for an option that only the run knows. */
function runTimeOption(reader: Reader, expression: Expression): { parameter: string; optional: boolean } {
  const task = reader.task ?? bug("no task has the option");
  let count = 1;
  while (task.parameters.has(`hmc-option-${count}`)) count++;
  const parameter = `hmc-option-${count}`;
  task.parameters.set(parameter, textFor(reader, expression));
  return { parameter, optional: mayLack(reader, expression) };
}

function outputsOf(region: Region, task: TaskDraft, component: Exclude<Component, { kind: "importer" }>): Map<string, Channel> {
  const channels = new Map<string, Channel>();
  for (const [name, output] of Object.entries(component.outputs)) {
    const own = parameterName(name);
    const common = { name: name === "Output" ? task.name : `${task.name}-${own}`, type: output.type, home: region, from: task, optional: false };
    if (output.type.kind !== "artifact") {
      const isPrinted = component.kind === "container" && component.stdout === name;
      channels.set(name, { kind: "parameter", ...common, value: isPrinted ? ofTask(task.name, "outputs", "result") : ofTask(task.name, "outputs", "parameters", own) });
      continue;
    }
    const meta = metaName(own);
    // Only the entrypoint writes metadata; that of other programs is what they declare.
    const value = component.kind === "op" ? ofTask(task.name, "outputs", "parameters", meta) : text(output.metadata === undefined ? "{}" : constantText({ metadata: output.metadata }));
    channels.set(name, { kind: "artifact", ...common, value: ofTask(task.name, "outputs", "artifacts", own), meta: { kind: "parameter", ...common, name: `${metaName(common.name)}`, type: { kind: "string" }, value } });
  }
  return channels;
}

function checkTask(scope: Scope, node: Task, component: Exclude<Component, { kind: "importer" }>, options: TaskOptions): void {
  const { build } = scope;
  if (runsInDriver(options.image)) report(build, "HMC4107", node.span, { image: String(options.image) });
  const config = Object.entries(component.inputs).find(([, { type }]) => type.kind === "taskConfig");
  if (config !== undefined) report(build, "HMC4105", node.span, { what: `the input "${config[0]}" of type TaskConfig` });
}

// ---------------------------------------------------------------------------------------------- pipelines

/** A call of a pipeline: a task that calls its template. */
function lowerCall(scope: Scope, region: Region, node: Task, pipeline: Pipeline): Handle {
  const { retry } = node.options;
  if (retry !== undefined) {
    // The templates of pipelines are shared, so what is tried again is a template around the call.
    const { task, region: around } = addRegion(region, `${node.id}-retried`, node.span);
    around.retry = retry;
    lowerCallInto(scope, around, node, pipeline);
    return handleOf(region, task);
  }
  return handleOf(region, lowerCallInto(scope, region, node, pipeline));
}

function lowerCallInto(scope: Scope, region: Region, node: Task, pipeline: Pipeline): TaskDraft {
  const { build } = scope;
  const keyed = scope.keys.outputs.get(node.id) ?? new Map<string, KeyedOutput | GivenKey>();
  const called = pipelineRegion(build, pipeline, [...keyed.keys()].sort());
  const { task, reader } = begin(scope, region, node);
  task.calls = called.region;
  for (const option of Object.keys(node.options)) {
    if (["displayName", "retry", "cache", "spans"].includes(option)) continue;
    report(build, "HMC4108", node.options.spans?.[option] ?? node.span, { option, pipeline: pipeline.name });
  }
  for (const [name, input] of Object.entries(pipeline.inputs)) {
    const expression = node.inputs[name];
    const own = called.inputs.get(name) ?? bug(`no input "${name}"`);
    if (expression === undefined || expression.kind === "absent") continue;
    if (input.type.kind !== "artifact") {
      task.parameters.set(own, textFor(reader, orDefault(reader, input, expression)));
      continue;
    }
    const channel = artifactFor(reader, expression);
    if (channel === undefined) continue;
    task.artifacts.set(own, artifactArgument(reader, channel));
    task.parameters.set(metaName(own), metaOf(reader, channel));
    const depth = depthOf(reader, channel);
    if (depth !== undefined) task.parameters.set(depthName(own), depth);
  }
  if (called.prefix !== undefined) {
    const loops = loopsOf(scope, region);
    task.parameters.set("hmc-prefix", joined([...prefixIn(reader), text(`/${node.id}`), ...loops.flatMap((index) => [text("/"), read(region, index, task)])]));
  }
  for (const [output, key] of keyed) task.parameters.set(keyName(parameterName(output)), keyFor(reader, task, key));
  scope.outputs.set(node.id, callOutputs(region, task, pipeline, called.outputs));
  return task;
}

/** The indices of the loops around a region, outermost first. */
function loopsOf(scope: Scope, region: Region): Channel[] {
  const around: Region[] = [];
  for (let inner: Region | undefined = region; inner !== undefined; inner = inner.owner?.region) around.unshift(inner);
  const found = [...scope.loops.values()];
  return around.flatMap((inner) => found.find(({ body }) => body === inner)?.index ?? []);
}

function callOutputs(region: Region, task: TaskDraft, pipeline: Pipeline, names: ReadonlyMap<string, string>): Map<string, Channel> {
  const channels = new Map<string, Channel>();
  for (const [name, output] of Object.entries(pipeline.outputs)) {
    const own = names.get(name) ?? bug(`no output "${name}"`);
    const optional = output.value.kind === "select" || output.value.kind === "coalesce" || output.value.kind === "input";
    const common = { name: `${task.name}-${own}`, type: output.type, home: region, from: task, optional };
    const isArtifact = output.type.kind === "artifact";
    const value = ofTask(task.name, "outputs", isArtifact ? "artifacts" : "parameters", own);
    if (!isArtifact) channels.set(name, { kind: "parameter", ...common, value });
    else channels.set(name, { kind: "artifact", ...common, value, ...besides(task, own, common) });
  }
  return channels;
}

/** What goes along with an artifact that a called pipeline gives. */
function besides(task: TaskDraft, own: string, common: Omit<Channel, "kind" | "value">): Pick<Channel, "meta" | "depth"> {
  const parameter = (output: string, name: string): Channel => ({ ...common, kind: "parameter", name, type: { kind: "string" }, value: ofTask(task.name, "outputs", "parameters", output) });
  const isList = common.type.kind === "artifact" && common.type.list;
  return { meta: parameter(metaName(own), metaName(common.name)), ...(isList ? { depth: parameter(depthName(own), depthName(common.name)) } : {}) };
}
