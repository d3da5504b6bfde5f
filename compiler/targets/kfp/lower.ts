/** From a pipeline of the IR to its KFP graph. */
import { bug } from "../../bug.ts";
import { nodesOf } from "../../ir/traverse.ts";
import type { Block, Loop, Node, Pipeline, Try } from "../../ir/types.ts";
import { lowerBranch } from "./branches.ts";
import { lowerTry, needsWrapper } from "./exits.ts";
import { deliver } from "./channels.ts";
import { dependOn, type Dag } from "./graph.ts";
import { withLoneValues } from "./lone-values.ts";
import { lowerLoop, needsGuard } from "./loops.ts";
import { collectedLoops, numberGroups } from "./numbering.ts";
import { checkMissingOutputs } from "./missing-outputs.ts";
import { checkPipelineOptions } from "./options.ts";
import { lowerOutputs } from "./outputs.ts";
import { inputPortOf } from "./ports.ts";
import { newScope, type Build, type Scope } from "./scope.ts";
import { sharedEncode } from "./shared-text.ts";
import type { Port } from "./spec.ts";
import { specialise } from "./specialise.ts";
import type { Encode } from "./supply.ts";
import { lowerTask } from "./tasks.ts";

/** The graph of a pipeline, with its interface. Each call makes its own. */
export function lowerPipeline(build: Build, source: Pipeline): Dag {
  const specialised = specialise(build.document, source);
  const pipeline = build.real ? specialised : withLoneValues(specialised);
  build.stack.push(pipeline.id);
  checkPipelineOptions(build, pipeline);
  if (build.real) checkMissingOutputs(build, pipeline);
  const collected = collectedLoops(pipeline.body, Object.values(pipeline.outputs).map((output) => output.value));
  const parents = loopsAround(pipeline.body);
  const guarded = (node: Loop | Try): boolean => build.real && (node.kind === "loop" ? needsGuard(node, collected) : needsWrapper(node, parents.has(node)));
  const keys = new Set<string>();
  for (const node of nodesOf(pipeline.body)) if (node.kind === "task") keys.add(node.id);
  const scope = newScope(build, pipeline, numberGroups(pipeline.body, guarded), collected, keys);
  for (const [name, input] of Object.entries(pipeline.inputs)) {
    // The SDK writes defaults as they are.
    const encode: Encode = build.real ? sharedEncode(build, `the default of "${name}"`, input.span) : (value) => value;
    const port = inputPortOf(input, encode, build.real);
    scope.root.inputs.set(name, port);
    const nullable = input.optional && input.default === undefined;
    // Inside groups the SDK takes the status of a run for any object.
    const inside: Port = build.real || input.type.kind !== "status" ? port : { kind: "parameter", spec: { parameterType: "STRUCT" } };
    scope.inputs.set(name, { name, port: inside, home: scope.root, from: { input: name }, nullable, optionalInGroups: nullable && build.real });
  }
  lowerBlock(scope, scope.root, pipeline.body);
  lowerOutputs(scope);
  addEdges(scope);
  build.stack.pop();
  return scope.root;
}

/** The tries whose innermost group is a loop. */
function loopsAround(block: Block): Set<Try> {
  const found = new Set<Try>();
  for (const node of nodesOf(block)) if (node.kind === "loop") for (const inner of node.body.nodes) if (inner.kind === "try") found.add(inner);
  return found;
}

/** Adds the nodes of a block to a DAG. */
export function lowerBlock(scope: Scope, dag: Dag, block: Block): void {
  for (const node of block.nodes) lowerNode(scope, dag, node);
}

function lowerNode(scope: Scope, dag: Dag, node: Node): void {
  switch (node.kind) {
    case "task":
      for (const channel of scope.conditions) deliver(channel, dag);
      return lowerTask(scope, dag, node);
    case "branch":
      return lowerBranch(scope, dag, node);
    case "loop":
      return lowerLoop(scope, dag, node);
    case "while":
      return bug(`the loop "${node.id}" has been refused`);
    case "try":
      return lowerTry(scope, dag, node);
  }
}

/** The edges of `after`, once every node has its task; then what failures are ignored. */
function addEdges(scope: Scope): void {
  for (const node of nodesOf(scope.pipeline.body)) {
    if (node.kind !== "task") continue;
    const task = scope.nodes.get(node.id);
    if (task === undefined) continue;
    for (const id of node.after) {
      const earlier = scope.nodes.get(id);
      if (earlier !== undefined) dependOn(task, earlier);
    }
    // A task without upstream has no failure to ignore, and as an exit task it would never run.
    if (node.ignoreUpstreamFailure && task.dependsOn.size > 0) task.exit = true;
  }
  if (scope.root.tasks.size === 0 && scope.build.diagnostics.length === 0) bug(`the pipeline "${scope.pipeline.id}" is empty`);
}
