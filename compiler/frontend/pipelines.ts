/** Reads a pipeline: its parameters, its options, and its body as a graph. */
import { ts } from "ts-morph";
import { diagnostic } from "../diagnostics/diagnostic.ts";
import { kebabCase } from "../ir/names.ts";
import type { Expression, Input, Pipeline, PipelineOutput, ValueType } from "../ir/types.ts";
import { bindPattern, bindWithoutDefaults } from "./binding.ts";
import { withoutEmptyBranches } from "./branches.ts";
import type { PipelineCallee } from "./callee.ts";
import { refuseTaskConfig } from "./component-options.ts";
import { descriptionOf, parameterDescriptions, returnsDescription } from "./descriptions.ts";
import { mayBeAbsent } from "./conditions.ts";
import { entriesOf, evaluate } from "./expressions.ts";
import { reportAsync } from "./functions.ts";
import { readInputs } from "./inputs.ts";
import type { Lowering, Program } from "./lowering.ts";
import { announceOutputs } from "./lifted.ts";
import { readPipelineOptions } from "./option-values.ts";
import { Scope } from "./scope.ts";
import { readFunctionBody } from "./statements.ts";
import { checkTaskStatuses } from "./task-status.ts";
import { toExpression } from "./to-expression.ts";
import { valueType } from "./types.ts";
import type { Value } from "./values.ts";

type Body = ts.ArrowFunction | ts.FunctionExpression | ts.FunctionDeclaration;

/**
 * Reads a pipeline and adds it to the program.
 *
 * @param path the pipelines that are being read, outer first
 * @returns undefined after a reported mistake that leaves nothing to read
 */
export function readPipeline(program: Program, callee: Pick<PipelineCallee, "declaration" | "name">, path: Lowering["path"]): Pipeline | undefined {
  const { context } = program;
  const known = program.read.get(callee.declaration);
  if (known !== undefined) return known;
  const [first, second] = callee.declaration.arguments;
  const { options, name } = readPipelineOptions(context, second === undefined ? undefined : first);
  const body = bodyOf(program, second ?? first);
  if (body?.body === undefined) {
    context.report(diagnostic("HMC1022", context.spanOf(second ?? first ?? callee.declaration), { name: callee.name }));
    return undefined;
  }
  const owner = callee.declaration.parent;
  const descriptions = parameterDescriptions([owner, callee.declaration, body]);
  const description = descriptionOf(owner) ?? descriptionOf(body);
  const [parameter] = body.parameters;
  const inputs = parameter === undefined ? {} : readInputs(context, context.checker.getTypeAtLocation(parameter), parameter, callee.name, parameter, descriptions);
  refuseTaskConfig(context, inputs, callee.name);
  const pipeline: Pipeline = {
    id: kebabCase(name ?? callee.name),
    name: callee.name,
    ...(description === undefined ? {} : { description }),
    inputs,
    outputs: {},
    options,
    body: { nodes: [] },
    span: context.spanOf(ts.isVariableDeclaration(owner) ? owner.name : callee.declaration),
  };
  const other = program.pipelines.get(pipeline.id);
  if (other !== undefined) {
    context.report(
      diagnostic("HMC3005", pipeline.span, { first: other.name, second: pipeline.name, id: pipeline.id }, { related: [{ message: `"${other.name}" is declared here`, span: other.span }] }),
    );
    return undefined;
  }
  program.active.set(callee.declaration, pipeline);
  const lowering = newLowering(program, pipeline, [...path, { declaration: callee.declaration, name: callee.name }]);
  const scope = new Scope("function", lowering.rootScope);
  reportAsync(lowering, body, callee.name);
  if (parameter !== undefined) bindParameter(lowering, scope, parameter, inputs);
  const result = ts.isBlock(body.body) ? readFunctionBody(lowering, scope, body.body) : evaluate(lowering, scope, body.body);
  pipeline.outputs = {};
  if (result !== undefined) pipeline.outputs = readOutputs(lowering, pipeline.id, result, body, returnsDescription([owner, callee.declaration, body]));
  withoutEmptyBranches(pipeline.body);
  checkTaskStatuses(context, pipeline);
  program.active.delete(callee.declaration);
  program.pipelines.set(pipeline.id, pipeline);
  program.read.set(callee.declaration, pipeline);
  return pipeline;
}

export function newLowering(program: Program, pipeline: Pipeline, path: Lowering["path"]): Lowering {
  return {
    program,
    context: program.context,
    pipelineName: pipeline.name,
    defaults: pipeline.options.defaults,
    path,
    block: pipeline.body,
    enclosing: [],
    inlining: [],
    returnDepth: 0,
    taskIds: new Set(),
    addedIds: [],
    regions: { if: 0, for: 0, while: 0, try: 0 },
    branches: new Map(),
    whiles: new Map(),
    optionalInputs: new Set(Object.entries(pipeline.inputs).filter(([, input]) => input.optional && input.default === undefined).map(([name]) => name)),
    optionalOutputs: new Set(),
    rootScope: new Scope("block"),
  };
}

/** A pipeline that another one calls, or that calls itself: then it has only its inputs yet, and the outputs that its type says. */
export function readCalledPipeline(program: Program, declaration: ts.CallExpression, name: string, from: Lowering): Pipeline | undefined {
  const active = program.active.get(declaration);
  if (active === undefined) return readPipeline(program, { declaration, name }, from.path);
  const { checker } = program.context;
  const brand = checker.getTypeAtLocation(declaration).getProperty("~hmc.pipeline");
  const result = brand === undefined ? undefined : checker.getTypeOfSymbol(brand).getProperty("result");
  if (result !== undefined) announceOutputs(program, active, checker.getTypeOfSymbol(result), declaration);
  return active;
}

function bodyOf(program: Program, expression: ts.Expression | undefined): Body | undefined {
  if (expression === undefined) return undefined;
  if (ts.isArrowFunction(expression) || ts.isFunctionExpression(expression)) return expression;
  if (ts.isParenthesizedExpression(expression)) return bodyOf(program, expression.expression);
  if (!ts.isIdentifier(expression)) return undefined;
  const { checker } = program.context;
  const symbol = checker.getSymbolAtLocation(expression);
  const declaration = symbol === undefined ? undefined : (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol).valueDeclaration;
  if (declaration === undefined) return undefined;
  if (ts.isFunctionDeclaration(declaration)) return declaration;
  return ts.isVariableDeclaration(declaration) ? bodyOf(program, declaration.initializer) : undefined;
}

// ---------------------------------------------------------------------------------------------- parameters and outputs

/** Binds the names of the parameter to the inputs of the pipeline. */
function bindParameter(lowering: Lowering, scope: Scope, parameter: ts.ParameterDeclaration, inputs: Record<string, Input>): void {
  const entries = new Map<string, Value>();
  for (const [name, input] of Object.entries(inputs)) {
    entries.set(name, { kind: "expression", expression: { kind: "input", name, type: input.type, span: input.span } satisfies Expression });
  }
  const whole: Value = { kind: "object", entries, node: parameter };
  // Defaults of the pattern are defaults of the inputs already.
  if (ts.isObjectBindingPattern(parameter.name)) bindWithoutDefaults(lowering, scope, parameter.name, entries);
  else bindPattern(lowering, scope, parameter.name, whole);
}

/** `return { auc: score.auc }`: one output for each property; a scalar is the output `Output`. */
/** @param described what `@returns` says of the single output */
function readOutputs(lowering: Lowering, id: string, result: Value, body: Body, described: string | undefined): Record<string, PipelineOutput> {
  const outputs: Record<string, PipelineOutput> = {};
  const optional = new Set<string>();
  lowering.program.optionalOutputs.set(id, optional);
  const add = (name: string, value: Value): void => {
    const node = returnedProperty(body, name) ?? body;
    const expression = toExpression(lowering, value, node);
    if (expression === undefined || expression.kind === "absent") return;
    if (mayBeAbsent(lowering, expression)) optional.add(name);
    const description = ts.isObjectLiteralElementLike(node) ? descriptionOf(node) : name === "Output" ? described : undefined;
    outputs[name] = { type: assertedList(lowering, node, name) ?? expression.type, ...(description === undefined ? {} : { description }), value: expression, span: lowering.context.spanOf(node) };
  };
  if (result.kind === "invalid" || (result.kind === "constant" && result.folded.kind === "undefined")) return outputs;
  const entries = entriesOf(result);
  if (entries !== undefined && (result.kind === "object" || result.kind === "choice" || result.kind === "carried" || (result.kind === "constant" && result.folded.kind === "object"))) {
    for (const [name, value] of entries) add(name, value);
    return outputs;
  }
  if (result.kind === "task" && result.single === undefined) {
    for (const [name, type] of Object.entries(result.outputs)) {
      add(name, { kind: "expression", expression: { kind: "output", task: result.task.id, output: name, type, span: result.task.span } });
    }
    return outputs;
  }
  add("Output", result);
  return outputs;
}

/**
 * The list that a returned value is asserted to be: `return { found: found as unknown as Int[] }`. KFP declares what comes
 * out of a fan-in as a list even where it is none (kfp-lowering 21).
 */
function assertedList(lowering: Lowering, node: ts.Node, path: string): ValueType | undefined {
  const value = ts.isPropertyAssignment(node) ? node.initializer : node;
  if (!ts.isAsExpression(value) || !ts.isArrayTypeNode(value.type)) return undefined;
  return valueType(lowering.context, lowering.context.checker.getTypeFromTypeNode(value.type), value.type, path);
}

/** Where the body returns a property, for positions. */
function returnedProperty(body: Body, name: string): ts.Node | undefined {
  const returned = ts.isBlock(body.body as ts.ConciseBody) ? (body.body as ts.Block).statements.findLast(ts.isReturnStatement)?.expression : (body.body as ts.Expression);
  let expression = returned;
  while (expression !== undefined && ts.isParenthesizedExpression(expression)) expression = expression.expression;
  if (expression === undefined || !ts.isObjectLiteralExpression(expression)) return expression;
  return expression.properties.find((property) => property.name !== undefined && (ts.isIdentifier(property.name) || ts.isStringLiteralLike(property.name)) && property.name.text === name) ?? expression;
}
