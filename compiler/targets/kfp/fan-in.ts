/** The results of all iterations of a loop as one list. */
import { bug } from "../../bug.ts";
import type { Expression } from "../../ir/types.ts";
import { freeOutput, surface } from "./channels.ts";
import { channelPrefix, isInside, type Channel, type Producer } from "./graph.ts";
import { portOf } from "./ports.ts";
import { channelOf, collectIn, isReference } from "./references.ts";
import { relayBound, relayValue } from "./relay.ts";
import { skippableTasks } from "./task-conditions.ts";
import { report, type LoopState, type Scope } from "./scope.ts";

/** How many lists of lists a fan-in is. */
function depthOf(expression: Expression): number {
  if (expression.kind === "collect") return 1 + depthOf(expression.value);
  const [list] = expression.kind === "call" && expression.function === "flat" ? expression.arguments : [];
  return list === undefined ? 0 : depthOf(list) - 1;
}

/** The channel of a fan-in, in the DAG that holds the loop; undefined where KFP has none, which is reported. */
export function collectChannel(scope: Scope, expression: Expression, nested: boolean): Channel | undefined {
  const { build } = scope;
  const { version } = build.capabilities;
  const reference = collectIn(expression) ?? bug("a fan-in without a loop");
  const state = scope.loops.get(reference.loop);
  // A loop that KFP cannot run is reported where it stands.
  if (state === undefined) return undefined;
  const { value } = reference;
  // An inner list that is also used in the outer loop stands for itself there, and would not be flattened; artifacts pass through.
  const isKept = nested && state.guard !== undefined && expression.type.kind !== "artifact";
  if (build.real && ((!nested && depthOf(expression) > 1) || isKept)) return report(build, "HMC4007", expression.span, { version });
  if (build.real && value.kind === "output" && skippableTasks(state.loop.body).has(value.task)) return report(build, "HMC4008", reference.span, { version });
  if (value.kind === "select" && mayBeAbsent(scope, value)) return report(build, "HMC4008", reference.span, { version });
  if (value.kind === "item" && value.loop === reference.loop && state.list !== undefined) return state.list;
  const inner = innerChannel(scope, state, value);
  if (inner === undefined) return undefined;
  const known = state.collected.get(inner);
  if (known !== undefined) return known;
  let channel = inner;
  while (isInside(channel.home, state.body)) channel = surface(channel, !build.real);
  if (state.guard !== undefined) channel = guarded(scope, state, state.guard, channel, reference);
  state.collected.set(inner, channel);
  return channel;
}

/** The value of one iteration, as an output of a task of the loop's body. */
function innerChannel(scope: Scope, state: LoopState, value: Expression): Channel | undefined {
  const channel = collectIn(value) !== undefined ? collectChannel(scope, value, true) : isReference(value) ? channelOf(scope, value) : undefined;
  if (isReference(value) && channel === undefined) return undefined;
  if (channel !== undefined && "task" in channel.from && isInside(channel.home, state.body)) return channel;
  const relayed = relayValue(scope, state.body, "value", value, value.type, `in each iteration of the loop at line ${state.loop.span.line} because no task gives the collected value`);
  if (relayed === undefined) return undefined;
  return { name: `${relayed.task.key}-${relayed.output}`, port: portOf(value.type), home: state.body, from: relayed, nullable: false };
}

/** The list of the loop, or the empty one where the loop did not run. */
function guarded(scope: Scope, state: LoopState, guard: NonNullable<LoopState["guard"]>, collected: Channel, reference: Extract<Expression, { kind: "collect" }>): Channel {
  const loop = surface(collected);
  const from: Producer[] = "task" in loop.from ? [loop.from] : bug("a surfaced channel without a task");
  if (loop.port.kind === "parameter") {
    const why = `to give the empty list where the loop at line ${state.loop.span.line} has no items`;
    const empty = relayBound(scope, guard.empty, "list", { kind: "constant", value: [] }, loop.port, why, reference.span, true);
    const channel = surface({ name: `${empty.task.key}-${empty.output}`, port: loop.port, home: guard.empty, from: empty, nullable: false });
    if ("task" in channel.from) from.push(channel.from);
  } else {
    report(scope.build, "HMC4024", state.loop.span, { version: scope.build.capabilities.version });
  }
  const owner = guard.wrapper.owner ?? bug("a guard without a task");
  const output = freeOutput(guard.wrapper, channelPrefix + loop.name);
  guard.wrapper.outputs.set(output, { port: loop.port, oneOf: true, from });
  return { name: loop.name, port: loop.port, home: owner.dag, from: { task: owner, output }, nullable: false };
}

function mayBeAbsent(scope: Scope, select: Extract<Expression, { kind: "select" }>): boolean {
  const branch = scope.branches.get(select.branch)?.branch;
  return branch?.selects.find(({ name }) => name === select.name)?.values.some((value) => value.kind === "absent") ?? false;
}
