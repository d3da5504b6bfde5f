/**
 * Functions that call themselves. A helper function is a part of the graph wherever it is called; one that calls itself is a
 * pipeline of its own, with its parameters as inputs and what it returns as outputs.
 */
import { ts } from "ts-morph";
import { kebabCase, uniqueName } from "../ir/names.ts";
import type { Expression, Input, Pipeline, PipelineOutput, ValueType } from "../ir/types.ts";
import { bindPattern, bindWithoutDefaults } from "./binding.ts";
import { withoutEmptyBranches } from "./branches.ts";
import { checkFit, typesOf } from "./calls.ts";
import { mayBeAbsent } from "./conditions.ts";
import type { Context } from "./context.ts";
import { descriptionOf, parameterDescriptions } from "./descriptions.ts";
import { evaluate } from "./expressions.ts";
import { reportAsync } from "./functions.ts";
import { nameOf, readDefault, readInputs } from "./inputs.ts";
import { addTask, report, type Lowering, type Program } from "./lowering.ts";
import { newLowering } from "./pipelines.ts";
import { Scope } from "./scope.ts";
import { readFunctionBody } from "./statements.ts";
import { checkTaskStatuses } from "./task-status.ts";
import { memberOf, toExpression } from "./to-expression.ts";
import { handleMembers, mayBeUndefined, valueType } from "./types.ts";
import type { Value } from "./values.ts";

/** A parameter of the function, and the inputs that it becomes. */
interface LiftedParameter {
  node: ts.ParameterDeclaration;
  /** The one input, or one for each property of an object. */
  inputs: { name: string; property?: string; input: Input }[];
}

/**
 * A call of a function that calls itself: a task.
 *
 * @param given the arguments, by position
 */
export function callLifted(lowering: Lowering, declaration: ts.FunctionLikeDeclaration, at: ts.Node, name: string, given: Value[]): Value {
  const { program } = lowering;
  const parameters = parametersOf(lowering.context, declaration, name);
  const pipeline = readLifted(lowering, declaration, name, parameters);
  const outputs = typesOf(pipeline.outputs);
  const value = addTask(lowering, { kind: "pipeline", id: pipeline.id }, { options: {}, ignoreUpstreamFailure: false, span: lowering.context.spanOf(at) }, outputs, "Output" in outputs ? "Output" : undefined);
  for (const output of program.optionalOutputs.get(pipeline.id) ?? []) lowering.optionalOutputs.add(`${value.task.id}.${output}`);
  for (const [position, parameter] of parameters.entries()) {
    const argument = given[position];
    if (argument === undefined || argument.kind === "invalid") continue;
    for (const { name: input, property, input: declared } of parameter.inputs) {
      const part = property === undefined ? argument : memberOf(lowering, argument, property, at);
      const expression = part.kind === "invalid" ? undefined : toExpression(lowering, part, at);
      if (expression === undefined || expression.kind === "absent") continue;
      checkFit(lowering, expression, declared.type, `${name}.${input}`, at);
      value.task.inputs[input] = expression;
    }
  }
  return value;
}

/** The pipeline of a function; within its own body it has its inputs, and the outputs that its type says. */
function readLifted(from: Lowering, declaration: ts.FunctionLikeDeclaration, name: string, parameters: LiftedParameter[]): Pipeline {
  const { program, context } = from;
  const copies = program.lifted.get(declaration) ?? new Map<string, Pipeline>();
  program.lifted.set(declaration, copies);
  // Its tasks have the options of the pipeline that calls it.
  const key = JSON.stringify(from.defaults ?? {}, (name, value: unknown) => (name === "spans" ? undefined : value));
  const known = copies.get(key);
  if (known !== undefined) return known;
  const description = descriptionOf(declaration);
  const pipeline: Pipeline = {
    id: uniqueName(kebabCase(name), new Set([...program.pipelines.values(), ...program.active.values(), ...[...program.lifted.values()].flatMap((pipelines) => [...pipelines.values()])].map(({ id }) => id))),
    name,
    ...(description === undefined ? {} : { description }),
    inputs: Object.fromEntries(parameters.flatMap(({ inputs }) => inputs.map(({ name: input, input: read }): [string, Input] => [input, read]))),
    outputs: {},
    options: from.defaults === undefined ? {} : { defaults: from.defaults },
    body: { nodes: [] },
    span: context.spanOf(nameOf(declaration)),
  };
  copies.set(key, pipeline);
  const signature = context.checker.getSignatureFromDeclaration(declaration);
  if (signature !== undefined) announceOutputs(program, pipeline, context.checker.getReturnTypeOfSignature(signature), declaration);
  const lowering = newLowering(program, pipeline, [...from.path, { declaration, name }]);
  const scope = new Scope("function", lowering.rootScope);
  reportAsync(lowering, declaration, name);
  if (declaration.asteriskToken !== undefined) report(lowering, "HMC1001", declaration, { construct: "a generator" });
  for (const parameter of parameters) bindParameter(lowering, scope, parameter);
  const { body } = declaration as ts.FunctionDeclaration | ts.ArrowFunction;
  const result = body === undefined ? undefined : ts.isBlock(body) ? readFunctionBody(lowering, scope, body) : evaluate(lowering, scope, body);
  if (result !== undefined) giveOutputs(lowering, pipeline, result, body ?? declaration);
  withoutEmptyBranches(pipeline.body);
  checkTaskStatuses(context, pipeline);
  program.pipelines.set(pipeline.id, pipeline);
  return pipeline;
}

// ---------------------------------------------------------------------------------------------- parameters

function parametersOf(context: Context, declaration: ts.FunctionLikeDeclaration, name: string): LiftedParameter[] {
  const descriptions = parameterDescriptions([declaration]);
  const taken = new Set<string>();
  return declaration.parameters.map((node) => {
    const inputs = inputsOf(context, node, name, descriptions);
    return { node, inputs: inputs.map((read) => ({ ...read, name: uniqueName(read.name, taken) })) };
  });
}

function inputsOf(context: Context, node: ts.ParameterDeclaration, owner: string, descriptions: Map<string, string>): LiftedParameter["inputs"] {
  const type = context.checker.getTypeAtLocation(node);
  if (isSpread(context, type, node)) {
    return Object.entries(readInputs(context, type, node, owner, node, descriptions)).map(([property, input]) => ({ name: property, property, input }));
  }
  const name = ts.isIdentifier(node.name) ? node.name.text : "input";
  const path = `${owner}.${name}`;
  const read = valueType(context, type, node, path);
  if (read === undefined) return [];
  const value = node.initializer === undefined ? undefined : readDefault(context, node.initializer, read, path);
  const description = descriptions.get(name);
  const optional = node.questionToken !== undefined || node.initializer !== undefined || mayBeUndefined(type);
  const input: Input = { type: read, optional, ...(value === undefined ? {} : { default: value }), ...(description === undefined ? {} : { description }), span: context.spanOf(nameOf(node)) };
  return [{ name, input }];
}

/** Whether a parameter is an object of which each property is an input: what is taken apart, or holds artifacts or other properties that are known. */
function isSpread(context: Context, type: ts.Type, node: ts.ParameterDeclaration): boolean {
  if (ts.isObjectBindingPattern(node.name)) return true;
  return propertiesOf(context, type) !== undefined;
}

/** The named properties of an object; undefined for values that cross as a whole. */
function propertiesOf(context: Context, type: ts.Type): ts.Symbol[] | undefined {
  const { checker } = context;
  const isObject = (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0 && type.getCallSignatures().length === 0 && checker.getIndexInfosOfType(type).length === 0;
  if (!isObject || checker.isArrayType(type) || checker.isTupleType(type)) return undefined;
  const read = valueType({ ...context, report: () => undefined }, type, context.program.getSourceFiles()[0] as ts.Node, "");
  if (read !== undefined && read.kind !== "struct") return undefined;
  const isTask = type.getProperty("~hmc.task") !== undefined;
  return checker.getPropertiesOfType(type).filter(({ name }) => !isTask || !handleMembers.has(name));
}

function bindParameter(lowering: Lowering, scope: Scope, { node, inputs }: LiftedParameter): void {
  const read = ({ name, input }: LiftedParameter["inputs"][number]): Value => ({ kind: "expression", expression: { kind: "input", name, type: input.type, span: input.span } satisfies Expression });
  const [only] = inputs;
  if (only !== undefined && only.property === undefined) {
    bindPattern(lowering, scope, node.name, read(only));
    return;
  }
  const entries = new Map(inputs.map((input): [string, Value] => [input.property ?? input.name, read(input)]));
  // Defaults of the pattern are defaults of the inputs already.
  if (ts.isObjectBindingPattern(node.name)) bindWithoutDefaults(lowering, scope, node.name, entries);
  else bindPattern(lowering, scope, node.name, { kind: "object", entries, node });
}

// ---------------------------------------------------------------------------------------------- outputs

/** Gives a pipeline the outputs that its type says, for calls of it in its own body. */
export function announceOutputs(program: Program, pipeline: Pipeline, type: ts.Type, at: ts.Node): void {
  const { context } = program;
  const { checker } = context;
  if (Object.keys(pipeline.outputs).length > 0 || (type.flags & (ts.TypeFlags.Void | ts.TypeFlags.Undefined)) !== 0) return;
  const span = context.spanOf(at);
  const optional = program.optionalOutputs.get(pipeline.id) ?? new Set<string>();
  program.optionalOutputs.set(pipeline.id, optional);
  const add = (name: string, declared: ts.Type, isOptional: boolean): void => {
    const read = valueType(context, declared, at, `${pipeline.name}.${name}`);
    if (read === undefined) return;
    if (isOptional) optional.add(name);
    pipeline.outputs[name] = { type: read, value: { kind: "absent", type: read, span }, span };
  };
  const properties = propertiesOf(context, type);
  if (properties === undefined) add("Output", type, mayBeUndefined(type));
  for (const property of properties ?? []) {
    const declared = checker.getTypeOfSymbol(property);
    add(property.name, declared, (property.flags & ts.SymbolFlags.Optional) !== 0 || mayBeUndefined(declared));
  }
}

/** The values of the outputs. */
function giveOutputs(lowering: Lowering, pipeline: Pipeline, result: Value, at: ts.Node): void {
  const outputs: Record<string, PipelineOutput> = {};
  const optional = lowering.program.optionalOutputs.get(pipeline.id);
  for (const [name, { type, span }] of Object.entries(pipeline.outputs)) {
    const value = name === "Output" ? result : memberOf(lowering, result, name, at);
    const expression = value.kind === "invalid" ? undefined : toExpression(lowering, value, at);
    if (expression === undefined || expression.kind === "absent") continue;
    if (mayBeAbsent(lowering, expression)) optional?.add(name);
    outputs[name] = { type: type satisfies ValueType, value: expression, span };
  }
  pipeline.outputs = outputs;
}
