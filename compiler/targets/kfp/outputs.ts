/** What a pipeline returns. */
import { bug } from "../../bug.ts";
import { surface, surfacedAs } from "./channels.ts";
import { portOf } from "./ports.ts";
import { channelOf, describe, isReference } from "./references.ts";
import { relayValue } from "./relay.ts";
import { checkSkipped } from "./task-conditions.ts";
import { report, type Scope } from "./scope.ts";

/** Adds the outputs to the pipeline's DAG. Only a task can give one, so anything else goes through the helper task. */
export function lowerOutputs(scope: Scope): void {
  const { root, pipeline } = scope;
  for (const [name, output] of Object.entries(pipeline.outputs)) {
    const { value, type, description } = output;
    if (scope.build.stack.length > 1 && value.kind === "output") checkSkipped(scope, pipeline.body, value, output.span);
    let channel = isReference(value) ? channelOf(scope, value) : undefined;
    if (isReference(value) && channel === undefined) continue;
    if (channel?.nullable === true) {
      report(scope.build, "HMC4013", output.span, { value: describe(value), version: scope.build.capabilities.version });
      continue;
    }
    if (channel === undefined || !("task" in channel.from)) {
      const producer = relayValue(scope, root, name, value, type, `for the output "${name}", which no task gives`);
      if (producer !== undefined) root.outputs.set(name, { port: portOf(type, description), oneOf: false, from: [producer] });
      continue;
    }
    const isFanIn = !scope.build.real && (type.kind === "list" || (type.kind === "artifact" && type.list));
    // Before 2.1 the SDK gave out artifacts of groups as outputs of the pipeline, under one name all the way.
    const isNamedAfterChannel = !scope.build.real && name === channel.name;
    while (channel.home !== root) channel = isNamedAfterChannel ? surfacedAs(channel, name, isFanIn) : surface(channel, isFanIn);
    root.outputs.set(name, { port: portOf(type, description), oneOf: false, from: ["task" in channel.from ? channel.from : bug("a surfaced channel without a task")] });
  }
}
