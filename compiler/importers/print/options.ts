/** Options of components, calls and pipelines, as people write them. */
import type {
  Component, EnvironmentValue, Json, KubernetesJson, NodeAffinity, OpComponent, Passthrough, Pipeline, PipelineOptions, ResourceRange, Retry, RunTime, TaskOptions, Toleration, Volume,
} from "../../ir/types.ts";
import { kebabCase } from "../../ir/names.ts";
import { isRunTime } from "../../ir/traverse.ts";
import { literal, objectLiteral, property } from "./constants.ts";
import { bracketed, type Doc } from "./layout.ts";
import { languageName, text, type Module } from "./module.ts";
import { quoted } from "./texts.ts";

/** Writes a value that only a run knows. */
export type WriteRunTime = (value: RunTime) => Doc;

interface Writer {
  module: Module;
  runTime: WriteRunTime;
}

/** Of a component or of `defaults`, whose options are constants. */
const constantsOnly: WriteRunTime = () => quoted("");

/** The members of the options of a component, without its name. */
export function componentOptions(module: Module, component: Exclude<Component, { kind: "importer" }>): Doc[] {
  return [...taskOptions(module, component.options, constantsOnly), ...passthrough(component.passthroughs), ...metadata(module, component.outputs)];
}

/** The members of the options of a task, as far as `TaskOptions` has them. */
export function taskOptions(module: Module, options: TaskOptions, runTime: WriteRunTime): Doc[] {
  const writer: Writer = { module, runTime };
  const { spans, ...given } = options;
  return Object.keys(given).map((name) => taskOption(writer, name as keyof typeof given, given));
}

function taskOption(writer: Writer, name: Exclude<keyof TaskOptions, "spans">, options: TaskOptions): Doc {
  const { module } = writer;
  const json = (value: Json | undefined): Doc => property(name, literal(module, value ?? null, name));
  switch (name) {
    case "displayName":
    case "serviceAccount":
    case "labels":
    case "annotations":
    case "imagePullPolicy":
    case "kfp":
      return json(options[name]);
    case "argo":
      return property(name, literal(module, writtenArgo(options.argo ?? {}), name));
    case "inline":
      return property(name, String(options.inline));
    case "image":
      return property(name, textOption(writer, options.image ?? "", name));
    case "cpu":
    case "memory":
      return property(name, range(writer, options[name] ?? {}));
    case "accelerator":
      return accelerator(writer, options.accelerator ?? { type: "", count: 1 });
    case "env":
      return property(name, objectLiteral(Object.entries(options.env ?? {}).map(([key, value]) => property(key, environmentValue(writer, key, value)))));
    case "volumes":
      return property(name, bracketed("[", (options.volumes ?? []).map((volume) => objectLiteral(volumeMembers(writer, volume))), "]"));
    case "nodeSelector":
      return property(name, kubernetes(writer, options.nodeSelector ?? {}, name));
    case "tolerations":
    case "affinity":
      return property(name, bracketed("[", (options[name] ?? []).map((entry) => kubernetes(writer, entry, name)), "]"));
    case "imagePullSecrets":
      return property(name, bracketed("[", (options.imagePullSecrets ?? []).map((secret) => textOption(writer, secret, name)), "]"));
    case "securityContext":
      return json({ ...options.securityContext });
    case "retry":
      return property(name, retry(module, options.retry ?? { count: 0 }));
    case "timeoutSeconds":
      return property("timeout", duration(options.timeoutSeconds ?? 0));
    case "cache": {
      const cache = options.cache ?? { enabled: true };
      return property(name, cache.key === undefined || !cache.enabled ? String(cache.enabled) : objectLiteral([property("key", text(module, cache.key, "key"))]));
    }
  }
}

/** The options of Argo as the language has them: durations without their unit in the name, a packing by its name. */
function writtenArgo(options: Record<string, Json>): Json {
  const written = (value: Json): Json => (value === null || typeof value !== "object" || Array.isArray(value) ? value : Object.fromEntries(Object.entries(value).map(([name, member]) => [name.replace(/Seconds$/, ""), member])));
  const { artifacts, memoize, podGC, cron } = options;
  const durations = Object.entries({ memoize, podGC, cron }).flatMap(([name, value]) => (value === undefined ? [] : [[name, written(value)]]));
  const packed = (artifact: Json): Json => (artifact !== null && typeof artifact === "object" && !Array.isArray(artifact) && artifact["archive"] !== undefined ? { ...artifact, archive: archive(artifact["archive"]) } : artifact);
  return {
    ...options,
    ...Object.fromEntries(durations),
    ...(artifacts === undefined ? {} : { artifacts: Object.fromEntries(Object.entries(artifacts as Record<string, Json>).map(([name, artifact]) => [name, packed(artifact)])) }),
  };
}

function archive(value: Json): Json {
  const [[kind, settings] = ["tar", {}]] = Object.entries(value as Record<string, Json>);
  return settings !== null && typeof settings === "object" && Object.keys(settings).length > 0 ? settings : kind;
}

function textOption(writer: Writer, value: string | RunTime, hint: string): Doc {
  return isRunTime(value) ? writer.runTime(value) : text(writer.module, value, hint);
}

/** Equal request and limit are one quantity. */
function range(writer: Writer, { request, limit }: ResourceRange): Doc {
  if (request !== undefined && JSON.stringify(request) === JSON.stringify(limit)) return quantity(writer, request);
  return objectLiteral([
    ...(request === undefined ? [] : [property("request", quantity(writer, request))]),
    ...(limit === undefined ? [] : [property("limit", quantity(writer, limit))]),
  ]);
}

function quantity(writer: Writer, value: string | RunTime): Doc {
  if (isRunTime(value)) return writer.runTime(value);
  return /^(0|[1-9]\d{0,14})$/.test(value) ? value : text(writer.module, value, "quantity");
}

function accelerator(writer: Writer, { type, count }: NonNullable<TaskOptions["accelerator"]>): Doc {
  if (type === "nvidia.com/gpu" && typeof count === "number") return property("gpu", String(count));
  return property("accelerator", objectLiteral([property("type", textOption(writer, type, "type")), property("count", isRunTime(count) ? writer.runTime(count) : String(count))]));
}

function environmentValue(writer: Writer, key: string, value: EnvironmentValue): Doc {
  const { module } = writer;
  switch (value.kind) {
    case "literal":
      return text(module, value.value, key);
    case "secret":
    case "configMap": {
      const options = value.optional === undefined ? [] : [objectLiteral([property("optional", String(value.optional))])];
      return bracketed(`${languageName(module, value.kind)}(`, [textOption(writer, value.name, "name"), text(module, value.key, "key"), ...options], ")");
    }
    case "field":
      return `${languageName(module, "fieldPath")}(${quoted(value.path)})`;
  }
}

function volumeMembers(writer: Writer, volume: Volume): Doc[] {
  const { module } = writer;
  const mountPath = property("mountPath", text(module, volume.mountPath, "mountPath"));
  switch (volume.kind) {
    case "emptyDir": {
      const settings = { ...(volume.medium === undefined ? {} : { medium: volume.medium }), ...(volume.sizeLimit === undefined ? {} : { sizeLimit: volume.sizeLimit }) };
      const name = volume.name === kebabCase(`empty-dir-${volume.mountPath}`) ? [] : [property("name", text(module, volume.name, "name"))];
      return [property("emptyDir", Object.keys(settings).length === 0 ? "true" : literal(module, settings, "emptyDir")), ...name, mountPath];
    }
    case "pvc":
      return [property("pvc", textOption(writer, volume.claim, "claim")), mountPath, ...(volume.subPath === undefined ? [] : [property("subPath", text(module, volume.subPath, "subPath"))])];
    case "secret":
      return [property("secret", textOption(writer, volume.secret, "secret")), mountPath, ...(volume.optional ? [property("optional", "true")] : [])];
    case "configMap":
      return [property("configMap", textOption(writer, volume.configMap, "configMap")), mountPath, ...(volume.optional ? [property("optional", "true")] : [])];
    case "ephemeral": {
      const { kind, name, mountPath: _, ...settings } = volume;
      return [property("ephemeral", literal(module, settings, "ephemeral")), property("name", text(module, name, "name")), mountPath];
    }
  }
}

/** Labels, a toleration or an affinity in hmc's form, or `{ json }` in that of Kubernetes. */
function kubernetes(writer: Writer, value: Record<string, string> | Toleration | NodeAffinity | KubernetesJson, hint: string): Doc {
  if ("json" in value && isRunTime(value.json)) return objectLiteral([property("json", writer.runTime(value.json))]);
  return literal(writer.module, value as unknown as Json, hint);
}

function retry(module: Module, { count, backoffSeconds, factor, maxBackoffSeconds, policy }: Retry): Doc {
  const settings = [
    ...(backoffSeconds === undefined ? [] : [property("backoff", duration(backoffSeconds))]),
    ...(factor === undefined ? [] : [property("factor", String(factor))]),
    ...(maxBackoffSeconds === undefined ? [] : [property("maxBackoff", duration(maxBackoffSeconds))]),
    ...(policy === undefined ? [] : [property("policy", text(module, policy, "policy"))]),
  ];
  return settings.length === 0 ? String(count) : objectLiteral([property("count", String(count)), ...settings]);
}

/** Seconds in the largest unit that holds them whole: `"90s"`, `"10m"`, `"2h"`, `"1d"`. */
export function duration(seconds: number): string {
  if (!Number.isInteger(seconds) || seconds <= 0) return String(seconds);
  const [size, unit] = ([[86400, "d"], [3600, "h"], [60, "m"]] as const).find(([length]) => seconds % length === 0) ?? [1, "s"];
  return quoted(`${seconds / size}${unit}`);
}

function passthrough(passthroughs: readonly Passthrough[] | undefined): Doc[] {
  if (passthroughs === undefined) return [];
  const items = passthroughs.map(({ setting, applyToTask }) => (applyToTask ? objectLiteral([property("setting", quoted(setting)), property("applyToTask", "true")]) : quoted(setting)));
  return [property("passthrough", bracketed("[", items, "]"))];
}

function metadata(module: Module, outputs: OpComponent["outputs"]): Doc[] {
  const given = Object.entries(outputs).filter(([, output]) => output.metadata !== undefined);
  return given.length === 0 ? [] : [property("metadata", objectLiteral(given.map(([name, output]) => property(name, literal(module, output.metadata ?? {}, name)))))];
}

// ---------------------------------------------------------------------------------------------- pipelines

/**
 * The members of the options of a pipeline.
 *
 * @param constName the constant that the pipeline is; where its kebab-case is not the id, the options say the name
 */
export function pipelineOptions(module: Module, pipeline: Pipeline, constName: string): Doc[] {
  const { spans, ...given } = pipeline.options;
  const name = kebabCase(constName) === pipeline.id ? [] : [property("name", quoted(pipeline.id))];
  return [...name, ...Object.keys(given).map((option) => pipelineOption(module, option as keyof typeof given, given))];
}

function pipelineOption(module: Module, name: Exclude<keyof PipelineOptions, "spans">, options: PipelineOptions): Doc {
  switch (name) {
    case "defaults":
      return property(name, objectLiteral(taskOptions(module, options.defaults ?? {}, constantsOnly)));
    case "ttlSeconds": {
      const ttl = Object.entries(options.ttlSeconds ?? {});
      const [only] = ttl;
      if (ttl.length === 1 && only?.[0] === "completion") return property("ttl", duration(only[1]));
      return property("ttl", objectLiteral(ttl.map(([key, seconds]) => property(key, duration(seconds)))));
    }
    case "deadlineSeconds":
      return property("deadline", duration(options.deadlineSeconds ?? 0));
    case "argo":
      return property(name, literal(module, writtenArgo(options.argo ?? {}), name));
    default:
      return property(name, literal(module, (options[name] ?? null) as unknown as Json, name));
  }
}
