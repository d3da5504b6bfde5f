/** How the value of an expression gets into an input of a task. */
import { printCel } from "../../expressions/cel.ts";
import { expressionTree, operandsOf } from "../../ir/traverse.ts";
import type { ContextName, Expression, Json, ParameterType } from "../../ir/types.ts";
import { refuseArgoVariable } from "./argo-only.ts";
import type { Channel } from "./graph.ts";
import { selectChannel } from "./one-of.ts";
import { channelOf, describe, isReference, parameterType, type Reference } from "./references.ts";
import { hasContext, refuseContext } from "./run-context.ts";
import { report, type Scope } from "./scope.ts";
import { parsedText, selectorOf } from "./selectors.ts";

export interface RunTimePart {
  channel: Channel;
  selector?: string;
  type: ParameterType;
}

/** What an input gets. */
export type Bound =
  | { kind: "constant"; value: Json }
  | { kind: "absent" }
  /** A channel, or what CEL makes of it; `fallback` is for a channel that has no value. */
  | { kind: "channel"; channel: Channel; selector?: string; fallback?: Json }
  /** What the run knows of itself. */
  | { kind: "context"; name: ContextName }
  /** Text, or JSON with text, in which the parts are filled by the launcher. */
  | { kind: "template"; template: Template };

/** A text of the run inside other text. */
export interface ContextPart {
  context: ContextName;
}

export type TextPart = string | RunTimePart | ContextPart;

export type Template = { text: TextPart[] } | { value: RunTimePart } | { list: Template[] } | { struct: Record<string, Template> } | { constant: Json };

/** What an expression gives to an input; undefined where KFP cannot, which is reported. */
export function bind(scope: Scope, expression: Expression): Bound | undefined {
  if (expression.kind === "constant") return expression.value === null ? { kind: "absent" } : { kind: "constant", value: expression.value };
  if (expression.kind === "absent") return { kind: "absent" };
  if (expression.kind === "context") return hasContext(scope, expression) ? { kind: "context", name: expression.name } : undefined;
  if (isReference(expression)) {
    const channel = channelOf(scope, expression);
    if (channel === undefined) return undefined;
    const selector = scope.build.real && expression.kind === "item" ? parsedText(channel, expression.type) : undefined;
    return { kind: "channel", channel, ...(selector === undefined ? {} : { selector }) };
  }
  if (expression.kind === "coalesce") {
    const bound = bindCoalesce(scope, expression);
    if (bound !== "compute") return bound;
  }
  const folded = fold(expression);
  if (folded !== undefined) return { kind: "constant", value: folded };
  if (expression.kind === "list" && expression.type.kind === "artifact") return report(scope.build, "HMC4034", expression.span, { version: scope.build.capabilities.version });
  if (expression.type.kind === "artifact" || isArtifactProperty(expression)) {
    return report(scope.build, "HMC4023", expression.span, { property: describe(expression), version: scope.build.capabilities.version });
  }
  for (const part of expressionTree(expression)) if (part.kind === "argo") return refuseArgoVariable(scope.build, part.name, part.span);
  const references = referencesOf(expression);
  const channels = new Map<Channel, Reference>();
  for (const reference of references) {
    const channel = channelOf(scope, reference);
    if (channel === undefined) return undefined;
    channels.set(channel, reference);
  }
  if (expression.kind === "list" || expression.kind === "struct" || (expression.type.kind === "string" && isText(expression) && (channels.size > 1 || !scope.build.real || hasContextIn(expression)))) {
    const template = templateOf(scope, expression);
    return template === undefined ? undefined : { kind: "template", template };
  }
  const context = [...expressionTree(expression)].find((part) => part.kind === "context");
  if (context?.kind === "context") {
    refuseContext(scope, context.name, context.span, "in a computation", "Pass it to an op, and compute there");
    return undefined;
  }
  const [only, second] = [...channels.keys()];
  if (only === undefined && expression.kind === "cel") {
    return report(scope.build, "HMC4054", expression.span, { version: scope.build.capabilities.version });
  }
  if (only === undefined || second !== undefined) {
    return report(scope.build, "HMC4003", expression.span, { values: [...channels.values()].map(describe), version: scope.build.capabilities.version });
  }
  // The driver applies a selector even where there is no value, and fails.
  if (only.nullable) return report(scope.build, "HMC4004", expression.span, { construct: `an expression of "${only.name}", which a run may leave out,`, version: scope.build.capabilities.version });
  const selector = selectorOf(scope, expression, only);
  return selector === undefined ? undefined : { kind: "channel", channel: only, selector: printCel(selector) };
}

function hasContextIn(expression: Expression): boolean {
  return textParts(expression).some((part) => part.kind === "context");
}

/** `value ?? constant` without computation, where the engine can do it; "compute" leaves it to CEL. */
function bindCoalesce(scope: Scope, expression: Extract<Expression, { kind: "coalesce" }>): Bound | undefined | "compute" {
  const { value, fallback } = expression;
  if (value.kind === "select") {
    const channel = selectChannel(scope, value, fallback);
    return channel === undefined ? undefined : { kind: "channel", channel };
  }
  if (value.kind === "constant" || value.kind === "absent") return bind(scope, value.kind === "constant" && value.value !== null ? value : fallback);
  if (!isReference(value)) return "compute";
  const channel = channelOf(scope, value);
  if (channel === undefined) return undefined;
  if (!channel.nullable) return { kind: "channel", channel };
  const constant = fold(fallback);
  if (constant !== undefined) return { kind: "channel", channel, fallback: constant };
  const bound = bind(scope, fallback);
  const other = bound?.kind === "channel" ? [describe(fallback)] : [];
  return report(scope.build, "HMC4003", expression.span, { values: [describe(value), ...other], version: scope.build.capabilities.version });
}

/** The references in an expression; what a `collect` collects is its own matter. */
export function referencesOf(expression: Expression): Reference[] {
  if (isReference(expression)) return [expression];
  return operandsOf(expression).flatMap(referencesOf);
}

function isArtifactProperty(expression: Expression): boolean {
  for (const inner of expressionTree(expression)) if (inner.kind === "member" && inner.object.type.kind === "artifact") return true;
  return false;
}

/** The value of an expression without run-time values; undefined where it has some. */
export function fold(expression: Expression): Json | undefined {
  switch (expression.kind) {
    case "constant":
      return expression.value;
    case "list": {
      const items = expression.items.map(fold);
      return items.every((item) => item !== undefined) ? (items as Json[]) : undefined;
    }
    case "struct": {
      const fields = Object.entries(expression.fields).map(([key, field]) => [key, fold(field)] as const);
      return fields.every(([, field]) => field !== undefined) ? (Object.fromEntries(fields) as Json) : undefined;
    }
    case "range": {
      const count = fold(expression.count);
      return typeof count === "number" ? Array.from({ length: Math.max(0, count) }, (_, index) => index) : undefined;
    }
    default:
      return undefined;
  }
}

/** Whether an expression joins text. */
function isText(expression: Expression): boolean {
  return expression.kind === "template" || (expression.kind === "binary" && expression.operator === "+");
}

function templateOf(scope: Scope, expression: Expression): Template | undefined {
  const folded = fold(expression);
  if (folded !== undefined) return { constant: folded };
  if (expression.kind === "list") {
    const items = expression.items.map((item) => templateOf(scope, item));
    return items.every((item) => item !== undefined) ? { list: items } : undefined;
  }
  if (expression.kind === "struct") {
    const struct: Record<string, Template> = {};
    for (const [key, field] of Object.entries(expression.fields)) {
      const template = templateOf(scope, field);
      if (template === undefined) return undefined;
      struct[key] = template;
    }
    return { struct };
  }
  if (expression.type.kind !== "string" || !isText(expression)) {
    const bound = bind(scope, expression);
    if (bound === undefined) return undefined;
    if (bound.kind === "template") return bound.template;
    if (bound.kind === "context") return { text: [{ context: bound.name }] };
    if (bound.kind !== "channel") return { constant: bound.kind === "constant" ? bound.value : null };
    const text = expression.type.kind === "string";
    if (!scope.build.real && !text) return report(scope.build, "HMC4025", expression.span, { version: scope.build.capabilities.version });
    return text ? { text: [runTimePart(bound, expression)] } : { value: runTimePart(bound, expression) };
  }
  const parts: TextPart[] = [];
  for (const part of textParts(expression)) {
    const bound = bind(scope, part);
    if (bound === undefined) return undefined;
    switch (bound.kind) {
      case "constant":
        parts.push(typeof bound.value === "string" ? bound.value : JSON.stringify(bound.value));
        break;
      case "absent":
        parts.push("undefined");
        break;
      case "context":
        parts.push({ context: bound.name });
        break;
      case "channel":
        if (bound.fallback !== undefined) return report(scope.build, "HMC4003", part.span, { values: [describe(part)], version: scope.build.capabilities.version });
        parts.push(runTimePart(bound, part));
        break;
      case "template":
        if (!("text" in bound.template)) return report(scope.build, "HMC4004", part.span, { construct: "a list or object inside text", version: scope.build.capabilities.version });
        parts.push(...bound.template.text);
        break;
    }
  }
  return { text: parts };
}

function runTimePart(bound: Extract<Bound, { kind: "channel" }>, expression: Expression): RunTimePart {
  return { channel: bound.channel, type: parameterType(expression), ...(bound.selector === undefined ? {} : { selector: bound.selector }) };
}

/** The parts that are joined, one after the other. */
function textParts(expression: Expression): Expression[] {
  if (expression.kind === "template") return expression.parts.flatMap(textParts);
  if (expression.kind === "binary" && expression.operator === "+" && expression.type.kind === "string") return [...textParts(expression.left), ...textParts(expression.right)];
  return [expression];
}
