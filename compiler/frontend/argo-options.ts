/** The option `argo` of tasks and pipelines, in the normal form of the IR: shorthands written out, durations in seconds. */
import { diagnostic } from "../diagnostics/diagnostic.ts";
import { nearestName } from "../diagnostics/nearest.ts";
import type { Json } from "../ir/types.ts";
import { lastName, type Option, type OptionReader } from "./option-reader.ts";

/** Reads one option; undefined after a reported mistake. */
type Read = (reader: OptionReader, option: Option) => Json | undefined;

interface Field {
  read: Read;
  /** What the IR calls it, where not as the language does. */
  as?: string;
  required?: true;
}

const text: Read = (reader, option) => reader.text(option);
const boolean: Read = (reader, option) => reader.boolean(option);
const patch: Read = (reader, option) => reader.patch(option);
const texts: Read = (reader, option) => reader.texts(option);
const textMap: Read = (reader, option) => reader.textMap(option);
const seconds = (name: string): Field => ({ as: `${name}Seconds`, read: (reader, option) => reader.duration(option) });
const count = (least: number): Read => (reader, option) => reader.count(option, least);
const choice = (...choices: string[]): Read => (reader, option) => reader.choice(option, choices);
const numbers: Read = (reader, option) => reader.items(option).flatMap((item) => reader.number(item) ?? []);
const whole: Read = (reader, option) => (option.value.kind === "value" && Number.isSafeInteger(option.value.value) ? (option.value.value as number) : reader.wrong(option, "a whole number"));

const absolutePath: Read = (reader, option) => {
  const path = reader.text(option);
  return path === undefined || path.startsWith("/") ? path : reader.wrong(option, "an absolute path");
};

/** An object with these members and no others. */
function object(fields: Record<string, Field | Read>): Read {
  return (reader, option) => {
    const read = members(reader, option, fields, (member) => reader.unknown(member, option.value.node, Object.keys(fields)));
    const missing = Object.entries(fields).find(([name, field]) => typeof field !== "function" && field.required === true && read[field.as ?? name] === undefined);
    const wasGiven = missing !== undefined && reader.spans[`${option.name}.${missing[0]}`] !== undefined;
    return missing === undefined ? read : wasGiven || option.value.kind !== "object" ? undefined : reader.wrong(option, `an object with "${missing[0]}"`);
  };
}

function members(reader: OptionReader, option: Option, fields: Record<string, Field | Read>, unknown: (member: Option) => void): Record<string, Json> {
  const result: Record<string, Json> = {};
  for (const member of reader.entries(option)) {
    const name = lastName(member.name, option.name);
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined) unknown(member);
    else {
      const { read, as = name } = typeof field === "function" ? { read: field } : field;
      const value = read(reader, member);
      if (value !== undefined) result[as] = value;
    }
  }
  return result;
}

/** The same, with exactly one of some members. */
function oneOf(names: readonly string[], read: Read): Read {
  return (reader, option) => {
    const value = read(reader, option);
    if (value === undefined || option.value.kind !== "object") return value;
    const given = names.filter((name) => reader.spans[`${option.name}.${name}`] !== undefined);
    return given.length === 1 ? value : reader.wrong(option, `an object with exactly one of ${names.map((name) => `"${name}"`).join(", ")}`);
  };
}

const listOf = (read: Read): Read => (reader, option) => reader.items(option).flatMap((item) => read(reader, item) ?? []);

const mapOf = (read: Read): Read => (reader, option) => Object.fromEntries(reader.entries(option).flatMap((entry) => {
  const value = read(reader, entry);
  return value === undefined ? [] : [[lastName(entry.name, option.name), value]];
}));

/** A text in place of an object that has it under this name. */
const orObject = (name: string, short: Read, whole: Read): Read => (reader, option) => {
  if (option.value.kind === "object") return whole(reader, option);
  const value = short(reader, option);
  return value === undefined ? undefined : { [name]: value };
};

const required = (read: Read): Field => ({ read, required: true });

const mutexes = listOf(orObject("name", text, object({ name: required(text), namespace: text, database: boolean })));
const semaphores = listOf(oneOf(["configMap", "database"], (reader, option) => {
  const isKept = option.value.kind === "object" && option.value.entries.has("database");
  return object(isKept ? { database: required(text), namespace: text } : { configMap: required(text), key: required(text), namespace: text })(reader, option);
}));
const metrics = listOf(oneOf(["counter", "gauge", "histogram"], object({
  name: required(text),
  help: required(text),
  labels: textMap,
  when: text,
  counter: object({ value: required(text) }),
  gauge: object({ value: required(text), realtime: boolean, operation: choice("Set", "Add", "Sub") }),
  histogram: object({ value: required(text), buckets: required(numbers) }),
})));

const locations = ["s3", "gcs", "azure", "oss", "git", "http", "hdfs", "artifactory"];
const collection = ["OnWorkflowCompletion", "OnWorkflowDeletion", "Never"];

const archive: Read = (reader, option) => {
  if (option.value.kind === "object") {
    const tar = object({ compressionLevel: required(count(0)) })(reader, option);
    return tar === undefined ? undefined : { tar };
  }
  const kind = reader.choice(option, ["none", "tar", "zip"]);
  return kind === undefined ? undefined : { [kind]: {} };
};

const artifact: Read = (reader, option) => {
  const value = object({
    key: text, raw: text, location: oneOf(locations, object(Object.fromEntries(locations.map((name) => [name, patch])))), archive, mode: count(0), recurseMode: boolean, optional: boolean,
    subPath: text, gc: choice(...collection),
  })(reader, option);
  const places = ["key", "raw", "location"].filter((name) => reader.spans[`${option.name}.${name}`] !== undefined);
  return places.length > 1 ? reader.wrong(option, `an object with at most one of "key", "raw", "location"`) : value;
};

const taskFields: Record<string, Field | Read> = {
  mutexes, semaphores, metrics,
  retryExpression: text,
  retryOnOtherNode: boolean,
  memoize: object({ maxAge: seconds("maxAge"), configMap: text }),
  artifacts: mapOf(artifact),
  globalNames: textMap,
  podSpecPatch: patch,
  patch,
};

const strategy = (...choices: string[]): Field => required(choice(...choices));
const podCollection = ["OnPodCompletion", "OnPodSuccess", "OnWorkflowCompletion", "OnWorkflowSuccess"];
const budget: Read = (reader, option) => (option.value.kind === "value" && typeof option.value.value === "string" ? option.value.value : reader.count(option, 0));

const pipelineFields: Record<string, Field | Read> = {
  mutexes, semaphores, metrics,
  parallelism: count(1),
  failFast: boolean,
  maxPods: count(1),
  podGC: orObject("strategy", choice(...podCollection), object({ strategy: strategy(...podCollection), deleteDelay: seconds("deleteDelay"), labels: textMap })),
  artifactGC: orObject("strategy", choice(...collection), object({ strategy: strategy(...collection), serviceAccount: text, force: boolean })),
  volumeClaimGC: choice("OnWorkflowCompletion", "OnWorkflowSuccess"),
  workspacePath: absolutePath,
  artifactRepository: object({ configMap: text, key: text }),
  archiveLogs: boolean,
  priority: whole,
  suspend: boolean,
  podPriorityClass: text,
  podDisruptionBudget: oneOf(["minAvailable", "maxUnavailable"], object({ minAvailable: budget, maxUnavailable: budget })),
  labels: textMap,
  annotations: textMap,
  parametersFrom: mapOf(object({ configMap: required(text), key: required(text), optional: boolean })),
  cron: object({
    concurrencyPolicy: choice("Allow", "Forbid", "Replace"),
    startingDeadline: seconds("startingDeadline"),
    successfulHistory: count(0),
    failedHistory: count(0),
    when: text,
    stopWhen: text,
    schedules: texts,
    suspend: boolean,
  }),
  patch,
};

/** The option `argo` of a task. */
export function readArgoTask(reader: OptionReader, option: Option): Record<string, Json> {
  return members(reader, option, taskFields, unknownIn(reader, taskFields));
}

/** The option `argo` of a pipeline. */
export function readArgoPipeline(reader: OptionReader, option: Option): Record<string, Json> {
  return members(reader, option, pipelineFields, unknownIn(reader, pipelineFields));
}

/** Says of an unknown option where it goes: TypeScript, which sees it as well, does not know. */
function unknownIn(reader: OptionReader, fields: Record<string, Field | Read>): (member: Option) => void {
  const known = Object.keys(fields);
  return (member) => {
    const option = lastName(member.name, "argo");
    reader.context.report(diagnostic("HMC2034", reader.context.spanOf(member.value.node), { option, suggestion: nearestName(option, known) ?? known.find((name) => name.startsWith(option)) }));
  };
}
