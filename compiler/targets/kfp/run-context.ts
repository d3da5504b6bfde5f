/** What a run knows of itself: placeholders that the driver fills in where they are the constant of a task's input. */
import { contextFields } from "../../expressions/placeholder-text.ts";
import { describeContext } from "../../ir/describe.ts";
import type { ContextName, Expression, Span } from "../../ir/types.ts";
import type { Task } from "./graph.ts";
import { report, type Scope } from "./scope.ts";
import type { Port } from "./spec.ts";

export const contextPlaceholders = Object.fromEntries(
  Object.entries(contextFields).map(([name, field]) => [name, `{{$.${field}}}`]),
) as Record<ContextName, string>;

const contextPort: Port = { kind: "parameter", spec: { parameterType: "STRING", isOptional: true } };

/** Gives a task or group such a text through an input of its own, e.g. `context--run-name`, and returns the name of the input. */
export function contextInput(task: Task, name: ContextName): string {
  const input = `context--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  task.parameters.set(input, { runtimeValue: { constant: contextPlaceholders[name] } });
  task.runs.inputs.set(input, contextPort);
  return input;
}

/** Whether the text differs from task to task, so that only the task that reads it can have it. */
export function isOfTask(name: ContextName): boolean {
  return name === "taskName" || name === "taskId";
}

/** Whether the pipeline can have the text; where not, it is reported. */
export function hasContext(scope: Scope, { name, span }: Extract<Expression, { kind: "context" }>): boolean {
  const { build } = scope;
  const [root] = build.stack;
  if (name === "workspacePath" && build.document.pipelines[root ?? scope.pipeline.id]?.options.workspace === undefined) {
    report(build, "HMC4051", span, { name: describeContext(name), pipeline: root ?? scope.pipeline.id });
    return false;
  }
  // The driver knows this placeholder nowhere, and the launcher only in commands (kfp-lowering 30, 31).
  return name !== "pipelineRoot" || !build.real || refuseContext(scope, name, span, "in an input", `Write the option "pipelineRoot" as a constant that both use`);
}

/** Reports a text that the driver does not fill in where it stands. */
export function refuseContext(scope: Scope, name: ContextName, span: Span, where: string, instead: string): false {
  report(scope.build, "HMC4050", span, { name: describeContext(name), where, instead, version: scope.build.capabilities.version });
  return false;
}
