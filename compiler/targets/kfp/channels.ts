/** Moves values between DAGs: inwards through inputs of the groups on the way, outwards through their outputs. */
import { bug } from "../../bug.ts";
import { channelPrefix, isInside, type Channel, type Dag, type Source, type Task } from "./graph.ts";
import { outputChannelName } from "./names.ts";
import type { ParameterSource, Port } from "./spec.ts";

/**
 * Where the value of a channel is read inside a DAG. Every group between the channel and the DAG gets an input for
 * it (the SDK's "hole punching"), or an output where the value comes from within a group.
 */
export function deliver(channel: Channel, dag: Dag): Source {
  let reachable = channel;
  while (!isInside(dag, reachable.home)) reachable = surface(reachable);
  return punch(reachable, dag);
}

function punch(channel: Channel, dag: Dag): Source {
  if (channel.home === dag) return sourceAtHome(channel);
  const known = dag.punched.get(channel);
  if (known !== undefined) return { input: known };
  const owner = dag.owner ?? bug(`the channel "${channel.name}" is read outside its pipeline`);
  const outer = punch(channel, owner.dag);
  const name = freeInput(dag, channelPrefix + (channel.readAs ?? channel.name));
  dag.punched.set(channel, name);
  dag.inputs.set(name, inputPort(channel.port, channel.optionalInGroups));
  connect(owner, name, outer, channel.port);
  return { input: name };
}

function sourceAtHome({ from }: Channel): Source {
  if ("status" in from) return { status: from.status.key };
  return "task" in from ? { task: from.task.key, output: from.output } : from;
}

function freeInput(dag: Dag, name: string): string {
  let free = name;
  for (let count = 2; dag.inputs.has(free); count++) free = `${name}-${count}`;
  return free;
}

/** What a group declares for a value that passes through: type only. */
export function inputPort(port: Port, isOptional = false): Port {
  const optional = isOptional || (port.kind === "parameter" && port.spec.parameterType === "TASK_FINAL_STATUS");
  return port.kind === "parameter"
    ? { kind: "parameter", spec: { parameterType: port.spec.parameterType, ...(optional ? { isOptional: true } : {}) } }
    : { kind: "artifact", spec: { artifactType: port.spec.artifactType, ...(port.spec.isArtifactList === true ? { isArtifactList: true } : {}) } };
}

/** Feeds an input of a task from a source of the task's DAG, and orders the task after the producer. */
export function connect(task: Task, input: string, source: Source, port: Port, selector?: string): void {
  if (port.kind === "artifact") task.artifacts.set(input, source);
  else task.parameters.set(input, { ...parameterSource(source), ...(selector === undefined ? {} : { parameterExpressionSelector: selector }) });
  if ("task" in source) task.dependsOn.add(source.task);
  if ("status" in source) task.dependsOn.add(source.status);
}

/** A source as a message of KFP. */
export function parameterSource(source: Source): ParameterSource {
  if ("status" in source) return { taskFinalStatus: { producerTask: source.status } };
  return "task" in source
    ? { taskOutputParameter: { producerTask: source.task, outputParameterKey: source.output } }
    : { componentInputParameter: source.input };
}

/**
 * The channel one DAG further out: an output of the group that holds its producer. Loops make a list of it.
 *
 * @param list whether it is declared as a list in any case, as the SDK does on the way to a fan-in
 */
export function surface(channel: Channel, list = false): Channel {
  channel.surfaced ??= surfacedAs(channel, channelPrefix + channel.name, list);
  return channel.surfaced;
}

/** The same under another name of the output. */
export function surfacedAs(channel: Channel, name: string, list: boolean): Channel {
  const dag = channel.home;
  const owner = dag.owner ?? bug(`the channel "${channel.name}" leaves its pipeline`);
  if (!("task" in channel.from)) return bug(`the input "${channel.name}" is read outside its group`);
  const port = owner.loop === undefined && !list ? inputPort(channel.port) : listPort(channel.port);
  const output = freeOutput(dag, name);
  dag.outputs.set(output, { port, oneOf: false, from: [channel.from] });
  // The SDK reads a fan-in as an output of the loop, by the general rule.
  const readAs = owner.loop === undefined ? {} : { readAs: outputChannelName(owner.key, output) };
  return { name: channel.name, port, home: owner.dag, from: { task: owner, output }, nullable: false, ...readAs };
}

export function freeOutput(dag: Dag, name: string): string {
  let free = name;
  for (let count = 2; dag.outputs.has(free); count++) free = `${name}-${count}`;
  return free;
}

/** What the fan-in of a port is: the back end makes one flat list, also over nested loops. */
function listPort(port: Port): Port {
  return port.kind === "parameter"
    ? { kind: "parameter", spec: { parameterType: "LIST" } }
    : { kind: "artifact", spec: { artifactType: port.spec.artifactType, isArtifactList: true } };
}
