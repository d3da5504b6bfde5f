/** From a pipeline of the IR to its regions. */
import { bug } from "../../bug.ts";
import { nodesOf, tasksOf } from "../../ir/traverse.ts";
import type { Block, Node, Pipeline, PipelineOutput } from "../../ir/types.ts";
import { lowerBranch } from "./branches.ts";
import { report, type Build, type PipelineRegion } from "./build.ts";
import { path, text } from "./expr-build.ts";
import { decideArguments } from "./optional-arguments.ts";
import { keysOf, needsPrefix } from "./keys.ts";
import { lowerLoop } from "./loops.ts";
import { freeName, parameterName } from "./names.ts";
import { ABSENT, depthName, keyName, metaName, newRegion, ownChannel, require, type Channel, type Region, type TaskDraft } from "./region.ts";
import type { Handle, Scope } from "./scope.ts";
import { lowerTask } from "./tasks.ts";
import { constantText } from "./translate.ts";
import { handlerOfWorkflow, lowerExit, lowerTry } from "./tries.ts";
import { artifactExpression, artifactFor, depthOf, metaOf, textFor } from "./values.ts";
import { lowerWhile } from "./whiles.ts";

/** Lowers the pipeline that is compiled. One that is also called is called from an entry of its own. */
export function lowerEntry(build: Build, pipeline: Pipeline): PipelineRegion {
  if (!isCalled(build, pipeline)) return pipelineRegion(build, pipeline);
  const { span } = pipeline;
  const call: Node = {
    kind: "task",
    id: pipeline.id,
    target: { kind: "pipeline", id: pipeline.id },
    inputs: Object.fromEntries(Object.entries(pipeline.inputs).map(([name, { type }]) => [name, { kind: "input", name, type, span }])),
    after: [],
    ignoreUpstreamFailure: false,
    options: {},
    span,
  };
  const outputs = Object.fromEntries(Object.entries(pipeline.outputs).map(([name, output]): [string, PipelineOutput] => [name, { ...output, value: { kind: "output", task: call.id, output: name, type: output.type, span } }]));
  return pipelineRegion(build, { ...pipeline, id: `${pipeline.id}-run`, outputs, body: { nodes: [call] } });
}

function isCalled({ document }: Build, pipeline: Pipeline): boolean {
  return Object.values(document.pipelines).some(({ body }) => [...tasksOf(body)].some(({ target }) => target.kind === "pipeline" && target.id === pipeline.id));
}

/**
 * The region of a pipeline. It is made once, and known before its body is lowered, so that it may call itself.
 *
 * @param keyed its outputs whose keys in the artifact repository the caller gives: another choice is another region
 */
export function pipelineRegion(build: Build, source: Pipeline, keyed: readonly string[] = []): PipelineRegion {
  const variant = [source.id, ...keyed].join(" ");
  const known = build.pipelines.get(variant);
  if (known !== undefined) return known;
  const { pipeline, given } = decideArguments(build.document, source);
  const region = newRegion(build, pipeline.id, pipeline.span);
  const isEntry = build.entry === undefined;
  build.entry ??= region;
  const scope: Scope = {
    build,
    pipeline,
    region,
    inputs: new Map(),
    outputs: new Map(),
    tasks: new Map(),
    handles: new Map(),
    branches: new Map(),
    loops: new Map(),
    tries: new Map(),
    whiles: new Map(),
    variables: new Map(),
    given,
    keys: keysOf(build.document, pipeline, keyed),
    givenKeys: new Map(keyed.map((output) => [output, keyInput(region, output)])),
    prefix: isEntry || !needsPrefix(build.document, pipeline.id) ? undefined : prefixOf(region),
  };
  for (const collect of scope.keys.unknown) report(build, "HMC4103", collect.span, {});
  const made: PipelineRegion = { id: pipeline.id, region, inputs: new Map(), outputs: new Map(), prefix: scope.prefix };
  build.pipelines.set(variant, made);
  if (isEntry) readArguments(scope, made);
  else addInputs(scope, made);
  const taken = new Set<string>();
  for (const name of Object.keys(pipeline.outputs)) made.outputs.set(name, freeName(parameterName(name), taken));
  const { argo } = pipeline.options;
  if (argo?.["failFast"] === true) region.failFast = true;
  if (typeof argo?.["parallelism"] === "number") region.parallelism = argo["parallelism"];
  const handled = isEntry ? handlerOfWorkflow(pipeline) : undefined;
  if (handled === undefined) {
    lowerBlock(scope, region, pipeline.body);
  } else {
    lowerBlock(scope, region, handled.body);
    lowerExit(scope, handled);
  }
  addEdges(scope);
  addOutputs(scope, made);
  return made;
}

/** The parameters of the entry pipeline are those of the workflow, which every template reads. */
function readArguments({ pipeline, region, inputs }: Scope, made: PipelineRegion): void {
  const taken = new Set<string>();
  for (const [name, input] of Object.entries(pipeline.inputs)) {
    const own = freeName(parameterName(name), taken);
    made.inputs.set(name, own);
    inputs.set(name, { kind: "parameter", name: own, type: input.type, home: region, value: path("workflow", "parameters", own), optional: input.optional && input.default === undefined, global: true });
  }
}

function addInputs(scope: Scope, made: PipelineRegion): void {
  const { region, pipeline } = scope;
  for (const [name, input] of Object.entries(pipeline.inputs)) {
    const kind = input.type.kind === "artifact" ? "artifacts" : "parameters";
    const own = freeName(parameterName(name), new Set(region[kind].keys()));
    made.inputs.set(name, own);
    const optional = input.optional && input.default === undefined;
    const channel: Channel = { kind: kind === "artifacts" ? "artifact" : "parameter", name: own, type: input.type, home: region, value: path("inputs", kind, own), optional };
    const initial = input.default === undefined ? (input.optional ? ABSENT : undefined) : constantText(input.default);
    if (kind === "artifacts") {
      region.artifacts.set(own, { optional });
      const meta = metaName(own);
      region.parameters.set(meta, { optional: false, default: optional ? ABSENT : "{}" });
      channel.meta = { kind: "parameter", name: meta, type: { kind: "string" }, home: region, value: path("inputs", "parameters", meta), optional };
      if (input.type.kind === "artifact" && input.type.list) {
        const depth = depthName(own);
        region.parameters.set(depth, { optional: false, default: "1" });
        channel.depth = { kind: "parameter", name: depth, type: { kind: "integer" }, home: region, value: path("inputs", "parameters", depth), optional: false };
      }
    } else {
      region.parameters.set(own, { optional: false, ...(initial === undefined ? {} : { default: initial }) });
    }
    scope.inputs.set(name, channel);
  }
}

function prefixOf(region: Region): Channel {
  return textInput(region, "hmc-prefix");
}

/** The key of an output in the artifact repository, which the callers give. */
function keyInput(region: Region, output: string): Channel {
  return textInput(region, keyName(parameterName(output)));
}

function textInput(region: Region, name: string): Channel {
  region.parameters.set(name, { optional: false });
  return { kind: "parameter", name, type: { kind: "string" }, home: region, value: path("inputs", "parameters", name), optional: false };
}

/** Adds the nodes of a block to a region. */
export function lowerBlock(scope: Scope, region: Region, block: Block): void {
  for (const node of block.nodes) scope.handles.set(node.id, lowerNode(scope, region, node));
}

function lowerNode(scope: Scope, region: Region, node: Node): Handle {
  switch (node.kind) {
    case "task":
      return lowerTask(scope, region, node);
    case "branch":
      return lowerBranch(scope, region, node);
    case "loop":
      return lowerLoop(scope, region, node);
    case "while":
      return lowerWhile(scope, region, node);
    case "try":
      return lowerTry(scope, region, node);
  }
}

/** The edges of `after`, once every node has its tasks. */
function addEdges(scope: Scope): void {
  for (const node of nodesOf(scope.pipeline.body)) {
    if (node.kind !== "task") continue;
    for (const id of node.after) {
      const consumer = scope.tasks.get(node.id);
      const handle = scope.handles.get(id);
      if (consumer !== undefined && handle !== undefined) waitFor(consumer, handle);
    }
  }
}

/** Makes a task wait for a node; the edge joins what stands around them in the innermost region that holds both. */
function waitFor(task: TaskDraft, handle: Handle): void {
  const around = regionsAround(handle.region);
  let consumer = task;
  while (!around.includes(consumer.region)) {
    const { owner } = consumer.region;
    if (owner === undefined) return;
    consumer = owner;
  }
  if (handle.region === consumer.region) {
    for (const { alternatives } of handle.requirements) {
      if (alternatives.some((alternative) => alternative.task === consumer)) continue;
      require(consumer, consumer.ignoresFailure ? alternatives.map((alternative) => ({ ...alternative, results: [...new Set([...alternative.results, "Failed" as const, "Errored" as const, "Omitted" as const])] })) : alternatives);
    }
    if (handle.taken !== undefined) consumer.when.push(takenOf(handle.taken, consumer));
    return;
  }
  const inner = around[around.indexOf(consumer.region) - 1] ?? bug("a region without one around it");
  if (inner.owner !== undefined && inner.owner !== consumer) require(consumer, [{ task: inner.owner, results: inner.owner.repetition === undefined ? ["Succeeded"] : ["Succeeded", "Skipped"] }]);
}

function takenOf(taken: Channel, consumer: TaskDraft): TaskDraft["when"][number] {
  const own = ownChannel(consumer.region, taken);
  return { kind: "binary", operator: "==", left: own.value, right: text("true"), start: 0, end: 0 };
}

/** The region and those around it, from the inside out. */
function regionsAround(region: Region): Region[] {
  const found: Region[] = [];
  for (let inner: Region | undefined = region; inner !== undefined; inner = inner.owner?.region) found.push(inner);
  return found;
}

function addOutputs(scope: Scope, made: PipelineRegion): void {
  const reader = { scope, region: scope.region, task: undefined };
  for (const [name, { value }] of Object.entries(scope.pipeline.outputs)) {
    const own = made.outputs.get(name) ?? bug(`no name for the output "${name}"`);
    if (value.type.kind !== "artifact") {
      scope.region.outputs.set(own, { kind: "parameter", value: textFor(reader, value), default: ABSENT });
      continue;
    }
    const channel = artifactFor(reader, value);
    if (channel === undefined) continue;
    scope.region.outputs.set(own, { kind: "artifact", from: artifactExpression(reader, channel), optional: channel.optional });
    scope.region.outputs.set(metaName(own), { kind: "parameter", value: metaOf(reader, channel), default: ABSENT });
    if (value.type.list) scope.region.outputs.set(depthName(own), { kind: "parameter", value: depthOf(reader, channel) ?? text("1"), default: "1" });
  }
}
