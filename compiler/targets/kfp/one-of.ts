/** The value that the taken arm of a branch gives. */
import { bug } from "../../bug.ts";
import { expressionKey } from "../../ir/expression-key.ts";
import type { Arm, Expression } from "../../ir/types.ts";
import { freeOutput, surface } from "./channels.ts";
import { channelPrefix, isInside, type Channel, type Dag, type Producer } from "./graph.ts";
import { oneOfName, outputChannelName } from "./names.ts";
import { portOf } from "./ports.ts";
import { channelOf, isReference } from "./references.ts";
import { relayValue } from "./relay.ts";
import { checkSkipped } from "./task-conditions.ts";
import { report, type BranchState, type Scope } from "./scope.ts";

/**
 * The channel of a select: an output of the group of branches, taken from the arm that ran. KFP fails where no arm
 * gives a value (kfp-real 3), so it is always total.
 *
 * @param fallback the value in arms that give none
 */
export function selectChannel(scope: Scope, reference: Extract<Expression, { kind: "select" }>, fallback: Expression | undefined): Channel | undefined {
  const state = scope.branches.get(reference.branch);
  // What `catch` gives is a one-of, too: that KFP has no `catch` is reported where the `try` is lowered.
  if (state === undefined) return undefined;
  const key = JSON.stringify([reference.name, fallback === undefined ? null : expressionKey(fallback)]);
  if (!state.selects.has(key)) state.selects.set(key, makeSelect(scope, state, reference, fallback));
  return state.selects.get(key);
}

function makeSelect(scope: Scope, state: BranchState, reference: Extract<Expression, { kind: "select" }>, fallback: Expression | undefined): Channel | undefined {
  const select = state.branch.selects.find(({ name }) => name === reference.name) ?? bug(`no select "${reference.name}"`);
  const wrapper = state.wrapper ?? bug("a select of a branch without a group");
  const from: Producer[] = [];
  for (const [position, arm] of state.branch.arms.entries()) {
    const given = select.values[position] ?? bug(`the select "${select.name}" lacks a value`);
    const value = given.kind === "absent" ? fallback : given;
    if (value === undefined) return report(scope.build, "HMC4013", reference.span, { value: select.name, version: scope.build.capabilities.version });
    const producer = producerIn(scope, armOf(state, arm), wrapper.dag, select.name, value, reference);
    if (producer === undefined) return undefined;
    from.push(producer);
  }
  const port = portOf(select.type);
  const name = oneOfName(wrapper.task.key, state.selects.size + 1);
  const output = freeOutput(wrapper.dag, channelPrefix + name);
  wrapper.dag.outputs.set(output, { port, oneOf: true, from });
  return { name: outputChannelName(wrapper.task.key, output), port, home: wrapper.task.dag, from: { task: wrapper.task, output }, nullable: false };
}

/** The arm's group and the output of it that gives the value. */
function producerIn(scope: Scope, arm: Dag, wrapper: Dag, name: string, value: Expression, reference: Expression): Producer | undefined {
  let channel = isReference(value) ? channelOf(scope, value) : undefined;
  if (isReference(value) && channel === undefined) return undefined;
  if (value.kind === "output") checkSkipped(scope, scope.pipeline.body, value, reference.span);
  if (channel === undefined || !("task" in channel.from) || !isInside(channel.home, arm)) {
    const why = `in the branch at line ${reference.span.line} because no task of the arm gives the value of "${name}"`;
    const relayed = relayValue(scope, arm, name, value, reference.type, why);
    if (relayed === undefined) return undefined;
    channel = { name: `${relayed.task.key}-${relayed.output}`, port: portOf(reference.type), home: arm, from: relayed, nullable: false };
  }
  while (channel.home !== wrapper) channel = surface(channel);
  return "task" in channel.from ? channel.from : bug("a surfaced channel without a task");
}

function armOf(state: BranchState, arm: Arm): Dag {
  return state.arms.get(arm) ?? bug("an arm without a group");
}
