/** Containers: the lambda of `container(…)` is analysed, and becomes a command line with placeholders. */
import { ts } from "ts-morph";
import { diagnostic } from "../diagnostics/diagnostic.ts";
import { nearestName } from "../diagnostics/nearest.ts";
import type { Argument, ContainerComponent, Output } from "../ir/types.ts";
import { TemplateReader } from "./argo-templates.ts";
import { type ComponentCallee, skipOuter } from "./callee.ts";
import { CommandReader } from "./command-line.ts";
import { foldConstant } from "./constants.ts";
import { type OwnPlaces, PlaceReader } from "./container-places.ts";
import { type Folded } from "./folded.ts";
import type { Context } from "./context.ts";
import { descriptionOf, parameterDescriptions } from "./descriptions.ts";
import { nameOf, readInputs } from "./inputs.ts";
import { componentOptions, componentTypes, declarationOf, identityOf, type Implementation, implementationOf, isReserved, placeOf } from "./ops.ts";
import { languageFunction } from "./language-functions.ts";
import { onceEach } from "./once-each.ts";
import { readTaskOptions } from "./option-values.ts";
import { valueType } from "./types.ts";

/** What the lambda may return. */
const members = ["image", "command", "args", "env", "script", "stdout", "files", "defaults"];

/** The component of a container; undefined when it is not usable, which is reported once. */
export const readContainer = onceEach(readComponent);

function readComponent(context: Context, callee: ComponentCallee): ContainerComponent | undefined {
  const place = declarationOf(callee);
  const lambda = implementationOf(context, callee);
  const returned = lambda === undefined ? undefined : returnedExpression(lambda);
  if (lambda === undefined || returned === undefined || !ts.isObjectLiteralExpression(returned)) {
    const found = lambda === undefined ? "it is given no function" : returned === undefined ? "it has other statements than constants and one return" : `it returns "${shortText(returned)}"`;
    context.report(diagnostic("HMC2020", context.spanOf(returned ?? lambda ?? nameOf(place)), { name: callee.name, found }));
    return undefined;
  }
  const types = componentTypes(context, callee.symbol, place);
  if (types === undefined) return undefined;
  const { options, name, ...given } = readTaskOptions(context, callee.declaration?.arguments[0], "op");
  const descriptions = parameterDescriptions([place, lambda]);
  const inputs = readInputs(context, types.input, lambda.parameters[0], callee.name, place, descriptions);
  const outputs = readOutputs(context, types.outputs, callee, lambda.parameters[1] ?? lambda, descriptions);
  const applied = componentOptions(context, given, inputs, outputs, callee, options);
  const reader = new CommandReader(context, lambda, inputs, outputs);
  let command: Argument[] = [];
  let args: Argument[] = [];
  const env: Record<string, string> = {};
  const own: OwnPlaces = {};
  const places = new PlaceReader(context, reader, callee.name, inputs, outputs);
  const identity = { kind: "container", ...identityOf(callee, name, [place, lambda]), inputs, outputs, span: context.spanOf(nameOf(place)) } as const;
  if (callee.declaration !== undefined && languageFunction(context, callee.declaration.expression) === "argoTemplate") {
    return { ...identity, options, ...applied, command, args, env, ...new TemplateReader(context, reader, places, callee.name).read(returned) };
  }
  for (const property of returned.properties) {
    const value = ts.isPropertyAssignment(property) ? property.initializer : ts.isShorthandPropertyAssignment(property) ? property.name : undefined;
    const key = property.name !== undefined && (ts.isIdentifier(property.name) || ts.isStringLiteralLike(property.name)) ? property.name.text : undefined;
    if (value === undefined || key === undefined) {
      context.report(diagnostic("HMC2020", context.spanOf(property), { name: callee.name, found: `it returns "${shortText(property)}" in it` }));
      continue;
    }
    switch (key) {
      case "command":
        command = reader.list(value);
        break;
      case "args":
        args = reader.list(value);
        break;
      case "image": {
        const image = constantText(context, value, "image");
        if (image !== undefined) options.image = image;
        break;
      }
      case "env":
        Object.assign(env, readEnv(context, value));
        break;
      case "script":
      case "stdout":
      case "files":
      case "defaults":
        Object.assign(own, places.read(key, value));
        break;
      default:
        context.report(diagnostic("HMC2026", context.spanOf(property), { option: key, suggestion: nearestName(key, members) }));
    }
  }
  places.check(own, [...command, ...args]);
  return { ...identity, options, ...applied, command, args, env, ...own };
}

/** What a lambda returns, when it consists of constants and one return. */
function returnedExpression(lambda: Implementation): ts.Expression | undefined {
  if (lambda.body === undefined) return undefined;
  if (!ts.isBlock(lambda.body)) return skipOuter(lambda.body);
  const { statements } = lambda.body;
  const last = statements[statements.length - 1];
  const isPlain = statements.slice(0, -1).every((statement) => ts.isVariableStatement(statement) && (statement.declarationList.flags & ts.NodeFlags.Const) !== 0);
  return isPlain && last !== undefined && ts.isReturnStatement(last) && last.expression !== undefined ? skipOuter(last.expression) : undefined;
}

function readOutputs(context: Context, type: ts.Type, callee: ComponentCallee, fallback: ts.Node, descriptions: Map<string, string>): Record<string, Output> {
  const outputs: Record<string, Output> = {};
  for (const property of context.checker.getPropertiesOfType(type)) {
    const place = placeOf(property, fallback);
    const path = `${callee.name}.${property.name}`;
    const read = valueType(context, context.checker.getTypeOfSymbol(property), place, path);
    if (read === undefined || isReserved(context, property.name, place)) continue;
    if (property.flags & ts.SymbolFlags.Optional) context.report(diagnostic("HMC2007", context.spanOf(nameOf(place)), { path }));
    const description = descriptionOf(place) ?? descriptions.get(property.name);
    outputs[property.name] = { type: read, ...(description === undefined ? {} : { description }), span: context.spanOf(nameOf(place)) };
  }
  return outputs;
}

function constantText(context: Context, expression: ts.Expression, option: string): string | undefined {
  const folded = foldConstant(context, expression);
  return textOf(context, folded, expression, option);
}

function textOf(context: Context, folded: Folded | undefined, node: ts.Node, option: string): string | undefined {
  if (folded?.kind === "value" && typeof folded.value === "string") return folded.value;
  if (folded?.kind === "secret") context.report(diagnostic("HMC2027", context.spanOf(node), { option }));
  else context.report(diagnostic("HMC2023", context.spanOf(node), { option }));
  return undefined;
}

function readEnv(context: Context, expression: ts.Expression): Record<string, string> {
  const folded = foldConstant(context, expression);
  if (folded?.kind !== "object") {
    context.report(diagnostic("HMC2023", context.spanOf(expression), { option: "env" }));
    return {};
  }
  const env: Record<string, string> = {};
  for (const [name, entry] of folded.entries) {
    const text = entry.kind === "undefined" ? undefined : textOf(context, entry, entry.node, `env.${name}`);
    if (text !== undefined) env[name] = text;
  }
  return env;
}

function shortText(node: ts.Node): string {
  const text = node.getText().replace(/\s+/g, " ");
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
