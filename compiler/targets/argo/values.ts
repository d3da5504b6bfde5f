/** Values as the tasks and outputs of a region read them. */
import { bug } from "../../bug.ts";
import type { ExprNode } from "../../expressions/argo/expr.ts";
import { expressionTree } from "../../ir/traverse.ts";
import type { ContextName, Expression } from "../../ir/types.ts";
import { report } from "./build.ts";
import { binary, call, choose, keysOf, path, text } from "./expr-build.ts";
import { channelOf, isReference, type Reference } from "./references.ts";
import { absent, addRegion, constantDepth, exported, isInside, located, ownChannel, read, type ArtifactArgument, type Channel, type LocationDraft, type Region } from "./region.ts";
import type { Reader, Scope } from "./scope.ts";
import { workspacePathOf } from "./workflow-options.ts";
import { textOf, Translation, Untranslatable, valueOf, type Leaves } from "./translate.ts";

/** What stands for a value that could not be lowered. It has been reported, so it is never emitted. */
const broken: ExprNode = text("");

/** The text of a parameter; see `textOf`. What expr-lang cannot express is reported. */
export function textFor(reader: Reader, expression: Expression): ExprNode {
  return guarded(reader, expression, () => textOf(expression, leavesOf(reader)));
}

/** The value in its own type; see `valueOf`. */
export function valueFor(reader: Reader, expression: Expression): ExprNode {
  return guarded(reader, expression, () => valueOf(expression, leavesOf(reader)));
}

/** Whether a value may be absent at run time. */
export function mayLack(reader: Reader, expression: Expression): boolean {
  if (expression.type.kind === "artifact") return artifactFor(reader, expression)?.optional ?? false;
  let lacks = false;
  guarded(reader, expression, () => {
    lacks = new Translation(leavesOf(reader)).mayLack(expression);
    return broken;
  });
  return lacks;
}

function guarded(reader: Reader, expression: Expression, translate: () => ExprNode): ExprNode {
  try {
    return translate();
  } catch (error) {
    if (!(error instanceof Untranslatable)) throw error;
    report(reader.scope.build, "HMC4101", error.expression.span.file === "" ? expression.span : error.expression.span, { construct: error.construct });
    return broken;
  }
}

function leavesOf(reader: Reader): Leaves {
  return {
    read: (reference) => readReference(reader, reference),
    artifact: (expression) => {
      const channel = artifactFor(reader, expression);
      return channel === undefined ? broken : metaOf(reader, channel);
    },
    context: ({ name }) => contextValue(reader, name),
    variable: (name) => variable(reader, ...(name.split(".") as [string, ...string[]])),
  };
}

function readReference(reader: Reader, reference: Reference): { text: ExprNode; optional: boolean; phaseOf?: string } {
  const channel = channelOf(reader.scope, reference);
  if (channel === undefined) return { text: broken, optional: false };
  const parameter = read(reader.region, channel, reader.task);
  // A value of any JSON that the source takes for text is that text.
  const isAsserted = reference.type.kind === "string" && channel.type.kind === "json";
  const json = call("fromJSON", parameter);
  const value = isAsserted ? choose(binary("==", call("type", json), text("string")), json, parameter) : parameter;
  return { text: value, optional: channel.optional, ...(channel.phaseOf === undefined ? {} : { phaseOf: channel.phaseOf }) };
}

/** JSON of the name, URI and metadata of an artifact, or `ABSENT`. */
export function metaOf(reader: Reader, channel: Channel): ExprNode {
  const own = ownChannel(reader.region, channel);
  return own.meta === undefined ? text("{}") : read(reader.region, own.meta, reader.task);
}

/** How many directories deep the items of a list lie; undefined where it is one. */
export function depthOf(reader: Reader, channel: Channel): ExprNode | undefined {
  const { depth } = ownChannel(reader.region, channel);
  const value = depth === undefined ? undefined : read(reader.region, depth, reader.task);
  return value?.kind === "string" && value.value === "1" ? undefined : value;
}

/**
 * The channel of an artifact. A choice between artifacts becomes a DAG template of its own, for only the outputs of one can
 * choose (reference argo.md 1.5: `fromExpression` is refused in arguments).
 */
export function artifactFor(reader: Reader, expression: Expression): Channel | undefined {
  if (isReference(expression)) return channelOf(reader.scope, expression);
  if (expression.kind === "call" && expression.function === "flat" && expression.arguments[0] !== undefined) return artifactFor(reader, expression.arguments[0]);
  const { scope, region } = reader;
  const make = (choice: (inner: Reader) => { test: ExprNode; first: Expression; second: Expression }): Channel => {
    const { region: inner } = addRegion(region, "choose", expression.span);
    const within: Reader = { scope, region: inner, task: undefined };
    const { test, first, second } = choice(within);
    return exportChoice(within, "artifact", expression, (of) => choose(test, of(first), of(second)), [first, second]);
  };
  switch (expression.kind) {
    case "coalesce":
      return make((inner) => ({ test: new Translation(leavesOf(inner)).present(expression.value), first: expression.value, second: expression.fallback }));
    case "conditional":
      return make((inner) => ({ test: valueFor(inner, expression.test), first: expression.consequent, second: expression.alternate }));
    default:
      report(scope.build, "HMC4102", expression.span, { construct: expression.kind === "list" ? "A list of single artifacts" : "This way to an artifact" });
      return undefined;
  }
}

/** Gives a region an output that is one of several artifacts, with its metadata beside it. */
export function exportChoice(within: Reader, wanted: string, like: Pick<Expression, "type">, choice: (of: (value: Expression) => ExprNode) => ExprNode, values: Expression[]): Channel {
  const optional = values.some((value) => value.kind === "absent" || (artifactFor(within, value)?.optional ?? false));
  const meta: Channel = { kind: "parameter", name: wanted, type: { kind: "string" }, home: within.region, value: choice((value) => metaValue(within, value)), optional };
  const depth = like.type.kind === "artifact" && like.type.list ? depthOfChoice(within, choice, values) : {};
  return exported(within.region, wanted, { kind: "artifact", type: like.type, optional, ...depth }, choice((value) => artifactValue(within, value)), meta);
}

/** Lists of which one is chosen may lie in directories of several depths. */
function depthOfChoice(within: Reader, choice: (of: (value: Expression) => ExprNode) => ExprNode, values: Expression[]): { depth?: Channel } {
  const of = (value: Expression): ExprNode => {
    const channel = value.kind === "absent" ? undefined : artifactFor(within, value);
    return (channel === undefined ? undefined : depthOf(within, channel)) ?? text("1");
  };
  const depths = values.filter(({ kind }) => kind !== "absent").map(of);
  const [first] = depths;
  const isSame = first?.kind === "string" && depths.every((depth) => depth.kind === "string" && depth.value === first.value);
  if (isSame) return first.value === "1" ? {} : { depth: constantDepth(within.region, Number(first.value)) };
  return { depth: { kind: "parameter", name: "depth", type: { kind: "integer" }, home: within.region, value: choice(of), optional: false } };
}

/** The metadata of an artifact, or `ABSENT`. */
export function metaValue(reader: Reader, expression: Expression): ExprNode {
  if (expression.kind === "absent") return absent;
  const channel = artifactFor(reader, expression);
  return channel === undefined ? broken : metaOf(reader, channel);
}

/** How outputs of a region name an artifact. Nothing is an empty file: what is absent is told by the metadata. */
export function artifactValue(reader: Reader, expression: Expression): ExprNode {
  const { region } = reader;
  if (expression.kind === "absent") return nothing(region);
  const channel = artifactFor(reader, expression);
  if (channel === undefined) return broken;
  const value = artifactExpression(reader, channel);
  // An artifact that was not given is unknown to the controller, and so would be the whole expression.
  const isUnknown = channel.optional && channel.location === undefined && keysOf(value)?.[0] === "inputs";
  return isUnknown ? choose(binary("==", metaOf(reader, channel), absent), nothing(region), value) : value;
}

const NOTHING = "hmc-none";

/** An empty file. */
export const emptyFile: LocationDraft = { kind: "raw", fields: { data: text("") } };

function nothing(region: Region): ExprNode {
  region.artifacts.set(NOTHING, { optional: true, location: emptyFile });
  return path("inputs", "artifacts", NOTHING);
}

/** An artifact in an expression of a region. One that only has a location becomes an input of the region with it. */
export function artifactExpression(reader: Reader, channel: Channel): ExprNode {
  const { region } = reader;
  const own = ownChannel(region, channel);
  if (own.location === undefined || own.home !== region) return read(region, own, reader.task);
  return located(region, own, own.location);
}

/** An artifact as the argument of a task. */
export function artifactArgument(reader: Reader, channel: Channel): ArtifactArgument {
  const own = ownChannel(reader.region, channel);
  if (own.location !== undefined && own.home === reader.region) {
    metaOf(reader, own);
    return { location: own.location, optional: own.optional };
  }
  return { from: read(reader.region, own, reader.task), optional: own.optional || reader.task?.ignoresFailure === true };
}

/** Whether an expression reads what a region or one inside it gives. */
export function readsInside(scope: Scope, expression: Expression, region: Region): boolean {
  for (const part of expressionTree(expression)) {
    if (!isReference(part)) continue;
    const channel = channelOf(scope, part);
    if (channel !== undefined && isInside(channel.home, region)) return true;
  }
  return false;
}

/**
 * The text that a value of an inner region has in the region around it: read there where it can be, else computed by the
 * inner region and passed on as its output.
 */
export function textFromInside(outer: Reader, inner: Region, wanted: string, expression: Expression): ExprNode {
  if (isReference(expression) || !readsInside(outer.scope, expression, inner)) return textFor(outer, expression);
  const within: Reader = { scope: outer.scope, region: inner, task: undefined };
  const channel = exported(inner, wanted, { kind: "parameter", type: expression.type, optional: mayLack(within, expression) }, textFor(within, expression));
  return read(outer.region, channel, outer.task);
}

/** A variable of the workflow. */
function variable({ scope, region, task }: Reader, ...keys: [string, ...string[]]): ExprNode {
  const name = keys.join("-");
  const known = scope.variables.get(name) ?? { kind: "parameter", name, type: { kind: "string" }, home: scope.region, value: path(...keys), optional: false, global: true };
  scope.variables.set(name, known);
  return read(region, known, task);
}

/** What a run knows of itself. */
export function contextValue(reader: Reader, name: ContextName): ExprNode {
  const { scope, task } = reader;
  switch (name) {
    case "runName":
    case "runResourceName":
      return variable(reader, "workflow", "name");
    case "runId":
      return variable(reader, "workflow", "uid");
    case "createTime":
      return variable(reader, "workflow", "creationTimestamp", "RFC3339");
    case "scheduleTime":
      return scope.pipeline.options.schedule === undefined ? variable(reader, "workflow", "creationTimestamp", "RFC3339") : variable(reader, "workflow", "scheduledTime");
    case "taskName":
    case "taskId":
      return text(task?.name ?? bug(`"${name}" is read outside a task`));
    case "workspacePath":
      return text(workspacePathOf(scope.pipeline.options));
    case "pipelineRoot":
      throw new Untranslatable({ kind: "context", name, type: { kind: "string" }, span: { ...scope.pipeline.span, file: "" } }, "a pipeline root");
  }
}

