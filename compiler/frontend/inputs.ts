/** The inputs of an op, container or pipeline: names, types, defaults and descriptions, from the first parameter of its function. */
import { ts } from "ts-morph";
import { diagnostic } from "../diagnostics/diagnostic.ts";
import type { Input, Json, ValueType } from "../ir/types.ts";
import { foldConstant } from "./constants.ts";
import { type Folded, foldedToJson } from "./folded.ts";
import type { Context } from "./context.ts";
import { descriptionOf } from "./descriptions.ts";
import { handleMembers, mayBeUndefined, valueType } from "./types.ts";
import { misfit } from "./value-fit.ts";

/**
 * @param type of the parameter, an object with named properties
 * @param parameter where it is written; its destructuring gives defaults. Missing where only a declaration is at hand
 * @param owner the name of the op or pipeline, for messages
 * @param at where to report what has no place of its own
 * @param descriptions of `@param` tags
 */
export function readInputs(context: Context, type: ts.Type, parameter: ts.ParameterDeclaration | undefined, owner: string, at: ts.Node, descriptions: Map<string, string>): Record<string, Input> {
  const inputs: Record<string, Input> = {};
  const { checker } = context;
  const properties = checker.getPropertiesOfType(type);
  const isObject = (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0 && type.getCallSignatures().length === 0;
  if (!isObject || checker.getIndexInfosOfType(type).length > 0) {
    context.report(diagnostic("HMC2009", context.spanOf(parameter ?? at), { name: owner, type: checker.typeToString(type) }));
    return inputs;
  }
  const bindings = bindingsOf(parameter);
  const isTask = type.getProperty("~hmc.task") !== undefined;
  for (const property of properties) {
    if (isTask && handleMembers.has(property.name)) continue;
    const declared = checker.getTypeOfSymbol(property);
    const declaration = property.valueDeclaration ?? property.declarations?.[0];
    const path = `${owner}.${property.name}`;
    const place = declaration !== undefined && isSource(declaration) ? declaration : (parameter ?? at);
    const read = valueType(context, declared, place, path);
    if (read === undefined) continue;
    const binding = bindings.get(property.name);
    const value = binding?.initializer === undefined ? undefined : readDefault(context, binding.initializer, read, path);
    const description = (declaration === undefined ? undefined : descriptionOf(declaration)) ?? (binding === undefined ? undefined : descriptionOf(binding)) ?? descriptions.get(property.name);
    inputs[property.name] = {
      type: read,
      optional: read.kind === "taskConfig" || (property.flags & ts.SymbolFlags.Optional) !== 0 || mayBeUndefined(declared),
      ...(value === undefined ? {} : { default: value }),
      ...(description === undefined ? {} : { description }),
      span: context.spanOf(nameOf(binding ?? place)),
    };
  }
  return inputs;
}

/** The names that a destructured parameter binds, by property. */
function bindingsOf(parameter: ts.ParameterDeclaration | undefined): Map<string, ts.BindingElement> {
  const bindings = new Map<string, ts.BindingElement>();
  if (parameter === undefined || !ts.isObjectBindingPattern(parameter.name)) return bindings;
  for (const element of parameter.name.elements) {
    const name = element.propertyName ?? element.name;
    if (ts.isIdentifier(name) || ts.isStringLiteralLike(name)) bindings.set(name.text, element);
  }
  return bindings;
}

/** The default of a parameter; undefined for `undefined`, and after a reported mistake. */
export function readDefault(context: Context, initializer: ts.Expression, type: ValueType, path: string): Json | undefined {
  const folded = foldConstant(context, initializer);
  if (folded?.kind === "undefined") return undefined;
  const value = folded === undefined ? undefined : foldedToJson(folded);
  if (folded === undefined || value === undefined) {
    context.report(diagnostic("HMC2013", context.spanOf(initializer), { path }));
    return undefined;
  }
  return reportMisfit(context, type, folded, value, path) ? undefined : value;
}

/** Reports a constant that does not fit a type where TypeScript sees no error, such as 3.5 for `Int`. */
export function reportMisfit(context: Context, type: ValueType, folded: Folded, value: Json, path: string): boolean {
  const found = misfit(type, value);
  if (found === undefined) return false;
  context.report(diagnostic("HMC2014", context.spanOf(folded.node), { path: `${path}${found.path}`, value: JSON.stringify(found.value), expected: found.expected }));
  return true;
}

/** The name of a declaration, or the node itself. */
export function nameOf(node: ts.Node): ts.Node {
  const name = (node as Partial<ts.NamedDeclaration>).name;
  return name !== undefined && (ts.isIdentifier(name) || ts.isStringLiteralLike(name)) ? name : node;
}

/** Whether a node is written in the source that is compiled, so that an editor can go there. */
export function isSource(node: ts.Node): boolean {
  return !node.getSourceFile().isDeclarationFile;
}
