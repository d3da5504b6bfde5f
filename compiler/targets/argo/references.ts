/** The channels behind the expressions that name a run-time value. */
import { bug } from "../../bug.ts";
import type { Expression } from "../../ir/types.ts";
import { collectChannel } from "./fan-in.ts";
import { ofTask } from "./expr-build.ts";
import type { Channel } from "./region.ts";
import type { Scope } from "./scope.ts";

/** Expressions that name one run-time value. */
export type Reference = Extract<Expression, { kind: "input" | "output" | "item" | "index" | "carried" | "final" | "select" | "collect" | "status" | "taskStatus" }>;

const references: ReadonlySet<Expression["kind"]> = new Set(["input", "output", "item", "index", "carried", "final", "select", "collect", "status", "taskStatus"] satisfies Reference["kind"][]);

export function isReference(expression: Expression): expression is Reference {
  return references.has(expression.kind);
}

/** The channel of a reference. Undefined where what gives it could not be lowered, which has been reported. */
export function channelOf(scope: Scope, reference: Reference): Channel | undefined {
  switch (reference.kind) {
    case "input":
      return scope.inputs.get(reference.name) ?? bug(`no pipeline input "${reference.name}"`);
    case "output":
      return scope.outputs.get(reference.task)?.get(reference.output);
    case "item":
      return loopOf(scope, reference.loop).item;
    case "index":
      return loopOf(scope, reference.loop).index;
    case "carried":
      return scope.whiles.get(reference.loop)?.carried.get(reference.name);
    case "final":
      return scope.whiles.get(reference.loop)?.final.get(reference.name);
    case "select":
      return (scope.branches.get(reference.branch) ?? scope.tries.get(reference.branch))?.selects.get(reference.name);
    case "collect":
      return collectChannel(scope, reference);
    case "status":
      return (scope.tries.get(reference.try) ?? bug(`no try "${reference.try}"`)).status;
    case "taskStatus":
      return phaseChannel(scope, reference.task);
  }
}

function loopOf(scope: Scope, id: string): { item: Channel; index: Channel } {
  return scope.loops.get(id) ?? bug(`no loop "${id}"`);
}

function phaseChannel(scope: Scope, id: string): Channel | undefined {
  const task = scope.tasks.get(id);
  if (task === undefined) return undefined;
  return { kind: "parameter", name: `${task.name}-status`, type: { kind: "status" }, home: task.region, value: ofTask(task.name, "status"), from: task, optional: false, phaseOf: id };
}
