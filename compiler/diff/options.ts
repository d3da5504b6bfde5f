/** The options that are in force, one text by name, so that two sides can be compared. */
import { describeExpression, describeType } from "../ir/describe.ts";
import { resolveOptions } from "../ir/options.ts";
import { isRunTime } from "../ir/traverse.ts";
import type { Document, EnvironmentValue, Pipeline, PipelineOptions, ResourceRange, Retry, RunTime, Task, Volume } from "../ir/types.ts";
import { canonicalExpression, canonicalJson, type Naming } from "./canonical.ts";
import type { Change } from "./change.ts";
import { typeKey } from "./type-key.ts";

/** An option: a text that two sides share where it says the same, and one for people. */
export interface OptionValue {
  key: string;
  text: string;
}

/** The options of a pipeline by name. The defaults of its tasks are not among them: they count where they are in force. */
export function pipelineOptions({ defaults, spans, argo = {}, ttlSeconds, deadlineSeconds, workspace, ...plain }: PipelineOptions): Map<string, OptionValue> {
  const found = new Map<string, OptionValue>();
  const put = (name: string, value: unknown, text: string) => found.set(name, { key: canonicalJson(value), text });
  for (const [name, value] of Object.entries(plain)) put(name, value, shown(value));
  for (const [name, value] of Object.entries(argo)) put(`argo.${name}`, value, shown(value));
  for (const [name, value] of Object.entries(ttlSeconds ?? {})) put(`ttl.${name}`, value, duration(value));
  if (deadlineSeconds !== undefined) put("deadline", deadlineSeconds, duration(deadlineSeconds));
  if (workspace !== undefined) put("workspace", workspace, shown(workspace));
  return found;
}

/** The options in force for a task by name: of a pod, all layers; of a call of a pipeline and an importer, only its own. An importer has what it says of its artifact. */
export function taskOptions(document: Document, pipeline: Pipeline, task: Task, naming: Naming): Map<string, OptionValue> {
  const component = task.target.kind === "component" ? document.components[task.target.id] : undefined;
  const hasPod = component !== undefined && component.kind !== "importer";
  const { env = {}, volumes = [], nodeSelector, labels = {}, annotations = {}, argo = {}, cpu, memory, accelerator, retry, timeoutSeconds, cache, tolerations, spans, ...plain } =
    hasPod ? resolveOptions(document, pipeline, task).options : task.options;
  const found = new Map<string, OptionValue>();
  const put = (name: string, value: unknown, text: string) => found.set(name, { key: canonicalJson(named(value, naming)), text });
  for (const [name, value] of Object.entries(plain)) put(name, value, shown(value));
  if (component?.kind === "importer") {
    const { outputs, reimport, metadata, downloadToWorkspace } = component;
    for (const { type } of Object.values(outputs)) put("artifact", typeKey(type), describeType(type));
    if (reimport) put("reimport", true, "true");
    if (downloadToWorkspace) put("downloadToWorkspace", true, "true");
    for (const [name, value] of Object.entries(metadata)) put(`metadata.${name}`, value, shown(value));
  }
  if (cpu !== undefined) put("cpu", cpu, range(cpu));
  if (memory !== undefined) put("memory", memory, range(memory));
  if (accelerator !== undefined) put("accelerator", accelerator, `${shown(accelerator.count)} × ${shown(accelerator.type)}`);
  if (retry !== undefined && retry.count > 0) put("retry", retry, retryText(retry));
  if (timeoutSeconds !== undefined) put("timeout", timeoutSeconds, duration(timeoutSeconds));
  if (cache !== undefined && !(cache.enabled && cache.key === undefined)) put("cache", cache, cache.enabled ? `key ${cache.key ?? ""}` : "off");
  if (tolerations !== undefined) put("tolerations", [...tolerations].sort((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1)), shown(tolerations));
  for (const [name, value] of Object.entries(env)) put(`env.${name}`, value, environmentText(value));
  for (const volume of volumes) put(`volumes.${volume.mountPath}`, volume, volumeText(volume));
  for (const [name, value] of Object.entries(nodeSelector ?? {})) put(`nodeSelector.${name}`, value, shown(value));
  for (const [name, value] of Object.entries(labels)) put(`labels.${name}`, value, value);
  for (const [name, value] of Object.entries(annotations)) put(`annotations.${name}`, value, value);
  for (const [name, value] of Object.entries(argo)) put(`argo.${name}`, value, shown(value));
  return found;
}

/** The differences of two sets of options, in order of the second side. */
export function optionChanges(before: Map<string, OptionValue>, after: Map<string, OptionValue>, at: Pick<Change, "pipeline" | "node">): Change[] {
  const changes: Change[] = [];
  for (const [name, { key, text }] of after) {
    const old = before.get(name);
    if (old === undefined) changes.push({ subject: "option", action: "added", ...at, name, after: text });
    else if (old.key !== key) changes.push({ subject: "option", action: "changed", ...at, name, before: old.text, after: text });
  }
  for (const [name, { text }] of before) if (!after.has(name)) changes.push({ subject: "option", action: "removed", ...at, name, before: text });
  return changes;
}

/** Run-time values in place of their expressions with places. */
function named(value: unknown, naming: Naming): unknown {
  if (isRunTime(value)) return { runTime: canonicalExpression(value.expression, naming) };
  if (Array.isArray(value)) return value.map((item) => named(item, naming));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, named(member, naming)]));
}

/** A value as people write it: text without quotes at the top, objects as in TypeScript. */
function shown(value: unknown): string {
  return typeof value === "string" ? value : literal(value);
}

function literal(value: unknown): string {
  if (isRunTime(value)) return describeExpression(value.expression);
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "";
  const fields = Object.entries(value).map(([name, member]) => `${/^[\w$]+$/.test(name) ? name : JSON.stringify(name)}: ${literal(member)}`);
  return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
}

function range({ request, limit }: ResourceRange): string {
  if (canonicalJson(request) === canonicalJson(limit)) return shown(request);
  return [...(request === undefined ? [] : [`request ${shown(request)}`]), ...(limit === undefined ? [] : [`limit ${shown(limit)}`])].join(", ");
}

function retryText({ count, backoffSeconds, factor, maxBackoffSeconds, policy }: Retry): string {
  return [
    `${count}`,
    ...(backoffSeconds === undefined ? [] : [`backoff ${duration(backoffSeconds)}`]),
    ...(factor === undefined ? [] : [`factor ${factor}`]),
    ...(maxBackoffSeconds === undefined ? [] : [`at most ${duration(maxBackoffSeconds)}`]),
    ...(policy === undefined ? [] : [policy]),
  ].join(", ");
}

/** Seconds in the largest unit that they are a whole number of: `90m`. */
function duration(seconds: number): string {
  const [size, unit] = ([[86_400, "d"], [3600, "h"], [60, "m"]] as const).find(([unit]) => seconds !== 0 && seconds % unit === 0) ?? [1, "s"];
  return `${seconds / size}${unit}`;
}

function environmentText(value: EnvironmentValue): string {
  switch (value.kind) {
    case "literal":
      return value.value;
    case "secret":
    case "configMap":
      return `${value.kind} ${shown(value.name)}/${value.key}${value.optional === true ? ", optional" : ""}`;
    case "field":
      return `field ${value.path}`;
  }
}

function volumeText(volume: Volume): string {
  const name = (source: string | RunTime) => shown(source);
  switch (volume.kind) {
    case "emptyDir":
      return `emptyDir ${volume.name}${volume.sizeLimit === undefined ? "" : `, at most ${volume.sizeLimit}`}${volume.medium === undefined ? "" : `, in ${volume.medium}`}`;
    case "pvc":
      return `pvc ${name(volume.claim)}${volume.subPath === undefined ? "" : `, ${volume.subPath}`}`;
    case "secret":
      return `secret ${name(volume.secret)}${volume.optional ? ", optional" : ""}`;
    case "configMap":
      return `configMap ${name(volume.configMap)}${volume.optional ? ", optional" : ""}`;
    case "ephemeral":
      return `ephemeral ${volume.name}, ${volume.size}${volume.storageClass === undefined ? "" : `, ${volume.storageClass}`}, ${volume.accessModes.join(", ")}`;
  }
}
