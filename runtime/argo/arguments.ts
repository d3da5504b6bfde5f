/** Gives a template its inputs and replaces the variables in it. */
import { hasLocationOrKey } from "./artifacts.ts";
import { ControllerError } from "./errors.ts";
import { missingConfigMap } from "./globals.ts";
import { goJson } from "./go.ts";
import type { RunState } from "./state.ts";
import { substitute } from "./substitute.ts";
import type { Arguments, Artifact, Parameter, Template } from "./types.ts";
import { Variables } from "./variables.ts";

/** An argument that refers to the output of a skipped task: it counts as not given. */
const ABSENT = "__argo-internal.absent-optional-output__";

/**
 * The template with its inputs from arguments and defaults, and with global, local and input variables replaced.
 *
 * @param local variables such as `pod.name`
 * @param validateOnly whether artifacts may lack a location
 * @throws ControllerError where an input is missing or a variable cannot be replaced
 */
export function processArguments(state: RunState, template: Template, given: Arguments, local: { [name: string]: string }, validateOnly = false): Template {
  const { parameters, artifacts } = template.inputs;
  const inputs: Arguments = {};
  if (parameters) inputs.parameters = parameters.map((parameter) => inputParameter(state, parameter, given));
  if (artifacts) inputs.artifacts = artifacts.map((artifact) => inputArtifact(artifact, given, validateOnly));
  return substituteVariables(state, { ...template, inputs }, local);
}

function inputParameter(state: RunState, input: Parameter, given: Arguments): Parameter {
  const { value: own, valueFrom: ownFrom, ...rest } = input;
  const argument = given.parameters?.find(({ name }) => name === input.name);
  let value = own ?? input.default;
  let valueFrom = ownFrom;
  if (argument?.value === ABSENT) {
    const message = `inputs.parameters.${input.name}: argument references an absent optional (skipped/omitted node output with no default)`;
    if (value === undefined && valueFrom === undefined) throw new ControllerError(message);
  } else if (argument) {
    value = argument.value;
    valueFrom = argument.value === undefined ? argument.valueFrom : undefined;
  }
  const reference = valueFrom?.configMapKeyRef;
  if (reference) value = configMapValue(state, input.name, reference, valueFrom?.default);
  else if (value === undefined) throw new ControllerError(`inputs.parameters.${input.name} was not supplied`);
  return inOrder({ ...rest, ...(value !== undefined && { value }), ...(valueFrom && { valueFrom }) });
}

function configMapValue(state: RunState, input: string, reference: { name: string; key: string }, byDefault: string | undefined): string {
  const { name, key } = substitute(reference, state.globals, "strict", state.behaviour);
  const found = state.options.cluster?.configMaps?.[name]?.[key] ?? byDefault;
  if (found !== undefined) return found;
  const why = missingConfigMap(name, key, state.options.cluster);
  throw new ControllerError(`unable to retrieve inputs.parameters.${input} from ConfigMap: ${why}`);
}

/** A parameter, its fields in the order of Argo's JSON. */
function inOrder({ name, default: byDefault, value, valueFrom, globalName, enum: values, description }: Parameter): Parameter {
  return {
    name,
    ...(byDefault !== undefined && { default: byDefault }),
    ...(value !== undefined && { value }),
    ...(valueFrom && { valueFrom }),
    ...(globalName !== undefined && { globalName }),
    ...(values && { enum: values }),
    ...(description !== undefined && { description }),
  };
}

function inputArtifact(input: Artifact, given: Arguments, validateOnly: boolean): Artifact {
  const argument = given.artifacts?.find(({ name }) => name === input.name);
  if (!input.optional && !hasLocationOrKey(input)) {
    if (!argument) throw new ControllerError(`inputs.artifacts.${input.name} was not supplied`);
    const located = (argument.from !== undefined && argument.fromExpression !== undefined) || hasLocationOrKey(argument);
    if (!located && !validateOnly) throw new ControllerError(`inputs.artifacts.${input.name} missing location information`);
  }
  if (!argument) return input;
  const { path: _path, mode: _mode, recurseMode: _recurseMode, ...rest } = argument;
  const { path, mode, recurseMode } = input;
  return { ...rest, ...(path !== undefined && { path }), ...(mode !== undefined && { mode }), ...(recurseMode && { recurseMode }) };
}

/**
 * The template with variables replaced: first global and local ones, then also its inputs, which may hold the former.
 *
 * @throws ControllerError where that fails
 */
export function substituteVariables(state: RunState, template: Template, local: { [name: string]: string }): Template {
  const variables = new Variables(state.globals);
  for (const [name, value] of Object.entries(local)) variables.set(name, value);
  const first = substitute(template, variables, "lenient", state.behaviour);
  const withInputs = new Variables(variables);
  const parameters = first.inputs.parameters ?? [];
  for (const { name, value, valueFrom } of parameters) {
    if (value !== undefined) withInputs.set(`inputs.parameters.${name}`, value);
    else if (!valueFrom) throw new ControllerError(`inputs.parameters.${name} had no value`);
  }
  withInputs.set("inputs.parameters", parameters.length === 0 ? "null" : goJson(parameters));
  for (const { name, path } of first.inputs.artifacts ?? []) if (path) withInputs.set(`inputs.artifacts.${name}.path`, path);
  for (const { name, path } of first.outputs.artifacts ?? []) if (path) withInputs.set(`outputs.artifacts.${name}.path`, path);
  for (const { name, valueFrom } of first.outputs.parameters ?? []) if (valueFrom?.path) withInputs.set(`outputs.parameters.${name}.path`, valueFrom.path);
  return substitute(first, withInputs, "lenient", state.behaviour);
}

/** The arguments, those marked that refer to nothing but the absent output of a skipped task. */
export function markAbsent(given: Arguments, scope: Variables): Arguments {
  if (!given.parameters?.some(({ value }) => value !== undefined && refersToAbsent(value, scope))) return given;
  const parameters = given.parameters.map((parameter) => (parameter.value !== undefined && refersToAbsent(parameter.value, scope) ? { ...parameter, value: ABSENT } : parameter));
  return { ...given, parameters };
}

function refersToAbsent(value: string, scope: Variables): boolean {
  if (!value.startsWith("{{") || !value.endsWith("}}")) return false;
  const name = value.slice(2, -2).trim();
  return !name.includes("{{") && !name.includes("}}") && scope.isAbsent(name);
}
