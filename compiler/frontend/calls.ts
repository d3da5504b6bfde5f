/** Reads the calls of a pipeline body: ops, pipelines, functions of the language, helper functions, methods. */
import { ts } from "ts-morph";
import { diagnostic } from "../diagnostics/diagnostic.ts";
import { choosableBlocks, nodesOf } from "../ir/traverse.ts";
import type { Branch, Component, Expression, Pipeline, Task, Try, ValueType } from "../ir/types.ts";
import { readArgoVariable } from "./argo-variable.ts";
import { isCelOf, lowerCelOf } from "./cel.ts";
import { resolveCallee, skipOuter, type Callee } from "./callee.ts";
import { asCondition } from "./conditions.ts";
import { foldMethod } from "./constant-operators.ts";
import { foldConstant } from "./constants.ts";
import { foldedFromJson } from "./folded.ts";
import { readFileTarget } from "./components.ts";
import { readContainer } from "./containers.ts";
import { asFolded, entriesOf, evaluate, itemsOf, rootIsLocal, throughChain } from "./expressions.ts";
import { isForeign, lowerGlobalCall } from "./globals.ts";
import { readImporter } from "./importers.ts";
import { reportMisfit } from "./inputs.ts";
import { readRunTimeMetadata } from "./importer-metadata.ts";
import { inlineFunction } from "./functions.ts";
import { lowerListMethod, lowerPush } from "./loops.ts";
import { addTask, report, type Lowering } from "./lowering.ts";
import { lowerMethod } from "./methods.ts";
import { evaluateIn } from "./option-evaluation.ts";
import { readTaskOptions } from "./option-values.ts";
import { readOp } from "./ops.ts";
import type { Context } from "./context.ts";
import type { Scope } from "./scope.ts";
import { toExpression } from "./to-expression.ts";
import { misfit } from "./value-fit.ts";
import { invalid, type TaskValue, type Value } from "./values.ts";

export function lowerCall(lowering: Lowering, scope: Scope, node: ts.CallExpression): Value {
  const { expression } = node;
  if (isCelOf(lowering, node)) return lowerCelOf(lowering, scope, node);
  if (ts.isPropertyAccessExpression(expression) && rootIsLocal(lowering, scope, expression)) return lowerMethodCall(lowering, scope, node, expression);
  if (ts.isIdentifier(expression)) {
    const symbol = lowering.context.checker.getSymbolAtLocation(expression);
    const local = symbol === undefined ? undefined : scope.lookup(symbol);
    if (local?.kind === "function") return inlineFunction(lowering, local, node, expression.text, argumentsOf(lowering, scope, node));
  }
  const callee = resolveCallee(lowering.context, expression);
  if (callee !== undefined) return lowerCallee(lowering, scope, node, callee);
  const global = lowerGlobalCall(lowering, scope, node);
  if (global !== undefined) return global;
  const folded = foldConstant(lowering.context, node);
  if (folded !== undefined) return { kind: "constant", folded };
  if (ts.isPropertyAccessExpression(expression) && !isForeign(lowering, expression)) return lowerMethodCall(lowering, scope, node, expression);
  if (ts.isArrowFunction(expression) || ts.isParenthesizedExpression(expression)) {
    const value = evaluate(lowering, scope, expression);
    if (value.kind === "function") return inlineFunction(lowering, value, node, "function", argumentsOf(lowering, scope, node));
  }
  return report(lowering, "HMC1002", node, { name: expression.getText() });
}

function argumentsOf(lowering: Lowering, scope: Scope, node: ts.CallExpression): Value[] {
  return node.arguments.flatMap((argument) => {
    if (!ts.isSpreadElement(argument)) return [evaluate(lowering, scope, argument)];
    const spread = evaluate(lowering, scope, argument.expression);
    return itemsOf(spread) ?? [spread.kind === "invalid" ? spread : report(lowering, "HMC1003", argument, { operation: "A list spread of run-time length" })];
  });
}

function lowerCallee(lowering: Lowering, scope: Scope, node: ts.CallExpression, callee: Callee): Value {
  switch (callee.kind) {
    case "op":
    case "container": {
      const component = callee.kind === "op" ? readOp(lowering.context, callee) : readContainer(lowering.context, callee);
      if (component === undefined) {
        for (const argument of node.arguments) evaluate(lowering, scope, argument);
        return invalid;
      }
      const known = lowering.program.components.get(component.id);
      if (known !== undefined && known !== component) {
        return report(lowering, "HMC3004", node, { id: component.id, first: known.name, second: component.name }, {
          related: [{ message: `"${known.name}" is declared here`, span: known.span }, { message: `"${component.name}" is declared here`, span: component.span }],
        });
      }
      lowering.program.components.set(component.id, component);
      return lowerTask(lowering, scope, node, { kind: "component", id: component.id }, component);
    }
    case "pipeline": {
      const pipeline = lowering.program.readPipeline(callee.declaration, callee.name, lowering);
      if (pipeline === undefined) return invalid;
      return lowerTask(lowering, scope, node, { kind: "pipeline", id: pipeline.id }, pipeline);
    }
    case "file": {
      const file = readFileTarget(lowering.program, callee, node);
      if (file !== undefined) return lowerTask(lowering, scope, node, file.target, file.called);
      for (const argument of node.arguments) evaluate(lowering, scope, argument);
      return invalid;
    }
    case "function":
      return inlineFunction(lowering, { kind: "function", node: callee.declaration, scope: lowering.rootScope }, node, callee.name, argumentsOf(lowering, scope, node));
    case "language":
      return lowerLanguageCall(lowering, scope, node, callee.name);
    case "invalid":
      for (const argument of node.arguments) evaluate(lowering, scope, argument);
      return invalid;
  }
}

/** A call of an op, a container or a pipeline: a task. */
function lowerTask(lowering: Lowering, scope: Scope, node: ts.CallExpression, target: Task["target"], called: Component | Pipeline): Value {
  const [given, options] = node.arguments;
  const outputs = typesOf(called.outputs);
  // Arguments first: a call inside them is an earlier task, as in JavaScript.
  const argument = given === undefined ? undefined : evaluate(lowering, scope, given);
  const when = options === undefined ? undefined : readWhen(lowering, scope, options);
  const call = readTaskOptions(withLocals(lowering.context, scope), options, "call", evaluateIn(lowering, scope));
  const task = addTask(
    lowering,
    target,
    { name: call.name, options: call.options, ignoreUpstreamFailure: call.ignoreUpstreamFailure ?? false, span: lowering.context.spanOf(node) },
    outputs,
    "Output" in outputs ? "Output" : undefined,
  );
  if (when !== undefined) task.task.when = when;
  if (target.kind === "pipeline") for (const output of lowering.program.optionalOutputs.get(target.id) ?? []) lowering.optionalOutputs.add(`${task.task.id}.${output}`);
  if (argument === undefined || given === undefined || argument.kind === "invalid") return task;
  const entries = entriesOf(argument);
  if (entries === undefined) {
    report(lowering, "HMC1010", given, { callee: called.name });
    return task;
  }
  for (const [key, value] of entries) {
    const input = called.inputs[key];
    if (input === undefined) continue;
    if (input.type.kind === "taskConfig") {
      report(lowering, "HMC2061", propertyNode(given, key), { input: key, name: called.name });
      continue;
    }
    const expression = toExpression(lowering, value, propertyNode(given, key));
    if (expression === undefined || expression.kind === "absent") continue;
    checkFit(lowering, expression, input.type, `${called.name}.${key}`, propertyNode(given, key));
    task.task.inputs[key] = expression;
  }
  return task;
}

/** The condition in the options of a call, `{ when: score.auc > 0.8 }`. */
function readWhen(lowering: Lowering, scope: Scope, options: ts.Expression): Expression | undefined {
  const literal = skipOuter(options);
  const property = ts.isObjectLiteralExpression(literal) ? literal.properties.find((candidate) => candidate.name !== undefined && ts.isIdentifier(candidate.name) && candidate.name.text === "when") : undefined;
  const value = property === undefined ? undefined : ts.isPropertyAssignment(property) ? property.initializer : ts.isShorthandPropertyAssignment(property) ? property.name : undefined;
  if (value === undefined) return undefined;
  const test = evaluate(lowering, scope, value);
  return test.kind === "invalid" ? undefined : asCondition(lowering, test, value);
}

export function typesOf(outputs: Record<string, { type: ValueType }>): Record<string, ValueType> {
  return Object.fromEntries(Object.entries(outputs).map(([name, { type }]) => [name, type]));
}

/** A context in which the constants of a scope have their values: parameters of helper functions, items of unrolled lists. */
function withLocals(context: Context, scope: Scope): Context {
  return {
    ...context,
    local: (symbol) => {
      const value = scope.lookup(symbol);
      return value?.kind === "constant" || value?.kind === "list" ? asFolded(value, value.kind === "list" ? value.node : value.folded.node) : undefined;
    },
  };
}

/** The property of an object literal, for positions. */
function propertyNode(argument: ts.Expression, key: string): ts.Node {
  if (!ts.isObjectLiteralExpression(argument)) return argument;
  const property = argument.properties.find((candidate) => candidate.name !== undefined && (ts.isIdentifier(candidate.name) || ts.isStringLiteral(candidate.name)) && candidate.name.text === key);
  return property === undefined ? argument : ts.isPropertyAssignment(property) ? property.initializer : property;
}

/** Reports what TypeScript does not see of a constant that goes into an input: a fraction for `Int`. */
export function checkFit(lowering: Lowering, expression: Expression, type: ValueType, path: string, node: ts.Node): void {
  if (expression.kind !== "constant") return;
  const found = misfit(type, expression.value);
  if (typeof found?.value === "number" && !Number.isInteger(found.value)) reportMisfit(lowering.context, type, foldedFromJson(expression.value, node), expression.value, path);
}

// ---------------------------------------------------------------------------------------------- the language's own

function lowerLanguageCall(lowering: Lowering, scope: Scope, node: ts.CallExpression, name: string): Value {
  switch (name) {
    case "limit": {
      const [list, parallelism] = node.arguments;
      if (list === undefined || parallelism === undefined) return invalid;
      const items = evaluate(lowering, scope, list);
      const bound = foldArgument(lowering, scope, parallelism);
      if (typeof bound !== "number") return report(lowering, "HMC1011", parallelism, { what: `The parallelism of "limit()"` });
      return items.kind === "invalid" ? items : { kind: "limited", items, parallelism: bound };
    }
    case "range": {
      const [argument] = node.arguments;
      if (argument === undefined) return invalid;
      const count = toExpression(lowering, evaluate(lowering, scope, argument), argument);
      if (count === undefined) return invalid;
      return { kind: "expression", expression: { kind: "range", count, type: { kind: "list", items: { kind: "integer" } }, span: lowering.context.spanOf(node) } };
    }
    case "runStatus": {
      const enclosing = lowering.enclosing.findLast((entry) => entry.kind === "try" && entry.part === "finally");
      if (enclosing?.kind !== "try") return report(lowering, "HMC1014", node, {});
      return { kind: "expression", expression: { kind: "status", try: enclosing.node.id, type: { kind: "status" }, span: lowering.context.spanOf(node) } };
    }
    case "statusOf": {
      const [argument] = node.arguments;
      const task = argument === undefined ? invalid : evaluate(lowering, scope, argument);
      if (task.kind === "invalid") return task;
      if (task.kind !== "task") return report(lowering, "HMC1031", argument ?? node, {});
      return { kind: "expression", expression: { kind: "taskStatus", task: task.task.id, type: { kind: "status" }, span: lowering.context.spanOf(node) } };
    }
    case "argoVariable": {
      const variable = readArgoVariable(lowering.context, node, "workflow");
      return variable === undefined ? invalid : { kind: "expression", expression: { kind: "argo", name: variable, type: { kind: "string" }, span: lowering.context.spanOf(node) } };
    }
    case "importArtifact": {
      const id = uniqueImporter(lowering);
      const importer = readImporter(lowering.context, node, id);
      if (importer === undefined) return invalid;
      const uri = toExpression(lowering, evaluate(lowering, scope, importer.uri), importer.uri);
      if (uri === undefined) return invalid;
      const metadata = importer.metadata === undefined ? {} : readRunTimeMetadata(lowering, scope, importer.component, importer.metadata);
      lowering.program.components.set(id, importer.component);
      const outputs = typesOf(importer.component.outputs);
      const { name: taskName, options } = readTaskOptions(withLocals(lowering.context, scope), node.arguments[1], "call", evaluateIn(lowering, scope));
      const task: TaskValue = addTask(lowering, { kind: "component", id }, { name: taskName, options, ignoreUpstreamFailure: false, span: lowering.context.spanOf(node) }, outputs, "artifact");
      task.task.inputs = { uri, ...metadata };
      return task;
    }
    case "env":
    case "secret":
    case "configMap":
    case "fieldPath": {
      const folded = foldConstant(lowering.context, node);
      return folded === undefined ? report(lowering, "HMC1011", node, { what: `The arguments of "${name}()"` }) : { kind: "constant", folded };
    }
    case "fileOf":
    case "concat":
    case "executorInput":
      return report(lowering, "HMC1019", node, { name, place: `in the function of "container()"` });
    default:
      return report(lowering, "HMC1019", node, { name, place: "at the top level of a module" });
  }
}

function uniqueImporter(lowering: Lowering): string {
  lowering.program.importers += 1;
  return lowering.program.importers === 1 ? "importer" : `importer-${lowering.program.importers}`;
}

function foldArgument(lowering: Lowering, scope: Scope, node: ts.Expression): unknown {
  const value = evaluate(lowering, scope, node);
  return value.kind === "constant" && value.folded.kind === "value" ? value.folded.value : undefined;
}

// ---------------------------------------------------------------------------------------------- methods

function lowerMethodCall(lowering: Lowering, scope: Scope, node: ts.CallExpression, callee: ts.PropertyAccessExpression): Value {
  const method = callee.name.text;
  if (method === "push") return lowerPush(lowering, scope, node, callee);
  const receiver = evaluate(lowering, scope, callee.expression);
  if (receiver.kind === "invalid") {
    if (method === "after" || method === "before") argumentsOf(lowering, scope, node);
    return invalid;
  }
  if ((method === "after" || method === "before") && isTaskLike(receiver)) {
    for (const argument of node.arguments) {
      // `.after(...fits)`: after all that the list holds, or after the whole loop.
      orderTasks(lowering, receiver, evaluate(lowering, scope, ts.isSpreadElement(argument) ? argument.expression : argument), method, argument);
    }
    return receiver;
  }
  if (receiver.kind === "object" || receiver.kind === "constant") {
    const member = entriesOf(receiver)?.get(method);
    if (member?.kind === "function") return inlineFunction(lowering, member, node, method, argumentsOf(lowering, scope, node));
  }
  const list = lowerListMethod(lowering, scope, node, callee, receiver);
  if (list !== undefined) return list;
  const given = argumentsOf(lowering, scope, node);
  if (given.some((value) => value.kind === "invalid")) return invalid;
  const constant = asFolded(receiver, callee.expression);
  const constants = given.map((value) => asFolded(value, node));
  if (constant !== undefined && constants.every((value) => value !== undefined)) {
    const folded = foldMethod(constant, method, constants as NonNullable<(typeof constants)[number]>[], node);
    if (folded !== undefined) return { kind: "constant", folded };
  }
  return throughChain(lowering, callee, receiver, (there) => lowerMethod(lowering, node, there, method, given, callee.expression));
}

function isTaskLike(value: Value): boolean {
  return value.kind === "task" || (value.kind === "choice" && value.values.every(isTaskLike));
}

/** The nodes that a value stands for in `.after(…)`. */
function nodeIds(value: Value): string[] | undefined {
  switch (value.kind) {
    case "task":
      return [value.task.id];
    case "choice":
      return [value.branch.id, ...value.values.flatMap((given) => nodeIds(given) ?? []).filter((id) => !isInsideBranch(value.branch, id))];
    case "constant":
      return value.folded.kind === "undefined" ? [] : undefined;
    case "collected":
      return [value.loop.id];
    case "item":
    case "picked":
      return [value.source.loop.id];
    case "carried":
      return value.isFinal ? [value.turns.node.id] : nodeIds(value.initial);
    case "list": {
      const ids = value.items.map(nodeIds);
      return ids.every((id) => id !== undefined) ? ids.flat() : undefined;
    }
    case "expression":
      return regionOf(value.expression);
    default:
      return undefined;
  }
}

function isInsideBranch(branch: Branch | Try, id: string): boolean {
  return choosableBlocks(branch).some((block) => [...nodesOf(block)].some((node) => node.id === id));
}

/** The node that gives a value which came out of a task. */
function regionOf(expression: Expression): string[] | undefined {
  switch (expression.kind) {
    case "output":
      return [expression.task];
    case "select":
      return [expression.branch];
    case "collect":
    case "final":
      return [expression.loop];
    case "carried":
      return [];
    default:
      return undefined;
  }
}

function orderTasks(lowering: Lowering, receiver: Value, argument: Value, method: "after" | "before", node: ts.Node): void {
  if (argument.kind === "invalid") return;
  const earlier = method === "after" ? argument : receiver;
  const later = method === "after" ? receiver : argument;
  const ids = nodeIds(earlier);
  const tasks = tasksIn(later);
  if (ids === undefined || tasks === undefined) {
    lowering.context.report(diagnostic("HMC1010", lowering.context.spanOf(node), { callee: method }));
    return;
  }
  for (const task of tasks) for (const id of ids) if (!task.after.includes(id)) task.after.push(id);
}

function tasksIn(value: Value): Task[] | undefined {
  if (value.kind === "task") return [value.task];
  if (value.kind === "constant" && value.folded.kind === "undefined") return [];
  if (value.kind === "collected") return tasksIn(value.value);
  if (value.kind === "choice" || value.kind === "list") {
    const inner = (value.kind === "choice" ? value.values : value.items).map(tasksIn);
    return inner.every((tasks) => tasks !== undefined) ? inner.flat() : undefined;
  }
  return undefined;
}
