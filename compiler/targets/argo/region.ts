/**
 * The DAG templates while they are being built. A region is one DAG template; its tasks call other templates. Argo has no
 * closures, so a value of an outer region comes in through an input of every region between (reference argo.md 2.2).
 */
import { absentText } from "../../../runtime/text.ts";
import { bug } from "../../bug.ts";
import type { ExprNode } from "../../expressions/argo/expr.ts";
import type { Retry, Span, ValueType } from "../../ir/types.ts";
import type { Build, Leaf } from "./build.ts";
import { binary, choose, ofTask, path, text } from "./expr-build.ts";
import { freeName, parameterName, taskName } from "./names.ts";
import type { Artifact } from "./spec.ts";

export type Result = "Succeeded" | "Failed" | "Errored" | "Skipped" | "Omitted";

/** One of the alternatives must hold: the task has ended with one of the results. */
export interface Requirement {
  alternatives: { task: TaskDraft; results: readonly Result[] }[];
}

/** How often a task runs. `count` gives a number, or text that is one. */
export type Repetition = { kind: "sequence"; count: ExprNode } | { kind: "items"; items: (string | number | boolean)[] };

/** What an artifact argument is: passed on, at a place, or found by what a DAG template computes. */
export type ArtifactArgument = { from: ExprNode; optional: boolean } | { location: LocationDraft; optional: boolean };

/** A location of an artifact whose texts may be computed. */
export interface LocationDraft {
  /** The store and its fields: `s3`, `raw` … */
  kind: "s3" | "gcs" | "azure" | "oss" | "http" | "git" | "raw";
  fields: Record<string, ExprNode | boolean>;
  archive?: Artifact["archive"];
}

/** A template, by the name that it has at last. */
export type Called = Region | Leaf;

export interface TaskDraft {
  name: string;
  region: Region;
  /** What it calls. */
  calls: Called;
  requirements: Requirement[];
  when: ExprNode[];
  parameters: Map<string, ExprNode>;
  artifacts: Map<string, ArtifactArgument>;
  repetition?: Repetition;
  /** What runs when it has ended; its arguments are those of the hook. */
  exit?: TaskDraft;
  /** Of a hook: the task after whose end it runs. */
  exitOf?: TaskDraft;
  /** It reads failures of what it waits for as they come. */
  ignoresFailure: boolean;
  span: Span;
}

export interface InputDraft {
  default?: string;
  /** What it is in every call. */
  value?: ExprNode;
  optional: boolean;
  description?: string;
}

export type OutputDraft = { kind: "parameter"; value: ExprNode; default: string } | { kind: "artifact"; from: ExprNode; optional: boolean };

export interface Region {
  build: Build;
  /** The name of its template, which is given last, and what it is made of. */
  template: string;
  wanted: string;
  /** The task that calls it; undefined for the region of a pipeline, which several may call. */
  owner: TaskDraft | undefined;
  parameters: Map<string, InputDraft>;
  artifacts: Map<string, InputDraft & { location?: LocationDraft }>;
  tasks: Map<string, TaskDraft>;
  outputs: Map<string, OutputDraft>;
  /** Names of inputs through which channels of outer regions come in. */
  imported: Map<Channel, string>;
  parallelism?: number;
  failFast: boolean;
  /** No more of a bounded loop starts after a failure. */
  stopsAtFailure?: true;
  /** Tries the whole again where it fails. */
  retry?: Retry;
  span: Span;
}

/** A value that a run knows, where it is at home. */
export interface Channel {
  kind: "parameter" | "artifact";
  /** What inputs that pass it on are called. */
  name: string;
  type: ValueType;
  home: Region;
  /** How it is read at home. */
  value: ExprNode;
  /** The task that gives it. */
  from?: TaskDraft;
  /** Every task reads it alike: a variable of the workflow. */
  global?: true;
  /** It may be `ABSENT`. */
  optional: boolean;
  /** Of an artifact: JSON of its name, URI and metadata, as a parameter. */
  meta?: Channel;
  /** The text is a phase of Argo (`Succeeded`), not JSON of a status. */
  phaseOf?: string;
  /** Of an artifact that no task makes: where it lies. */
  location?: LocationDraft;
  /** Of a list of artifacts: how many directories deep its items lie, as a parameter. One where it is missing. */
  depth?: Channel;
  /** The same value as the task that runs `home` gives it. */
  surfaced?: Channel;
}

/**
 * Adds an empty region that a task of another one calls.
 *
 * @param template what its template is to be called, where that is not the name of the task
 */
export function addRegion(parent: Region, wanted: string, span: Span, template = wanted): { task: TaskDraft; region: Region } {
  const region = newRegion(parent.build, templateNameOf(parent, template), span);
  const task = addTask(parent, wanted, region, span);
  region.owner = task;
  region.failFast = parent.failFast;
  return { task, region };
}

/** Regions of the entry pipeline are named after their node, those of others also after their pipeline. */
function templateNameOf(parent: Region, wanted: string): string {
  const { build } = parent;
  let outermost = parent;
  while (outermost.owner !== undefined) outermost = outermost.owner.region;
  return outermost === build.entry || outermost === build.onExit ? wanted : `${outermost.wanted}-${wanted}`;
}

export function newRegion(build: Build, wanted: string, span: Span): Region {
  const region: Region = { build, template: "", wanted: taskName(wanted), owner: undefined, parameters: new Map(), artifacts: new Map(), tasks: new Map(), outputs: new Map(), imported: new Map(), failFast: false, span };
  build.regions.push(region);
  return region;
}

export function addTask(region: Region, wanted: string, calls: Called, span: Span): TaskDraft {
  const task: TaskDraft = { name: freeName(taskName(wanted), new Set(region.tasks.keys())), region, calls, requirements: [], when: [], parameters: new Map(), artifacts: new Map(), ignoresFailure: false, span };
  region.tasks.set(task.name, task);
  return task;
}

/** Whether `inner` is `outer` or lies inside it. */
export function isInside(inner: Region, outer: Region): boolean {
  for (let region: Region | undefined = inner; region !== undefined; region = region.owner?.region) if (region === outer) return true;
  return false;
}

/** Makes a task wait for one of these ends. */
export function require(task: TaskDraft, alternatives: Requirement["alternatives"]): void {
  const isSame = (other: Requirement): boolean =>
    other.alternatives.length === alternatives.length && other.alternatives.every((alternative, at) => alternative.task === alternatives[at]?.task && alternative.results.join() === alternatives[at].results.join());
  if (alternatives.length > 0 && !task.requirements.some(isSame)) task.requirements.push({ alternatives });
}

/** Makes a task wait for another one to be done. */
export function dependOn(task: TaskDraft, earlier: TaskDraft): void {
  if (task !== earlier) require(task, [{ task: earlier, results: endsOf(earlier, task.ignoresFailure) }]);
}

/** The ends of a task after which its consumers run. The group of a loop over an empty list counts as skipped. */
function endsOf(task: TaskDraft, ignoresFailure: boolean): Result[] {
  return ["Succeeded", ...(task.repetition === undefined ? [] : (["Skipped"] as const)), ...(ignoresFailure ? (["Failed", "Errored", "Omitted"] as const) : [])];
}

/**
 * How a value is read in a region; where it belongs to an outer one it becomes an input of every region between.
 *
 * @param consumer the task of the region that reads it and so waits for what gives it; none where the region's outputs read it
 */
export function read(region: Region, channel: Channel, consumer: TaskDraft | undefined): ExprNode {
  if (channel.kind === "parameter" && channel.value.kind === "string") return channel.value;
  if (channel.global === true) return consumer === undefined ? readGlobal(region, channel) : channel.value;
  const own = ownChannel(region, channel);
  if (own.home === region) {
    if (own.from !== undefined && own.kind === "parameter" && own.from === consumer?.exitOf) return ifSucceeded(own.from, own.value);
    if (own.from !== undefined && consumer !== undefined) dependOn(consumer, own.from);
    // A task that runs all the same reads nothing of one that has failed; its phase is known.
    if (own.from !== undefined && own.kind === "parameter" && own.phaseOf === undefined && consumer?.ignoresFailure === true) return ifSucceeded(own.from, own.value);
    return own.value;
  }
  const known = region.imported.get(own);
  const kind = own.kind === "parameter" ? "parameters" : "artifacts";
  if (known !== undefined) return path("inputs", kind, known);
  const { owner } = region;
  if (owner === undefined) return bug(`the value "${own.name}" does not reach the template "${region.wanted}"`);
  const input = freeName(parameterName(own.name), new Set(region[kind].keys()));
  region.imported.set(own, input);
  region[kind].set(input, { optional: own.kind === "artifact" && own.optional });
  const outer = read(owner.region, own, owner);
  if (own.kind === "parameter") owner.parameters.set(input, outer);
  else owner.artifacts.set(input, own.location !== undefined && own.home === owner.region ? { location: own.location, optional: own.optional } : { from: outer, optional: own.optional });
  return path("inputs", kind, input);
}

/** The outputs of a template do not see the variables of the workflow (measured on 4.0.5), so they read an input of it. */
function readGlobal(region: Region, channel: Channel): ExprNode {
  const known = region.imported.get(channel);
  if (known !== undefined) return path("inputs", "parameters", known);
  const input = freeName(parameterName(channel.name), new Set(region.parameters.keys()));
  region.imported.set(channel, input);
  region.parameters.set(input, { optional: false, ...(region.owner === undefined ? { value: channel.value } : {}) });
  region.owner?.parameters.set(input, channel.value);
  return path("inputs", "parameters", input);
}

/** A value of a task that may have failed, and then gives none (reference argo.md 2.9). */
function ifSucceeded(task: TaskDraft, value: ExprNode): ExprNode {
  return choose(binary("==", ofTask(task.name, "status"), text("Succeeded")), value, absent);
}

/** The channel as it is known in a region that the given one's home does not enclose: as an output of the regions between. */
export function ownChannel(region: Region, channel: Channel): Channel {
  let own = channel;
  while (!isInside(region, own.home)) own = surface(own);
  return own;
}

/** The value of an inner region as an output of the task that runs it. */
function surface(channel: Channel): Channel {
  const { home } = channel;
  const { owner } = home;
  if (owner === undefined) return bug(`the value "${channel.name}" does not leave the pipeline "${home.wanted}"`);
  return (channel.surfaced ??= exported(home, channel.name, channel, channel.location === undefined ? channel.value : located(home, channel, channel.location), channel.meta));
}

/** An artifact that only has a location, as an expression reads it: an input of the region with that location. */
export function located(region: Region, { name, optional }: Channel, location: LocationDraft): ExprNode {
  region.artifacts.set(name, { optional, location });
  return path("inputs", "artifacts", name);
}

/**
 * Gives a region an output, and the channel of it in the region around.
 *
 * @param fallback the text where the output cannot be computed (reference argo.md 2.0, rule 6)
 */
export function exported(region: Region, wanted: string, like: Pick<Channel, "kind" | "type" | "optional" | "depth">, value: ExprNode, meta?: Channel, fallback = ABSENT): Channel {
  const owner = region.owner ?? bug(`the region "${region.wanted}" is not called`);
  const output = freeName(parameterName(wanted), new Set(region.outputs.keys()));
  region.outputs.set(output, like.kind === "parameter" ? { kind: "parameter", value, default: fallback } : { kind: "artifact", from: value, optional: like.optional });
  const name = `${owner.name}-${output}`;
  const outer = meta === undefined ? undefined : exported(region, metaName(output), meta, meta.value);
  return { kind: like.kind, name, type: like.type, home: owner.region, value: ofTask(owner.name, "outputs", like.kind === "parameter" ? "parameters" : "artifacts", output), from: owner, optional: like.optional, ...(outer === undefined ? {} : { meta: outer }), ...depthOutside(region, output, like.depth) };
}

function depthOutside(region: Region, output: string, depth: Channel | undefined): { depth?: Channel } {
  if (depth === undefined) return {};
  return { depth: depth.value.kind === "string" ? depth : exported(region, depthName(output), depth, depth.value, undefined, "1") };
}

/** The parameter beside an artifact that holds its metadata. */
export function metaName(artifact: string): string {
  return `hmc-meta-${artifact}`;
}

/** The parameter that holds the key of an output in the artifact repository. */
export function keyName(output: string): string {
  return `hmc-key-${output}`;
}

/** The parameter beside a list of artifacts that says how many directories deep its items lie. */
export function depthName(artifact: string): string {
  return `hmc-depth-${artifact}`;
}

/** That the items of a list lie so many directories deep. */
export function constantDepth(home: Region, depth: number): Channel {
  return { kind: "parameter", name: "depth", type: { kind: "integer" }, home, value: text(String(depth)), optional: false };
}

/** The text of a parameter without a value. `escapeText` never makes it, so no text of a user is it. */
export const ABSENT = absentText;
export const absent: ExprNode = text(ABSENT);
