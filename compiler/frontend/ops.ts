/** Ops: functions that run in a container. Their interface is read from their type, their place from the source. */
import { ts } from "ts-morph";
import { bug } from "../bug.ts";
import { diagnostic } from "../diagnostics/diagnostic.ts";
import { kebabCase } from "../ir/names.ts";
import type { Component, Input, OpComponent, Output, Passthrough, TaskOptions } from "../ir/types.ts";
import { type ComponentCallee, resolveCallee } from "./callee.ts";
import { applyMetadata, checkPassthroughs, refuseTaskConfig } from "./component-options.ts";
import type { Context } from "./context.ts";
import { descriptionOf, parameterDescriptions } from "./descriptions.ts";
import { readImplementation } from "./implementation.ts";
import { isSource, nameOf, readInputs } from "./inputs.ts";
import { onceEach } from "./once-each.ts";
import { readTaskOptions, type ReadTaskOptions } from "./option-values.ts";
import { isArtifact, mayBeUndefined, unionParts, valueType } from "./types.ts";

/** Names that every task has: outputs cannot have them. */
const handleMembers = new Set(["after", "before"]);

/** The component of an op; undefined when it is not usable, which is reported once. */
export const readOp = onceEach(readComponent);

function readComponent(context: Context, callee: ComponentCallee): OpComponent | undefined {
  const place = declarationOf(callee);
  const types = componentTypes(context, callee.symbol, place);
  if (types === undefined) return undefined;
  const implementation = implementationOf(context, callee);
  const given = callee.declaration !== undefined && callee.declaration.arguments.length > 1 ? callee.declaration.arguments[0] : undefined;
  const { options, name, ...own } = readTaskOptions(context, given, "op");
  const documented = [place, ...(implementation === undefined ? [] : [implementation])];
  const parameters = parameterDescriptions(documented);
  const inputs = readInputs(context, types.input, implementation?.parameters[0], callee.name, place, parameters);
  const outputs = { ...readArtifacts(context, types.outputs, callee, implementation?.parameters[1], parameters) };
  readResult(context, types.result, callee, implementation, outputs);
  const applied = componentOptions(context, own, inputs, outputs, callee, options);
  const module = readImplementation(context, callee, place);
  if (module === undefined) return undefined;
  return { kind: "op", ...identityOf(callee, name, documented), inputs, outputs, span: context.spanOf(nameOf(place)), options, ...applied, implementation: module };
}

/** Checks the options of a component itself against its interface, and applies them. */
export function componentOptions(
  context: Context,
  { passthroughs, metadata }: Pick<ReadTaskOptions, "passthroughs" | "metadata">,
  inputs: Record<string, Input>,
  outputs: Record<string, Output>,
  callee: ComponentCallee,
  options: TaskOptions,
): { passthroughs?: Passthrough[] } {
  applyMetadata(context, metadata, outputs, callee.name);
  refuseTaskConfig(context, outputs, callee.name);
  checkPassthroughs(context, passthroughs, options.spans?.["passthrough"] ?? context.spanOf(nameOf(declarationOf(callee))), inputs, callee.name);
  return passthroughs === undefined || passthroughs.length === 0 ? {} : { passthroughs };
}

/**
 * What a component is called and said to be.
 *
 * @param given the option `name`
 * @param documented the declaration, then what else may carry its JSDoc
 */
export function identityOf(callee: ComponentCallee, given: string | undefined, documented: ts.Node[]): Pick<Component, "id" | "name" | "description"> {
  const description = documented.map(descriptionOf).find((text) => text !== undefined);
  return {
    id: kebabCase(given ?? callee.name),
    name: callee.name,
    ...(description === undefined ? {} : { description }),
  };
}

/**
 * The type arguments of an `Op<Input, Outputs, Result>`, from its brand.
 *
 * @returns undefined where the op has another type, such as `any` of one that calls itself; this is reported
 */
export function componentTypes(context: Context, symbol: ts.Symbol, place: ts.Node): { input: ts.Type; outputs: ts.Type; result: ts.Type } | undefined {
  const { checker } = context;
  const type = checker.getTypeOfSymbol(symbol);
  const brand = type.getProperty("~hmc.op");
  const carried = brand === undefined ? undefined : checker.getTypeOfSymbol(brand);
  const [input, outputs, result] = ["input", "outputs", "result"].map((name) => carried?.getProperty(name)).map((property) => (property === undefined ? undefined : checker.getTypeOfSymbol(property)));
  if (input !== undefined && outputs !== undefined && result !== undefined) return { input, outputs, result };
  context.report(diagnostic("HMC2002", context.spanOf(nameOf(place)), { path: symbol.name, type: checker.typeToString(type) }));
  return undefined;
}

/** Where an op, container or pipeline is declared: its name, doc comment and export hang there. */
export function declarationOf(callee: { symbol: ts.Symbol; name: string }): ts.Declaration {
  return callee.symbol.valueDeclaration ?? callee.symbol.declarations?.[0] ?? bug(`"${callee.name}" has no declaration`);
}

export type Implementation = ts.ArrowFunction | ts.FunctionExpression | ts.FunctionDeclaration;

/** The function given to `op` or `container`: written there, or a function by its name. */
export function implementationOf(context: Context, callee: ComponentCallee): Implementation | undefined {
  const last = callee.declaration?.arguments[callee.declaration.arguments.length - 1];
  const given = last === undefined ? undefined : resolveCallee(context, last);
  if (given?.kind !== "function") return undefined;
  const { declaration } = given;
  return ts.isArrowFunction(declaration) || ts.isFunctionExpression(declaration) || ts.isFunctionDeclaration(declaration) ? declaration : undefined;
}

/** The output artifacts: the properties of the second parameter. */
function readArtifacts(context: Context, type: ts.Type, callee: ComponentCallee, parameter: ts.ParameterDeclaration | undefined, descriptions: Map<string, string>): Record<string, Output> {
  const outputs: Record<string, Output> = {};
  for (const property of context.checker.getPropertiesOfType(type)) {
    const place = placeOf(property, parameter ?? declarationOf(callee));
    const path = `${callee.name}.${property.name}`;
    const read = valueType(context, context.checker.getTypeOfSymbol(property), place, path);
    if (read === undefined) continue;
    if (!isArtifact(read)) {
      context.report(diagnostic("HMC2006", context.spanOf(place), { path, type: context.checker.typeToString(context.checker.getTypeOfSymbol(property)) }));
      continue;
    }
    if (isReserved(context, property.name, place)) continue;
    const description = descriptionOf(place) ?? descriptions.get(property.name);
    outputs[property.name] = { type: read, ...(description === undefined ? {} : { description }), span: context.spanOf(nameOf(place)) };
  }
  return outputs;
}

/** The output parameters: one for each property of the result, or `Output` for a scalar, a list or a record. */
function readResult(context: Context, type: ts.Type, callee: ComponentCallee, implementation: ts.SignatureDeclaration | undefined, outputs: Record<string, Output>): void {
  const { checker } = context;
  const parts = unionParts(type);
  if (parts.length === 0 || type.flags & ts.TypeFlags.Never) return;
  const place = implementation?.type ?? callee.declaration ?? declarationOf(callee);
  if (mayBeUndefined(type)) {
    context.report(diagnostic("HMC2007", context.spanOf(implementation?.type ?? nameOf(declarationOf(callee))), { path: callee.name }));
    return;
  }
  const read = valueType(context, type, place, `${callee.name}.return`);
  if (read === undefined) return;
  if (read.kind !== "struct" || read.additional !== undefined) {
    if (isArtifact(read)) context.report(diagnostic("HMC2006", context.spanOf(place), { path: `${callee.name}.return`, type: checker.typeToString(type) }));
    else outputs["Output"] = { type: read, span: context.spanOf(place) };
    return;
  }
  for (const [name, property] of Object.entries(read.properties)) {
    const symbol = parts[0]?.getProperty(name);
    const at = symbol === undefined ? place : placeOf(symbol, place);
    if (property.optional) context.report(diagnostic("HMC2007", context.spanOf(nameOf(at)), { path: `${callee.name}.${name}` }));
    else if (property.nullable === true) context.report(diagnostic("HMC2015", context.spanOf(nameOf(at)), { path: `${callee.name}.${name}`, type: "null" }));
    if (isReserved(context, name, at)) continue;
    if (outputs[name] !== undefined) {
      context.report(diagnostic("HMC2008", context.spanOf(nameOf(at)), { name, by: "an output artifact" }, { related: [{ message: "The artifact is declared here.", span: outputs[name].span }] }));
      continue;
    }
    outputs[name] = { type: property.type, ...(property.description === undefined ? {} : { description: property.description }), span: context.spanOf(nameOf(at)) };
  }
}

/** Reports an output that has the name of a method of every task. */
export function isReserved(context: Context, name: string, at: ts.Node): boolean {
  if (!handleMembers.has(name)) return false;
  context.report(diagnostic("HMC2008", context.spanOf(nameOf(at)), { name, by: `the method "${name}" that every task has` }));
  return true;
}

/** Where a property is written, if that is in source; else `fallback`. */
export function placeOf(property: ts.Symbol, fallback: ts.Node): ts.Node {
  const declaration = property.valueDeclaration ?? property.declarations?.[0];
  return declaration !== undefined && isSource(declaration) ? declaration : fallback;
}
