/** Outputs of DAG and steps templates: made of those of their members. */
import { within } from "./artifacts.ts";
import { ControllerError } from "./errors.ts";
import { artifactOf, evaluate, printed, quoted, resolve } from "./expressions.ts";
import { noteGlobals, type RunState } from "./state.ts";
import { substitute } from "./substitute.ts";
import type { Artifact, Outputs, Parameter, Template, ValueFrom } from "./types.ts";
import type { Variables } from "./variables.ts";

/**
 * What a template gives, or undefined where it declares nothing.
 *
 * @throws ControllerError where an output comes from what there is not, and has no default
 */
export function outputsOf(state: RunState, template: Template, scope: Variables): Outputs | undefined {
  const { parameters = [], artifacts = [] } = template.outputs;
  if (parameters.length === 0 && artifacts.length === 0 && template.outputs.result === undefined) return undefined;
  const outputs: Outputs = {};
  if (parameters.length > 0) outputs.parameters = parameters.map((parameter) => outputParameter(state, parameter, scope));
  if (artifacts.length > 0) outputs.artifacts = artifacts.flatMap((artifact) => outputArtifact(state, artifact, scope) ?? []);
  return outputs;
}

function outputParameter(state: RunState, { valueFrom, ...parameter }: Parameter, scope: Variables): Parameter {
  if (!valueFrom) throw new ControllerError("output parameters must have a valueFrom specified");
  let value: string | null;
  try {
    value = valueOf(state, valueFrom, scope);
  } catch (error) {
    if (!(error instanceof ControllerError) || valueFrom.default === undefined) throw error;
    return { ...parameter, value: valueFrom.default };
  }
  if (value !== null) return { ...parameter, value };
  if (valueFrom.default !== undefined) return { ...parameter, value: valueFrom.default };
  throw new ControllerError(
    `output parameter ${quoted(parameter.name)}: ${quoted(valueFrom.parameter ?? "")} is an absent optional (skipped/omitted node output with no default)`,
  );
}

/** The value of an output, or null for the absent output of a skipped member. */
function valueOf(state: RunState, { parameter, expression }: ValueFrom, scope: Variables): string | null {
  if (expression !== undefined) {
    const value = evaluate(expression, scope);
    if (value === null && state.behaviour.nilOutputsFail) throw new ControllerError(`failed to evaluate expression ${quoted(expression)}`);
    return printed(value);
  }
  if (parameter === undefined) return "";
  const value = resolve(parameter, scope);
  return value === null ? null : printed(value);
}

function outputArtifact(state: RunState, artifact: Artifact, scope: Variables): Artifact | undefined {
  try {
    const resolved = resolveArtifact(state, artifact, scope);
    return resolved && { ...resolved, name: artifact.name };
  } catch (error) {
    if (!(error instanceof ControllerError)) throw error;
    if (error.message.includes("Unable to resolve") && artifact.optional) return undefined;
    throw new ControllerError(`unable to resolve outputs from scope: ${error.message}`);
  }
}

/**
 * The artifact that another one refers to by `from` or `fromExpression`; undefined where it refers to none.
 *
 * @throws ControllerError where that is no artifact
 */
export function resolveArtifact(state: RunState, artifact: Artifact, scope: Variables): Artifact | undefined {
  const { from, fromExpression, subPath } = artifact;
  if (from === undefined && fromExpression === undefined) return undefined;
  const value = artifactOf(fromExpression !== undefined ? evaluate(fromExpression, scope) : resolve(from as string, scope));
  if (!value) throw new ControllerError(`Variable {{${from ?? fromExpression ?? ""}}} is not an artifact`);
  if (subPath === undefined) return value;
  const path = substitute({ subPath }, scope, "lenient", state.behaviour).subPath;
  try {
    return within(value, path);
  } catch (error) {
    if (error instanceof ControllerError && value.optional) return value;
    throw error;
  }
}

/** Gives outputs with a global name to the workflow. */
export function publish(state: RunState, outputs: Outputs | undefined): void {
  let any = false;
  for (const { globalName, valueFrom: _, ...parameter } of outputs?.parameters ?? []) {
    if (globalName === undefined) continue;
    any = true;
    if (parameter.value !== undefined) state.globals.set(`workflow.outputs.parameters.${globalName}`, parameter.value);
    put((state.outputs.parameters ??= []), { ...parameter, name: globalName });
  }
  for (const { globalName, path: _, ...artifact } of outputs?.artifacts ?? []) {
    if (globalName === undefined) continue;
    any = true;
    put((state.outputs.artifacts ??= []), { ...artifact, name: globalName });
  }
  if (any) noteGlobals(state);
}

function put<T extends { name: string }>(list: T[], member: T): void {
  const at = list.findIndex(({ name }) => name === member.name);
  if (at < 0) list.push(member);
  else list[at] = member;
}
