/** `try`: a body, what runs when it has failed, and what runs when it has ended (reference argo.md 2.9). */
import type { Pipeline, Select, Try } from "../../ir/types.ts";
import { expressionsOf, expressionTree, nodesOf, tasksOf } from "../../ir/traverse.ts";
import { onlyTask } from "./branches.ts";
import { report } from "./build.ts";
import { binary, choose, ofTask, path, text } from "./expr-build.ts";
import { lowerBlock } from "./lower.ts";
import { addRegion, exported, newRegion, require, type Channel, type Region, type TaskDraft } from "./region.ts";
import type { Handle, Reader, Scope } from "./scope.ts";
import { exportChoice, mayLack, textFromInside } from "./values.ts";

/** Adds a try. Later tasks wait for its handlers, too. */
export function lowerTry(scope: Scope, region: Region, node: Try): Handle {
  const { task } = node.catch === undefined ? lowerBody(scope, region, node, onlyTask(node.body) ?? node.id) : lowerCatch(scope, region, node);
  if (node.finally !== undefined) addExit(scope, task, node);
  return { region, requirements: [{ alternatives: [{ task, results: ["Succeeded"] }] }] };
}

function lowerBody(scope: Scope, region: Region, node: Try, wanted: string): { task: TaskDraft; region: Region } {
  const body = addRegion(region, wanted, node.span);
  scope.tries.set(node.id, { try: node, status: phaseOf(node, body.task, region), selects: new Map() });
  lowerBlock(scope, body.region, node.body);
  return body;
}

/** The phase of the body, for its handlers. They are called only when it has ended, so they do not wait for it. */
function phaseOf(node: Try, body: TaskDraft, home: Region): Channel {
  return { kind: "parameter", name: "status", type: { kind: "status" }, home, value: ofTask(body.name, "status"), optional: false, phaseOf: node.id };
}

/** The body and the handler in a region of their own, which fails only if the handler does. */
function lowerCatch(scope: Scope, region: Region, node: Try): { task: TaskDraft } {
  const group = addRegion(region, node.id, node.span);
  const body = lowerBody(scope, group.region, node, `${node.id}-body`);
  const handler = addRegion(group.region, `${node.id}-catch`, node.span);
  require(handler.task, [{ task: body.task, results: ["Failed", "Errored"] }]);
  if (node.catch !== undefined) lowerBlock(scope, handler.region, node.catch);
  const reader: Reader = { scope, region: group.region, task: undefined };
  const state = scope.tries.get(node.id);
  for (const select of node.selects ?? []) state?.selects.set(select.name, selectChannel(reader, body, handler, select));
  if (node.finally !== undefined && state !== undefined) {
    const phase = exported(group.region, "status", state.status, state.status.value);
    // Where the whole has failed, so has the body.
    state.status = { ...phase, phaseOf: node.id, value: choose(binary("==", ofTask(group.task.name, "status"), text("Succeeded")), phase.value, text("Failed")) };
  }
  return { task: group.task };
}

function selectChannel(reader: Reader, body: { task: TaskDraft; region: Region }, handler: { region: Region }, select: Select): Channel {
  const succeeded = binary("==", ofTask(body.task.name, "status"), text("Succeeded"));
  const absent = { kind: "absent", type: select.type, span: select.span } as const;
  const [first = absent, second = absent] = select.values;
  if (select.type.kind === "artifact") return exportChoice(reader, select.name, select, (of) => choose(succeeded, of(first), of(second)), [first, second]);
  const optional = mayLack({ ...reader, region: body.region }, first) || mayLack({ ...reader, region: handler.region }, second);
  const value = choose(succeeded, textFromInside(reader, body.region, select.name, first), textFromInside(reader, handler.region, select.name, second));
  return exported(reader.region, select.name, { kind: "parameter", type: select.type, optional }, value);
}

/** Runs `finally` as the exit hook of the task. */
function addExit(scope: Scope, task: TaskDraft, node: Try): void {
  const { region } = task;
  const hook: TaskDraft = { name: `${task.name}-finally`, region, calls: region, requirements: [], when: [], parameters: new Map(), artifacts: new Map(), ignoresFailure: false, exitOf: task, span: node.span };
  const handler = newRegion(scope.build, hook.name, node.span);
  handler.owner = hook;
  hook.calls = handler;
  const state = scope.tries.get(node.id);
  const waits = state?.status.from;
  // The hook runs when the task has ended: its status needs no edge.
  if (state !== undefined && waits === task) delete state.status.from;
  if (node.finally !== undefined) lowerBlock(withUncertain(scope, node), handler, node.finally);
  task.exit = hook;
  for (const requirement of hook.requirements) {
    // Only a parameter can be read of a task that may have failed.
    if (requirement.alternatives.some((alternative) => alternative.task === task)) report(scope.build, "HMC4104", node.span, {});
    else task.requirements.push(requirement);
  }
}

/** The same, with what tasks of the body give as values that may be missing. */
function withUncertain(scope: Scope, node: Try): Scope {
  const outputs = new Map(scope.outputs);
  for (const { id } of tasksOf(node.body)) {
    const given = outputs.get(id);
    if (given !== undefined) outputs.set(id, new Map([...given].map(([name, channel]): [string, Channel] => [name, channel.kind === "parameter" ? { ...channel, optional: true } : channel])));
  }
  return { ...scope, outputs };
}

/** The try whose `finally` is the exit handler of the whole workflow: the pipeline is nothing else, and it reads no task. */
export function handlerOfWorkflow(pipeline: Pipeline): Try | undefined {
  const [node, ...others] = pipeline.body.nodes;
  if (node?.kind !== "try" || others.length > 0 || node.catch !== undefined || node.finally === undefined) return undefined;
  const own = new Set([...nodesOf(node.finally)].map(({ id }) => id));
  for (const inner of nodesOf(node.finally)) {
    if (inner.kind === "task" && inner.after.some((id) => !own.has(id))) return undefined;
    for (const expression of expressionsOf(inner)) for (const part of expressionTree(expression)) if (part.kind === "output" && !own.has(part.task)) return undefined;
  }
  return Object.values(pipeline.inputs).some(({ type }) => type.kind === "artifact") ? undefined : node;
}

/** Lowers `finally` as the exit handler of the workflow, where parameters and the status are known everywhere. */
export function lowerExit(scope: Scope, node: Try): void {
  const region = newRegion(scope.build, "on-exit", node.span);
  scope.build.onExit = region;
  const status: Channel = { kind: "parameter", name: "status", type: { kind: "status" }, home: region, value: path("workflow", "status"), optional: false, phaseOf: node.id };
  const tries = new Map(scope.tries).set(node.id, { try: node, status, selects: new Map() });
  if (node.finally !== undefined) lowerBlock({ ...scope, tries }, region, node.finally);
}
