/** Options of ops, calls and pipelines: from the source to the normal form of the IR. */
import { ts } from "ts-morph";
import type { Passthrough, PipelineOptions, TaskOptions } from "../ir/types.ts";
import { readArgoPipeline, readArgoTask } from "./argo-options.ts";
import { readPassthroughs, readStaticMetadata, type StaticMetadata } from "./component-options.ts";
import { readAccelerator, readCount, readEnvironment, readName, readRange } from "./container-options.ts";
import type { Context } from "./context.ts";
import type { Evaluate } from "./given.ts";
import { lastName, type Option, OptionReader } from "./option-reader.ts";
import { readAffinity, readNodeSelector, readToleration, readVolume } from "./placement-options.ts";

const taskOptionNames = [
  "displayName", "image", "inline", "cpu", "memory", "gpu", "accelerator", "env", "secrets", "volumes", "serviceAccount", "nodeSelector", "tolerations", "affinity", "labels",
  "annotations", "imagePullSecrets", "imagePullPolicy", "securityContext", "retry", "timeout", "cache", "kfp", "argo", "name", "ignoreUpstreamFailure", "when", "passthrough", "metadata",
] as const;
const pipelineOptionNames = [
  "name", "displayName", "description", "schedule", "timezone", "experiment", "defaults", "ttl", "deadline", "workspace", "pipelineRoot", "maxConcurrency", "catchUp", "kfp", "argo",
] as const;

export interface ReadTaskOptions {
  options: TaskOptions;
  /** Of an op its id, of a call the key of its task. */
  name?: string;
  ignoreUpstreamFailure?: boolean;
  /** Of an op or container. */
  passthroughs?: Passthrough[];
  metadata?: StaticMetadata;
}

export interface ReadPipelineOptions {
  options: PipelineOptions;
  name?: string;
  description?: string;
}

/**
 * Reads the options of an op, of a call, or the `defaults` of a pipeline.
 *
 * @param expression the options object; without one there are no options
 * @param evaluate of a call: what an expression of the pipeline body is, for the options that a run may decide
 */
export function readTaskOptions(context: Context, expression: ts.Expression | undefined, where: "op" | "call" | "defaults", evaluate?: Evaluate): ReadTaskOptions {
  if (expression === undefined) return { options: {} };
  const reader = new OptionReader(context, evaluate);
  const read = taskOptions(reader, reader.members(expression, ""), where, expression);
  return { ...read, options: withSpans(read.options, reader) };
}

export function readPipelineOptions(context: Context, expression: ts.Expression | undefined): ReadPipelineOptions {
  if (expression === undefined) return { options: {} };
  const reader = new OptionReader(context);
  const options: PipelineOptions = {};
  const result: ReadPipelineOptions = { options };
  const defaultsSpans = new OptionReader(context);
  for (const option of reader.members(expression, "")) {
    switch (option.name) {
      case "name":
      case "description":
        assign(result, option.name, reader.text(option));
        break;
      case "displayName":
      case "schedule":
      case "timezone":
      case "experiment":
      case "pipelineRoot":
        assign(options, option.name, reader.text(option));
        break;
      case "defaults": {
        const members = defaultsSpans.entries({ name: "", value: option.value });
        options.defaults = withSpans(taskOptions(defaultsSpans, members, "defaults", option.value.node).options, defaultsSpans);
        break;
      }
      case "ttl":
        options.ttlSeconds = readTtl(reader, option);
        break;
      case "deadline":
        assign(options, "deadlineSeconds", reader.duration(option));
        break;
      case "workspace":
        assign(options, "workspace", readWorkspace(reader, option));
        break;
      case "maxConcurrency":
        assign(options, "maxConcurrency", reader.count(option, 1));
        break;
      case "catchUp":
        assign(options, "catchUp", reader.boolean(option));
        break;
      case "kfp":
        assign(options, "kfp", reader.patch(option));
        break;
      case "argo":
        options.argo = readArgoPipeline(reader, option);
        break;
      default:
        reader.unknown(option, expression, pipelineOptionNames);
    }
  }
  result.options = withSpans(options, reader);
  return result;
}

function taskOptions(reader: OptionReader, members: Option[], where: "op" | "call" | "defaults", literal: ts.Node): ReadTaskOptions {
  const options: TaskOptions = {};
  const result: ReadTaskOptions = { options };
  for (const option of members) {
    const { name } = option;
    switch (name) {
      case "name":
        if (where === "defaults") reader.unknown(option, literal);
        else assign(result, "name", reader.text(option));
        break;
      case "ignoreUpstreamFailure":
        if (where === "call") assign(result, "ignoreUpstreamFailure", reader.boolean(option));
        else reader.unknown(option, literal);
        break;
      case "when":
        // The call reads it, as it reads its inputs.
        if (where !== "call") reader.unknown(option, literal);
        break;
      case "passthrough":
        if (where === "op") result.passthroughs = readPassthroughs(reader, option);
        else reader.unknown(option, literal);
        break;
      case "metadata":
        if (where === "op") result.metadata = readStaticMetadata(reader, option);
        else reader.unknown(option, literal);
        break;
      case "displayName":
      case "serviceAccount":
        assign(options, name, reader.text(option));
        break;
      case "image":
        assign(options, name, reader.name(option));
        break;
      case "inline":
        assign(options, name, reader.boolean(option));
        break;
      case "cpu":
      case "memory":
        assign(options, name, readRange(reader, option, name === "cpu" ? "cores" : "bytes"));
        break;
      case "gpu": {
        const count = readCount(reader, option, 0);
        if (count !== undefined && count !== 0) options.accelerator = { type: "nvidia.com/gpu", count };
        break;
      }
      case "accelerator":
        assign(options, "accelerator", readAccelerator(reader, option));
        break;
      case "env":
      case "secrets":
        options.env = { ...options.env, ...readEnvironment(reader, option, name === "secrets", options.env ?? {}) };
        break;
      case "volumes":
        options.volumes = reader.items(option).flatMap((item) => readVolume(reader, item) ?? []);
        break;
      case "tolerations":
        options.tolerations = reader.items(option).flatMap((item) => readToleration(reader, item) ?? []);
        break;
      case "affinity":
        options.affinity = reader.items(option).flatMap((item) => readAffinity(reader, item) ?? []);
        break;
      case "nodeSelector":
        assign(options, name, readNodeSelector(reader, option));
        break;
      case "labels":
      case "annotations":
        options[name] = reader.textMap(option);
        break;
      case "imagePullSecrets":
        options.imagePullSecrets = reader.items(option).flatMap((item) => readName(reader, item) ?? []);
        break;
      case "imagePullPolicy":
        assign(options, "imagePullPolicy", reader.choice(option, ["Always", "IfNotPresent", "Never"]));
        break;
      case "securityContext":
        options.securityContext = readSecurityContext(reader, option);
        break;
      case "retry":
        assign(options, "retry", readRetry(reader, option));
        break;
      case "timeout":
        assign(options, "timeoutSeconds", reader.duration(option));
        break;
      case "cache":
        assign(options, "cache", readCache(reader, option));
        break;
      case "kfp":
        assign(options, "kfp", reader.patch(option));
        break;
      case "argo":
        options.argo = readArgoTask(reader, option);
        break;
      default:
        reader.unknown(option, literal, taskOptionNames);
    }
  }
  return result;
}

function readSecurityContext(reader: OptionReader, option: Option): NonNullable<TaskOptions["securityContext"]> {
  const security: NonNullable<TaskOptions["securityContext"]> = {};
  for (const member of reader.entries(option)) {
    const name = lastName(member.name, option.name);
    if (name === "runAsUser" || name === "runAsGroup") assign(security, name, reader.count(member, 0));
    else if (name === "runAsNonRoot") assign(security, name, reader.boolean(member));
    else reader.unknown(member, option.value.node);
  }
  return security;
}

function readRetry(reader: OptionReader, option: Option): TaskOptions["retry"] {
  if (option.value.kind !== "object") {
    const count = reader.count(option, 0);
    return count === undefined ? undefined : { count };
  }
  let count: number | undefined;
  const retry: Omit<NonNullable<TaskOptions["retry"]>, "count"> = {};
  for (const member of reader.entries(option)) {
    switch (lastName(member.name, option.name)) {
      case "count":
        count = reader.count(member, 0);
        break;
      case "backoff":
        assign(retry, "backoffSeconds", reader.duration(member));
        break;
      case "factor":
        assign(retry, "factor", reader.number(member));
        break;
      case "maxBackoff":
        assign(retry, "maxBackoffSeconds", reader.duration(member));
        break;
      case "policy":
        assign(retry, "policy", reader.choice(member, ["always", "onFailure", "onError", "onTransientError"]));
        break;
      default:
        reader.unknown(member, option.value.node);
    }
  }
  return count === undefined ? undefined : { count, ...retry };
}

function readCache(reader: OptionReader, option: Option): TaskOptions["cache"] {
  if (option.value.kind !== "object") {
    const enabled = reader.boolean(option);
    return enabled === undefined ? undefined : { enabled };
  }
  const cache: NonNullable<TaskOptions["cache"]> = { enabled: true };
  for (const member of reader.entries(option)) {
    if (lastName(member.name, option.name) === "key") assign(cache, "key", reader.text(member));
    else reader.unknown(member, option.value.node);
  }
  return cache;
}

function readTtl(reader: OptionReader, option: Option): NonNullable<PipelineOptions["ttlSeconds"]> {
  const ttl: NonNullable<PipelineOptions["ttlSeconds"]> = {};
  if (option.value.kind !== "object") {
    assign(ttl, "completion", reader.duration(option));
    return ttl;
  }
  for (const member of reader.entries(option)) {
    const name = lastName(member.name, option.name);
    if (name === "completion" || name === "success" || name === "failure") assign(ttl, name, reader.duration(member));
    else reader.unknown(member, option.value.node);
  }
  return ttl;
}

function readWorkspace(reader: OptionReader, option: Option): PipelineOptions["workspace"] {
  let size: string | undefined;
  const workspace: Omit<NonNullable<PipelineOptions["workspace"]>, "size"> = {};
  for (const member of reader.entries(option)) {
    const name = lastName(member.name, option.name);
    if (name === "size") size = reader.quantity(member, "bytes");
    else if (name === "storageClass") assign(workspace, name, reader.text(member));
    else if (name === "accessModes") assign(workspace, name, reader.texts(member));
    else reader.unknown(member, option.value.node);
  }
  return size === undefined ? undefined : { size, ...workspace };
}

function withSpans<Options extends TaskOptions | PipelineOptions>(options: Options, reader: OptionReader): Options {
  return Object.keys(reader.spans).length === 0 ? options : { ...options, spans: reader.spans };
}

/** Sets a member unless there is no value: what could not be read is reported already. */
function assign<Target extends object, Key extends keyof Target>(target: Target, key: Key, value: Target[Key] | undefined): void {
  if (value !== undefined) target[key] = value;
}
